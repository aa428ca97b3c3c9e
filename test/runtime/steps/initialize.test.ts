import { Compression, UnknownColumns } from '../../../src/protocol/choices';
import { CommitLogError, DestinationKeyError, ImportExpiredError, ImportNotFoundError, IncompatibleVersionError, MalformedFileError, StoreAccessError } from '../../../src/protocol/errors';
import { encodeFile, FORMAT_VERSION } from '../../../src/protocol/file-format';
import { JsonValue } from '../../../src/protocol/json';
import { OBJECT_KEY_BYTES } from '../../../src/protocol/limits';
import { ImportResult, LoopState } from '../../../src/protocol/machine-state';
import { DEFAULT_OUTPUT, FormatName, Layout, OutputSettings } from '../../../src/protocol/output-settings';
import { FIRST_ROUND } from '../../../src/runtime/fetch/loop-state';
import { ObjectStore } from '../../../src/runtime/ports/object-store';
import { PageSource } from '../../../src/runtime/ports/ports';
import { NonRetryableError } from '../../../src/source';
import { collect } from '../../kit/collect';
import { MemoryS3 } from '../../kit/memory-store';
import { outputOf, SMALL_PARTS } from '../../kit/ready-import';
import { Recorder } from '../../kit/recorder';
import { flaggedSource, jsonLines, numberedRecords, offsetSource, ScriptedSource, tokenSource } from '../../kit/scripted-source';
import { SeededChance } from '../../kit/seeded-chance';
import { storeWith } from '../../kit/store-with';
import { CACHE_BUCKET, DESTINATION_BUCKET, DESTINATION_KEY, TestMachine, TestMachineOptions } from '../../kit/test-machine';
import { VirtualClock } from '../../kit/virtual-clock';

const DAY = 24 * 3600;

/** The id of no import. */
const SOME_ID = '0f0e0d0c-0b0a-4909-8807-060504030201';

async function importFileOf(machine: TestMachine, importId: string): Promise<Record<string, unknown>> {
  const bytes = await machine.s3.store(CACHE_BUCKET).read(machine.keys(importId).import);
  return JSON.parse(new TextDecoder().decode(bytes)) as Record<string, unknown>;
}

/** An import of three pages that fails once, on its second page. */
function failingOnce(): TestMachine {
  const records = numberedRecords(3);
  let failed = false;
  return new TestMachine({
    pageSize: 1,
    settings: { chunkBytes: 1 },
    maximumAgeSeconds: DAY,
    source: new ScriptedSource(({ pageNumber, offset }) => {
      if (pageNumber === 2 && !failed) {
        failed = true;
        throw new NonRetryableError('out of order');
      }
      return records.slice(offset, offset + 1);
    }),
  });
}

/** An import with one record per page and one page per chunk, which has failed on one of them. */
async function failedOnPage(
  failing: number, source: PageSource = offsetSource(numberedRecords(failing + 2)),
): Promise<{ readonly machine: TestMachine; readonly importId: string }> {
  const machine = new TestMachine({
    pageSize: 1,
    settings: { chunkBytes: 1 },
    source: new ScriptedSource((request, signal) => {
      if (request.pageNumber === failing) throw new NonRetryableError('out of order');
      return source.fetchPage(request, signal);
    }),
  });
  const start = await machine.initialize();
  await expect(machine.fetchAll(start)).rejects.toThrow(`failed on page ${failing}`);
  return { machine, importId: start.importId };
}

/** Replaces a file of the cache by another, which no import ever does. */
async function replace(machine: TestMachine, key: string, file: object): Promise<void> {
  const store = machine.s3.store(CACHE_BUCKET);
  await store.delete([key]);
  await store.writeIf(key, encodeFile(file), 'absent');
}

