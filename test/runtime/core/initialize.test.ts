import { ImportExpiredError, ImportFinishedError, ImportNotFoundError, IncompatibleVersionError, StoreAccessError } from '../../../src/protocol/errors';
import { encodeFile } from '../../../src/protocol/file-format';
import { JsonValue } from '../../../src/protocol/json';
import { MemoryS3 } from '../../../src/runtime/store/memory-store';
import { NonRetryableError } from '../../../src/source';
import { numberedRecords, offsetSource, ScriptedSource } from '../../kit/scripted-source';
import { storeWith } from '../../kit/store-with';
import { CACHE_BUCKET, TestMachine } from '../../kit/test-machine';

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

  test('must be there', async () => {
    const machine = new TestMachine({ source: offsetSource([]) });

    await expect(machine.initialize({ resumeFrom: 'nobody' })).rejects.toThrow(ImportNotFoundError);
    await expect(machine.initialize({ resumeFrom: 'nobody' })).rejects.toThrow('s3://cache-bucket/cache/orders/nobody/import.json does not exist');
    await expect(machine.cacheKeys()).resolves.toEqual([]);
  });

  test('must not have ended', async () => {
    const machine = new TestMachine({ source: offsetSource([]) });
    const { importId } = await machine.run();

    await expect(machine.initialize({ resumeFrom: importId })).rejects.toThrow(ImportFinishedError);
    await expect(machine.initialize({ resumeFrom: importId })).rejects.toThrow('has ended already (published, key orders/latest.jsonl)');
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
