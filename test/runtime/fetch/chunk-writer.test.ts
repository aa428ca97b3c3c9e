import * as fc from 'fast-check';
import { NEW_LOOP_GUARD } from '../../../src/protocol/commit-record';
import { NEW_COUNT_GUARD } from '../../../src/protocol/count-guard-state';
import { StoreUnavailableError } from '../../../src/protocol/errors';
import { crc32Of } from '../../../src/runtime/bytes/crc32';
import { BuiltChunk } from '../../../src/runtime/chunks/chunk-builder';
import { ChunkWriter } from '../../../src/runtime/fetch/chunk-writer';
import { TimeBudget } from '../../../src/runtime/fetch/time-budget';
import { CommitLog } from '../../../src/runtime/log/commit-log';
import { readWholeLog } from '../../../src/runtime/log/whole-log';
import { ObjectStore } from '../../../src/runtime/ports/object-store';
import { collect } from '../../kit/collect';
import { KEYS, logOf, positionOf, storeLog } from '../../kit/log-fixtures';
import { MemoryS3 } from '../../kit/memory-store';
import { storeWith } from '../../kit/store-with';
import { testWorld } from '../../kit/test-world';
import { VirtualClock } from '../../kit/virtual-clock';

/** The chunk of one page. */
function chunkAt(index: number, { text = `"${index}"\n`, final = false, release = (): void => {} } = {}): BuiltChunk {
  const bytes = Buffer.from(text);
  const records = text === '' ? 0 : 1;
  return {
    start: positionOf(index + 1), end: final ? null : positionOf(index + 2),
    pages: 1, reports: {}, warnings: [], guards: { loopGuard: NEW_LOOP_GUARD, countGuard: NEW_COUNT_GUARD },
    streams: {
      records: {
        pieces: text === '' ? [] : [bytes], bytes: bytes.byteLength, records, crc32: crc32Of(bytes),
        ledger: [[records, bytes.byteLength]], release,
      },
    },
  };
}

/** A writer at the end of the store's log. `through` is the store as the writer sees it. */
async function writerOver(through: (store: ObjectStore) => Partial<ObjectStore> = () => ({})) {
  const world = testWorld();
  const store = new MemoryS3().store('bucket');
  const seen = storeWith(store, through(store));
  const log = new CommitLog(seen, KEYS, world);
  await log.open(0);
  const budget = new TimeBudget(world.invocation);
  return { writer: new ChunkWriter(seen, KEYS, log, world, budget, 'jsonl'), store, log, world, budget };
}

/** Uploads that take these numbers of milliseconds, in the order of their start. */
function uploadsOf(clock: () => VirtualClock, milliseconds: readonly number[], failing: ReadonlySet<number> = new Set()) {
  let started = 0;
  return (store: ObjectStore): Partial<ObjectStore> => ({
    write: async (key, ...rest) => {
      const upload = started++;
      await clock().sleep(milliseconds[upload] ?? 0);
      if (failing.has(upload)) throw new StoreUnavailableError('PutObject', 'bucket', key);
      return store.write(key, ...rest);
    },
  });
}

test('a chunk is uploaded under a key of its own and committed with what the store acknowledged', async () => {
  const { writer, store, log } = await writerOver();

  await writer.write(chunkAt(0, { final: true }));
  await writer.drain();

  const [key] = await collect(store.list(KEYS.data));
  expect(key).toMatch(/data\/00000000-[0-9a-f-]{36}\.jsonl$/);
  await expect(readWholeLog(store, KEYS)).resolves.toMatchObject({
    chunks: [{ key, etag: (await store.inspect(key!))!.etag, bytes: 4, records: 1, firstPage: 1, lastPage: 1 }],
  });
  expect(log.isFinal).toBe(true);
});

test('memory is given back when the store has acknowledged the chunk, and never before', async () => {
  const events: string[] = [];
  const { writer } = await writerOver((store) => ({
    write: async (...args) => {
      const receipt = await store.write(...args);
      events.push('written');
      return receipt;
    },
  }));

  await writer.write(chunkAt(0, { release: () => void events.push('released') }));
  await writer.drain();

  expect(events).toEqual(['written', 'released']);
});

test('memory of a chunk that failed to upload is not given back: a request may still be sending it', async () => {
  const released = jest.fn();
  const { writer, world } = await writerOver((store) => uploadsOf(() => world.clock, [0], new Set([0]))(store));

  await writer.write(chunkAt(0, { release: released }));

  await expect(writer.drain()).rejects.toThrow(StoreUnavailableError);
  expect(released).not.toHaveBeenCalled();
});