describe('a new import', () => {
  test('starts with nothing fetched', async () => {
    await expect(new TestMachine({ source: offsetSource([]) }).initialize()).resolves.toEqual({
      importId: expect.stringMatching(/^[0-9a-f-]{36}$/) as string,
      ...FIRST_ROUND, continue: true, chunks: 0, pages: 0, records: 0,
    });
  });

  test('fixes its shared settings', async () => {
    const machine = new TestMachine({ source: offsetSource([]), destinationKey: 'o/{date}/{HH}-{importId}.jsonl', pageSize: 25, maximumAgeSeconds: DAY });
    const { importId } = await machine.initialize({ since: '2026-01-01' });

    await expect(importFileOf(machine, importId)).resolves.toEqual({
      formatVersion: FORMAT_VERSION, importId, series: 'orders', owner: '123456789012/eu-central-1/Imports', executionArn: expect.stringContaining(':execution:') as string, embedded: false,
      startTime: '2026-01-02T03:04:05.000Z', expiresAt: '2026-01-03T03:04:05.000Z', input: { since: '2026-01-01' }, pageSize: 25,
      destination: {
        bucket: 'destination-bucket', key: `o/2026-01-02/03-${importId}.jsonl`, manifestKey: `o/2026-01-02/_03-${importId}.jsonl.manifest.json`,
      },
      output: DEFAULT_OUTPUT,
      packageVersion: '1.2.3',
    });
  });

  test('records that it is part of a larger machine', async () => {
    const machine = new TestMachine({ source: offsetSource([]), embedded: true });
    const { importId } = await machine.initialize();

    await expect(importFileOf(machine, importId)).resolves.toMatchObject({ embedded: true });
  });

  test('knows the name of its execution, which a destination key may contain', async () => {
    const machine = new TestMachine({ source: offsetSource([]), destinationKey: 'o/{executionName}/{importId}.jsonl' });
    const { importId } = await machine.initialize();

    await expect(importFileOf(machine, importId)).resolves.toMatchObject({ destination: { key: `o/1/${importId}.jsonl` } });
  });

  test.each<[string, Layout, string]>([
    ['o/{executionName}', Layout.OBJECT, 'o/1'],
    ['o/{executionName}', Layout.OBJECT, 'o/_1.manifest.json'],
    ['o/{executionName}/', Layout.PARTS, 'o/1/_manifest.json'],
  ])('does not publish to %s, layout %s, where its pointer is: %s', async (destinationKey, layout, latestKey) => {
    const machine = new TestMachine({ source: offsetSource([]), destinationKey, output: outputOf({ layout, latestKey }) });

    await expect(machine.initialize()).rejects.toThrow(DestinationKeyError);
    await expect(machine.initialize()).rejects.toThrow(`A destination key is ${latestKey} for this import, which is its latestKey too`);
    await expect(machine.cacheKeys()).resolves.toEqual([]);
  });

  test('uses the stack\'s key for its manifest', async () => {
    const machine = new TestMachine({
      source: offsetSource([]), destinationKey: 'o/{executionName}.jsonl', manifestKey: 'manifests/{executionName}.json',
    });
    const { importId } = await machine.initialize();

    await expect(importFileOf(machine, importId)).resolves.toMatchObject({
      destination: { key: 'o/1.jsonl', manifestKey: 'manifests/1.json' },
    });
  });

  describe('publishes only to keys that S3 accepts', () => {
    const MANIFEST = '_.manifest.json'.length;
    const PART = '/part-00000000.csv.gz'.length;
    const csv = { format: { name: FormatName.CSV, unknownColumns: UnknownColumns.FAIL }, compression: Compression.GZIP };

    // Bytes, not characters: an umlaut has two.
    test.each<[string, number, Partial<OutputSettings>]>([
      ['an object, with its manifest beside it', OBJECT_KEY_BYTES - MANIFEST, {}],
      ['parts, which have the longer names', OBJECT_KEY_BYTES - PART, { ...csv, layout: Layout.PARTS }],
    ])('%s', async (_what, longest, output) => {
      const machineOf = (bytes: number) => new TestMachine({
        source: offsetSource([]), output: outputOf(output),
        destinationKey: `ä/${'k'.repeat(bytes - 2 - 1 - 36)}{importId}${output.layout === Layout.PARTS ? '/' : ''}`,
      });

      await expect(machineOf(longest).initialize()).resolves.toMatchObject({ continue: true });
      const tooLong = machineOf(longest + 1);
      await expect(tooLong.initialize()).rejects.toThrow(DestinationKeyError);
      await expect(tooLong.initialize()).rejects.toThrow(/A destination key has 1025 bytes for this import, and S3 allows 1024: ä\/_?kkk.* Shorten it on the construct/);
      // Nothing has begun.
      await expect(tooLong.cacheKeys()).resolves.toEqual([]);
    });
  });

  test.each<JsonValue>([null, [], 'text', 17, {}, { since: 'yesterday' }])('takes any input: %j', async (input) => {
    const machine = new TestMachine({ source: offsetSource([]) });
    const { importId } = await machine.initialize(input);

    await expect(importFileOf(machine, importId)).resolves.toMatchObject({ input });
  });

  test('has its own id, even in the same execution', async () => {
    const machine = new TestMachine({ source: offsetSource([]) });
    const [first, second] = [await machine.initialize(), await machine.initialize()];

    expect(first.importId).not.toBe(second.importId);
  });

  test('is written once, even if the reply is lost', async () => {
    const machine: TestMachine = new TestMachine({
      source: offsetSource([]),
      openStore: (bucket) => {
        const store = machine.s3.store(bucket);
        return storeWith(store, {
          writeIf: async (...args) => {
            await store.writeIf(...args);
            return 'unknown';
          },
        });
      },
    });
    const { importId } = await machine.initialize();

    await expect(importFileOf(machine, importId)).resolves.toMatchObject({ importId });
  });

  test('needs write access to the cache', async () => {
    const machine = new TestMachine({
      source: offsetSource([]),
      openStore: (bucket) => storeWith(new MemoryS3().store(bucket), { writeIf: async (key) => { throw new StoreAccessError('PutObject', bucket, key); } }),
    });

    await expect(machine.initialize()).rejects.toThrow('S3 denied PutObject on s3://cache-bucket/');
  });
});

