import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { Compression, UnknownColumns } from '../../src/protocol/choices';
import { decodeCommitRecord } from '../../src/protocol/commit-record';
import { FORMAT_VERSION } from '../../src/protocol/file-format';
import { JsonObject, JsonValue } from '../../src/protocol/json';
import { LoopState, Outcome } from '../../src/protocol/machine-state';
import { manifestKey } from '../../src/protocol/manifest';
import { DEFAULT_OUTPUT, FormatName, Layout, OutputSettings } from '../../src/protocol/output-settings';
import { ObjectStore, UploadReference } from '../../src/runtime/ports/object-store';
import { PageSource } from '../../src/runtime/ports/ports';
import { NonRetryableError } from '../../src/source';
import { collect } from '../kit/collect';
import { MemoryS3 } from '../kit/memory-store';
import { jsonLines, ScriptedSource } from '../kit/scripted-source';
import { SeededChance } from '../kit/seeded-chance';
import { storeWith } from '../kit/store-with';
import { CACHE_BUCKET, DESTINATION_BUCKET, DESTINATION_KEY, TestMachine, TestMachineOptions } from '../kit/test-machine';
import { VirtualClock } from '../kit/virtual-clock';
import { Description, filesOf, formatFolder, recordsOf, sourceOf, writeGolden } from './golden';

/** Writes the golden logs of this format version: `tsx test/golden/write-golden.ts`. It never replaces an existing one. See README.md. */

/** An import that was abandoned at some point. */
interface Left {
  readonly about: string;
  readonly answers: readonly JsonValue[];
  readonly machine: TestMachine;
  readonly importId: string;
  readonly outcome?: Outcome;
  readonly output?: OutputSettings;
  readonly destinationKey?: string;
  /** Answers whose records are at the destination afterwards. Default: the import's own. */
  readonly published?: readonly JsonValue[];
}

