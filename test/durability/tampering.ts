import { CommitRecord } from '../../src/protocol/commit-record';
import { CommitLogError, DestinationChangedError, ForeignImportError, FutureObjectError, MalformedFileError } from '../../src/protocol/errors';
import { encodeFile, FORMAT_VERSION } from '../../src/protocol/file-format';
import { ImportFile } from '../../src/protocol/import-file';
import { JsonObject } from '../../src/protocol/json';
import { ImportKeys } from '../../src/protocol/keys';
import { ImportResult } from '../../src/protocol/machine-state';
import { ObjectMetadata } from '../../src/protocol/manifest';
import { ObjectStore } from '../../src/runtime/ports/object-store';
import { collect } from '../kit/collect';
import { SERIES } from '../kit/series';
import { CACHE_BUCKET, DESTINATION_BUCKET } from '../kit/test-machine';
import { callsOf, nameOfCall, Scenario, SCENARIOS } from './crash-matrix';
import { DESTINATIONS, isShared, OLD_OBJECT } from './destination';
import { StoreCall } from './faulty-store';
import { EndedImport } from './import-run';
import { Interruption } from './interference';
import { Simulation } from './simulation';
import { Tally } from './tally';
import { problemsOf, problemsOfEnded, problemsOfSightings } from './verdict';

/**
 * A cache that somebody else has written to: before any read of a file, what it holds is replaced. The import must refuse it by name,
 * publish nothing, and go on where it was once the file is as it was before.
 */

/** Where no import may publish to, and from where. */
const ELSEWHERE = 'hr/';

/** Another object of the cache's bucket. */
const SECRET = `${ELSEWHERE}salaries.txt`;

const ANOTHER_ID = '0f0e0d0c-0b0a-4909-8807-060504030201';

/** Changes a file, given the bytes it has; `undefined` for what is not there, or cannot be changed so. */
type Tampering = (file: JsonObject | undefined, keys: ImportKeys) => object | undefined;

function ofImportFile(change: (file: ImportFile) => object): Tampering {
  return (file) => file === undefined ? undefined : { ...file, ...change(file as unknown as ImportFile) };
}

/** Has a record name another object as its chunk, one that passes for it in every other way. */
function naming(keyOf: (record: CommitRecord) => string): Tampering {
  return (file) => {
    const record = file as unknown as CommitRecord | undefined;
    const chunk = record?.streams.records.chunk;
    if (record === undefined || !chunk) return undefined;
    return { ...record, streams: { records: { ...record.streams.records, chunk: { ...chunk, key: keyOf(record) } } } };
  };
}

const OTHER_MARKER = { formatVersion: FORMAT_VERSION, importId: ANOTHER_ID, result: { importId: ANOTHER_ID } };

/** What is done to which file: the beginning of its key below the import's prefix. */
const TAMPERINGS: Readonly<Record<string, { readonly file: string; readonly tampering: Tampering }>> = {
  'another series': { file: 'import.json', tampering: ofImportFile(() => ({ series: 'invoices' })) },
  'another owner': { file: 'import.json', tampering: ofImportFile(() => ({ owner: 'somebody else' })) },
  'another import': { file: 'import.json', tampering: ofImportFile(() => ({ importId: ANOTHER_ID })) },
  'another destination': { file: 'import.json', tampering: ofImportFile(({ destination }) => ({ destination: { ...destination, key: ELSEWHERE + destination.key } })) },
  'another manifest': { file: 'import.json', tampering: ofImportFile(({ destination }) => ({ destination: { ...destination, manifestKey: `${ELSEWHERE}m` } })) },
  'another pointer': { file: 'import.json', tampering: ofImportFile(({ output }) => ({ output: { ...output, latestKey: `${ELSEWHERE}latest` } })) },
  'another object as its chunk': { file: 'commits/', tampering: naming(() => SECRET) },
  'the chunk of another import': { file: 'commits/', tampering: naming(({ index }) => new ImportKeys(SERIES, ANOTHER_ID).chunk(index, 'uuid', 'jsonl')) },
  'an upload of another import': {
    file: 'uploads/',
    tampering: (file) => file === undefined ? undefined : { ...file, importId: ANOTHER_ID },
  },
  'a marker of another import': {
    file: 'published.json',
    tampering: (file) => file === undefined ? OTHER_MARKER : undefined,
  },
};

