import { CommitLogError, ForeignImportError, ImportExpiredError, ImportNotFoundError, MalformedFileError } from '../../protocol/errors';
import { decodeImportFile, ImportFile } from '../../protocol/import-file';
import { ImportKeys } from '../../protocol/keys';
import { ImportResult } from '../../protocol/machine-state';
import { decodePublishedMarker } from '../../protocol/published-marker';
import { ObjectStore } from '../ports/object-store';
import { Clock } from '../ports/ports';

/**
 * Reads the import's file, for a step that continues the import.
 *
 * @throws ImportNotFoundError if there is no such import
 * @throws MalformedFileError if the file is another import's: a copied folder holds a log that is not its own
 * @throws ForeignImportError if the import belongs to another series, or to another deployment's series of the same name
 * @throws ImportExpiredError if the import is too old: the cache's lifecycle rule may already have removed files
 */
export async function openImport(cache: ObjectStore, keys: ImportKeys, clock: Clock): Promise<ImportFile> {
  const { importId, series: own } = keys;
  const bytes = await cache.read(keys.import);
  if (bytes === undefined) throw new ImportNotFoundError(importId, cache.bucket, keys.import);
  const file = decodeImportFile(keys.import, bytes);
  requireImport(keys.import, file, importId);
  if (file.series !== own.name || file.owner !== own.owner) {
    throw new ForeignImportError(importId, { name: file.series, owner: file.owner }, own);
  }
  if (clock.now() > Date.parse(file.expiresAt)) throw new ImportExpiredError(importId, file.expiresAt);
  return file;
}

/**
 * Call when a chunk is missing. Chunks are deleted only after the import has ended: then this attempt is merely late.
 *
 * @throws CommitLogError if the import has not ended
 */
export async function requireEnded(cache: ObjectStore, keys: ImportKeys): Promise<void> {
  if (await readResult(cache, keys) === undefined) throw new CommitLogError(keys.importId, 'a committed chunk is missing or was replaced');
}

/**
 * The import's result, if it has ended.
 *
 * @throws MalformedFileError if the marker is another import's
 */
export async function readResult(cache: ObjectStore, keys: ImportKeys): Promise<ImportResult | undefined> {
  const bytes = await cache.read(keys.published);
  if (bytes === undefined) return undefined;
  const marker = decodePublishedMarker(keys.published, bytes);
  requireImport(keys.published, marker, keys.importId);
  requireImport(keys.published, marker.result, keys.importId);
  return marker.result;
}

/**
 * A file lies in an import's folder, but whoever may write to the cache can put another import's file there.
 *
 * @throws MalformedFileError if the file names another import
 */
export function requireImport(key: string, file: { readonly importId: string }, importId: string): void {
  if (file.importId !== importId) throw new MalformedFileError(key, 'it is that of another import');
}
