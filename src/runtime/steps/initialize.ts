import { executionNameOf, resolveDestinationKey } from '../../protocol/destination-key';
import { CommitLogError, DestinationKeyError, InvalidInputError, recordedError } from '../../protocol/errors';
import { RESUME_FROM, resumedImportId } from '../../protocol/fetch-contract';
import { encodeFile, FORMAT_VERSION } from '../../protocol/file-format';
import { DestinationReference, ImportFile } from '../../protocol/import-file';
import { JsonValue } from '../../protocol/json';
import { ImportKeys } from '../../protocol/keys';
import { OBJECT_KEY_BYTES } from '../../protocol/limits';
import { InitializeRequest, LoopState } from '../../protocol/machine-state';
import { recordsKey } from '../../protocol/manifest';
import { OutputSettings } from '../../protocol/output-settings';
import { FIRST_ROUND, loopState } from '../fetch/loop-state';
import { CommitLog } from '../log/commit-log';
import { openImport, readResult } from '../log/import-access';
import { writeOnce } from '../log/write-once';
import { ObjectStore } from '../ports/object-store';
import { World } from '../ports/ports';

/** What Initialize works with. */
export interface InitializeTools {
  readonly cache: ObjectStore;
  readonly cachePrefix: string;
  readonly pageSize: number;
  readonly maximumAgeSeconds: number;
  readonly embedded: boolean;
  readonly packageVersion: string;
  readonly world: World;
}

/** Starts an import, or takes up the one that the input names. */
export async function initialize(request: InitializeRequest, tools: InitializeTools): Promise<LoopState> {
  const resumed = resumedImportId(request.input);
  if (resumed === undefined) return start(request, tools);
  return resume(checkedId(resumed), tools);
}

/** What is no id is refused: to start a new import instead, or to look into another one's folder, is what nobody asked for. */
function checkedId(resumed: JsonValue): string {
  const expected = 'the importId of a failed import';
  if (typeof resumed !== 'string' || resumed === '') throw new InvalidInputError(`${RESUME_FROM} is no text`, expected);
  if (resumed.includes('/')) throw new InvalidInputError(`${RESUME_FROM} contains a slash`, expected);
  return resumed;
}

/** A retried Initialize starts another import and leaves an empty prefix: harmless, and simpler than telling the two apart. */
async function start(request: InitializeRequest, tools: InitializeTools): Promise<LoopState> {
  const file = newImport(request, tools);
  const keys = new ImportKeys(tools.cachePrefix, file.importId);
  await writeOnce(tools.cache, keys.import, encodeFile(file), tools.world);
  return loopState(file.importId, newLog(file.importId, keys, tools), FIRST_ROUND);
}

function newImport(request: InitializeRequest, tools: InitializeTools): ImportFile {
  const { output } = request;
  const importId = tools.world.chance.uuid();
  const startTime = new Date(request.startTime);
  return {
    formatVersion: FORMAT_VERSION,
    importId,
    executionArn: request.executionArn,
    embedded: tools.embedded,
    startTime: startTime.toISOString(),
    expiresAt: new Date(startTime.getTime() + tools.maximumAgeSeconds * 1000).toISOString(),
    input: request.input,
    pageSize: tools.pageSize,
    destination: destinationOf(request, importId),
    output,
    packageVersion: tools.packageVersion,
  };
}

function destinationOf({ executionArn, startTime, destination, output }: InitializeRequest, importId: string): DestinationReference {
  const values = { importId, executionName: executionNameOf(executionArn), startTime: new Date(startTime) };
  const key = resolveDestinationKey(destination.key, values);
  const manifestKey = resolveDestinationKey(destination.manifestKey, values);
  for (const published of [recordsKey(key, output), manifestKey]) requirePublishable(published, output);
  return { bucket: destination.bucket, key, manifestKey };
}

/** Now that it is known what the placeholders become: all would be fetched by the time that Persist finds out. */
function requirePublishable(key: string, { latestKey }: OutputSettings): void {
  const bytes = Buffer.byteLength(key);
  if (bytes > OBJECT_KEY_BYTES) {
    throw new DestinationKeyError(`is of ${bytes} bytes for this import, and S3 takes ${OBJECT_KEY_BYTES}: ${key}`, 'Shorten it');
  }
  if (key === latestKey) {
    throw new DestinationKeyError(`is ${key} for this import, which is its latestKey too`, 'Give one of them another key');
  }
}

/**
 * A resumed import keeps its file, its destination and its age; it goes on at the end of its log. One that has ended has nothing left
 * to fetch: the steps after this one find its marker, finish a clean-up that had failed, and return the recorded result.
 */
async function resume(importId: string, tools: InitializeTools): Promise<LoopState> {
  const keys = new ImportKeys(tools.cachePrefix, importId);
  await openImport(tools.cache, keys, importId, tools.world.clock);
  // Before the log: a marker that is there now was written after the final record.
  const hasEnded = await readResult(tools.cache, keys) !== undefined;
  const log = newLog(importId, keys, tools);
  await log.open(0);
  // Fetching again what was published would cost hours, to no end.
  if (hasEnded && !log.isFinal) throw new CommitLogError(importId, `${keys.published} is there, but the log has no final record`);
  // Whether one that can be opened again is open depends on what Fetch allows.
  if (log.failure !== undefined && log.failure.unless === undefined) throw recordedError(log.failure);
  return loopState(importId, log, FIRST_ROUND);
}

function newLog(importId: string, keys: ImportKeys, tools: InitializeTools): CommitLog {
  return new CommitLog(tools.cache, keys, importId, tools.world);
}
