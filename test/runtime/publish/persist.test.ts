import { PARTS_IN_FLIGHT } from '../../../src/protocol/defaults';
import { CommitLogError, ImportExpiredError, ImportNotFoundError, IntegrityError, PublishConflictError, StaleObjectError, StoreUnavailableError, TotalMismatchError } from '../../../src/protocol/errors';
import { FORMAT_VERSION } from '../../../src/protocol/file-format';
import { LoopState, Outcome, PersistState } from '../../../src/protocol/machine-state';
import { manifestKey, ObjectMetadata } from '../../../src/protocol/manifest';
import { CompleteOutcome } from '../../../src/runtime/ports/object-store';
import { collect } from '../../kit/collect';
import { MemoryS3 } from '../../kit/memory-store';
import { Meddle, readyImport, RECORDS, SMALL_PARTS } from '../../kit/ready-import';
import { jsonLines, numberedRecords, offsetSource, sequence, tokenSource } from '../../kit/scripted-source';
import { CACHE_BUCKET, DESTINATION_BUCKET, DESTINATION_KEY, TestMachine } from '../../kit/test-machine';
import { VirtualClock } from '../../kit/virtual-clock';

const PUBLISHED = jsonLines(RECORDS);

async function uploadIdsOf(machine: TestMachine, { importId }: LoopState): Promise<string[]> {
  const keys = await machine.cacheKeys(machine.keys(importId).uploads);
  const files = await Promise.all(keys.map((key) => machine.s3.store(CACHE_BUCKET).read(key)));
  return files.map((bytes) => (JSON.parse(new TextDecoder().decode(bytes)) as { uploadId: string }).uploadId);
}

/** Completes with scripted outcomes first, then as in the store. `applied`: completed, but with this reply. */
function completing(...outcomes: readonly (CompleteOutcome | { readonly applied: CompleteOutcome })[]): Meddle {
  let calls = 0;
  return (plain) => ({
    completeUpload: async (...args) => {
      const outcome = outcomes[calls++];
      if (outcome === undefined) return plain.completeUpload(...args);
      if (typeof outcome === 'string') return outcome;
      await plain.completeUpload(...args);
      return outcome.applied;
    },
  });
}

