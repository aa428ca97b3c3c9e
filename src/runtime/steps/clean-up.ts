import { CommitLogError } from '../../protocol/errors';
import { ImportKeys } from '../../protocol/keys';
import { DELETE_KEYS } from '../../protocol/limits';
import { CleanUpRequest, ImportResult } from '../../protocol/machine-state';
import { Series } from '../../protocol/series';
import { readResult } from '../log/import-access';
import { ObjectStore } from '../ports/object-store';

/** What CleanUp needs. */
export interface CleanUpTools {
  readonly cache: ObjectStore;
  readonly series: Series;
}

/** Objects deleted per request. */
const BATCH = DELETE_KEYS;

/**
 * Deletes the chunks of an import that has ended, including those that no record names, and its folds. The other files stay until the
 * cache's lifecycle rule removes them: they tell a late attempt that it is late.
 */
export async function cleanUp(request: CleanUpRequest, tools: CleanUpTools): Promise<ImportResult> {
  const keys = new ImportKeys(tools.series, request.importId);
  const result = await readResult(tools.cache, keys);
  if (result === undefined) throw new CommitLogError(request.importId, `${keys.published} is missing, so the import may not have been published`);
  await deleteChunks(keys, tools.cache);
  return result;
}

/** Lists from the chunks on. This skips the commit records (as many as chunks), and only a few other keys follow. */
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
