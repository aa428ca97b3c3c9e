import { ImportFile } from '../../protocol/import-file';
import { ObjectMetadata } from '../../protocol/manifest';
import { contentEncoding, contentType } from '../../protocol/output-settings';
import { ObjectProperties, ObjectStore, WriteCondition } from '../ports/object-store';

/** What stands at a key that an import publishes to. */
export type Standing =
  /** Nothing newer: it may be written, under this condition. */
  | { readonly kind: 'open'; readonly condition: WriteCondition }
  /** This import's own. */
  | { readonly kind: 'ours' }
  /** A newer import's: it must not be replaced. */
  | { readonly kind: 'newer' };

/** The user metadata by which later imports know whose an object is. */
export function metadataOf(file: ImportFile): Record<string, string> {
  return { [ObjectMetadata.IMPORT_ID]: file.importId, [ObjectMetadata.START_TIME]: file.startTime };
}

/** What is said of an object that holds records. */
export function recordProperties(file: ImportFile): ObjectProperties {
  const { output } = file;
  return {
    contentType: contentType(output),
    contentEncoding: contentEncoding(output),
    storageClass: output.storageClass,
    tags: output.tags,
    metadata: metadataOf(file),
  };
}

/** What is said of a file that describes them. */
export function fileProperties(file: ImportFile): ObjectProperties {
  return { contentType: 'application/json', tags: file.output.tags, metadata: metadataOf(file) };
}

/** Who has published to the key. An object without an import's metadata is older than any import. */
export async function standingOf(store: ObjectStore, key: string, file: ImportFile): Promise<Standing> {
  const object = await store.inspect(key);
  if (object === undefined) return { kind: 'open', condition: 'absent' };
  const importId = object.metadata[ObjectMetadata.IMPORT_ID];
  const startTime = object.metadata[ObjectMetadata.START_TIME];
  if (importId === file.importId) return { kind: 'ours' };
  if (importId !== undefined && startTime !== undefined && isNewer({ startTime, importId }, file)) return { kind: 'newer' };
  return { kind: 'open', condition: { etag: object.etag } };
}

/** Imports are ordered by their start; those of one execution, which share it, by their id. */
function isNewer(other: Pick<ImportFile, 'startTime' | 'importId'>, file: ImportFile): boolean {
  const [theirs, ours] = [Date.parse(other.startTime), Date.parse(file.startTime)];
  return theirs === ours ? other.importId > file.importId : theirs > ours;
}
