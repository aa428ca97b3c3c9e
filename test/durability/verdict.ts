import { decodeCommitRecord } from '../../src/protocol/commit-record';
import { decodeImportFile } from '../../src/protocol/import-file';
import { WarningCode } from '../../src/protocol/import-warning';
import { ImportKeys } from '../../src/protocol/keys';
import { LatestPointer } from '../../src/protocol/latest-pointer';
import { ImportResult, LoopState, Outcome } from '../../src/protocol/machine-state';
import { Manifest } from '../../src/protocol/manifest';
import { FormatName } from '../../src/protocol/output-settings';
import { crc32Of } from '../../src/runtime/bytes/crc32';
import { FIRST_ROUND } from '../../src/runtime/fetch/loop-state';
import { readWholeLog } from '../../src/runtime/log/whole-log';
import { ObjectStore } from '../../src/runtime/ports/object-store';
import { warningsOf } from '../../src/runtime/publish/import-warnings';
import { collect } from '../kit/collect';
import { SERIES } from '../kit/series';
import { CACHE_BUCKET, DESTINATION_BUCKET } from '../kit/test-machine';
import { ChainSource } from './chain-source';
import { isShared, OLD_OBJECT } from './destination';
import { EndedImport, newer } from './import-run';
import { NoEndError } from './schedule';
import { Simulation } from './simulation';

/** All that is wrong when an import that was alone has been run to its end. */
export async function problemsOfOne(simulation: Simulation, source: ChainSource, run: Promise<EndedImport>): Promise<string[]> {
  return problemsOf(simulation, async () => {
    const ended = await run;
    await simulation.settle();
    return [...problemsOfSightings(simulation, [source]), ...await problemsOfEnded(simulation, [ended])];
  });
}

/** What a judge finds, or why the simulation has come to no good end. */
export async function problemsOf(simulation: Simulation, judge: () => Promise<string[]>): Promise<string[]> {
  try {
    return await simulation.schedule.untilEnd(judge());
  } catch (error) {
    return [error instanceof NoEndError ? error.message : `the import failed: ${String(error)}`];
  }
}

/** All that is wrong with imports that have ended, of which the newest that is published is to stand at the destination. */
export async function problemsOfEnded(simulation: Simulation, all: readonly EndedImport[]): Promise<string[]> {
  const problems: string[] = [];
  for (const ended of all) problems.push(...await problemsOfImport(simulation, ended));
  problems.push(...await problemsOfDestination(simulation, all.filter(({ source }) => !simulation.skips(source))));
  for (const ended of all) problems.push(...await problemsOfLatecomers(simulation, ended));
  return [...problems, ...problemsOfAttempts(simulation), ...problemsOfUploads(simulation)];
}

/**
 * Parts cost until somebody finds them. An upload without parts may stay where the reply that named it was lost; that of a fold, which no
 * file names, also where its attempt has died: there the cache's lifecycle ends it.
 */
function problemsOfUploads(simulation: Simulation): string[] {
  const left = simulation.openUploads().filter(({ bucket, parts }) => bucket === DESTINATION_BUCKET && parts > 0);
  return left.map(({ parts }) => `an upload with ${parts} parts is left`);
}

/** The same, where no reply was lost and no attempt has died. */
export function problemsOfAnyUploads(simulation: Simulation): string[] {
  return simulation.openUploads().map(({ bucket, parts }) => `an upload with ${parts} parts is left in ${bucket}`);
}

/** What readers saw at any time: the object that was there before, or a whole import. */
export function problemsOfSightings(simulation: Simulation, sources: readonly ChainSource[]): string[] {
  const isWhole = (text: string): boolean => text === OLD_OBJECT || sources.some((source) => source.problemOf(text) === undefined);
  const torn = simulation.sightings.find(({ text }) => !isWhole(text));
  const starts = simulation.sightings.map(({ startTime = '' }) => startTime);
  return [
    ...torn === undefined ? [] : [`a reader saw neither the old object nor a whole import: ${sources.map((source) => source.problemOf(torn.text)).join(' / ')}`],
    ...starts.join() === [...starts].sort().join() ? [] : [`an older import replaced a newer one: ${starts.join()}`],
  ];
}

