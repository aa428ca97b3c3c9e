import { Construct, IConstruct } from 'constructs';
import { isSameBucket } from '../base/bucket-access';
import { idOf, pathOf } from '../base/construct-name';
import { warn, WarningId } from '../base/warnings';
import { BoundChunkCache } from '../cache/chunk-cache';
import { BoundDestination } from '../destination/bound-destination';

/** An import of an app, as far as others can get into its way. */
interface Neighbour {
  readonly scope: Construct;
  readonly destination: BoundDestination;
  readonly cache: BoundChunkCache;
}

/** The imports of each app, in the order in which they were made. */
const neighboursOf = new WeakMap<IConstruct, Neighbour[]>();

/** Placeholders that differ from import to import, so that the same key is never the same object. */
const UNIQUE_PLACEHOLDERS = ['{importId}', '{executionName}'];

/** Warns where an import and an earlier one of the same app share what each should have for itself, as far as is known at synth. */
export function warnOfNeighbours(scope: Construct, destination: BoundDestination, cache: BoundChunkCache): void {
  const { root } = scope.node;
  const others = neighboursOf.get(root) ?? [];
  neighboursOf.set(root, [...others, { scope, destination, cache }]);
  for (const other of others) {
    warnOfSharedKey(scope, destination, other);
    if (cache.isSameAs(other.cache)) warnOfSharedCache(scope, cache, other);
  }
}

/** Each run would replace the object, or the pointer, of the other import's last one. */
function warnOfSharedKey(scope: Construct, { keys, bucket }: BoundDestination, other: Neighbour): void {
  const shared = keys.filter(isSameForEachRun).find((key) => other.destination.keys.includes(key));
  if (shared === undefined || !isSameBucket(bucket, other.destination.bucket)) return;
  warn(scope, WarningId.SHARED_DESTINATION, `Publishes to '${shared}' of the same bucket as ${pathOf(other.scope)}. Each would replace what the other has published. Give `
    + 'each a key of its own, or {importId} in its key.');
}

function isSameForEachRun(key: string): boolean {
  return !UNIQUE_PLACEHOLDERS.some((placeholder) => key.includes(placeholder));
}

function warnOfSharedCache(scope: Construct, { prefix }: BoundChunkCache, other: Neighbour): void {
  const where = prefix === '' ? 'in the same bucket, without a prefix,' : `below '${prefix}/' of the same bucket`;
  // Beside the other's prefix, not below it.
  const own = `${prefix === '' ? '' : `${prefix}-`}${idOf(scope).toLowerCase()}`;
  warn(scope, WarningId.SHARED_CACHE, `Keeps its chunks ${where} as ${pathOf(other.scope)}. Each may read and delete what the other keeps there, and an import that is resumed in `
    + `the machine of the other goes on with the other's handler. Write ChunkCache.fromBucket(bucket, { prefix: '${own}' }) for one of them.`);
}
