import { StaleObjectError } from '../../protocol/errors';
import { encodeFile, FORMAT_VERSION } from '../../protocol/file-format';
import { ImportKeys } from '../../protocol/keys';
import { DestinationSettings, Outcome, PersistRequest, PersistState } from '../../protocol/machine-state';
import { Layout } from '../../protocol/output-settings';
import { PublishedMarker } from '../../protocol/published-marker';
import { Series } from '../../protocol/series';
import { withIsolatedObserver } from '../errors/isolated';
import { requireConfiguredDestination } from '../log/configured-destination';
import { openImport, readResult } from '../log/import-access';
import { readWholeLog } from '../log/whole-log';
import { writeOnce } from '../log/write-once';
import { together } from '../ports/in-order';
import { ObjectStore } from '../ports/object-store';
import { World } from '../ports/ports';
import { resultOf } from './import-result';
import { warningsOf } from './import-warnings';
import { Ending, Publication } from './publication';
import { PublishRules } from './publish-gate';
import { publishLatest } from './publish-latest';
import { publishManifest } from './publish-manifest';
import { AssemblyOptions, publishObject } from './publish-object';
import { publishParts } from './publish-parts';
import { standingOf } from './published-object';
import { abortUploads } from './upload-slot';

/** What Persist needs. */
export interface PersistTools extends PublishRules, AssemblyOptions {
  readonly cache: ObjectStore;
  readonly series: Series;
  readonly world: World;
  /** Opens the store of the destination bucket. */
  openBucket(bucket: string): ObjectStore;
}

/**
 * Publishes a finished log, or continues to. Any number of attempts may run, late or at the same time: the first to finish leaves the
 * marker, and all others succeed with its result.
 *
 * ```
 * marker?  -> the import has ended
 * log      -> walk it and check the chain
 * records  -> the gate, then one object, or one per chunk
 * manifest -> what was published; meanwhile, abort the uploads
 * latest   -> where it is
 * marker
 * ```
 */
export async function persist(request: PersistRequest, tools: PersistTools): Promise<PersistState> {
  const { importId } = request;
  const keys = new ImportKeys(tools.series, importId);
  if (await readResult(tools.cache, keys) !== undefined) return { importId, continue: false, parts: 0 };
  const publication = await openPublication(keys, request, tools);
  const { kind, parts } = await publishRecords(publication, tools);
  if (kind === 'out-of-time') return { importId, continue: true, parts };
  const description = kind === Outcome.PUBLISHED ? publishDescription(publication) : Promise.resolve();
  // The manifest does not depend on open uploads, and nothing needs them now. Abort them before the marker; after it, nobody would.
  await together(description, endUploads(publication));
  if (kind !== 'ended') await endImport(publication, kind);
  return { importId, continue: false, parts };
}

async function openPublication(
  keys: ImportKeys, settings: DestinationSettings, { cache, world, openBucket }: PersistTools,
): Promise<Publication> {
  // Neither changes any more. If both fail, the first error wins: an expired import may have lost part of its log.
  const [file, log] = await together(openImport(cache, keys, world.clock), readWholeLog(cache, keys));
  requireConfiguredDestination(file, settings);
  return { file, log, keys, cache, destination: openBucket(file.destination.bucket), world: withIsolatedObserver(world) };
}

function publishRecords(publication: Publication, tools: PersistTools): Promise<Ending> {
  switch (publication.file.output.layout) {
    case Layout.OBJECT: return publishObject(publication, tools);
    case Layout.PARTS: return publishParts(publication, tools);
  }
}

/** However the import ended, and whichever attempt ended it: the parts of an uncompleted upload keep costing money. */
async function endUploads(publication: Publication): Promise<void> {
  if (publication.file.output.layout === Layout.OBJECT) await abortUploads(publication);
}

/** Writes the manifest, and the pointer at `latestKey`. */
async function publishDescription(publication: Publication): Promise<void> {
  if (await publishManifest(publication) === 'ours') await publishLatest(publication);
  else await checkOrder(publication);
}

/**
 * A newer import writes its manifest after its object. If the object is ours nevertheless, our condition held by accident: the newer object
 * was deleted, or had the same ETag as the one before it.
 */
async function checkOrder(publication: Publication): Promise<void> {
  const { importId, destination: { bucket, key } } = publication.file;
  const { kind } = await standingOf(key, publication);
  if (kind === 'ours') throw new StaleObjectError(importId, bucket, key);
}

/** Log before the marker: an attempt that dies in between only repeats the lines, but after the marker nobody would write them. */
async function endImport(publication: Publication, outcome: Outcome): Promise<void> {
  const { file: { importId }, log, world: { observer } } = publication;
  for (const warning of warningsOf(log)) observer.warned(importId, warning);
  await leaveMarker(publication, outcome);
}

/** Ends the import with its result: from here on, chunks may be deleted. */
async function leaveMarker(publication: Publication, outcome: Outcome): Promise<void> {
  const { file: { importId }, keys, cache, world } = publication;
  const marker: PublishedMarker = { formatVersion: FORMAT_VERSION, importId, result: resultOf(publication, outcome) };
  await writeOnce(cache, keys.published, encodeFile(marker), world);
}