/** The imports, by name. Time and chance are the same in each run. */
const CASES: Readonly<Record<string, () => Promise<Left>>> = {
  'unfinished-offset': async () => failed('failed on page 4 of an offset-style source', offsetAnswers(7), { failing: 4 }),
  'unfinished-token': async () => failed('failed on page 7, with tokens of all kinds; an empty page had one', tokenAnswers(), { failing: 7 }),
  'unfinished-flag': async () => failed('failed on page 3 of a source with a flag, which has given its total', flagAnswers(), { failing: 3 }),
  'not-begun': async () => failed('failed on the first page: there is no commit record', offsetAnswers(3), { failing: 1 }),
  'waiting': async () => {
    const answers = offsetAnswers(5);
    const machine = machineOf(new ScriptedSource(({ pageNumber }) => (
      pageNumber === 3 ? { retryAfterSeconds: 3600 } : answers[pageNumber - 1]
    )));
    const state = await machine.fetch(await machine.initialize({ since: 'yesterday' }));
    if (state.waitSeconds !== 3600) throw new Error('The import does not wait.');
    return { about: 'stopped while it waited for the source before page 3', answers, machine, importId: state.importId };
  },
  'losing-writer': async () => {
    const answers = tokenAnswers();
    const clock = new VirtualClock();
    let calls = 0;
    // The second attempt is faster.
    const machine = machineOf(new ScriptedSource(async ({ pageNumber }) => {
      if (pageNumber === 5) throw new NonRetryableError('the source is out of order');
      await clock.sleep(++calls % 2 === 1 ? 900 : 400);
      return answers[pageNumber - 1];
    }), { clock });
    const state = await machine.initialize();
    await Promise.allSettled([machine.fetch(state), machine.fetch(state)]);
    const { data, commits } = machine.keys(state.importId);
    const [chunks, records] = [await machine.cacheKeys(data), await machine.cacheKeys(commits)];
    if (chunks.length <= records.length) throw new Error('No chunk has lost.');
    return { about: 'failed after two attempts at once, with chunks that no record names', answers, machine, importId: state.importId };
  },
  'finished': async () => {
    const answers = offsetAnswers(4);
    return { about: 'not published yet; the final record has no chunk', answers, ...await fetched(answers) };
  },
  'finished-empty': async () => ({ about: 'without a record, not published yet', answers: [[]], ...await fetched([[]]) }),
  'upload-begun': async () => {
    const answers = offsetAnswers(4);
    const anySize = { s3: new MemoryS3({ partMinBytes: 1 }), partLimits: { minBytes: 1, maxParts: 1000 } };
    const left = await failedToPublish(answers, { completeUpload: outOfOrder }, anySize);
    return { about: 'failed while the object was assembled; the upload is gone', answers, ...left };
  },
  'object-published': async () => {
    const answers = flagAnswers();
    return { about: 'failed between the object and its manifest', answers, ...await failedToPublish(answers, refusing(manifestKey(DESTINATION_KEY))) };
  },
  'published': async () => {
    const answers = offsetAnswers(4);
    const { machine, importId, state } = await fetched(answers);
    await machine.finish(state);
    return { about: 'published and cleaned up', answers, machine, importId };
  },
  'published-not-cleaned-up': async () => {
    const answers = tokenAnswers();
    const { machine, importId, state } = await fetched(answers);
    await machine.persist(state);
    return { about: 'published; the clean-up has failed', answers, machine, importId };
  },
  'superseded': async () => {
    const answers = offsetAnswers(4);
    const newer = flagAnswers();
    const { machine, importId, state } = await fetched(answers);
    await machine.clock.sleep(60_000);
    const { s3, clock } = machine;
    await machineOf(sourceOf({ answers: newer }), { s3, clock, chance: new SeededChance(2) }).run();
    await machine.finish(state);
    return { about: 'a newer import had published when it came to that', answers, machine, importId, outcome: Outcome.SUPERSEDED, published: newer };
  },
  'unfinished-csv': async () => failed('failed on page 4; the first record has named the columns of the CSV', csvAnswers(6), {
    failing: 4, output: CSV,
  }),
  'unfinished-json-array': async () => failed('failed on page 4 of a JSON array; its bracket is open', tokenAnswers(), { failing: 4, output: JSON_ARRAY }),
  'finished-json-array': async () => {
    const answers = offsetAnswers(4);
    const about = 'not published yet; the last chunk closes the JSON array, and nothing else is in it';
    return { about, answers, output: JSON_ARRAY, ...await fetched(answers, { output: JSON_ARRAY }) };
  },
  'parts-copied': async () => {
    const answers = tokenAnswers();
    const copy = (plain: ObjectStore): ObjectStore['copy'] => async (key, ...rest) => (key.includes('part-00000002') ? outOfOrder() : plain.copy(key, ...rest));
    const left = await failedToPublish(answers, (plain) => ({ copy: copy(plain) }), PARTS);
    return { about: 'failed while parts were copied: one is missing', answers, ...PARTS, ...left };
  },
  'pointer-missing': async () => {
    const answers = flagAnswers();
    const left = await failedToPublish(answers, refusing(LATEST), PARTS);
    return { about: 'failed between the manifest among its parts and the pointer', answers, ...PARTS, ...left };
  },
  'unfinished-gzip': async () => failed('failed on page 4; its chunks are members of a gzip file', offsetAnswers(6), { failing: 4, output: GZIP }),
  'finished-empty-gzip': async () => ({
    about: 'without a record, not published yet: a gzip file of nothing', answers: [[]], output: GZIP, ...await fetched([[]], { output: GZIP }),
  }),
};

const CSV: OutputSettings = { ...DEFAULT_OUTPUT, format: { name: FormatName.CSV, unknownColumns: UnknownColumns.FAIL } };
const JSON_ARRAY: OutputSettings = { ...DEFAULT_OUTPUT, format: { name: FormatName.JSON_ARRAY } };
const GZIP: OutputSettings = { ...DEFAULT_OUTPUT, compression: Compression.GZIP };

