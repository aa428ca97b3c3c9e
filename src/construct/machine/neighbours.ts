import { Construct, IConstruct } from 'constructs';
import { isSameBucket } from '../base/bucket-access';
import { nameOf, pathOf } from '../base/construct-name';
import { refusal } from '../base/validation';
import { warn, WarningId } from '../base/warnings';
import { BoundChunkCache } from '../cache/chunk-cache';
import { BoundDestination } from '../destination/bound-destination';

/** An import of an app, with what it must not share with others. */
interface Neighbour {
  readonly scope: Construct;
  readonly destination: BoundDestination;
  readonly cache: BoundChunkCache;
}

/** The imports of each app, in the order of their creation. */
const neighboursOf = new WeakMap<IConstruct, Neighbour[]>();

/** Placeholders that differ between imports: with one, equal keys are never the same object. */
const UNIQUE_PLACEHOLDERS = ['{importId}', '{executionName}'];

/**
 * Warns if an import shares a destination with an earlier one of the same app, as far as synth can tell.
 *
 * @throws Error if they have the same series in the same cache
 */
export function checkNeighbours(scope: Construct, destination: BoundDestination, cache: BoundChunkCache): void {
  const { root } = scope.node;
  const others = neighboursOf.get(root) ?? [];
  neighboursOf.set(root, [...others, { scope, destination, cache }]);
  for (const other of others) {
    warnOfSharedKey(scope, destination, other);
    if (cache.hasSameSeriesAs(other.cache)) throw sharedSeries(scope, cache, other);
  }
}

/** Each run would replace the object or the pointer of the other import. */
function warnOfSharedKey(scope: Construct, { keys, bucket }: BoundDestination, other: Neighbour): void {
  const shared = keys.filter(isSameForEachRun).find((key) => other.destination.keys.includes(key));
  if (shared === undefined || !isSameBucket(bucket, other.destination.bucket)) return;
  warn(scope, WarningId.SHARED_DESTINATION, `Publishes to '${shared}' of the same bucket as ${pathOf(other.scope)}. Each would replace the other's object. Give `
    + 'each its own key, or add {importId} to the key.');
}

function isSameForEachRun(key: string): boolean {
  return !UNIQUE_PLACEHOLDERS.some((placeholder) => key.includes(placeholder));
}

/** Each could read and delete the other's files. */
function sharedSeries(scope: Construct, { series: { name } }: BoundChunkCache, other: Neighbour): Error {
  return refusal(nameOf(scope), 'seriesName', `is '${name}', as that of ${pathOf(other.scope)}, which has the same chunk cache`, 'another name');
}