describe('publishing', () => {
  test('makes the object, its metadata, its manifest and the marker', async () => {
    const { machine, state, bucket } = await readyImport();

    await expect(machine.persist(state)).resolves.toEqual({ importId: state.importId, continue: false, parts: 4 });

    await expect(machine.published()).resolves.toBe(PUBLISHED);
    const metadata = { [ObjectMetadata.IMPORT_ID]: state.importId, [ObjectMetadata.START_TIME]: '2026-01-02T03:04:05.000Z' };
    await expect(bucket.inspect(DESTINATION_KEY)).resolves.toMatchObject({ metadata });
    await expect(bucket.inspect(manifestKey(DESTINATION_KEY))).resolves.toMatchObject({ metadata });
    await expect(machine.cacheKeys(machine.keys(state.importId).published)).resolves.toHaveLength(1);
  });

  test('writes the manifest at its configured key', async () => {
    const manifest = 'manifests/orders.json';
    const { machine, state, bucket } = await readyImport({ manifestKey: manifest });
    const { manifestKey: told } = await machine.finish(state);

    expect(told).toBe(manifest);
    await expect(collect(bucket.list(''))).resolves.toEqual([manifest, DESTINATION_KEY]);
    expect(JSON.parse((await machine.published(manifest))!)).toMatchObject({ importId: state.importId, key: DESTINATION_KEY });
  });

  test('the manifest lists what the object consists of', async () => {
    const source = sequence({ records: [1, 22], total: 3, hasMore: true }, { records: [333], hasMore: false });
    const { machine, state } = await readyImport({ source });
    await machine.persist(state);

    await expect(machine.manifest()).resolves.toEqual({
      formatVersion: FORMAT_VERSION, importId: state.importId, startTime: '2026-01-02T03:04:05.000Z', executionArn: expect.any(String) as string,
      bucket: DESTINATION_BUCKET, key: DESTINATION_KEY, layout: 'object', format: 'jsonl', compression: 'none',
      contentType: 'application/jsonl', pageSize: 2, pages: 2, records: 3, bytes: 9, sourceTotal: 3, warnings: [],
      crc32: expect.stringMatching(/^.{6}==$/) as string, packageVersion: '1.2.3',
      chunks: [
        {
          cacheKey: expect.stringMatching(/\/data\/00000000-.*\.jsonl$/) as string, offset: 0, bytes: 5, records: 2, firstPage: 1, lastPage: 1,
          crc32: expect.any(String) as string, firstTokenDigest: null, nextTokenDigest: null,
          ledger: { pages: 1, emptyPages: 0, leastRecords: 2, mostRecords: 2 },
        },
        {
          cacheKey: expect.stringMatching(/\/data\/00000001-.*\.jsonl$/) as string, offset: 5, bytes: 4, records: 1, firstPage: 2, lastPage: 2,
          crc32: expect.any(String) as string, firstTokenDigest: null, nextTokenDigest: null,
          ledger: { pages: 1, emptyPages: 0, leastRecords: 1, mostRecords: 1 },
        },
      ],
    });
  });

  test('an empty import is an empty object', async () => {
    const { machine, state } = await readyImport({ source: tokenSource([[], []]) });
    const result = await machine.finish(state);

    expect(result).toMatchObject({ outcome: Outcome.PUBLISHED, records: 0, bytes: 0, pages: 2 });
    await expect(machine.published()).resolves.toBe('');
    await expect(machine.manifest()).resolves.toMatchObject({ records: 0, chunks: [], crc32: 'AAAAAA==' });
  });

  test('an empty import whose reply was lost is published once', async () => {
    const { machine, state } = await readyImport({
      source: tokenSource([[]]),
      destination: (plain) => ({
        writeIf: async (...args) => {
          await plain.writeIf(...args);
          return 'unknown';
        },
      }),
    });

    await expect(machine.finish(state)).resolves.toMatchObject({ outcome: Outcome.PUBLISHED });
  });

  test('small chunks are gathered into parts of S3\'s minimum size', async () => {
    const { machine, state } = await readyImport({ partLimits: undefined, s3: new MemoryS3() });

    await expect(machine.persist(state)).resolves.toMatchObject({ parts: 1 });
    await expect(machine.published()).resolves.toBe(PUBLISHED);
  });

  test('an object that no import has written is replaced', async () => {
    const { machine, state, bucket } = await readyImport();
    await bucket.writeIf(DESTINATION_KEY, Buffer.from('by hand'), 'absent');
    await machine.persist(state);

    await expect(machine.published()).resolves.toBe(PUBLISHED);
  });
});

describe('Complete answers', () => {
  test.each<[string, Meddle, number]>([
    ['refused: somebody else was there first', completing('refused'), 1],
    ['nothing, and was not applied', completing('unknown'), 1],
    ['nothing, but was applied', completing({ applied: 'unknown' }), 1],
    ['refused, by one\'s own object', completing({ applied: 'refused' }), 1],
    ['that a part is not there', completing('invalid-part'), 1],
    ['that another operation is under way', completing('conflict'), 2],
    ['the same twice', completing('conflict', 'conflict'), 3],
    ['that the upload is gone', completing('no-such-upload'), 2],
    ['that the upload is gone, which it completed', completing({ applied: 'no-such-upload' }), 1],
  ])('%s', async (_what, destination, uploads) => {
    const { machine, state, bucket } = await readyImport({ destination });

    await expect(machine.finish(state)).resolves.toMatchObject({ outcome: Outcome.PUBLISHED, records: 8 });

    await expect(machine.published()).resolves.toBe(PUBLISHED);
    const ids = await uploadIdsOf(machine, state);
    expect(ids).toHaveLength(uploads);
    // No upload is left behind: the parts of an open one cost money until somebody finds them.
    for (const uploadId of ids) await expect(bucket.listParts({ key: DESTINATION_KEY, uploadId })).resolves.toBeUndefined();
  });

  test('that the object differs from the log: the old object stays', async () => {
    const { machine, state, bucket } = await readyImport({ destination: completing('corrupt') });
    await bucket.writeIf(DESTINATION_KEY, Buffer.from('old'), 'absent');

    await expect(machine.persist(state)).rejects.toThrow(IntegrityError);
    await expect(machine.published()).resolves.toBe('old');
  });

  test('always refused: Persist gives up, and the error names the key', async () => {
    const { machine, state } = await readyImport({ destination: completing(...Array<CompleteOutcome>(50).fill('refused')) });

    await expect(machine.persist(state)).rejects.toThrow(PublishConflictError);
    await expect(machine.persist(state)).rejects.toThrow(`Something else keeps writing to s3://${DESTINATION_BUCKET}/${DESTINATION_KEY}`);
  });

  test('nothing, always: the error blames the store, not another writer', async () => {
    const { machine, state } = await readyImport({ destination: completing(...Array<CompleteOutcome>(50).fill('unknown')) });

    await expect(machine.persist(state)).rejects.toThrow(StoreUnavailableError);
  });
});

