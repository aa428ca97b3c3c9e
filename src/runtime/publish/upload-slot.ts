import { MalformedFileError } from '../../protocol/errors';
import { encodeFile, FORMAT_VERSION } from '../../protocol/file-format';
import { ImportKeys } from '../../protocol/keys';
import { decodeUploadRecord, UploadRecord } from '../../protocol/upload-record';
import { requireImport } from '../log/import-access';
import { writeOnce } from '../log/write-once';
import { UploadReference } from '../ports/object-store';
import { Publication } from './publication';
import { recordProperties } from './published-object';

/** The import's upload, with its number. */
export interface NumberedUpload extends UploadReference {
  readonly number: number;
  /** Whether it was only just created, so that it has no parts to list. */
  readonly isNew: boolean;
}

/**
 * The multipart upload that every Persist of the import works on: the newest one on record, or a new one under the next number.
 *
 * @param lost uploads up to this number cannot be used any more; 0 for none
 */
export async function currentUpload(publication: Publication, lost: number): Promise<NumberedUpload> {
  let newest: NumberedUpload | undefined;
  for await (const upload of namedUploads(publication)) newest = upload;
  return newest !== undefined && newest.number > lost ? newest : openUpload(publication, (newest?.number ?? 0) + 1);
}

/** If several attempts open an upload at the same time, one records its own; the others abort theirs and adopt it. */
async function openUpload({ file, cache, destination, keys, world }: Publication, number: number): Promise<NumberedUpload> {
  const { importId, destination: { key } } = file;
  const uploadId = await destination.createUpload(key, recordProperties(file));
  const record: UploadRecord = { formatVersion: FORMAT_VERSION, importId, number, uploadId };
  const settled = readUpload(keys, number, await writeOnce(cache, keys.upload(number), encodeFile(record), world));
  if (settled.uploadId !== uploadId) await destination.abortUpload({ key, uploadId });
  return { key, uploadId: settled.uploadId, number, isNew: settled.uploadId === uploadId };
}

/** Aborts all uploads of the import and drops their parts. For a completed one, this does nothing. */
export async function abortUploads(publication: Publication): Promise<void> {
  for await (const upload of namedUploads(publication)) await publication.destination.abortUpload(upload);
}

/**
 * The uploads on record, in order. Numbers count up from 1, and no file is removed while the import may be published, so the first number
 * without a file ends the list. Most imports have one or none, and a listing costs as much as a dozen reads.
 */
async function* namedUploads({ file, cache, keys }: Publication): AsyncGenerator<NumberedUpload> {
  for (let number = 1; ; number++) {
    const bytes = await cache.read(keys.upload(number));
    if (bytes === undefined) return;
    yield { key: file.destination.key, uploadId: readUpload(keys, number, bytes).uploadId, number, isNew: false };
  }
}

/** @throws MalformedFileError if the record is another import's, or has another number */
function readUpload(keys: ImportKeys, number: number, bytes: Uint8Array): UploadRecord {
  const key = keys.upload(number);
  const record = decodeUploadRecord(key, bytes);
  requireImport(key, record, keys.importId);
  if (record.number !== number) throw new MalformedFileError(key, `its number is ${record.number}`);
  return record;
}