describe('a resumed import', () => {
  test('continues at the end of its log, in another execution, with its own input and start', async () => {
    const machine = failingOnce();
    const start = await machine.initialize({ since: 'yesterday' });
    await expect(machine.fetchAll(start)).rejects.toThrow('out of order');
    await machine.clock.sleep(3600_000);

    const resumed = await machine.initialize({ resumeFrom: start.importId, since: 'today, which is not looked at' });

    expect(resumed).toEqual({ ...start, chunks: 1, pages: 1, records: 1 });
    await expect(importFileOf(machine, start.importId)).resolves.toMatchObject({ input: { since: 'yesterday' }, startTime: '2026-01-02T03:04:05.000Z' });
    await expect(machine.finish(await machine.fetchAll(resumed))).resolves.toMatchObject({ records: 3 });
    await expect(machine.published()).resolves.toBe('{"n":0}\n{"n":1}\n{"n":2}\n');
  });

  test('whose log has ended goes straight to Persist', async () => {
    const machine = new TestMachine({ source: offsetSource([1]) });
    const { importId } = await machine.fetchAll(await machine.initialize());

    await expect(machine.initialize({ resumeFrom: importId })).resolves.toMatchObject({ continue: false, pages: 2, records: 1 });
  });

  test.each([17, null, {}, ['import-1']])('resumeFrom %j is refused, and does not start a new import', async (resumeFrom) => {
    const machine = failingOnce();

    await expect(machine.initialize({ resumeFrom })).rejects.toThrow('resumeFrom is not a string; expected the importId of a failed import, which is a UUID');
    await expect(machine.cacheKeys()).resolves.toEqual([]);
  });

  test.each([
    '', 'import-1', `cache/orders/${SOME_ID}`, `${SOME_ID}/`, `../${SOME_ID}`, `${SOME_ID}\0`, 'x'.repeat(1100), SOME_ID.toUpperCase(), ` ${SOME_ID}`,
  ])('resumeFrom %j is refused, not repeated, and nothing is read: it may lead out of an import\'s folder', async (resumeFrom) => {
    const recorder = new Recorder<ObjectStore>();
    const s3 = new MemoryS3();
    const machine = new TestMachine({ source: offsetSource([]), s3, openStore: (bucket) => recorder.record(s3.store(bucket)) });

    await expect(machine.initialize({ resumeFrom })).rejects.toThrow(
      'The execution\'s input was refused: resumeFrom is not an import\'s id; expected the importId of a failed import, which is a UUID. Correct it and start a new execution.');
    expect(recorder.of('read')).toEqual([]);
  });

  test('must exist', async () => {
    const machine = new TestMachine({ source: offsetSource([]) });

    await expect(machine.initialize({ resumeFrom: SOME_ID })).rejects.toThrow(ImportNotFoundError);
    await expect(machine.initialize({ resumeFrom: SOME_ID })).rejects.toThrow(`s3://cache-bucket/cache/orders/${SOME_ID}/import.json does not exist`);
    await expect(machine.cacheKeys()).resolves.toEqual([]);
  });

  test('must not be too old', async () => {
    const machine = failingOnce();
    const { importId } = await machine.initialize();
    await machine.clock.sleep(DAY * 1000);
    await expect(machine.initialize({ resumeFrom: importId })).resolves.toMatchObject({ importId });

    await machine.clock.sleep(1);
    await expect(machine.initialize({ resumeFrom: importId })).rejects.toThrow(ImportExpiredError);
  });

  test('keeps its age, however often it is resumed', async () => {
    const machine = failingOnce();
    const { importId } = await machine.initialize();
    for (let resumed = 0; resumed < 3; resumed++) {
      await machine.clock.sleep(DAY * 300);
      await machine.initialize({ resumeFrom: importId });
    }
    await machine.clock.sleep(DAY * 300);

    await expect(machine.initialize({ resumeFrom: importId })).rejects.toThrow('expired at 2026-01-03T03:04:05.000Z');
  });

  test.each(['import', 'published'] as const)('must have a format that this version reads: the %s file', async (file) => {
    const machine = failingOnce();
    const { importId } = await machine.initialize();
    const keys = machine.keys(importId);
    await replace(machine, keys[file], { formatVersion: FORMAT_VERSION + 1, anything: true });

    await expect(machine.initialize({ resumeFrom: importId })).rejects.toThrow(IncompatibleVersionError);
    await expect(machine.initialize({ resumeFrom: importId })).rejects.toThrow(
      `${keys[file]} has format version 2; this version of cdk-paginated-import reads version 1. Deploy a version that reads it`);
  });

  test('must have a format that this version reads: a commit record, even the last of many', async () => {
    const { machine, importId } = await failedOnPage(20);
    const last = machine.keys(importId).commit(18);
    await replace(machine, last, { formatVersion: FORMAT_VERSION + 1, anything: true });

    await expect(machine.initialize({ resumeFrom: importId })).rejects.toThrow(`${last} has format version 2`);
  });

  test('must be in its own folder: a copy is refused before anything is written to it', async () => {
    const machine = failingOnce();
    const { importId } = await machine.initialize();
    const store = machine.s3.store(CACHE_BUCKET);
    await store.writeIf(machine.keys(SOME_ID).import, (await store.read(machine.keys(importId).import))!, 'absent');
    const before = await machine.cacheKeys();

    await expect(machine.initialize({ resumeFrom: SOME_ID })).rejects.toThrow(`cache/orders/${SOME_ID}/import.json cannot be read: it is that of another import`);
    await expect(machine.cacheKeys()).resolves.toEqual(before);
  });

  test('must be readable', async () => {
    const machine = failingOnce();
    const { importId } = await machine.initialize();
    await machine.s3.store(CACHE_BUCKET).delete([machine.keys(importId).import]);
    await machine.s3.store(CACHE_BUCKET).writeIf(machine.keys(importId).import, Buffer.from('not JSON'), 'absent');

    await expect(machine.initialize({ resumeFrom: importId })).rejects.toThrow(MalformedFileError);
  });
});