describe('a damaged part', () => {
  test('of another size than its chunk is not completed', async () => {
    const { machine, state } = await readyImport({
      destination: (plain) => ({
        copyPart: async (upload, partNumber, source) => {
          const part = await plain.copyPart(upload, partNumber, source);
          return typeof part === 'string' ? part : { ...part, crc32: 'AAAAAA==' };
        },
      }),
    });

    await expect(machine.persist(state)).rejects.toThrow(/part 1 has another size or CRC32 than its chunks/);
    await expect(machine.published()).resolves.toBeUndefined();
  });

  test('that is already in place is replaced', async () => {
    const { machine, state, bucket } = await readyImport({ remaining: 4000 });
    await expect(machine.persist(state)).resolves.toMatchObject({ continue: true, parts: 1 });
    const [uploadId] = await uploadIdsOf(machine, state);
    await bucket.writePart({ key: DESTINATION_KEY, uploadId: uploadId! }, 2, [Buffer.alloc(16)], 'deK6yQ==').catch(() => undefined);
    const other = new TestMachine({ source: offsetSource([]), s3: machine.s3, clock: machine.clock, partLimits: SMALL_PARTS });

    await other.persist(state);
    await expect(machine.published()).resolves.toBe(PUBLISHED);
  });

  test('is not uploaded if its chunk does not match its record', async () => {
    const { machine, state, s3 } = await readyImport({ partLimits: { minBytes: 20, maxParts: 100 } });
    const [key] = await machine.cacheKeys(machine.keys(state.importId).data);
    await s3.store(CACHE_BUCKET).delete([key!]);
    await s3.store(CACHE_BUCKET).writeIf(key!, Buffer.from('{"n":9}\n{"n":9}\n'), 'absent');

    await expect(machine.persist(state)).rejects.toThrow(/the chunk .* is not what its commit record says/);
  });
});

test('a chunk with the same bytes but another ETag, after a late repetition of its upload, is published', async () => {
  const copied: string[] = [];
  const { machine, state } = await readyImport({
    destination: (plain) => ({
      copyPart: async (upload, partNumber, source) => {
        copied.push(source.key);
        // The ETag of the commit record is refused, the one that the store reports afterwards is not.
        return copied.filter((key) => key === source.key).length === 1 ? 'source-gone' : plain.copyPart(upload, partNumber, source);
      },
    }),
  });

  await expect(machine.persist(state)).resolves.toMatchObject({ continue: false });
  await expect(machine.published()).resolves.toBe(PUBLISHED);
  expect(copied).toHaveLength(8);
});

test('a chunk with other bytes and another ETag is not', async () => {
  const { machine, state, s3 } = await readyImport();
  const [key] = await machine.cacheKeys(machine.keys(state.importId).data);
  await s3.store(CACHE_BUCKET).delete([key!]);
  await s3.store(CACHE_BUCKET).writeIf(key!, Buffer.from('{"n":9}\n{"n":9}\n'), 'absent');

  await expect(machine.persist(state)).rejects.toThrow(/the chunk .* is not what its commit record says/);
  await expect(machine.published()).resolves.toBeUndefined();
});

describe('when time runs short', () => {
  test('parts in place are kept, and the next invocation continues', async () => {
    let copies = 0;
    const { machine, state } = await readyImport({
      remaining: 60_000,
      destination: (plain) => ({
        copyPart: async (...args) => {
          copies += 1;
          if (copies > 1) await machine.clock.sleep(58_000);
          return plain.copyPart(...args);
        },
      }),
      source: offsetSource(numberedRecords(60)),
    });
    const rounds: PersistState[] = [];
    let round: PersistState = { importId: state.importId, continue: true, parts: 0 };
    while (round.continue && rounds.length < 10) rounds.push(round = await machine.persist(round));

    expect(rounds.length).toBeGreaterThan(1);
    expect(rounds[0]).toMatchObject({ continue: true, parts: 1 + PARTS_IN_FLIGHT });
    expect(copies).toBe(30);
    await expect(machine.published()).resolves.toBe(jsonLines(numberedRecords(60)));
  });
});

