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

/** The import's upload, with its place in the order of uploads. */
export interface NumberedUpload extends UploadReference {
  readonly number: number;
}

/**
 * The one multipart upload that every Persist of the import works on: the one named last, or a new one under the next number.
 *
 * @param lost uploads up to this number are known to be of no use; 0 for none
 */
export async function currentUpload(tools: UploadTools, lost: number): Promise<NumberedUpload> {
  let newest = 0;
  for await (const key of tools.cache.list(tools.keys.uploads)) newest = Math.max(newest, tools.keys.uploadNumber(key) ?? 0);
  const known = newest > lost ? await readUpload(tools, newest) : undefined;
  return known ?? openUpload(tools, newest + 1);
}

/** Of several attempts that open an upload at the same time, one names its own; the others drop theirs and adopt it. */
async function openUpload(tools: UploadTools, number: number): Promise<NumberedUpload> {
  const { file: { importId }, cache, destination, keys, key, properties, world } = tools;
  const uploadId = await destination.createUpload(key, properties);
  const record: UploadRecord = { formatVersion: FORMAT_VERSION, importId, number, uploadId };
  const settled = decodeUploadRecord(keys.upload(number), await writeOnce(cache, keys.upload(number), encodeFile(record), world));
  if (settled.uploadId !== uploadId) await destination.abortUpload({ key, uploadId });
  return { key, uploadId: settled.uploadId, number };
}

async function readUpload(tools: UploadTools, number: number): Promise<NumberedUpload | undefined> {
  const file = tools.keys.upload(number);
  const bytes = await tools.cache.read(file);
  return bytes && { key: tools.key, uploadId: decodeUploadRecord(file, bytes).uploadId, number };
}

/** Ends all uploads of the import and drops their parts. One that was completed is ended already. */
export async function abortUploads(tools: UploadTools): Promise<void> {
  for await (const file of tools.cache.list(tools.keys.uploads)) {
    const upload = await readUpload(tools, tools.keys.uploadNumber(file) ?? 0);
    if (upload !== undefined) await tools.destination.abortUpload(upload);
  }
}
