import { IntegrityError, StoreUnavailableError } from '../../../src/protocol/errors';
import { ImportKeys } from '../../../src/protocol/keys';
import { LoopState, Outcome, PersistState } from '../../../src/protocol/machine-state';
import { CompleteOutcome, ObjectStore } from '../../../src/runtime/ports/object-store';
import { PartLimits } from '../../../src/runtime/publish/publish-plan';
import { MemoryS3 } from '../../kit/memory-store';
import { Recorder } from '../../kit/recorder';
import { jsonLines, tokenSource } from '../../kit/scripted-source';
import { storeWith } from '../../kit/store-with';
import { CACHE_BUCKET, DESTINATION_BUCKET, DESTINATION_KEY, TestMachine, TestMachineOptions } from '../../kit/test-machine';
import { VirtualClock } from '../../kit/virtual-clock';

/** Publishing with folds, on the memory store: with interference and failures, and what is left behind. */

const LIMITS: PartLimits = { minBytes: 20, maxParts: 100 };

/** Pages with these numbers of records, of 10 bytes each. */
function pagesOf(...counts: number[]): number[][][] {
  return counts.map((count, index) => Array.from({ length: count }, (_, n) => [n, 100 + index, n]));
}

/** Each page is a chunk: 40, 10, 40, 10 and 40 bytes. Two folds, each of a large and a small one, and a copy. */
const TWO_FOLDS = pagesOf(4, 1, 4, 1, 4);

/** 10, 60, 10 and 40 bytes. A fold that begins with a chunk and the head of the next one; and a copy. */
const DIVIDED = pagesOf(1, 6, 1, 4);

interface ReadyOptions extends Partial<TestMachineOptions> {
  readonly pages?: readonly (readonly unknown[])[];
  /** Changes to the cache's store; `plain` is the unchanged store. */
  readonly cache?: (plain: ObjectStore) => Partial<ObjectStore>;
}

/** An import that is ready to be published. */
async function readyImport({ pages = TWO_FOLDS, cache = () => ({}), ...options }: ReadyOptions = {}) {
  const s3 = new MemoryS3({ partMinBytes: LIMITS.minBytes });
  const recorder = new Recorder<ObjectStore>();
  const meddled = storeWith(s3.store(CACHE_BUCKET), cache(s3.store(CACHE_BUCKET)));
  const opened = (bucket: string): ObjectStore => recorder.record(bucket === CACHE_BUCKET ? meddled : s3.store(bucket));
  const machineOn = (openStore: (bucket: string) => ObjectStore): TestMachine => new TestMachine({
    source: tokenSource(pages), settings: { chunkBytes: 1 }, partLimits: LIMITS, ...options, s3, openStore,
  });
  const state = await machineOn((bucket) => s3.store(bucket)).fetchAll(await machineOn((bucket) => s3.store(bucket)).initialize());
  const machine = machineOn(opened);
  const keys = machine.keys(state.importId);
  return { machine, state, s3, recorder, keys, expected: jsonLines(pages.flat()), plain: s3.store(CACHE_BUCKET) };
}

/** Number of calls of a method whose key contains this. */
function countOf(
  recorder: Recorder<ObjectStore>, method: 'read' | 'readRange' | 'writePart' | 'copyPart' | 'createUpload' | 'abortUpload', part: string,
): number {
  return recorder.of(method).map(([where]) => typeof where === 'string' ? where : where.key).filter((key) => key.includes(part)).length;
}

function expectNothingLeft(s3: MemoryS3): void {
  expect([...s3.openUploads(CACHE_BUCKET), ...s3.openUploads(DESTINATION_BUCKET)]).toEqual([]);
}

/** A fold made in another way: in one piece, so that its ETag differs. */
async function putFold(plain: ObjectStore, keys: ImportKeys, first: number, last: number, content: string): Promise<void> {
  await plain.writeIf(keys.fold(first, last), Buffer.from(content), 'absent');
}