const REFUSALS = [ForeignImportError, DestinationChangedError, CommitLogError, MalformedFileError, FutureObjectError];

/** Goes through all of it. */
export async function exploreTampering(tally: Tally, only: (name: string) => boolean): Promise<void> {
  for (const scenario of SCENARIOS) {
    const fromTheFuture = `${scenario.name}: an object from the future at the destination`;
    if (isShared(DESTINATIONS[scenario.destination ?? 'an object']) && only(fromTheFuture)) await runFromTheFuture(fromTheFuture, scenario, tally);
    for (const [call, storeCall] of (await callsOf(scenario)).entries()) {
      for (const [what, { file, tampering }] of Object.entries(TAMPERINGS)) {
        const name = `${scenario.name}: ${what} at ${nameOfCall(call, storeCall)}`;
        if (reads(storeCall, file) && only(name)) await runTampering({ name, call, key: storeCall.key }, scenario, tampering, tally);
      }
    }
  }
}

/** Initialize makes what it reads, so the first who reads of others is Fetch. */
function reads({ method, key, attempt: { step } }: StoreCall, file: string): boolean {
  return method === 'read' && step !== 'Initialize' && key.split('/').slice(3).join('/').startsWith(file);
}

interface Place {
  readonly name: string;
  readonly call: number;
  /** Of the file that the call reads. */
  readonly key: string;
}

async function runTampering(
  { name, call, key: wanted }: Place, { source: sourceOptions, ...options }: Scenario, tampering: Tampering, tally: Tally,
): Promise<void> {
  const simulation = new Simulation({ ...options, attempts: 1 });
  const source = simulation.source(sourceOptions);
  const startedAt = simulation.schedule.now();
  const cache = outside(simulation, CACHE_BUCKET);
  const folder = wanted.split('/').slice(3).join('/');
  let undo: (() => Promise<void>) | undefined;
  const interruption = new Interruption(call, 'between two calls', async (importId) => {
    undo = await tamperWith(cache, new ImportKeys(SERIES, importId), folder, tampering);
    return undefined;
  });
  simulation.trouble = interruption;
  await simulation.putOldObject();
  const problems = await problemsOf(simulation, async () => {
    const onInitialized = (importId: string): void => { interruption.importId = importId; };
    const execution = simulation.execute({ source, startedAt, onInitialized });
    const ending = await execution.then((result) => ({ result }), (error: unknown) => ({ error }));
    await interruption.other;
    if (undo === undefined) return [];
    const found = [...problemsOfEnding(ending), ...problemsOfSightings(simulation, [source]), ...await problemsElsewhere(simulation)];
    await undo();
    return found.length > 0 ? found : problemsOfResuming(simulation, { importId: interruption.importId, source, startedAt });
  });
  if (undo !== undefined) tally.schedule(name, simulation.longestChain, problems);
}

