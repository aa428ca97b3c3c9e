import { FutureObjectError } from '../../protocol/errors';
import { ImportFile } from '../../protocol/import-file';
import { ObjectMetadata } from '../../protocol/manifest';
import { contentEncoding, contentType } from '../../protocol/output-settings';
import { ObjectProperties, WriteCondition } from '../ports/object-store';
import { Publication } from './publication';

/** What is at a key that an import publishes to. */
export type Standing =
  /** Nothing newer: the key may be written, under this condition. */
  | { readonly kind: 'open'; readonly condition: WriteCondition }
  /** This import's own object. */
  | { readonly kind: 'ours' }
  /** A newer import's object, which must not be replaced. */
  | { readonly kind: 'newer' };

/** User metadata that tells later imports whose object it is. */
export function metadataOf(file: ImportFile): Record<string, string> {
  return { [ObjectMetadata.IMPORT_ID]: file.importId, [ObjectMetadata.START_TIME]: file.startTime };
}

/** Properties of an object with records. */
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

/** Properties of a manifest or pointer. */
export function fileProperties(file: ImportFile): ObjectProperties {
  return { contentType: 'application/json', tags: file.output.tags, metadata: metadataOf(file) };
}

/** How far ahead of this function's clock another import may have started: clocks differ. */
const CLOCK_DIFFERENCE_MILLISECONDS = 15 * 60_000;

/**
 * Who has published to the key. An object without import metadata counts as older than any import.
 *
 * @throws FutureObjectError if the object's import has not even started: every import would count as superseded by it
 */
export async function standingOf(
  key: string, { file, destination, world }: Pick<Publication, 'file' | 'destination' | 'world'>,
): Promise<Standing> {
  const object = await destination.inspect(key);
  if (object === undefined) return { kind: 'open', condition: 'absent' };
  const importId = object.metadata[ObjectMetadata.IMPORT_ID];
  const startTime = object.metadata[ObjectMetadata.START_TIME];
  if (importId === file.importId) return { kind: 'ours' };
  if (startTime !== undefined && Date.parse(startTime) > world.clock.now() + CLOCK_DIFFERENCE_MILLISECONDS) {
    throw new FutureObjectError(file, destination.bucket, key, startTime);
  }
  if (importId !== undefined && startTime !== undefined && isNewer({ startTime, importId }, file)) return { kind: 'newer' };
  return { kind: 'open', condition: { etag: object.etag } };
}

/** Imports are ordered by start time; those of one execution share it, and are ordered by id. */
function isNewer(other: Pick<ImportFile, 'startTime' | 'importId'>, file: ImportFile): boolean {
  const [theirs, ours] = [Date.parse(other.startTime), Date.parse(file.startTime)];
  return theirs === ours ? other.importId > file.importId : theirs > ours;
}