async function persistAll(machine: TestMachine, { importId }: LoopState): Promise<PersistState[]> {
  const rounds: PersistState[] = [];
  do rounds.push(await machine.persist({ importId })); while (rounds.at(-1)!.continue && rounds.length < 30);
  return rounds;
}

describe('small chunks between large ones', () => {
  test('are joined to the chunk before them by S3, and nothing is read', async () => {
    const { machine, state, s3, recorder, keys, expected } = await readyImport();

    await expect(machine.persist(state)).resolves.toMatchObject({ continue: false, parts: 3 });

    await expect(machine.published()).resolves.toBe(expected);
    await expect(machine.cacheKeys(keys.folds)).resolves.toEqual([keys.fold(0, 1), keys.fold(2, 3)]);
    expect([countOf(recorder, 'read', '/data/'), countOf(recorder, 'readRange', '/data/'), countOf(recorder, 'writePart', '')]).toEqual([0, 0, 0]);
    expectNothingLeft(s3);
  });

  test('at the beginning are filled up with the head of the next chunk, and no more is read', async () => {
    const { machine, state, s3, recorder, keys, expected } = await readyImport({ pages: DIVIDED });
    await machine.persist(state);

    await expect(machine.published()).resolves.toBe(expected);
    expect([countOf(recorder, 'read', '/data/00000000'), countOf(recorder, 'read', '/data/00000001')]).toEqual([1, 0]);
    expect(countOf(recorder, 'readRange', '/data/00000001')).toBe(1);
    await expect(machine.cacheKeys(keys.folds)).resolves.toEqual([keys.fold(0, 2)]);
    expectNothingLeft(s3);
  });

  test('need no fold if no small one follows: the head is a part of the object itself', async () => {
    const { machine, state, keys, expected } = await readyImport({ pages: pagesOf(1, 6, 4) });

    await expect(machine.persist(state)).resolves.toMatchObject({ parts: 3 });
    await expect(machine.published()).resolves.toBe(expected);
    await expect(machine.cacheKeys(keys.folds)).resolves.toEqual([]);
  });

  test('CleanUp deletes the folds with the chunks', async () => {
    const { machine, state, keys } = await readyImport();

    await expect(machine.finish(state)).resolves.toMatchObject({ outcome: Outcome.PUBLISHED });
    await expect(machine.cacheKeys(keys.data)).resolves.toEqual([]);
    await expect(machine.cacheKeys(keys.folds)).resolves.toEqual([]);
  });
});

test('more chunks than an upload may have parts: full folds, and folds of folds', async () => {
  const pages = pagesOf(...Array<number>(40).fill(3));
  const { machine, state, s3, keys, expected } = await readyImport({ pages, partLimits: { minBytes: 20, maxParts: 4 } });

  await expect(machine.persist(state)).resolves.toMatchObject({ continue: false, parts: 4 });

  await expect(machine.published()).resolves.toBe(expected);
  expect((await machine.cacheKeys(keys.folds)).length).toBeGreaterThan(10);
  expectNothingLeft(s3);
});

