import { StoreAccessError, StoreUnavailableError } from '../../../src/protocol/errors';
import { writeOnce } from '../../../src/runtime/log/write-once';
import { ConditionalOutcome, ObjectStore } from '../../../src/runtime/ports/object-store';
import { MemoryS3 } from '../../kit/memory-store';
import { storeWith } from '../../kit/store-with';
import { testWorld } from '../../kit/test-world';

const KEY = 'commits/00000000.json';
const OURS = Buffer.from('{"writerId":"ours"}');
const THEIRS = Buffer.from('{"writerId":"theirs"}');

type Attempt = (store: ObjectStore) => ConditionalOutcome | Promise<ConditionalOutcome>;

const lost = async (store: ObjectStore): Promise<'unknown'> => {
  await store.writeIf(KEY, OURS, 'absent');
  return 'unknown';
};

/** Fills the slot. The first attempts end as scripted, later ones as in the store. */
async function fill(...attempts: readonly Attempt[]) {
  const store = new MemoryS3().store('cache');
  const world = testWorld();
  let puts = 0;
  const scripted = storeWith(store, {
    writeIf: async (...args) => {
      expect(args).toEqual([KEY, OURS, 'absent']);
      return (attempts[puts++] ?? (() => store.writeIf(...args)))(store);
    },
  });
  const settled = await writeOnce(scripted, KEY, OURS, world).then((bytes) => Buffer.from(bytes), (error: unknown) => error);
  return { settled, stored: await store.read(KEY).then((bytes) => bytes && Buffer.from(bytes)), puts, milliseconds: world.clock.elapsed };
}

test('an acknowledged write is ours', async () => {
  await expect(fill()).resolves.toEqual({ settled: OURS, stored: OURS, puts: 1, milliseconds: 0 });
});

test.each<[string, (store: ObjectStore) => Promise<ConditionalOutcome>]>([
  ['refused', async (store) => {
    await store.writeIf(KEY, THEIRS, 'absent');
    return 'refused';
  }],
  ['in conflict', async (store) => {
    await store.writeIf(KEY, THEIRS, 'absent');
    return 'conflict';
  }],
  ['unanswered', async (store) => {
    await store.writeIf(KEY, THEIRS, 'absent');
    return 'unknown';
  }],
])('another writer\'s is adopted after a write that was %s', async (_how, attempt) => {
  await expect(fill(attempt)).resolves.toMatchObject({ settled: THEIRS, stored: THEIRS, puts: 1 });
});

test('a write whose reply was lost is ours', async () => {
  await expect(fill(lost)).resolves.toMatchObject({ settled: OURS, puts: 1 });
});

test('a write that the client sent twice, and whose second copy was refused because of the first, is ours', async () => {
  await expect(fill(async (store): Promise<ConditionalOutcome> => {
    await lost(store);
    return 'refused';
  })).resolves.toMatchObject({ settled: OURS, puts: 1 });
});

test.each<ConditionalOutcome>(['unknown', 'conflict', 'refused'])('an empty slot is written again after "%s", and not at once', async (outcome) => {
  const filled = await fill(() => outcome, () => outcome);

  expect(filled).toMatchObject({ settled: OURS, stored: OURS, puts: 3 });
  expect(filled.milliseconds).toBeGreaterThan(0);
});

test('if the first write arrives late, the second is refused because of it, and the slot is ours', async () => {
  await expect(fill(() => 'unknown', async (store): Promise<ConditionalOutcome> => {
    await lost(store); // the first, arriving now
    return store.writeIf(KEY, OURS, 'absent');
  })).resolves.toMatchObject({ settled: OURS, stored: OURS, puts: 2 });
});

test('a slot that stays empty is given up, and the error names the key', async () => {
  const { settled, stored, puts, milliseconds } = await fill(...Array<Attempt>(20).fill(() => 'unknown'));

  expect(settled).toBeInstanceOf(StoreUnavailableError);
  expect((settled as Error).message).toContain(`s3://cache/${KEY}`);
  expect(stored).toBeUndefined();
  expect(puts).toBe(6);
  expect(milliseconds).toBeLessThan(15_000);
});

test('a slot that cannot be read is left to the next reader of the log', async () => {
  const unreadable = storeWith(new MemoryS3().store('cache'), {
    writeIf: async (): Promise<ConditionalOutcome> => 'unknown',
    read: async (key) => { throw new StoreUnavailableError('GetObject', 'cache', key); },
  });

  await expect(writeOnce(unreadable, KEY, OURS, testWorld())).rejects.toThrow(StoreUnavailableError);
});

test('a denied write does not count as an empty slot', async () => {
  const denied = storeWith(new MemoryS3().store('cache'), {
    writeIf: async (key) => { throw new StoreAccessError('PutObject', 'cache', key); },
  });

  await expect(writeOnce(denied, KEY, OURS, testWorld())).rejects.toThrow(StoreAccessError);
});
