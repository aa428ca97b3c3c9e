import { StaleObjectError } from '../../protocol/errors';
import { encodeFile, FORMAT_VERSION } from '../../protocol/file-format';
import { ImportKeys } from '../../protocol/keys';
import { Outcome, PersistState } from '../../protocol/machine-state';
import { Layout } from '../../protocol/output-settings';
import { PublishedMarker } from '../../protocol/published-marker';
import { withIsolatedObserver } from '../errors/isolated';
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

/** What Persist works with. */
export interface PersistTools extends PublishRules, AssemblyOptions {
  readonly cache: ObjectStore;
  readonly cachePrefix: string;
  readonly world: World;
  /** The store of the bucket that the import publishes to. */
  openBucket(bucket: string): ObjectStore;
}

/**
 * Publishes a finished log, or goes on with publishing it. Any number of attempts may run, late or at the same time: the first
 * that ends leaves the marker, and all others succeed with it.
 *
 * ```
 * marker?  -> the import has ended
 * log      -> walked, and found whole
 * records  -> an object, or one per chunk; before the first of them the gate
 * manifest -> what they are made of;  at the same time, uploads are ended
 * latest   -> where they are
 * marker
 * ```
 */
export async function persist({ importId }: Pick<PersistState, 'importId'>, tools: PersistTools): Promise<PersistState> {
  const keys = new ImportKeys(tools.cachePrefix, importId);
  if (await readResult(tools.cache, keys) !== undefined) return { importId, continue: false, parts: 0 };
  const publication = await openPublication(importId, keys, tools);
  const { kind, parts } = await publishRecords(publication, tools);
  if (kind === 'out-of-time') return { importId, continue: true, parts };
  const description = kind === Outcome.PUBLISHED ? publishDescription(publication) : Promise.resolve();
  // Nothing is said of uploads, and nobody needs one any more. But after the marker nobody would end them.
  await together(description, endUploads(publication));
  if (kind !== 'ended') await endImport(publication, kind);
  return { importId, continue: false, parts };
}

async function openPublication(importId: string, keys: ImportKeys, { cache, world, openBucket }: PersistTools): Promise<Publication> {
  // Neither changes any more. Of an import that is too old that is told first, whatever has become of its log.
  const [file, log] = await together(openImport(cache, keys, importId, world.clock), readWholeLog(cache, keys, importId));
  return { file, log, keys, cache, destination: openBucket(file.destination.bucket), world: withIsolatedObserver(world) };
}

function publishRecords(publication: Publication, tools: PersistTools): Promise<Ending> {
  switch (publication.file.output.layout) {
    case Layout.OBJECT: return publishObject(publication, tools);
    case Layout.PARTS: return publishParts(publication, tools);
  }
}

/**
 * Whoever has ended the import, and however: parts of an upload that nobody completes would be paid for until somebody finds them. Where
 * the object is put at once there may be one too, begun by a version of this code that did not do so.
 */
async function endUploads(publication: Publication): Promise<void> {
  if (publication.file.output.layout === Layout.OBJECT) await abortUploads(publication);
}

/** Says what was published, and where, to those who do not find it by its key alone. */
async function publishDescription(publication: Publication): Promise<void> {
  if (await publishManifest(publication) === 'ours') await publishLatest(publication);
  else await checkOrder(publication);
}

/**
 * A newer import's manifest follows its object. If the object is ours all the same, the condition of our Complete has let it through:
 * the newer object was gone, or had the ETag of the one before it.
 */
async function checkOrder({ file, destination }: Publication): Promise<void> {
  const { importId, destination: { bucket, key } } = file;
  const { kind } = await standingOf(destination, key, file);
  if (kind === 'ours') throw new StaleObjectError(importId, bucket, key);
}

/** The lines come first: an attempt that dies between the two repeats them, while after the marker nobody would write them. */
async function endImport(publication: Publication, outcome: Outcome): Promise<void> {
  const { file: { importId }, log, world: { observer } } = publication;
  for (const warning of warningsOf(log)) observer.warned(importId, warning);
  await leaveMarker(publication, outcome);
}

/** The import has ended with this result: from here on, chunks may be deleted. */
async function leaveMarker(publication: Publication, outcome: Outcome): Promise<void> {
  const { file: { importId }, keys, cache, world } = publication;
  const marker: PublishedMarker = { formatVersion: FORMAT_VERSION, importId, result: resultOf(publication, outcome) };
  await writeOnce(cache, keys.published, encodeFile(marker), world);
}