describe('a fold', () => {
  test('that already exists is copied, however it was made', async () => {
    const { machine, state, recorder, keys, plain, expected } = await readyImport();
    await putFold(plain, keys, 0, 1, jsonLines(TWO_FOLDS.slice(0, 2).flat()));
    await machine.persist(state);

    await expect(machine.published()).resolves.toBe(expected);
    expect([countOf(recorder, 'createUpload', keys.fold(0, 1)), countOf(recorder, 'createUpload', keys.fold(2, 3))]).toEqual([0, 1]);
  });

  test('of another size than its chunks is refused, and the object stays as it was', async () => {
    const { machine, state, keys, plain } = await readyImport();
    await putFold(plain, keys, 0, 1, 'something else');

    await expect(machine.persist(state)).rejects.toThrow(IntegrityError);
    await expect(machine.persist(state)).rejects.toThrow(/folds\/00000000-00000001 has 14 bytes, not those of its chunks, which are 50/);
    await expect(machine.published()).resolves.toBeUndefined();
  });

  test('of the same size with other bytes is detected by its checksum', async () => {
    const { machine, state, keys, plain } = await readyImport();
    await putFold(plain, keys, 0, 1, ' '.repeat(50));

    await expect(machine.persist(state)).rejects.toThrow('part 1 has another size or CRC32 than its chunks');
    await expect(machine.published()).resolves.toBeUndefined();
  });

  test('is made once by concurrent attempts, and no upload is left', async () => {
    const { machine, state, s3, keys, expected } = await readyImport();

    const ends = await Promise.all([machine.persist(state), machine.persist(state), machine.persist(state)]);

    expect(ends.map((end) => end.continue)).toEqual([false, false, false]);
    await expect(machine.published()).resolves.toBe(expected);
    await expect(machine.cacheKeys(keys.folds)).resolves.toHaveLength(2);
    expectNothingLeft(s3);
  });

  test.each<[string, CompleteOutcome | { readonly applied: CompleteOutcome }]>([
    ['refused: another attempt was there first', 'refused'],
    ['nothing, and was not applied', 'unknown'],
    ['nothing, but was applied', { applied: 'unknown' }],
    ['refused, by one\'s own object', { applied: 'refused' }],
    ['that a part is not there', 'invalid-part'],
    ['that another operation is under way', 'conflict'],
    ['that the upload is gone', 'no-such-upload'],
    ['that the upload is gone, which it completed', { applied: 'no-such-upload' }],
  ])('whose Complete answers %s, is looked for again', async (_what, outcome) => {
    let answered = false;
    const { machine, state, s3, expected } = await readyImport({
      cache: (plain) => ({
        completeUpload: async (...args) => {
          if (answered) return plain.completeUpload(...args);
          answered = true;
          if (typeof outcome === 'string') return outcome;
          await plain.completeUpload(...args);
          return outcome.applied;
        },
      }),
    });

    await expect(machine.persist(state)).resolves.toMatchObject({ continue: false });
    await expect(machine.published()).resolves.toBe(expected);
    expectNothingLeft(s3);
  });

  test('that S3 finds to differ from its chunks is not published', async () => {
    const { machine, state, s3, keys } = await readyImport({ cache: () => ({ completeUpload: async () => 'corrupt' }) });

    await expect(machine.persist(state)).rejects.toThrow(/S3 computed another size or CRC32 for .*\/folds\/0000000/);
    await expect(machine.cacheKeys(keys.folds)).resolves.toEqual([]);
    expect(s3.openUploads(CACHE_BUCKET)).toEqual([]);
  });

  test('that cannot be completed is given up in the end', async () => {
    const { machine, state, s3 } = await readyImport({ cache: () => ({ completeUpload: async () => 'unknown' }) });

    await expect(machine.persist(state)).rejects.toThrow(StoreUnavailableError);
    expect(s3.openUploads(CACHE_BUCKET)).toEqual([]);
  });

  test('whose upload somebody drops is made again, and the object\'s own upload is kept', async () => {
    let dropped = false;
    const { machine, state, s3, recorder, keys, expected } = await readyImport({
      cache: (plain) => ({
        copyPart: async (upload, ...rest) => {
          if (!dropped) {
            dropped = true;
            await plain.abortUpload(upload);
          }
          return plain.copyPart(upload, ...rest);
        },
      }),
    });
    await machine.persist(state);

    await expect(machine.published()).resolves.toBe(expected);
    expect(countOf(recorder, 'createUpload', '/folds/')).toBe(3);
    await expect(machine.cacheKeys(keys.uploads)).resolves.toHaveLength(1);
    expectNothingLeft(s3);
  });

  test('whose chunks are gone because another attempt has ended the import is not a failure', async () => {
    let finished = false;
    const ready = await readyImport({
      cache: (plain) => ({
        createUpload: async (...args) => {
          const uploadId = await plain.createUpload(...args);
          if (!finished) {
            finished = true;
            await rival().finish(ready.state);
          }
          return uploadId;
        },
      }),
    });
    const rival = (): TestMachine => new TestMachine({
      source: tokenSource([]), s3: ready.s3, clock: ready.machine.clock, partLimits: LIMITS,
    });

    await expect(ready.machine.persist(ready.state)).resolves.toMatchObject({ continue: false });
    await expect(ready.machine.published()).resolves.toBe(ready.expected);
    expectNothingLeft(ready.s3);
  });
});