test('an invocation with hardly any time puts at least one part in place, so that publishing ends', async () => {
  const { machine, state } = await readyImport({ remaining: 1, source: offsetSource(numberedRecords(20)) });
  const parts: number[] = [];
  let round: PersistState = { importId: state.importId, continue: true, parts: 0 };
  while (round.continue && parts.length < 20) parts.push((round = await machine.persist(round)).parts);

  expect(parts).toEqual([...parts.keys()].map((index) => index + 1));
  await expect(machine.published()).resolves.toBe(jsonLines(numberedRecords(20)));
});

describe('a newer import', () => {
  const newerImport = (s3: MemoryS3, clock: VirtualClock) => readyImport({
    s3, clock, chance: { uuid: () => 'newer', fraction: () => 0 }, source: offsetSource([['newer']]),
  });

  async function twoImports() {
    const s3 = new MemoryS3({ partMinBytes: 1 });
    const older = await readyImport({ s3 });
    await older.machine.clock.sleep(1000);
    const newer = await newerImport(s3, older.machine.clock);
    return { older, newer };
  }

  test('is not replaced: the older one ends as superseded', async () => {
    const { older, newer } = await twoImports();
    await newer.machine.finish(newer.state);

    await expect(older.machine.finish(older.state)).resolves.toMatchObject({ outcome: Outcome.SUPERSEDED, records: 8 });

    await expect(older.machine.published()).resolves.toBe('["newer"]\n');
    await expect(older.machine.manifest()).resolves.toMatchObject({ importId: 'newer' });
  });

  test('with the same bytes as the object before it may be replaced, which the older import reports', async () => {
    const s3 = new MemoryS3({ partMinBytes: 1 });
    const bucket = s3.store(DESTINATION_BUCKET);
    const clock = new VirtualClock();
    const newerOf = (uuid: string) => readyImport({ s3, clock, chance: { uuid: () => uuid, fraction: () => 0 }, source: offsetSource([['same']]) });
    const first = await newerOf('first');
    await first.machine.finish(first.state);
    await clock.sleep(1000);
    const older = await readyImport({
      s3, clock,
      destination: (plain) => ({
        completeUpload: async (...args) => {
          await clock.sleep(1000);
          const newer = await newerOf('newer');
          await newer.machine.finish(newer.state);
          return plain.completeUpload(...args);
        },
      }),
    });
    const before = await bucket.inspect(DESTINATION_KEY);

    await expect(older.machine.persist(older.state)).rejects.toThrow(StaleObjectError);
    await expect(older.machine.persist(older.state)).rejects.toThrow('but the manifest next to it belongs to a newer one');
    expect(before!.metadata).toMatchObject({ 'import-id': 'first' });
    await expect(older.machine.published()).resolves.toBe(PUBLISHED);
    await expect(older.machine.manifest()).resolves.toMatchObject({ importId: 'newer' });
  });

  test('replaces the older one', async () => {
    const { older, newer } = await twoImports();
    await older.machine.finish(older.state);
    await newer.machine.finish(newer.state);

    await expect(older.machine.published()).resolves.toBe('["newer"]\n');
    await expect(older.machine.manifest()).resolves.toMatchObject({ importId: 'newer' });
  });

  test('is not replaced if it comes between HEAD and Complete, and no upload is left behind', async () => {
    const s3 = new MemoryS3({ partMinBytes: 1 });
    let between: (() => Promise<unknown>) | undefined;
    const older = await readyImport({
      s3,
      destination: (plain) => ({
        completeUpload: async (...args) => {
          await between?.();
          between = undefined;
          return plain.completeUpload(...args);
        },
      }),
    });
    await older.machine.clock.sleep(1000);
    const newer = await newerImport(s3, older.machine.clock);
    between = () => newer.machine.finish(newer.state);

    await expect(older.machine.finish(older.state)).resolves.toMatchObject({ outcome: Outcome.SUPERSEDED });
    await expect(older.machine.published()).resolves.toBe('["newer"]\n');
    const [uploadId] = await uploadIdsOf(older.machine, older.state);
    await expect(older.bucket.listParts({ key: DESTINATION_KEY, uploadId: uploadId! })).resolves.toBeUndefined();
  });
});

