import { CommitLogError, ImportExpiredError, ImportNotFoundError, IncompatibleVersionError, StoreAccessError } from '../../../src/protocol/errors';
import { encodeFile } from '../../../src/protocol/file-format';
import { JsonValue } from '../../../src/protocol/json';
import { ImportResult } from '../../../src/protocol/machine-state';
import { MemoryS3 } from '../../../src/runtime/store/memory-store';
import { NonRetryableError } from '../../../src/source';
import { collect } from '../../kit/collect';
import { numberedRecords, offsetSource, ScriptedSource } from '../../kit/scripted-source';
import { storeWith } from '../../kit/store-with';
import { CACHE_BUCKET, DESTINATION_BUCKET, TestMachine } from '../../kit/test-machine';

const DAY = 24 * 3600;

async function importFileOf(machine: TestMachine, importId: string): Promise<Record<string, unknown>> {
  const bytes = await machine.s3.store(CACHE_BUCKET).read(machine.keys(importId).import);
  return JSON.parse(new TextDecoder().decode(bytes)) as Record<string, unknown>;
}

/** An import of three pages that fails on its second one, once. */
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

describe('a new import', () => {
  test('starts with nothing fetched', async () => {
    await expect(new TestMachine({ source: offsetSource([]) }).initialize()).resolves.toEqual({
      importId: expect.stringMatching(/^[0-9a-f-]{36}$/) as string,
      continue: true, waitSeconds: 0, waitedSeconds: 0, chunks: 0, pages: 0, records: 0, round: 0,
    });
  });

  test('fixes what all of it shares', async () => {
    const machine = new TestMachine({ source: offsetSource([]), destinationKey: 'o/{date}/{HH}-{importId}.jsonl', pageSize: 25, maximumAgeSeconds: DAY });
    const { importId } = await machine.initialize({ since: '2026-01-01' });

    await expect(importFileOf(machine, importId)).resolves.toEqual({
      formatVersion: 1, importId, executionArn: expect.stringContaining(':execution:') as string,
      startTime: '2026-01-02T03:04:05.000Z', expiresAt: '2026-01-03T03:04:05.000Z', input: { since: '2026-01-01' }, pageSize: 25,
      destination: { bucket: 'destination-bucket', key: `o/2026-01-02/03-${importId}.jsonl` }, format: 'jsonl', packageVersion: '1.2.3',
    });
  });

  test.each<JsonValue>([null, [], 'text', 17, {}, { since: 'yesterday' }])('takes any input: %j', async (input) => {
    const machine = new TestMachine({ source: offsetSource([]) });
    const { importId } = await machine.initialize(input);

    await expect(importFileOf(machine, importId)).resolves.toMatchObject({ input });
  });

  test('has an identity of its own, though it is the same execution\'s', async () => {
    const machine = new TestMachine({ source: offsetSource([]) });
    const [first, second] = [await machine.initialize(), await machine.initialize()];

    expect(first.importId).not.toBe(second.importId);
  });

  test('is written once, whatever becomes of the reply', async () => {
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

  test('needs a cache that it may write to', async () => {
    const machine = new TestMachine({
      source: offsetSource([]),
      openStore: (bucket) => storeWith(new MemoryS3().store(bucket), { writeIf: async (key) => { throw new StoreAccessError('PutObject', bucket, key); } }),
    });

    await expect(machine.initialize()).rejects.toThrow('S3 denied PutObject on s3://cache-bucket/');
  });
});

describe('a resumed import', () => {
  test('goes on at the end of its log, in another execution, with its own input and start', async () => {
    const machine = failingOnce();
    const start = await machine.initialize({ since: 'yesterday' });
    await expect(machine.fetchAll(start)).rejects.toThrow('out of order');
    await machine.clock.sleep(3600_000);

    const resumed = await machine.initialize({ resumeFrom: start.importId });

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

  test.each([17, null, '', {}, ['import-1']])('resumeFrom %j is refused, not taken for a new import', async (resumeFrom) => {
    const machine = failingOnce();

    await expect(machine.initialize({ resumeFrom })).rejects.toThrow('resumeFrom is no text; expected the importId of a failed import');
  });

  test.each(['cache/orders/import-1', 'import-1/', '../import-1'])('resumeFrom %j is refused: it may lead into another import\'s folder', async (resumeFrom) => {
    const machine = failingOnce();

    await expect(machine.initialize({ resumeFrom })).rejects.toThrow('resumeFrom contains a slash; expected the importId of a failed import');
  });

  test('must be there', async () => {
    const machine = new TestMachine({ source: offsetSource([]) });

    await expect(machine.initialize({ resumeFrom: 'nobody' })).rejects.toThrow(ImportNotFoundError);
    await expect(machine.initialize({ resumeFrom: 'nobody' })).rejects.toThrow('s3://cache-bucket/cache/orders/nobody/import.json does not exist');
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

  test('must be of a format that this version reads', async () => {
    const machine = new TestMachine({ source: offsetSource([]) });
    await machine.s3.store(CACHE_BUCKET).writeIf(machine.keys('future').import, encodeFile({ formatVersion: 2, anything: true }), 'absent');

    await expect(machine.initialize({ resumeFrom: 'future' })).rejects.toThrow(IncompatibleVersionError);
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

  /** A source of three records that remembers what it was asked. */
  function ended(): { readonly machine: TestMachine; readonly source: ScriptedSource } {
    const source = offsetSource(numberedRecords(3));
    return { machine: new TestMachine({ source, maximumAgeSeconds: DAY }), source };
  }

  /** Goes through all the steps with an import, as an execution with this input would. */
  async function resume(machine: TestMachine, importId: string): Promise<ImportResult> {
    return machine.run({ resumeFrom: importId });
  }

  test('is resumed without doing anything: it succeeds with the recorded result', async () => {
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

  test('leaves a newer import\'s object alone, and still says what its own result was', async () => {
    const { machine } = ended();
    const first = await machine.run();
    await machine.clock.sleep(1000);
    const second = await machine.run();
    const before = await everything(machine);

    await expect(resume(machine, first.importId)).resolves.toEqual({ ...first, outcome: 'published' });
    await expect(everything(machine)).resolves.toEqual(before);
    await expect(machine.manifest()).resolves.toMatchObject({ importId: second.importId });
  });

  test('as superseded is resumed to the same result', async () => {
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

  test('and expired is refused as any other: parts of its log may be gone', async () => {
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

  test('is not fetched again when its records were deleted', async () => {
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