describe('a failure while a fold is made', () => {
  const failing = (plain: ObjectStore): Partial<ObjectStore> => ({
    copyPart: async (upload) => { throw new StoreUnavailableError('UploadPartCopy', plain.bucket, upload.key); },
  });

  test('aborts its upload, and the retried step continues', async () => {
    let broken = true;
    const { machine, state, s3, expected } = await readyImport({
      cache: (plain) => ({ copyPart: async (...args) => broken ? failing(plain).copyPart!(...args) : plain.copyPart(...args) }),
    });
    await expect(machine.persist(state)).rejects.toThrow(StoreUnavailableError);
    expect(s3.openUploads(CACHE_BUCKET)).toEqual([]);
    broken = false;

    await expect(machine.persist(state)).resolves.toMatchObject({ continue: false });
    await expect(machine.published()).resolves.toBe(expected);
    expectNothingLeft(s3);
  });

  test('is reported, even if aborting its upload fails too', async () => {
    const { machine, state } = await readyImport({
      cache: (plain) => ({ ...failing(plain), abortUpload: async () => { throw new Error('the second failure'); } }),
    });

    await expect(machine.persist(state)).rejects.toThrow('UploadPartCopy');
  });

  test('stops the others too: nothing is begun after it', async () => {
    const pages = pagesOf(...Array.from({ length: 60 }, (_, index) => index % 2 === 0 ? 4 : 1));
    const { machine, state, recorder } = await readyImport({ pages, cache: failing });

    await expect(machine.persist(state)).rejects.toThrow(StoreUnavailableError);
    const begun = countOf(recorder, 'copyPart', '/folds/');
    expect(begun).toBeGreaterThan(0);
    expect(begun).toBeLessThanOrEqual(16);
  });
});

describe('when time runs short', () => {
  test('a fold that would not be made in time is dropped, parts in place stay, and the next invocation continues', async () => {
    const clock = new VirtualClock();
    let copies = 0;
    const { machine, state, s3, recorder, expected } = await readyImport({
      clock, remaining: 20_000, pages: pagesOf(...Array<number>(100).fill(3)), partLimits: { minBytes: 20, maxParts: 10 },
      cache: (plain) => ({
        copyPart: async (...args) => {
          await clock.sleep(copies++ < 50 ? 1000 : 9000);
          return plain.copyPart(...args);
        },
      }),
    });

    const rounds = await persistAll(machine, state);

    expect(rounds.length).toBeGreaterThan(2);
    expect(rounds.at(-1)).toMatchObject({ continue: false, parts: 10 });
    const parts = rounds.map((round) => round.parts);
    expect(parts).toEqual([...new Set(parts)].sort((a, b) => a - b));
    await expect(machine.published()).resolves.toBe(expected);
    expect(countOf(recorder, 'abortUpload', '/folds/')).toBeGreaterThan(0);
    expectNothingLeft(s3);
  });

  test('an invocation with hardly any time still completes its first fold', async () => {
    const { machine, state, expected, s3 } = await readyImport({ remaining: 1 });

    const rounds = await persistAll(machine, state);

    expect(rounds.map(({ parts }) => parts)).toEqual([1, 2, 3]);
    await expect(machine.published()).resolves.toBe(expected);
    expectNothingLeft(s3);
  });
});

