import { CommitLogError } from '../../protocol/errors';
import { ImportKeys } from '../../protocol/keys';
import { DELETE_KEYS } from '../../protocol/limits';
import { CleanUpRequest, ImportResult } from '../../protocol/machine-state';
import { readResult } from '../log/import-access';
import { ObjectStore } from '../ports/object-store';

/** What CleanUp works with. */
export interface CleanUpTools {
  readonly cache: ObjectStore;
  readonly cachePrefix: string;
}

/** Objects deleted by one request. */
const BATCH = DELETE_KEYS;

/**
 * Deletes the chunks of an import that has ended, those that no record names included, and its folds. The rest of its files stay until
 * the cache's lifecycle removes them: a late attempt reads from them that it is late.
 */
export async function cleanUp(request: CleanUpRequest, tools: CleanUpTools): Promise<ImportResult> {
  const keys = new ImportKeys(tools.cachePrefix, request.importId);
  const result = await readResult(tools.cache, keys);
  if (result === undefined) throw new CommitLogError(request.importId, `${keys.published} is missing, so the import may not have been published`);
  await deleteChunks(keys, tools.cache);
  return result;
}

/** By one listing: commit records, as many as chunks, come before them in it, and only a few keys come after. */
async function deleteChunks(keys: ImportKeys, cache: ObjectStore): Promise<void> {
  let batch: string[] = [];
  for await (const key of cache.list(keys.all, keys.data)) {
    if (!key.startsWith(keys.data) && !key.startsWith(keys.folds)) continue;
    batch.push(key);
    if (batch.length < BATCH) continue;
    await cache.delete(batch);
    batch = [];
  }
  await cache.delete(batch);
}
