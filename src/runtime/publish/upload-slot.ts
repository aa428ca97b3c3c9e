import { encodeFile, FORMAT_VERSION } from '../../protocol/file-format';
import { decodeUploadRecord, UploadRecord } from '../../protocol/upload-record';
import { writeOnce } from '../log/write-once';
import { UploadReference } from '../ports/object-store';
import { Publication } from './publication';
import { recordProperties } from './published-object';

/** The import's upload, with its place in the order of uploads. */
export interface NumberedUpload extends UploadReference {
  readonly number: number;
  /** Whether it has only just been begun, so that there is no use in asking for its parts. */
  readonly isNew: boolean;
}

/**
 * The one multipart upload that every Persist of the import works on: the one named last, or a new one under the next number.
 *
 * @param lost uploads up to this number are known to be of no use; 0 for none
 */
export async function currentUpload(publication: Publication, lost: number): Promise<NumberedUpload> {
  let newest: NumberedUpload | undefined;
  for await (const upload of namedUploads(publication)) newest = upload;
  return newest !== undefined && newest.number > lost ? newest : openUpload(publication, (newest?.number ?? 0) + 1);
}

/** Of several attempts that open an upload at the same time, one names its own; the others drop theirs and adopt it. */
async function openUpload({ file, cache, destination, keys, world }: Publication, number: number): Promise<NumberedUpload> {
  const { importId, destination: { key } } = file;
  const uploadId = await destination.createUpload(key, recordProperties(file));
  const record: UploadRecord = { formatVersion: FORMAT_VERSION, importId, number, uploadId };
  const settled = decodeUploadRecord(keys.upload(number), await writeOnce(cache, keys.upload(number), encodeFile(record), world));
  if (settled.uploadId !== uploadId) await destination.abortUpload({ key, uploadId });
  return { key, uploadId: settled.uploadId, number, isNew: settled.uploadId === uploadId };
}

/** Ends all uploads of the import and drops their parts. One that was completed is ended already. */
export async function abortUploads(publication: Publication): Promise<void> {
  for await (const upload of namedUploads(publication)) await publication.destination.abortUpload(upload);
}

/**
 * The uploads that have a file, in order. Their numbers count up from 1, and none is removed while the import may be published: the first
 * number without a file ends them. Most imports have one or none, and a listing costs as much as a dozen reads.
 */
async function* namedUploads({ file, cache, keys }: Publication): AsyncGenerator<NumberedUpload> {
  for (let number = 1; ; number++) {
    const name = keys.upload(number);
    const bytes = await cache.read(name);
    if (bytes === undefined) return;
    yield { key: file.destination.key, uploadId: decodeUploadRecord(name, bytes).uploadId, number, isNew: false };
  }
}
