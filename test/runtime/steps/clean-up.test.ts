import { CommitLogError } from '../../../src/protocol/errors';
import { WarningCode } from '../../../src/protocol/import-warning';
import { DELETE_KEYS } from '../../../src/protocol/limits';
import { encodeCrc32 } from '../../../src/runtime/bytes/crc32';
import { cleanUp } from '../../../src/runtime/steps/clean-up';
import { MemoryS3 } from '../../kit/memory-store';
import { SMALL_PARTS } from '../../kit/ready-import';
import { numberedRecords, offsetSource } from '../../kit/scripted-source';
import { SERIES } from '../../kit/series';
import { storeWith } from '../../kit/store-with';
import { CACHE_BUCKET, TestMachine } from '../../kit/test-machine';

const EMPTY = encodeCrc32(0);

async function published() {
  const machine = new TestMachine({
    source: offsetSource(numberedRecords(6)), settings: { chunkBytes: 1 }, partLimits: SMALL_PARTS, s3: new MemoryS3({ partMinBytes: 1 }),
  });
  const state = await machine.fetchAll(await machine.initialize());
  await machine.persist(state);
  return { machine, state, keys: machine.keys(state.importId), cache: machine.s3.store(CACHE_BUCKET) };
}

test('deletes the chunks and nothing else, and returns the result of the import', async () => {
  const { machine, state, keys } = await published();
  await expect(machine.cacheKeys(keys.data)).resolves.toHaveLength(3);

  await expect(machine.cleanUp(state)).resolves.toEqual({
    importId: state.importId, outcome: 'published', bucket: 'destination-bucket', key: 'orders/latest.jsonl',
    manifestKey: 'orders/_latest.jsonl.manifest.json', records: 6, pages: 4, bytes: 48, crc32: expect.stringMatching(/^.{6}==$/) as string,
    warnings: [expect.objectContaining({ code: WarningCode.END_AT_EMPTY_PAGE })],
  });

  await expect(machine.cacheKeys()).resolves.toEqual([
    keys.commit(0), keys.commit(1), keys.commit(2), keys.commit(3), keys.import, keys.published, keys.upload(1),
  ]);
});

test('deletes chunks that no record names', async () => {
  const { machine, state, keys, cache } = await published();
  await cache.write(keys.chunk(7, 'of-a-loser', 'jsonl'), [], EMPTY);
  await machine.cleanUp(state);

  await expect(machine.cacheKeys(keys.data)).resolves.toEqual([]);
});

test('deletes more chunks than one request holds', async () => {
  const { machine, state, keys, cache } = await published();
  for (let index = 0; index <= DELETE_KEYS; index++) await cache.write(keys.chunk(index, 'x', 'jsonl'), [], EMPTY);
  await machine.cleanUp(state);

  await expect(machine.cacheKeys(keys.data)).resolves.toEqual([]);
});

test('lists what is deleted once, and no commit records', async () => {
  const { state, keys, cache } = await published();
  await cache.write(keys.fold(0, 1), [], EMPTY);
  const listed: string[] = [];
  let listings = 0;
  const watched = storeWith(cache, {
    async *list(...args) {
      listings += 1;
      for await (const key of cache.list(...args)) {
        listed.push(key);
        yield key;
      }
    },
  });
  await cleanUp(state, { cache: watched, series: SERIES });

  expect(listings).toBe(1);
  expect(listed.filter((key) => key.startsWith(keys.commits))).toEqual([]);
  expect(listed).toContain(keys.fold(0, 1));
  await expect(cache.read(keys.fold(0, 1))).resolves.toBeUndefined();
});

test('leaves the chunks of other imports alone', async () => {
  const { machine, state } = await published();
  const other = await machine.fetchAll(await machine.initialize());
  await machine.cleanUp(state);

  await expect(machine.cacheKeys(machine.keys(other.importId).data)).resolves.toHaveLength(3);
});

test('can be repeated', async () => {
  const { machine, state } = await published();

  expect(await machine.cleanUp(state)).toEqual(await machine.cleanUp(state));
});

test('deletes nothing of an import that has not ended', async () => {
  const machine = new TestMachine({ source: offsetSource(numberedRecords(6)) });
  const state = await machine.fetchAll(await machine.initialize());
  const before = await machine.cacheKeys();

  await expect(machine.cleanUp(state)).rejects.toThrow(CommitLogError);
  await expect(machine.cacheKeys()).resolves.toEqual(before);
});
