import { decodeFile } from './file-format';

/** `uploads/<number>.json`: the multipart upload that all Persist invocations of the import share. */
export interface UploadRecord {
  readonly formatVersion: number;
  readonly importId: string;
  /** From 1. If an upload is lost, the next one gets the next number. */
  readonly number: number;
  readonly uploadId: string;
}

/** Reads an upload record; throws what `decodeFile` throws. */
export function decodeUploadRecord(key: string, bytes: Uint8Array): UploadRecord {
  return decodeFile<UploadRecord>(key, bytes, { importId: 'a string', number: 'a number', uploadId: 'a string' });
}