describe('a partly published import', () => {
  test('is published completely, by the upload that was begun', async () => {
    const machine: TestMachine = new TestMachine({
      source: offsetSource(numberedRecords(3)),
      partLimits: SMALL_PARTS,
      openStore: (bucket) => storeWith(machine.s3.store(bucket), bucket === DESTINATION_BUCKET ? refuseOnce : {}),
    });
    const refuseOnce: Partial<ObjectStore> = {
      completeUpload: async (upload) => {
        delete refuseOnce.completeUpload;
        throw new StoreAccessError('CompleteMultipartUpload', DESTINATION_BUCKET, upload.key);
      },
    };
    const state = await machine.fetchAll(await machine.initialize());
    await expect(machine.finish(state)).rejects.toThrow(StoreAccessError);

    await expect(machine.run({ resumeFrom: state.importId })).resolves.toMatchObject({ importId: state.importId, outcome: 'published' });
    await expect(machine.published()).resolves.toBe(jsonLines(numberedRecords(3)));
    await expect(machine.cacheKeys(machine.keys(state.importId).uploads)).resolves.toHaveLength(1);
  });
});

describe('an import that is still running', () => {
  test.each([1, 64, 1024])('may be resumed: both executions end with the same object (chunks of %d bytes)', async (chunkBytes) => {
    const records = numberedRecords(41);
    const clock = new VirtualClock();
    const source = new ScriptedSource(async ({ offset, pageSize, pageNumber }) => {
      // So that the executions take turns being ahead.
      await clock.sleep(pageNumber * 7 % 5 * 1000);
      return records.slice(offset, offset + pageSize);
    });
    // Rounds of a few pages each.
    const machine = new TestMachine({ source, clock, settings: { chunkBytes }, remaining: 20_000 });
    const start = await machine.initialize();
    const through = async (state: LoopState): Promise<ImportResult> => machine.finish(await machine.fetchAll(state));

    const [first, second] = await Promise.all([
      through(start),
      clock.sleep(15_000).then(async () => through(await machine.initialize({ resumeFrom: start.importId }))),
    ]);

    expect(first).toMatchObject({ importId: start.importId, outcome: 'published', records: 41 });
    expect(second).toEqual(first);
    await expect(machine.published()).resolves.toBe(jsonLines(records));
    await expect(machine.cacheKeys(machine.keys(start.importId).data)).resolves.toEqual([]);
    // Both ran at the same time.
    expect(source.pageNumbers.length).toBeGreaterThan(new Set(source.pageNumbers).size);
  });
});