const LATEST = 'orders/latest.json';

/** One object per chunk, and a pointer. */
const PARTS = { output: { ...DEFAULT_OUTPUT, layout: Layout.PARTS, latestKey: LATEST }, destinationKey: 'orders/{importId}/' };

/** Records whose fields change their order from page to page, and which need quoting. The last page is the empty one. */
function csvAnswers(pages: number): JsonValue[] {
  return offsetAnswers(pages).map((records, page) => (records as JsonObject[]).map(({ id, text }) => (
    page % 2 === 0 ? { id: id!, text: `${text as string}, "here"` } : { text: `${text as string}, "here"`, id: id! }
  )));
}

/** The published object, by the original definition of its format. */
function textOf(records: readonly JsonValue[], { format }: OutputSettings): string {
  switch (format.name) {
    case FormatName.JSON_LINES: return jsonLines(records);
    case FormatName.JSON_ARRAY: return `[\n${records.map((record) => JSON.stringify(record)).join(',\n')}\n]\n`;
    case FormatName.CSV:
      return `id,text\n${(records as JsonObject[]).map(({ id, text }) => `${id as number},"${(text as string).replaceAll('"', '""')}"\n`).join('')}`;
  }
}

/** Records that take more bytes than characters, in pages of two. The last page is the empty one. */
function offsetAnswers(pages: number): JsonValue[] {
  return Array.from({ length: pages }, (_, page) => (page === pages - 1 ? [] : [recordOf(2 * page), recordOf(2 * page + 1)]));
}

/** The third page is empty and has a token. */
function tokenAnswers(): JsonValue[] {
  const tokens: JsonValue[] = ['c2', { after: [2, 'Ä'] }, 0, ' ', ['list'], false, 'c8', { after: null }, null];
  return tokens.map((nextPageToken, page) => ({ records: page === 2 ? [] : [recordOf(page)], nextPageToken }));
}

function flagAnswers(): JsonValue[] {
  return [0, 1, 2, 3].map((page) => ({
    records: [recordOf(2 * page), recordOf(2 * page + 1)], hasMore: page < 3, ...page < 2 ? { total: 8 } : {},
  }));
}

function recordOf(id: number): JsonValue {
  return { id, text: `Zürich \u2028 ${id}` };
}

interface MachineOptions extends Pick<TestMachineOptions, 's3' | 'clock' | 'chance' | 'output' | 'destinationKey' | 'partLimits'> {
  /** Changes to the destination's store. */
  readonly failing?: Failing;
}

type Failing = Partial<ObjectStore> | ((plain: ObjectStore) => Partial<ObjectStore>);

/** Fails every write to the key. */
function refusing(refused: string): Failing {
  return (plain) => ({ writeIf: async (key, ...rest) => (key === refused ? outOfOrder() : plain.writeIf(key, ...rest)) });
}

async function outOfOrder(): Promise<never> {
  throw new Error('the destination is out of order');
}

/** A machine that makes every page a chunk of its own. */
function machineOf(source: PageSource, { s3 = new MemoryS3(), failing = {}, ...options }: MachineOptions = {}): TestMachine {
  const uploadIds = new Map<string, string>();
  return new TestMachine({
    source, s3, ...options,
    // A compressed chunk's size is unknown until it is closed, but its age is not.
    settings: options.output?.compression === Compression.GZIP ? { checkpointMilliseconds: 0 } : { chunkBytes: 1 },
    openStore: (bucket) => {
      const store = withPlainUploadIds(s3.store(bucket), uploadIds);
      if (bucket !== DESTINATION_BUCKET) return store;
      return storeWith(store, typeof failing === 'function' ? failing(store) : failing);
    },
  });
}