/** An object at the destination that says it is newer than any import: none must end as superseded by it. */
async function runFromTheFuture(name: string, { source: sourceOptions, ...options }: Scenario, tally: Tally): Promise<void> {
  const simulation = new Simulation({ ...options, attempts: 1 });
  const source = simulation.source(sourceOptions);
  const startedAt = simulation.schedule.now();
  const destination = outside(simulation, DESTINATION_BUCKET);
  const metadata = { [ObjectMetadata.IMPORT_ID]: ANOTHER_ID, [ObjectMetadata.START_TIME]: '9999-12-31T00:00:00.000Z' };
  const problems = await problemsOf(simulation, async () => {
    await destination.writeIf(simulation.reader.key, Buffer.from(OLD_OBJECT), 'absent', { metadata });
    let importId = '';
    const execution = simulation.execute({ source, startedAt, onInitialized: (id) => { importId = id; } });
    const found = problemsOfEnding(await execution.then((result) => ({ result }), (error: unknown) => ({ error })));
    await destination.delete([simulation.reader.key]);
    await destination.writeIf(simulation.reader.key, Buffer.from(OLD_OBJECT), 'absent');
    simulation.sightings.length = 0;
    return found.length > 0 ? found : problemsOfResuming(simulation, { importId, source, startedAt });
  });
  tally.schedule(name, simulation.longestChain, problems);
}

/** A look from outside takes no turn. */
function outside(simulation: Simulation, bucket: string): Pick<ObjectStore, 'read' | 'writeIf' | 'write' | 'delete'> {
  const store = simulation.store(bucket);
  const { schedule } = simulation;
  return {
    read: (key) => schedule.watch(() => store.read(key)),
    write: (...args) => schedule.watch(() => store.write(...args)),
    writeIf: (...args) => schedule.watch(() => store.writeIf(...args)),
    delete: (keys) => schedule.watch(() => store.delete(keys)),
  };
}

/** Resolves with what puts the file back as it was; `undefined` if there is nothing to tamper with. */
async function tamperWith(
  cache: Pick<ObjectStore, 'read' | 'writeIf' | 'delete'>, keys: ImportKeys, folder: string, tampering: Tampering,
): Promise<(() => Promise<void>) | undefined> {
  const key = keys.all + folder;
  const before = await cache.read(key);
  const file = before && JSON.parse(Buffer.from(before).toString()) as JsonObject;
  const changed = tampering(file, keys);
  if (changed === undefined) return undefined;
  await placeAsChunk(cache, file, changed);
  await cache.delete([key]);
  await cache.writeIf(key, encodeFile(changed), 'absent');
  return async () => {
    await cache.delete([key]);
    if (before !== undefined) await cache.writeIf(key, before, 'absent');
  };
}

/** What the record names instead of its chunk has as many bytes, so that nothing but its key gives it away before it is copied. */
async function placeAsChunk(cache: Pick<ObjectStore, 'read' | 'writeIf'>, file: JsonObject | undefined, changed: object): Promise<void> {
  const keyOf = (record: unknown): string | undefined => (record as Partial<CommitRecord> | undefined)?.streams?.records.chunk?.key;
  const [own, other] = [keyOf(file), keyOf(changed)];
  if (own === undefined || other === undefined) return;
  const bytes = await cache.read(own);
  if (bytes !== undefined) await cache.writeIf(other, bytes, 'absent');
}

function problemsOfEnding(ending: { readonly result: ImportResult } | { readonly error: unknown }): string[] {
  if ('result' in ending) return ['what was tampered with was not refused'];
  return REFUSALS.some((type) => ending.error instanceof type) ? [] : [`it failed with ${String(ending.error)}, which names nothing that was tampered with`];
}

async function problemsElsewhere(simulation: Simulation): Promise<string[]> {
  const keys = await simulation.schedule.watch(() => collect(simulation.store(DESTINATION_BUCKET).list('')));
  return keys.filter((key) => key.startsWith(ELSEWHERE)).map((key) => `${key} was published`);
}

async function problemsOfResuming(simulation: Simulation, { importId, source, startedAt }: Omit<EndedImport, 'result'>): Promise<string[]> {
  simulation.trouble = {};
  // It was right to fail.
  simulation.unexplained.length = 0;
  const result = await simulation.execute({ source, input: { resumeFrom: importId } });
  await simulation.settle();
  return [...problemsOfSightings(simulation, [source]), ...await problemsOfEnded(simulation, [{ importId, source, startedAt, result }])];
}