describe('several attempts', () => {
  test('at the same time make one object, and all succeed', async () => {
    const { machine, state } = await readyImport();

    const ends = await Promise.all([machine.persist(state), machine.persist(state), machine.persist(state)]);

    expect(ends.map((end) => end.continue)).toEqual([false, false, false]);
    await expect(machine.published()).resolves.toBe(PUBLISHED);
    await expect(uploadIdsOf(machine, state)).resolves.toHaveLength(1);
  });

  test('after the end, one does nothing', async () => {
    const { machine, state, bucket } = await readyImport();
    await machine.finish(state);
    const before = await bucket.inspect(DESTINATION_KEY);
    await bucket.delete([manifestKey(DESTINATION_KEY)]);

    await expect(machine.persist(state)).resolves.toMatchObject({ continue: false });
    await expect(bucket.inspect(DESTINATION_KEY)).resolves.toEqual(before);
    await expect(machine.manifest()).resolves.toBeUndefined();
  });

  test('succeed even if CleanUp has deleted the chunks meanwhile, and leave no upload open', async () => {
    let finished = false;
    const { machine, state, bucket } = await readyImport({
      destination: (plain) => ({
        // The late one has looked at the destination when it was still empty.
        createUpload: async (...args) => {
          if (!finished) {
            finished = true;
            await rival.finish(state);
          }
          return plain.createUpload(...args);
        },
      }),
    });
    const rival = new TestMachine({ source: offsetSource([]), s3: machine.s3, clock: machine.clock, partLimits: SMALL_PARTS });

    await expect(machine.persist(state)).resolves.toMatchObject({ continue: false });
    await expect(machine.published()).resolves.toBe(PUBLISHED);
    const [uploadId] = await uploadIdsOf(machine, state);
    await expect(bucket.listParts({ key: DESTINATION_KEY, uploadId: uploadId! })).resolves.toBeUndefined();
  });

  test('continue at the manifest if one has died after Complete', async () => {
    let broken = true;
    const { machine, state } = await readyImport({
      destination: (plain) => ({
        writeIf: async (key, ...rest) => {
          if (broken) throw new StoreUnavailableError('PutObject', DESTINATION_BUCKET, key);
          return plain.writeIf(key, ...rest);
        },
      }),
    });
    await expect(machine.persist(state)).rejects.toThrow(StoreUnavailableError);
    broken = false;

    await expect(machine.finish(state)).resolves.toMatchObject({ outcome: Outcome.PUBLISHED });
    await expect(machine.manifest()).resolves.toMatchObject({ importId: state.importId });
  });
});

describe('refused', () => {
  test('is a log that is not final', async () => {
    const machine = new TestMachine({ source: sequence([1], { retryAfterSeconds: 9 }), pageSize: 1 });
    const state = await machine.fetch(await machine.initialize());

    await expect(machine.persist(state)).rejects.toThrow('its last record, 0, is not final');
  });

  test('is a total that does not match', async () => {
    const { machine, state } = await readyImport({ source: sequence({ records: [1], total: 2, hasMore: false }) });

    await expect(machine.persist(state)).rejects.toThrow(TotalMismatchError);
    await expect(machine.published()).resolves.toBeUndefined();
  });

  test('is a log whose chunk is gone', async () => {
    const { machine, state, s3 } = await readyImport();
    const [key] = await machine.cacheKeys(machine.keys(state.importId).data);
    await s3.store(CACHE_BUCKET).delete([key!]);

    await expect(machine.persist(state)).rejects.toThrow(CommitLogError);
    await expect(machine.published()).resolves.toBeUndefined();
  });

  test('is an import that is too old, with that reason even if its log is incomplete by now', async () => {
    const { machine, state, s3 } = await readyImport({ maximumAgeSeconds: 100 });
    await s3.store(CACHE_BUCKET).delete([machine.keys(state.importId).commit(0)]);
    await machine.clock.sleep(101_000);

    await expect(machine.persist(state)).rejects.toThrow(ImportExpiredError);
    await expect(machine.fetch(state)).rejects.toThrow(ImportExpiredError);
  });

  test('is an import that is too old, or does not exist', async () => {
    const { machine, state } = await readyImport({ maximumAgeSeconds: 100 });
    await machine.clock.sleep(101_000);

    await expect(machine.persist(state)).rejects.toThrow(ImportExpiredError);
    await expect(machine.persist({ importId: 'nobody' })).rejects.toThrow(ImportNotFoundError);
  });
});