test('the record contains what pages have reported', async () => {
  const { writer, log } = await writerOver();

  await writer.write(chunkAt(0));
  await writer.drain();
  expect(log.reports).toEqual({});

  await writer.write({ ...chunkAt(1), reports: { sourceTotal: 7, columns: ['id', 'name'] } });
  await writer.drain();
  expect(log.reports).toEqual({ sourceTotal: 7, columns: ['id', 'name'] });
});

test('pages without a byte are committed without a chunk', async () => {
  const { writer, store } = await writerOver();

  await writer.write(chunkAt(0, { text: '', final: true }));
  await writer.drain();

  await expect(readWholeLog(store, KEYS)).resolves.toMatchObject({ chunks: [], pages: 1 });
  await expect(collect(store.list(KEYS.data))).resolves.toEqual([]);
});

test('records are put in order, however the uploads end, with at most two chunks under way', async () => {
  await fc.assert(fc.asyncProperty(fc.array(fc.nat(1000), { minLength: 1, maxLength: 12 }), async (milliseconds) => {
    let onTheWay = 0;
    let most = 0;
    const order: string[] = [];
    const { writer, store, world } = await writerOver((plain) => {
      const { write } = uploadsOf(() => world.clock, milliseconds)(plain);
      return {
        write: async (...args) => {
          most = Math.max(most, ++onTheWay);
          return write!(...args);
        },
        writeIf: async (key, ...rest) => {
          const outcome = await plain.writeIf(key, ...rest);
          order.push(key);
          onTheWay -= 1;
          return outcome;
        },
      };
    });

    for (const index of milliseconds.keys()) await writer.write(chunkAt(index, { final: index === milliseconds.length - 1 }));
    await writer.drain();

    expect(order).toEqual(milliseconds.map((_, index) => KEYS.commit(index)));
    expect(most).toBeLessThanOrEqual(2);
    await expect(readWholeLog(store, KEYS)).resolves.toMatchObject({ pages: milliseconds.length });
  }), { numRuns: 50 });
});

test('an upload overlaps later work', async () => {
  const { writer, world } = await writerOver((store) => uploadsOf(() => world.clock, [1000])(store));

  await writer.write(chunkAt(0));
  expect(world.clock.elapsed).toBe(0);

  await writer.drain();
  expect(world.clock.elapsed).toBe(1000);
});

test('a failed upload is reported at the end, and nothing after it is committed', async () => {
  const { writer, log, world } = await writerOver((store) => uploadsOf(() => world.clock, [0, 10], new Set([1]))(store));

  for (const index of [0, 1, 2]) await writer.write(chunkAt(index));

  await expect(writer.drain()).rejects.toThrow(StoreUnavailableError);
  expect(writer.isStopped).toBe(true);
  expect(log.nextIndex).toBe(1);
});

test('a failed upload does not affect the chunk before it', async () => {
  const { writer, log, world } = await writerOver((store) => uploadsOf(() => world.clock, [1000, 0], new Set([1]))(store));

  for (const index of [0, 1]) await writer.write(chunkAt(index));

  await expect(writer.drain()).rejects.toThrow(StoreUnavailableError);
  expect(log.nextIndex).toBe(1);
});

test('a record whose slot cannot be settled stops the chain', async () => {
  const { writer, store } = await writerOver((plain) => ({
    writeIf: async (key, ...rest) => key === KEYS.commit(0) ? 'unknown' : plain.writeIf(key, ...rest),
  }));

  for (const index of [0, 1]) await writer.write(chunkAt(index));

  await expect(writer.drain()).rejects.toThrow(StoreUnavailableError);
  await expect(collect(store.list(KEYS.commits))).resolves.toEqual([]);
});

test('a chain displaced by another attempt is dropped to its end, and its chunks are left alone', async () => {
  const { writer, store, log } = await writerOver();
  await storeLog(store, KEYS, logOf(2, { final: false }));

  for (const index of [0, 1, 2]) await writer.write(chunkAt(index));
  await writer.drain();

  expect(writer).toMatchObject({ isDisplaced: true, isStopped: true });
  expect(log.nextIndex).toBe(2);
  await expect(collect(store.list(KEYS.commits))).resolves.toHaveLength(2);
  expect((await collect(store.list(KEYS.data))).length).toBeGreaterThan(0);
});

test('the budget learns how long a commit takes', async () => {
  const { writer, world, budget } = await writerOver((store) => uploadsOf(() => world.clock, [2000])(store));
  const before = world.invocation.remainingMilliseconds();

  await writer.write(chunkAt(0));
  await writer.drain();

  expect(budget.untilAbort).toBe(before - 2000 - 3 * 2000);
});