describe('a chunk with another ETag after a late repetition of its upload', () => {
  const PINNED = 'of its first ETag only';

  /** Chunks with an ETag that no commit record has. */
  const renamed = (plain: ObjectStore): Partial<ObjectStore> => ({
    inspect: async (key, options) => {
      const there = await plain.inspect(key, options);
      return there === undefined || !key.includes('/data/') ? there : { ...there, etag: PINNED };
    },
    copyPart: async (upload, partNumber, source) => {
      if (!source.key.includes('/data/')) return plain.copyPart(upload, partNumber, source);
      const { etag } = (await plain.inspect(source.key))!;
      return source.etag === PINNED ? plain.copyPart(upload, partNumber, { ...source, etag }) : 'source-gone';
    },
  });

  test('is copied by that ETag, and not read, if its CRC32 is that of the log', async () => {
    const { machine, state, recorder, expected } = await readyImport({ cache: renamed });
    await machine.persist(state);

    await expect(machine.published()).resolves.toBe(expected);
    expect(countOf(recorder, 'read', '/data/')).toBe(0);
  });

  test('is divided by that ETag too', async () => {
    const { machine, state, recorder, expected } = await readyImport({ pages: DIVIDED, cache: renamed });
    await machine.persist(state);

    await expect(machine.published()).resolves.toBe(expected);
    expect(countOf(recorder, 'read', '/data/00000001')).toBe(0);
  });

  test.each([
    ['folds', TWO_FOLDS],
    ['a divided chunk', DIVIDED],
  ])('is read where the store does not tell its CRC32: %s', async (_what, pages) => {
    const { machine, state, recorder, expected } = await readyImport({
      pages,
      cache: (plain) => ({
        ...renamed(plain),
        inspect: async (key, options) => {
          const there = await renamed(plain).inspect!(key, options);
          return there && { etag: there.etag, bytes: there.bytes, metadata: there.metadata };
        },
      }),
    });
    await machine.persist(state);

    await expect(machine.published()).resolves.toBe(expected);
    expect(countOf(recorder, 'read', '/data/')).toBeGreaterThan(1);
  });

  test('is refused if its CRC32 differs', async () => {
    const { machine, state } = await readyImport({
      cache: (plain) => ({
        ...renamed(plain),
        inspect: async (key, options) => {
          const there = await renamed(plain).inspect!(key, options);
          return there && key.includes('/data/') ? { ...there, crc32: 'AAAAAA==' } : there;
        },
      }),
    });

    await expect(machine.persist(state)).rejects.toThrow(/the chunk .* is not what its commit record says/);
    await expect(machine.published()).resolves.toBeUndefined();
  });
});

describe('the head of a divided chunk', () => {
  test('is refused if it is shorter than the chunk was', async () => {
    const { machine, state } = await readyImport({
      pages: DIVIDED, cache: (plain) => ({ readRange: async (key, range) => (await plain.readRange(key, range))!.subarray(1) }),
    });

    await expect(machine.persist(state)).rejects.toThrow(/the chunk .*\/data\/00000001.* is not what its commit record says/);
  });

  test('with other bytes is detected by the checksum of the fold', async () => {
    const { machine, state, s3 } = await readyImport({
      pages: DIVIDED, cache: (plain) => ({ readRange: async (key, range) => (await plain.readRange(key, range))!.fill(0x20) }),
    });

    await expect(machine.persist(state)).rejects.toThrow(/S3 computed another size or CRC32 for .*\/folds\//);
    expect(s3.openUploads(CACHE_BUCKET)).toEqual([]);
  });

  test('with other bytes is detected by the checksum of the object, if there is no fold', async () => {
    const { machine, state } = await readyImport({
      pages: pagesOf(1, 6, 4), cache: (plain) => ({ readRange: async (key, range) => (await plain.readRange(key, range))!.fill(0x20) }),
    });

    await expect(machine.persist(state)).rejects.toThrow('S3 computed another size or CRC32 for the whole');
    await expect(machine.published(DESTINATION_KEY)).resolves.toBeUndefined();
  });
});