/** What is wrong with what the attempts did. */
function problemsOfAttempts({ unexplained, fetchedAgain, order: { disorder } }: Simulation): string[] {
  return [
    ...disorder,
    ...unexplained.map((error) => `an attempt failed with what no fault explains: ${String(error)}`),
    ...fetchedAgain.map((page) => `page ${page} was fetched again after it was committed`),
  ];
}

/** What is wrong with an import that has ended, as far as its cache and its result tell. */
async function problemsOfImport(simulation: Simulation, { importId, source, result }: EndedImport): Promise<string[]> {
  const cache = simulation.store(CACHE_BUCKET);
  const keys = new ImportKeys(SERIES, importId);
  return simulation.schedule.watch(async () => [
    ...await problemsOfLog(cache, keys, importId, source),
    ...simulation.repeatsUploads ? [] : await problemsOfChunks(cache, keys),
    ...await problemsOfMarker(cache, keys),
    ...await problemsOfWarnings(cache, keys, result),
    ...problemsOfColumns(simulation, source, result),
    ...problemsOfFullPage(simulation, source, result),
    ...simulation.skips(source) && result.outcome === Outcome.PUBLISHED ? ['an import that the gate is to skip was published'] : [],
    ...result.records === source.count ? [] : [`the result has ${result.records} records, not ${source.count}`],
  ]);
}

/** The log must stay whole, since it is what tells a late attempt that it is late. */
async function problemsOfLog(cache: ObjectStore, keys: ImportKeys, importId: string, source: ChainSource): Promise<string[]> {
  const file = await cache.read(keys.import);
  if (file === undefined || decodeImportFile(keys.import, file).importId !== importId) return ['import.json is gone or another import\'s'];
  try {
    const { records } = await readWholeLog(cache, keys);
    return records === source.count ? [] : [`the log has ${records} records, not ${source.count}`];
  } catch (error) {
    return [`the log is not whole: ${String(error)}`];
  }
}

/** Chunks of the log must be gone. Those that no record names may be a zombie's, which came when CleanUp was over. */
async function problemsOfChunks(cache: ObjectStore, keys: ImportKeys): Promise<string[]> {
  const chunks = new Set(await collect(cache.list(keys.data)));
  const commits = await collect(cache.list(keys.commits));
  const records = await Promise.all(commits.map(async (key) => decodeCommitRecord(key, (await cache.read(key))!)));
  return records.some(({ streams: { records: { chunk } } }) => chunk !== null && chunks.has(chunk.key)) ? ['CleanUp has left chunks of the import'] : [];
}

/** They are a function of the log: whichever attempts have written marker and manifest. */
async function problemsOfWarnings(cache: ObjectStore, keys: ImportKeys, { warnings }: ImportResult): Promise<string[]> {
  const log = await readWholeLog(cache, keys).catch(() => undefined);
  return log === undefined ? [] : differences('the result', { warnings }, { warnings: warningsOf(log) });
}

/** Whichever attempts have seen which columns. */
function problemsOfColumns(
  { destination: { output: { format } } }: Simulation, { unseenColumns }: ChainSource, { records, warnings }: ImportResult,
): string[] {
  const expected = format.name === FormatName.CSV && records > 0 ? unseenColumns.length : 0;
  const told = warnings.find(({ code }) => code === WarningCode.UNSEEN_COLUMNS)?.counts?.unseenColumns ?? 0;
  return told === expected ? [] : [`the result tells of ${told} columns that no record has, not ${expected}`];
}

/** Whichever attempt has committed the last page. */
function problemsOfFullPage({ pageSize }: Simulation, source: ChainSource, { warnings }: ImportResult): string[] {
  const isTold = warnings.some(({ code }) => code === WarningCode.FULL_LAST_PAGE);
  if (isTold === source.endsWithFullPage(pageSize)) return [];
  return [`the result ${isTold ? 'tells' : 'does not tell'} of a full last page`];
}

async function problemsOfMarker(cache: ObjectStore, keys: ImportKeys): Promise<string[]> {
  return await cache.read(keys.published) === undefined ? ['published.json is missing'] : [];
}

