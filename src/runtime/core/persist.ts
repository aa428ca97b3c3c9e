import { IntegrityCheck } from '../../protocol/environment';
import { StaleObjectError, TooFewRecordsError, TotalMismatchError } from '../../protocol/errors';
import { encodeFile, FORMAT_VERSION } from '../../protocol/file-format';
import { ImportFile } from '../../protocol/import-file';
import { ImportKeys } from '../../protocol/keys';
import { ImportResult, Outcome, PersistState } from '../../protocol/machine-state';
import { manifestKey } from '../../protocol/manifest';
import { contentEncoding, contentType } from '../../protocol/output-settings';
import { PublishedMarker } from '../../protocol/published-marker';
import { ObjectProperties, ObjectStore } from '../store/object-store';
import { openImport, readResult } from './import-access';
import { World } from './ports';
import { manifestOf, publishManifest } from './publish-manifest';
import { publishObject } from './publish-object';
import { PartLimits, planParts } from './publish-plan';
import { metadataOf, standingOf } from './published-object';
import { readWholeLog, WholeLog } from './whole-log';
import { writeOnce } from './write-once';

/** What Persist works with. */
export interface PersistTools {
  readonly cache: ObjectStore;
  readonly cachePrefix: string;
  readonly integrityCheck: IntegrityCheck;
  /** @default - those of Amazon S3 */
  readonly partLimits?: PartLimits;
  /**
   * Least records that an import must have to be published.
   * @default 0
   */
  readonly minRecords?: number;
  /**
   * Is told, when the import is published, that the source's total is another number than that of its records.
   * @default - such an import is not published
   */
  readonly onTotalMismatch?: TotalMismatchListener;
  readonly world: World;
  /** The store of the bucket that the import publishes to. */
  openBucket(bucket: string): ObjectStore;
}

/** Is told of an import that is published although its records are not as many as the source said. */
export type TotalMismatchListener = (mismatch: RecordMismatch) => void;

/** An import with another number of records than its source said. */
export interface RecordMismatch {
  readonly importId: string;
  readonly records: number;
  readonly sourceTotal: number;
}

/**
 * Publishes a finished log, or goes on with publishing it. Any number of attempts may run, late or at the same time: the first
 * that ends leaves the marker, and all others succeed with it.
 */
export async function persist(request: Pick<PersistState, 'importId'>, tools: PersistTools): Promise<PersistState> {
  const { importId } = request;
  const { cache, world } = tools;
  const keys = new ImportKeys(tools.cachePrefix, importId);
  if (await readResult(cache, keys) !== undefined) return { importId, continue: false, parts: 0 };
  const file = await openImport(cache, keys, importId, world.clock);
  const log = await readWholeLog(cache, keys, importId);
  const mismatch = mismatchOf(file, log);
  const plan = planParts(log, tools.partLimits);
  const destination = tools.openBucket(file.destination.bucket);
  const ending = await publishObject(plan, {
    file, cache, destination, keys, world,
    key: file.destination.key,
    properties: objectProperties(file),
  }, { integrity: tools.integrityCheck, gate: () => checkRecords(file, log, mismatch, tools) });
  if (ending.kind === 'out-of-time') return { importId, continue: true, parts: ending.parts };
  if (ending.kind === Outcome.PUBLISHED) {
    const manifest = await publishManifest(manifestOf(file, log, plan), file, destination, world);
    if (manifest === 'newer') await checkOrder(file, destination);
    if (mismatch !== undefined) tools.onTotalMismatch?.(mismatch);
  }
  if (ending.kind !== 'ended') await leaveMarker(file, log, plan.crc32, ending.kind, keys, tools);
  return { importId, continue: false, parts: plan.parts.length };
}

/** What is said of an object that holds records. */
function objectProperties(file: ImportFile): ObjectProperties {
  const { output } = file;
  return {
    contentType: contentType(output),
    contentEncoding: contentEncoding(output),
    storageClass: output.storageClass,
    tags: output.tags,
    metadata: metadataOf(file),
  };
}

/** Before anything is published: the old object stands. */
function checkRecords(file: ImportFile, { records }: WholeLog, mismatch: RecordMismatch | undefined, tools: PersistTools): void {
  const { minRecords = 0, onTotalMismatch } = tools;
  if (records < minRecords) throw new TooFewRecordsError(file, records, minRecords);
  if (mismatch !== undefined && onTotalMismatch === undefined) throw new TotalMismatchError(file, mismatch.sourceTotal, records);
}

/**
 * A newer import's manifest follows its object. If the object is ours all the same, the condition of our Complete has let it through:
 * the newer object was gone, or had the ETag of the one before it.
 */
async function checkOrder(file: ImportFile, destination: ObjectStore): Promise<void> {
  const { importId, destination: { bucket, key } } = file;
  const { kind } = await standingOf(destination, key, file);
  if (kind === 'ours') throw new StaleObjectError(importId, bucket, key);
}

function mismatchOf({ importId }: ImportFile, { sourceTotal, records }: WholeLog): RecordMismatch | undefined {
  return sourceTotal === undefined || sourceTotal === records ? undefined : { importId, records, sourceTotal };
}

/** The import has ended with this result: from here on, chunks may be deleted. */
async function leaveMarker(
  file: ImportFile, log: WholeLog, crc32: string, outcome: Outcome, keys: ImportKeys, tools: PersistTools,
): Promise<void> {
  const { importId, destination: { bucket, key }, output: { layout } } = file;
  const { records, pages, bytes } = log;
  const result: ImportResult = { importId, outcome, bucket, key, manifestKey: manifestKey(key, layout), records, pages, bytes, crc32 };
  const marker: PublishedMarker = { formatVersion: FORMAT_VERSION, importId, result };
  await writeOnce(tools.cache, keys.published, encodeFile(marker), tools.world);
}