/** The store draws the ids of uploads at random; these are the same in each run. */
function withPlainUploadIds(store: ObjectStore, ids: Map<string, string>): ObjectStore {
  const real = (upload: UploadReference): UploadReference => ({ ...upload, uploadId: ids.get(upload.uploadId)! });
  return storeWith(store, {
    createUpload: async (...args) => {
      const plain = `upload-${ids.size + 1}`;
      ids.set(plain, await store.createUpload(...args));
      return plain;
    },
    copyPart: async (upload, ...args) => store.copyPart(real(upload), ...args),
    writePart: async (upload, ...args) => store.writePart(real(upload), ...args),
    listParts: async (upload) => store.listParts(real(upload)),
    completeUpload: async (upload, ...args) => store.completeUpload(real(upload), ...args),
    abortUpload: async (upload) => store.abortUpload(real(upload)),
  });
}

interface FailingPage extends Pick<MachineOptions, 'output'> {
  /** Its number. */
  readonly failing: number;
}

async function failed(about: string, answers: readonly JsonValue[], { failing, output }: FailingPage): Promise<Left> {
  const source = sourceOf({ answers });
  const machine = machineOf(new ScriptedSource((request, signal) => {
    if (request.pageNumber === failing) throw new NonRetryableError('the source is out of order');
    return source.fetchPage(request, signal);
  }), { output });
  const state = await machine.initialize({ since: 'yesterday' });
  await mustFail(machine.fetchAll(state));
  return { about, answers, machine, importId: state.importId, output };
}

interface Fetched {
  readonly machine: TestMachine;
  readonly importId: string;
  readonly state: LoopState;
}

async function fetched(answers: readonly JsonValue[], options?: MachineOptions): Promise<Fetched> {
  const machine = machineOf(sourceOf({ answers }), options);
  const state = await machine.fetchAll(await machine.initialize());
  return { machine, importId: state.importId, state };
}

async function failedToPublish(answers: readonly JsonValue[], failing: Failing, options: MachineOptions = {}): Promise<Fetched> {
  const left = await fetched(answers, { ...options, failing });
  await mustFail(left.machine.finish(left.state));
  return left;
}

async function mustFail(promise: Promise<unknown>): Promise<void> {
  const end = await promise.then(() => 'it did not', (error: Error) => error.message);
  if (!/out of order/.test(end)) throw new Error(`It was to fail on purpose, but ${end}`);
}

/** The user metadata of all objects at the destination. */
async function metadataIn({ s3 }: TestMachine): Promise<Description['metadata']> {
  const store = s3.store(DESTINATION_BUCKET);
  const keys = await collect(store.list(''));
  return Object.fromEntries(await Promise.all(keys.map(async (key) => [`${DESTINATION_BUCKET}/${key}`, (await store.inspect(key))!.metadata] as const)));
}

async function committedPagesOf(machine: TestMachine, importId: string): Promise<number> {
  const last = (await machine.cacheKeys(machine.keys(importId).commits)).at(-1);
  return last === undefined ? 0 : decodeCommitRecord(last, (await machine.s3.store(CACHE_BUCKET).read(last))!).lastPage;
}

async function main(): Promise<void> {
  for (const [name, leave] of Object.entries(CASES)) {
    const folder = join(formatFolder(FORMAT_VERSION), name);
    if (existsSync(folder)) continue;
    const { about, answers, machine, importId, outcome = Outcome.PUBLISHED, output, destinationKey, published = answers } = await leave();
    writeGolden(folder, {
      name, about, importId, answers, ...output === undefined ? {} : { output }, ...destinationKey === undefined ? {} : { destinationKey },
      committedPages: await committedPagesOf(machine, importId),
      metadata: await metadataIn(machine),
      result: { outcome, records: recordsOf(answers).length, pages: answers.length },
      files: await filesOf(machine.s3),
      expected: textOf(recordsOf(published), output ?? DEFAULT_OUTPUT),
    });
    console.log(`wrote ${name}`);
  }
}

void main();
