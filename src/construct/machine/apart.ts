import { refusal } from '../base/validation';
import { BoundChunkCache } from '../cache/chunk-cache';
import { BoundDestination } from '../destination/bound-destination';
import { literalStart } from '../destination/destination-key';

/**
 * Refuses a destination and a chunk cache that overlap, as far as synth can tell.
 *
 * @param where the construct with its path
 */
export function checkApart(where: string, destination: BoundDestination, cache: BoundChunkCache): void {
  checkOutsideOfCache(where, destination, cache);
  checkCacheOutside(where, destination, cache);
}

/** The cache's lifecycle rules would delete published objects. */
function checkOutsideOfCache(where: string, { keys, bucket }: BoundDestination, cache: BoundChunkCache): void {
  const inside = keys.find((key) => cache.holds(bucket, literalStart(key)));
  if (inside === undefined) return;
  throw refusal(where, 'destination', `publishes to '${inside}', which lies in the chunk cache: ${cache.extent}`,
    'a key that is not below the prefix of the cache, or ChunkCache.fromBucket(bucket, { prefix: \'import-cache\' }) as the cache,');
}

/** A table over the folder of all imports would read the cache's chunks as records. */
function checkCacheOutside(where: string, { folder, bucket }: BoundDestination, cache: BoundChunkCache): void {
  if (folder === undefined || !cache.liesIn(bucket, folder)) return;
  throw refusal(where, 'chunkCache', `is ${cache.extent}, and is among the objects below '${folder}', where its chunks would be read as records`,
    'a prefix outside of it, such as ChunkCache.fromBucket(bucket, { prefix: \'import-cache\' }),');
}