/** What is wrong at the destination, where one import is to stand, and where the others do too if each has a key of its own. */
async function problemsOfDestination(simulation: Simulation, all: readonly EndedImport[]): Promise<string[]> {
  if (all.length === 0) return (await simulation.reader.read()).text === OLD_OBJECT ? [] : ['the object of before does not stand any more'];
  const standing = all.reduce(newer);
  const problems: string[] = [];
  for (const ended of isShared(simulation.destination) ? [standing] : all) problems.push(...await problemsOfPublished(simulation, ended));
  return [...problems, ...await problemsOfReaders(simulation, standing), ...await problemsOfPointer(simulation, standing)];
}

/** What is wrong with what an import has published: its records, and the manifest that describes them. */
async function problemsOfPublished({ reader }: Simulation, { importId, source, result }: EndedImport): Promise<string[]> {
  if (result.outcome !== Outcome.PUBLISHED) return [`import ${importId}, which is to stand, ended as ${result.outcome}`];
  const text = await reader.recordsOf(result);
  const problem = source.problemOf(text);
  if (problem !== undefined) return [`what import ${importId} has published is wrong: ${problem}`];
  const bytes = Buffer.from(text);
  const expected = { importId, bytes: bytes.byteLength, records: source.count, crc32: crc32Of(bytes) };
  const manifest = JSON.parse((await reader.look(result.manifestKey)).text || '{}') as Partial<Manifest>;
  return [...differences('the manifest', manifest, { ...expected, warnings: result.warnings }), ...differences('the result', result, expected)];
}

/** Readers find the import that is to stand. */
async function problemsOfReaders({ reader }: Simulation, { importId, source }: EndedImport): Promise<string[]> {
  const found = await reader.read();
  const problem = source.problemOf(found.text);
  if (problem !== undefined) return [`what readers find is wrong: ${problem}`];
  return found.importId === importId ? [] : [`what readers find is import ${found.importId}'s`];
}

/** The pointer, where there is one, says what that import's result says. */
async function problemsOfPointer({ reader, destination }: Simulation, { result }: EndedImport): Promise<string[]> {
  const { latestKey } = destination.output;
  if (latestKey === undefined) return [];
  const { outcome: _, ...expected } = result;
  return differences('the pointer', JSON.parse((await reader.look(latestKey)).text || '{}') as Partial<LatestPointer>, expected);
}

function differences<Found extends object>(what: string, found: Found, expected: Partial<Record<keyof Found, unknown>>): string[] {
  return (Object.keys(expected) as (keyof Found)[])
    .filter((field) => JSON.stringify(found[field]) !== JSON.stringify(expected[field]))
    .map((field) => `${what} has the ${String(field)} ${JSON.stringify(found[field])}, not ${JSON.stringify(expected[field])}`);
}

/** An import that has ended stays as it is, however late an attempt comes: every step succeeds and changes nothing. */
async function problemsOfLatecomers(simulation: Simulation, { importId, source, result }: EndedImport): Promise<string[]> {
  // Through the real client, calls vary in number: a fault that has not struck by now must not strike this check.
  simulation.trouble = {};
  const before = await objectsAt(simulation);
  const state: LoopState = { ...FIRST_ROUND, importId, continue: true, chunks: 0, pages: 0, records: 0 };
  const calls = source.calls.length;
  try {
    const fetched = await simulation.step('Fetch', source, (machine) => machine.fetch(state));
    const again = await simulation.publish(source, importId);
    const after = await objectsAt(simulation);
    return [
      ...fetched.continue || source.calls.length > calls ? ['a late Fetch fetched pages'] : [],
      ...JSON.stringify(again) === JSON.stringify(result) ? [] : ['a late Persist has another result'],
      ...JSON.stringify(after) === JSON.stringify(before) ? [] : ['a latecomer changed the destination'],
    ];
  } catch (error) {
    return [`a latecomer failed: ${String(error)}`];
  }
}

/** All that is at the destination. */
async function objectsAt(simulation: Simulation): Promise<readonly (readonly [key: string, etag: string])[]> {
  const store = simulation.store(DESTINATION_BUCKET);
  const keys = await collect(store.list(''));
  return Promise.all(keys.map(async (key) => [key, (await store.inspect(key))!.etag] as const));
}
