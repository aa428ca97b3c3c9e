import { decodeFile } from './file-format';

/** `uploads/<number>.json`: the multipart upload that every Persist of the import works on. */
export interface UploadRecord {
  readonly formatVersion: number;
  readonly importId: string;
  /** From 1; a lost upload is followed by the next number. */
  readonly number: number;
  readonly uploadId: string;
}

/** Reads an upload record; throws what `decodeFile` throws. */
export function decodeUploadRecord(key: string, bytes: Uint8Array): UploadRecord {
  return decodeFile<UploadRecord>(key, bytes, { importId: 'a string', number: 'a number', uploadId: 'a string' });
}
