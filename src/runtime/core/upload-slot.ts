import { encodeFile, FORMAT_VERSION } from '../../protocol/file-format';
import { ImportFile } from '../../protocol/import-file';
import { ImportKeys } from '../../protocol/keys';
import { decodeUploadRecord, UploadRecord } from '../../protocol/upload-record';
import { ObjectProperties, ObjectStore, UploadReference } from '../store/object-store';
import { World } from './ports';
import { writeOnce } from './write-once';

/** What finding the import's upload works with. */
export interface UploadTools {
  readonly file: ImportFile;
  readonly cache: ObjectStore;
  readonly destination: ObjectStore;
  readonly keys: ImportKeys;
  /** Key and properties of the object that the upload makes. */
  readonly key: string;
  readonly properties: ObjectProperties;
  readonly world: World;
}

type NamingTools = Pick<UploadTools, 'file' | 'cache' | 'keys'>;

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
export async function currentUpload(tools: UploadTools, lost: number): Promise<NumberedUpload> {
  let newest: NumberedUpload | undefined;
  for await (const upload of namedUploads(tools)) newest = upload;
  return newest !== undefined && newest.number > lost ? newest : openUpload(tools, (newest?.number ?? 0) + 1);
}

/** Of several attempts that open an upload at the same time, one names its own; the others drop theirs and adopt it. */
async function openUpload(tools: UploadTools, number: number): Promise<NumberedUpload> {
  const { file: { importId }, cache, destination, keys, key, properties, world } = tools;
  const uploadId = await destination.createUpload(key, properties);
  const record: UploadRecord = { formatVersion: FORMAT_VERSION, importId, number, uploadId };
  const settled = decodeUploadRecord(keys.upload(number), await writeOnce(cache, keys.upload(number), encodeFile(record), world));
  if (settled.uploadId !== uploadId) await destination.abortUpload({ key, uploadId });
  return { key, uploadId: settled.uploadId, number, isNew: settled.uploadId === uploadId };
}

/** Ends all uploads of the import and drops their parts. One that was completed is ended already. */
export async function abortUploads(tools: NamingTools & Pick<UploadTools, 'destination'>): Promise<void> {
  for await (const upload of namedUploads(tools)) await tools.destination.abortUpload(upload);
}

/**
 * The uploads that have a file, in order. Their numbers count up from 1, and none is removed while the import may be published: the first
 * number without a file ends them. Most imports have one or none, and a listing costs as much as a dozen reads.
 */
async function* namedUploads({ file, cache, keys }: NamingTools): AsyncGenerator<NumberedUpload> {
  for (let number = 1; ; number++) {
    const name = keys.upload(number);
    const bytes = await cache.read(name);
    if (bytes === undefined) return;
    yield { key: file.destination.key, uploadId: decodeUploadRecord(name, bytes).uploadId, number, isNew: false };
  }
}
