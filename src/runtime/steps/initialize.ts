import { CommitLogError, DestinationKeyError, InvalidInputError, recordedError } from '../../protocol/errors';
import { RESUME_FROM, resumedImportId } from '../../protocol/fetch-contract';
import { encodeFile, FORMAT_VERSION } from '../../protocol/file-format';
import { DestinationReference, ImportFile } from '../../protocol/import-file';
import { JsonValue } from '../../protocol/json';
import { ImportKeys, isImportId } from '../../protocol/keys';
import { OBJECT_KEY_BYTES } from '../../protocol/limits';
import { DestinationSettings, InitializeRequest, LoopState } from '../../protocol/machine-state';
import { isNamedAsManifest, recordsKey } from '../../protocol/manifest';
import { OutputSettings } from '../../protocol/output-settings';
import { Series } from '../../protocol/series';
import { FIRST_ROUND, loopState } from '../fetch/loop-state';
import { CommitLog } from '../log/commit-log';
import { destinationOf, requireConfiguredDestination } from '../log/configured-destination';
import { openImport, readResult } from '../log/import-access';
import { writeOnce } from '../log/write-once';
import { ObjectStore } from '../ports/object-store';
import { World } from '../ports/ports';

/** What Initialize needs. */
export interface InitializeTools {
  readonly cache: ObjectStore;
  readonly series: Series;
  readonly pageSize: number;
  readonly maximumAgeSeconds: number;
  readonly embedded: boolean;
  readonly packageVersion: string;
  readonly world: World;
  /** Opens the store of the destination bucket. */
  openBucket(bucket: string): ObjectStore;
}

/** Starts an import, or resumes the one that the input names. */
export async function initialize(request: InitializeRequest, tools: InitializeTools): Promise<LoopState> {
  const resumed = resumedImportId(request.input);
  if (resumed === undefined) return start(request, tools);
  return resume(checkedId(resumed), request, tools);
}

/**
 * Refuses anything but an id, and does not repeat it: nobody asked for a new import instead, or for anything outside of an import's folder.
 */
function checkedId(resumed: JsonValue): string {
  const expected = 'the importId of a failed import, which is a UUID';
  if (typeof resumed !== 'string') throw new InvalidInputError(`${RESUME_FROM} is not a string`, expected);
  if (!isImportId(resumed)) throw new InvalidInputError(`${RESUME_FROM} is not an import's id`, expected);
  return resumed;
}

/** A retried Initialize starts another import and leaves an unused prefix: harmless, and simpler than detecting the retry. */
async function start(request: InitializeRequest, tools: InitializeTools): Promise<LoopState> {
  const file = newImport(request, tools);
  const keys = new ImportKeys(tools.series, file.importId);
  await lookAtDestination(file, tools);
  await writeOnce(tools.cache, keys.import, encodeFile(file), tools.world);
  return loopState(file.importId, new CommitLog(tools.cache, keys, tools.world), FIRST_ROUND);
}

function newImport(request: InitializeRequest, tools: InitializeTools): ImportFile {
  const { executionArn, input, output } = request;
  const { series: { name: series, owner } } = tools;
  const startTime = new Date(request.startTime);
  const identity = { importId: tools.world.chance.uuid(), executionArn, startTime: startTime.toISOString() };
  return {
    formatVersion: FORMAT_VERSION,
    ...identity,
    series,
    owner,
    embedded: tools.embedded,
    expiresAt: new Date(startTime.getTime() + tools.maximumAgeSeconds * 1000).toISOString(),
    input,
    pageSize: tools.pageSize,
    destination: publishable(destinationOf(identity, request.destination), output),
    output,
    packageVersion: tools.packageVersion,
  };
}

/** Checked as soon as the placeholders are resolved: Persist would only find out after everything has been fetched. */
function publishable(destination: DestinationReference, output: OutputSettings): DestinationReference {
  const { key, manifestKey } = destination;
  for (const published of [recordsKey(key, output), manifestKey]) requirePublishable(published, output);
  if (isNamedAsManifest(key)) {
    throw new DestinationKeyError(`is ${key} for this import, which is named like the manifest of another one`, 'Put a fixed part behind its last placeholder');
  }
  return destination;
}

function requirePublishable(key: string, { latestKey }: OutputSettings): void {
  const bytes = Buffer.byteLength(key);
  if (bytes > OBJECT_KEY_BYTES) {
    throw new DestinationKeyError(`has ${bytes} bytes for this import, and S3 allows ${OBJECT_KEY_BYTES}: ${key}`, 'Shorten it');
  }
  if (key === latestKey) {
    throw new DestinationKeyError(`is ${key} for this import, which is its latestKey too`, 'Give one of them another key');
  }
}

/** Otherwise, a wrong bucket or a missing permission would show only after the last page. */
function lookAtDestination({ destination: { bucket, key }, output }: ImportFile, { openBucket }: InitializeTools): Promise<void> {
  return openBucket(bucket).checkAccess(recordsKey(key, output));
}

/**
 * A resumed import keeps its file, its destination and its age, and continues at the end of its log. One that has ended has nothing left to
 * fetch: the later steps find its marker, finish a failed clean-up, and return the recorded result.
 */
async function resume(importId: string, settings: DestinationSettings, tools: InitializeTools): Promise<LoopState> {
  const keys = new ImportKeys(tools.series, importId);
  const file = await openImport(tools.cache, keys, tools.world.clock);
  requireConfiguredDestination(file, settings);
  // Read before the log: a marker that exists now was written after the final record.
  const hasEnded = await readResult(tools.cache, keys) !== undefined;
  const log = new CommitLog(tools.cache, keys, tools.world);
  await log.open(0);
  // Fetching again what was published would take hours and achieve nothing.
  if (hasEnded && !log.isFinal) throw new CommitLogError(importId, `${keys.published} is there, but the log has no final record`);
  if (!hasEnded) await lookAtDestination(file, tools);
  // For a log that can be reopened, Fetch's settings decide.
  if (log.failure !== undefined && log.failure.unless === undefined) throw recordedError(log.failure);
  return loopState(importId, log, FIRST_ROUND);
}