test('the errors of an import in a larger machine say how to resume it there, even after a resume and in Persist', async () => {
  const source = new ScriptedSource(({ pageNumber }) => {
    if (pageNumber === 2) throw new NonRetryableError('out of order');
    return { records: [{ n: pageNumber }], nextPageToken: 't2' };
  });
  const machine = new TestMachine({ source, embedded: true });
  const { importId } = await machine.initialize();
  const said = expect.stringMatching(`in which the import's own first state gets \\{"resumeFrom":"${importId}"\\} as its input\\.$`) as string;

  const resume = async (by: TestMachine): Promise<ImportResult> => by.run({ resumeFrom: importId });
  await expect(resume(machine)).rejects.toMatchObject({ name: 'FetchPageError', message: said });
  await expect(resume(machine)).rejects.toMatchObject({ name: 'FetchPageError', message: said });
  const { s3, clock } = machine;
  const answering = new ScriptedSource(({ pageNumber }) => ({ records: [{ n: pageNumber }], nextPageToken: null }));
  const tooFew = new TestMachine({ s3, clock, source: answering, minRecords: 5 });
  await expect(resume(tooFew)).rejects.toMatchObject({ name: 'TooFewRecordsError', message: said });
});

describe('an import whose stack was changed after it had failed', () => {
  /** A machine of another stack over the same buckets. */
  function changed({ s3, clock }: TestMachine, options: Omit<TestMachineOptions, 's3' | 'clock'>): TestMachine {
    return new TestMachine({ s3, clock, chance: new SeededChance(2), settings: { chunkBytes: 1 }, ...options });
  }

  test('keeps its page size', async () => {
    const { machine, importId } = await failedOnPage(4);
    const source = offsetSource(numberedRecords(6));
    const after = changed(machine, { source, pageSize: 5 });

    await expect(after.run({ resumeFrom: importId })).resolves.toMatchObject({ key: DESTINATION_KEY, records: 6 });
    expect(source.requests.map(({ offset, pageSize }) => [offset, pageSize])).toEqual([[3, 1], [4, 1], [5, 1], [6, 1]]);
    await expect(after.published()).resolves.toBe(jsonLines(numberedRecords(6)));
  });

  test('is refused before its next page if its destination was changed, and goes on once that is put back', async () => {
    const { machine, importId } = await failedOnPage(4);
    const source = offsetSource(numberedRecords(6));

    await expect(changed(machine, { source, destinationKey: 'elsewhere.jsonl' }).run({ resumeFrom: importId })).rejects.toThrow(
      `Import ${importId} was started with the destination key orders/latest.jsonl, and the construct now has elsewhere.jsonl.`);
    expect(source.requests).toEqual([]);
    await expect(changed(machine, { source }).run({ resumeFrom: importId })).resolves.toMatchObject({ records: 6 });
  });

  test('fails with the name of its destination if the stack may no longer write there', async () => {
    const { machine, importId } = await failedOnPage(4);
    const denied = async (): Promise<never> => { throw new StoreAccessError('HeadObject', DESTINATION_BUCKET, DESTINATION_KEY); };
    const after = changed(machine, {
      source: offsetSource(numberedRecords(6)),
      openStore: (bucket) => storeWith(machine.s3.store(bucket), bucket === DESTINATION_BUCKET ? { inspect: denied } : {}),
    });

    await expect(after.run({ resumeFrom: importId })).rejects.toThrow(
      /^S3 denied HeadObject on s3:\/\/destination-bucket\/orders\/latest.jsonl\. .*an import keeps the destination it was started with/);
    // Nothing was lost: once it has permission, it is published.
    await expect(changed(machine, { source: offsetSource([]) }).run({ resumeFrom: importId })).resolves.toMatchObject({ records: 6 });
  });

  test('from offsets to page tokens is refused, and continues with a handler of its own style', async () => {
    const { machine, importId } = await failedOnPage(4);
    const toTokens = changed(machine, { source: tokenSource(numberedRecords(6).map((record) => [record])) });

    await expect(toTokens.run({ resumeFrom: importId })).rejects.toThrow(
      /answer for page 4 was refused: it has a nextPageToken, though the page before it ended without one; .*"resumeFrom":"/);
    const withFlag = changed(machine, { source: flaggedSource(numberedRecords(6)) });
    await expect(withFlag.run({ resumeFrom: importId })).resolves.toMatchObject({ records: 6 });
    await expect(machine.published()).resolves.toBe(jsonLines(numberedRecords(6)));
  });

  test('from page tokens to offsets is refused, and continues with a handler of its own style', async () => {
    const pages = numberedRecords(6).map((record) => [record]);
    const { machine, importId } = await failedOnPage(4, tokenSource(pages));

    await expect(changed(machine, { source: offsetSource(numberedRecords(6)) }).run({ resumeFrom: importId })).rejects.toThrow(
      /answer for page 4 was refused: it is a bare array, though the page before it ended with a nextPageToken/);
    await expect(changed(machine, { source: tokenSource(pages) }).run({ resumeFrom: importId })).resolves.toMatchObject({ records: 6 });
    await expect(machine.published()).resolves.toBe(jsonLines(numberedRecords(6)));
  });

  test('to another cache is not found, and the message says so', async () => {
    const { machine, importId } = await failedOnPage(4);
    const after = new TestMachine({ clock: machine.clock, source: offsetSource([]) });

    await expect(after.initialize({ resumeFrom: importId })).rejects.toThrow(
      /s3:\/\/cache-bucket\/cache\/orders\/.*\/import.json does not exist\. .*that the stack still has the cache in which the import was started/);
  });
});

describe('an import that has ended', () => {
  /** Everything in both buckets. */
  async function everything(machine: TestMachine): Promise<Record<string, string>> {
    const files: Record<string, string> = {};
    for (const bucket of [CACHE_BUCKET, DESTINATION_BUCKET]) {
      const store = machine.s3.store(bucket);
      for (const key of await collect(store.list(''))) files[`${bucket}/${key}`] = new TextDecoder().decode(await store.read(key));
    }
    return files;
  }

  /** A source of three records that records its requests. */
  function ended(): { readonly machine: TestMachine; readonly source: ScriptedSource } {
    const source = offsetSource(numberedRecords(3));
    return { machine: new TestMachine({ source, maximumAgeSeconds: DAY }), source };
  }

  /** Runs all steps for an import, like an execution with this input. */
  async function resume(machine: TestMachine, importId: string): Promise<ImportResult> {
    return machine.run({ resumeFrom: importId });
  }

  test('does nothing when resumed, and succeeds with the recorded result', async () => {
    const { machine, source } = ended();
    const result = await machine.run();
    const [before, asked] = [await everything(machine), source.requests.length];

    const state = await machine.initialize({ resumeFrom: result.importId });
    expect(state).toMatchObject({ continue: false, pages: 3, records: 3 });
    await expect(machine.fetch(state)).resolves.toEqual({ ...state, round: 1 });
    await expect(machine.persist(state)).resolves.toEqual({ importId: result.importId, continue: false, parts: 0 });
    await expect(machine.cleanUp(state)).resolves.toEqual(result);

    await expect(everything(machine)).resolves.toEqual(before);
    expect(source.requests).toHaveLength(asked);
  });

  test('leaves a newer import\'s object alone, and still returns its own result', async () => {
    const { machine } = ended();
    const first = await machine.run();
    await machine.clock.sleep(1000);
    const second = await machine.run();
    const before = await everything(machine);

    await expect(resume(machine, first.importId)).resolves.toEqual({ ...first, outcome: 'published' });
    await expect(everything(machine)).resolves.toEqual(before);
    await expect(machine.manifest()).resolves.toMatchObject({ importId: second.importId });
  });

  test('as superseded has the same result when resumed', async () => {
    const { machine } = ended();
    const older = await machine.fetchAll(await machine.initialize());
    await machine.clock.sleep(1000);
    await machine.run();
    const result = await machine.finish(older);
    const before = await everything(machine);

    expect(result.outcome).toBe('superseded');
    await expect(resume(machine, older.importId)).resolves.toEqual(result);
    await expect(everything(machine)).resolves.toEqual(before);
  });

  test('but was not cleaned up has its chunks deleted, and nothing else', async () => {
    const { machine } = ended();
    const state = await machine.fetchAll(await machine.initialize());
    await machine.persist(state);
    const keys = machine.keys(state.importId);
    const kept = (await machine.cacheKeys()).filter((key) => !key.startsWith(keys.data));
    await expect(machine.cacheKeys(keys.data)).resolves.not.toEqual([]);

    await expect(resume(machine, state.importId)).resolves.toMatchObject({ importId: state.importId, outcome: 'published', records: 3 });
    await expect(machine.cacheKeys()).resolves.toEqual(kept);
  });

  test('and expired is refused like any other: parts of its log may be gone', async () => {
    const { machine } = ended();
    const { importId } = await machine.run();
    await machine.clock.sleep(DAY * 1000 + 1);
    const before = await everything(machine);

    await expect(machine.initialize({ resumeFrom: importId })).rejects.toThrow(ImportExpiredError);
    await expect(everything(machine)).resolves.toEqual(before);
  });

  test('and expired is still finished by a redrive, which starts at the step that had failed', async () => {
    const { machine } = ended();
    const state = await machine.fetchAll(await machine.initialize());
    await machine.persist(state);
    await machine.clock.sleep(DAY * 1000 + 1);

    await expect(machine.finish(state)).resolves.toMatchObject({ outcome: 'published', records: 3 });
    await expect(machine.cacheKeys(machine.keys(state.importId).data)).resolves.toEqual([]);
  });

  test('is not fetched again if its records were deleted', async () => {
    const { machine, source } = ended();
    const { importId } = await machine.run();
    const keys = machine.keys(importId);
    await machine.s3.store(CACHE_BUCKET).delete(await machine.cacheKeys(keys.commits));
    const asked = source.requests.length;

    await expect(machine.initialize({ resumeFrom: importId })).rejects.toThrow(CommitLogError);
    await expect(machine.initialize({ resumeFrom: importId })).rejects.toThrow(`${keys.published} is there, but the log has no final record`);
    expect(source.requests).toHaveLength(asked);
  });
});
