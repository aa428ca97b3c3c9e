import { CommitLogError, ImportExpiredError, ImportNotFoundError, MalformedFileError } from '../../protocol/errors';
import { decodeImportFile, ImportFile } from '../../protocol/import-file';
import { ImportKeys } from '../../protocol/keys';
import { ImportResult } from '../../protocol/machine-state';
import { decodePublishedMarker } from '../../protocol/published-marker';
import { ObjectStore } from '../ports/object-store';
import { Clock } from '../ports/ports';

/**
 * What an import shares, for a step that goes on with it.
 *
 * @throws ImportNotFoundError when there is no such import
 * @throws MalformedFileError when its file is another import's: a copied folder has a log that is not its own
 * @throws ImportExpiredError when it is too old: the cache's lifecycle may have begun to remove it
 */
export async function openImport(cache: ObjectStore, keys: ImportKeys, importId: string, clock: Clock): Promise<ImportFile> {
  const bytes = await cache.read(keys.import);
  if (bytes === undefined) throw new ImportNotFoundError(importId, cache.bucket, keys.import);
  const file = decodeImportFile(keys.import, bytes);
  if (file.importId !== importId) throw new MalformedFileError(keys.import, `it is that of import ${file.importId}`);
  if (clock.now() > Date.parse(file.expiresAt)) throw new ImportExpiredError(importId, file.expiresAt);
  return file;
}

/**
 * For an attempt that misses a chunk. Chunks are deleted only after the import has ended: then the attempt is merely late.
 *
 * @throws CommitLogError when it has not ended
 */
export async function requireEnded(cache: ObjectStore, keys: ImportKeys, importId: string): Promise<void> {
  if (await readResult(cache, keys) === undefined) throw new CommitLogError(importId, 'a committed chunk is missing or was replaced');
}

/** The import's result, if it has ended. */
export async function readResult(cache: ObjectStore, keys: ImportKeys): Promise<ImportResult | undefined> {
  const bytes = await cache.read(keys.published);
  return bytes === undefined ? undefined : decodePublishedMarker(keys.published, bytes).result;
}
