import { gunzipSync } from 'node:zlib';
import { Compression } from '../../../src/protocol/choices';
import { PUT_AT_ONCE_BYTES } from '../../../src/protocol/defaults';
import { CommitLogError, IntegrityError, PublishConflictError, StaleObjectError, StoreUnavailableError, TooFewRecordsError } from '../../../src/protocol/errors';
import { encodeFile, FORMAT_VERSION } from '../../../src/protocol/file-format';
import { Outcome } from '../../../src/protocol/machine-state';
import { ObjectMetadata } from '../../../src/protocol/manifest';
import { ConditionalOutcome, ObjectStore } from '../../../src/runtime/ports/object-store';
import { MemoryS3 } from '../../kit/memory-store';
import { Meddle, outputOf, readyImport, ReadyImport, ReadyOptions, RECORDS } from '../../kit/ready-import';
import { Recorder } from '../../kit/recorder';
import { jsonLines, offsetSource } from '../../kit/scripted-source';
import { storeWith } from '../../kit/store-with';
import { CACHE_BUCKET, DESTINATION_BUCKET, DESTINATION_KEY, TestMachine } from '../../kit/test-machine';
import { VirtualClock } from '../../kit/virtual-clock';

/** An object smaller than the minimum part size. */

const PUBLISHED = jsonLines(RECORDS);
const BYTES = Buffer.byteLength(PUBLISHED);

/** Four chunks, together one byte too small for a part. */
function readySmall(options: ReadyOptions = {}): Promise<ReadyImport> {
  return readyImport({ partLimits: { minBytes: BYTES + 1, maxParts: 100 }, ...options });
}

/** Puts the object with scripted outcomes first, then as in the store. `applied`: put, but with this reply. */
function putting(...outcomes: readonly (ConditionalOutcome | { readonly applied: ConditionalOutcome })[]): Meddle {
  let calls = 0;
  return (plain) => ({
    writeIf: async (key, ...rest) => {
      const outcome = key === DESTINATION_KEY ? outcomes[calls++] : undefined;
      if (outcome === undefined) return plain.writeIf(key, ...rest);
      if (typeof outcome === 'string') return outcome;
      await plain.writeIf(key, ...rest);
      return outcome.applied;
    },
  });
}

/** Requests that look at an object before it is published. */
const LOOKS: readonly (keyof ObjectStore)[] = ['read', 'readRange', 'inspect', 'list', 'checkAccess'];

describe('is put at once', () => {
  test('with any number of chunks: the object, its manifest, and no upload', async () => {
    const recorder = new Recorder<ObjectStore>();
    const { machine, state } = await readySmall({ destination: (plain) => recorder.record(plain) });

    await expect(machine.persist(state)).resolves.toEqual({ importId: state.importId, continue: false, parts: 1 });

    await expect(machine.published()).resolves.toBe(PUBLISHED);
    await expect(machine.manifest()).resolves.toMatchObject({ importId: state.importId, bytes: BYTES });
    expect(recorder.names.filter((name) => !LOOKS.includes(name))).toEqual(['writeIf', 'writeIf']);
    await expect(machine.cacheKeys(machine.keys(state.importId).uploads)).resolves.toEqual([]);
  });

  test.each<[string, number, string[]]>([
    ['one chunk too', PUT_AT_ONCE_BYTES, []],
    ['but not one that S3 copies sooner', PUT_AT_ONCE_BYTES + 1, ['createUpload', 'copyPart', 'completeUpload', 'abortUpload']],
  ])('%s', async (_what, bytes, expected) => {
    const recorder = new Recorder<ObjectStore>();
    // Quotes and an end of line.
    const record = 'x'.repeat(bytes - 3);
    const { machine, state } = await readyImport({
      source: offsetSource([record]), settings: { pageBytes: 2 * PUT_AT_ONCE_BYTES }, partLimits: undefined, s3: new MemoryS3(),
      destination: (plain) => recorder.record(plain),
    });
    await machine.persist(state);

    await expect(machine.published()).resolves.toBe(jsonLines([record]));
    expect(recorder.names.filter((name) => name !== 'writeIf' && !LOOKS.includes(name)).sort()).toEqual([...expected].sort());
  });

  test('but not with one byte too many', async () => {
    const recorder = new Recorder<ObjectStore>();
    const { machine, state } = await readySmall({
      destination: (plain) => recorder.record(plain), partLimits: { minBytes: BYTES, maxParts: 100 },
    });
    await machine.persist(state);

    await expect(machine.published()).resolves.toBe(PUBLISHED);
    expect(recorder.names).toContain('completeUpload');
  });

  test('with all properties of an object of records', async () => {
    const output = outputOf({ tags: [{ key: 'team', value: 'orders' }], storageClass: 'STANDARD_IA' });
    const { machine, state, s3 } = await readySmall({ output });
    await machine.persist(state);

    expect(s3.propertiesOf(DESTINATION_BUCKET, DESTINATION_KEY)).toEqual({
      contentType: 'application/jsonl', contentEncoding: undefined, storageClass: 'STANDARD_IA', tags: output.tags,
      metadata: { [ObjectMetadata.IMPORT_ID]: state.importId, [ObjectMetadata.START_TIME]: '2026-01-02T03:04:05.000Z' },
    });
  });

  test('compressed, member by member', async () => {
    const { machine, state, bucket } = await readySmall({ output: outputOf({ compression: Compression.GZIP }), partLimits: undefined });
    await machine.persist(state);

    expect(gunzipSync((await bucket.read(DESTINATION_KEY))!).toString()).toBe(PUBLISHED);
  });

  test('over an object that no import has written, if it is unchanged', async () => {
    const recorder = new Recorder<ObjectStore>();
    const { machine, state, bucket } = await readySmall({ destination: (plain) => recorder.record(plain) });
    await bucket.writeIf(DESTINATION_KEY, Buffer.from('by hand'), 'absent');
    const { etag } = (await bucket.inspect(DESTINATION_KEY))!;
    await machine.persist(state);

    await expect(machine.published()).resolves.toBe(PUBLISHED);
    const puts = recorder.of('writeIf').filter(([key]) => key === DESTINATION_KEY);
    expect(puts.map(([_key, _body, condition]) => condition)).toEqual([{ etag }]);
  });

  test('when hardly any time is left', async () => {
    const { machine, state } = await readySmall({ remaining: 1 });

    await expect(machine.persist(state)).resolves.toMatchObject({ continue: false });
    await expect(machine.published()).resolves.toBe(PUBLISHED);
  });
});

describe('the PUT answers', () => {
  test.each<[string, Meddle]>([
    ['refused: somebody else was there first', putting('refused')],
    ['refused, by one\'s own object', putting({ applied: 'refused' })],
    ['that another operation is under way', putting('conflict', 'conflict')],
    ['nothing, and was not applied', putting('unknown')],
    ['nothing, but was applied', putting({ applied: 'unknown' })],
  ])('%s: it is looked at again', async (_what, destination) => {
    const { machine, state } = await readySmall({ destination });

    await expect(machine.finish(state)).resolves.toMatchObject({ outcome: Outcome.PUBLISHED, records: 8 });
    await expect(machine.published()).resolves.toBe(PUBLISHED);
  });

  test.each<[ConditionalOutcome, typeof PublishConflictError | typeof StoreUnavailableError]>([
    ['refused', PublishConflictError], ['conflict', PublishConflictError], ['unknown', StoreUnavailableError],
  ])('%s for ever: it is given up, and the old object stays', async (outcome, expected) => {
    const { machine, state, bucket } = await readySmall({ destination: putting(...Array<ConditionalOutcome>(50).fill(outcome)) });
    await bucket.writeIf(DESTINATION_KEY, Buffer.from('old'), 'absent');

    await expect(machine.persist(state)).rejects.toThrow(expected);
    await expect(machine.published()).resolves.toBe('old');
  });
});

describe('what must not be published is not', () => {
  test('what the gate refuses', async () => {
    const { machine, state } = await readySmall({ minRecords: 9 });

    await expect(machine.persist(state)).rejects.toThrow(TooFewRecordsError);
    await expect(machine.published()).resolves.toBeUndefined();
  });

  test.each([['size', '{"n":99}\n'], ['CRC32', '{"n":9}\n{"n":9}\n']])('a chunk of another %s than its commit record says', async (_what, content) => {
    const { machine, state, s3 } = await readySmall();
    const [key] = await machine.cacheKeys(machine.keys(state.importId).data);
    await s3.store(CACHE_BUCKET).delete([key!]);
    await s3.store(CACHE_BUCKET).writeIf(key!, Buffer.from(content), 'absent');

    await expect(machine.persist(state)).rejects.toThrow(IntegrityError);
    await expect(machine.persist(state)).rejects.toThrow(`the chunk ${key} is not what its commit record says`);
    await expect(machine.published()).resolves.toBeUndefined();
  });

  test('a log whose chunk is gone', async () => {
    const { machine, state, s3 } = await readySmall();
    const keys = await machine.cacheKeys(machine.keys(state.importId).data);
    await s3.store(CACHE_BUCKET).delete([keys.at(-1)!]);

    await expect(machine.persist(state)).rejects.toThrow(CommitLogError);
    await expect(machine.published()).resolves.toBeUndefined();
  });
});

describe('several attempts', () => {
  test('at the same time make one object, and all succeed', async () => {
    const { machine, state } = await readySmall();

    const ends = await Promise.all([machine.persist(state), machine.persist(state), machine.persist(state)]);

    expect(ends.map((end) => end.continue)).toEqual([false, false, false]);
    await expect(machine.published()).resolves.toBe(PUBLISHED);
  });

  test('succeed even if CleanUp has deleted the chunks meanwhile, and publish nothing more', async () => {
    let isLate = false;
    const recorder = new Recorder<ObjectStore>();
    const { machine, state } = await readySmall({
      destination: (plain) => recorder.record(storeWith(plain, {
        // The late one has looked at the destination when it was still empty.
        inspect: async (key, options) => {
          const summary = await plain.inspect(key, options);
          if (!isLate) {
            isLate = true;
            await rival.finish(state);
          }
          return summary;
        },
      })),
    });
    const rival = new TestMachine({ source: offsetSource([]), s3: machine.s3, clock: machine.clock });

    await expect(machine.persist(state)).resolves.toMatchObject({ continue: false });
    await expect(machine.published()).resolves.toBe(PUBLISHED);
    expect(recorder.names).toContain('inspect');
    expect(recorder.names).not.toContain('writeIf');
  });
});

describe('a newer import', () => {
  const newerImport = (s3: MemoryS3, clock: VirtualClock, records: unknown[][]) => readySmall({
    s3, clock, chance: { uuid: () => 'newer', fraction: () => 0 }, source: offsetSource(records),
  });

  /** An older import whose PUT is under way when the newer one publishes. */
  async function overtaken(records: unknown[][]): Promise<ReadyImport> {
    const clock = new VirtualClock();
    const s3 = new MemoryS3();
    let isOvertaken = false;
    return readySmall({
      s3, clock,
      destination: (plain) => ({
        writeIf: async (...args) => {
          if (!isOvertaken) {
            isOvertaken = true;
            await clock.sleep(1000);
            const newer = await newerImport(s3, clock, records);
            await newer.machine.finish(newer.state);
          }
          return plain.writeIf(...args);
        },
      }),
    });
  }

  test('is not replaced if it comes between HEAD and the PUT', async () => {
    const older = await overtaken([['newer']]);

    await expect(older.machine.finish(older.state)).resolves.toMatchObject({ outcome: Outcome.SUPERSEDED });
    await expect(older.machine.published()).resolves.toBe('["newer"]\n');
    await expect(older.machine.manifest()).resolves.toMatchObject({ importId: 'newer' });
  });

  test('with the same bytes as the object before it may be replaced, which the older import reports', async () => {
    const older = await overtaken([['same']]);
    await older.bucket.writeIf(DESTINATION_KEY, Buffer.from('["same"]\n'), 'absent');

    await expect(older.machine.persist(older.state)).rejects.toThrow(StaleObjectError);
    await expect(older.machine.manifest()).resolves.toMatchObject({ importId: 'newer' });
  });
});

describe('an upload that another version of the code has begun for it', () => {
  async function withUpload(options: ReadyOptions = {}): Promise<ReadyImport> {
    const ready = await readySmall(options);
    const { machine, state: { importId }, bucket, s3 } = ready;
    for (const number of [1, 2]) {
      const uploadId = await bucket.createUpload(DESTINATION_KEY, {});
      await bucket.writePart({ key: DESTINATION_KEY, uploadId }, 1, [Buffer.from('123456789')], 'y/Q5Jg==');
      const file = encodeFile({ formatVersion: FORMAT_VERSION, importId, number, uploadId });
      await s3.store(CACHE_BUCKET).writeIf(machine.keys(importId).upload(number), file, 'absent');
    }
    return ready;
  }

  test.each<[string, ReadyOptions]>([
    ['published', {}],
    ['published, by a PUT whose reply was lost', { destination: putting({ applied: 'unknown' }) }],
  ])('is aborted with the import: %s', async (_how, options) => {
    const { machine, state, s3 } = await withUpload(options);
    expect(s3.openUploads(DESTINATION_BUCKET)).toHaveLength(2);

    await expect(machine.finish(state)).resolves.toMatchObject({ outcome: Outcome.PUBLISHED });
    expect(s3.openUploads(DESTINATION_BUCKET)).toEqual([]);
  });

  test('is aborted if a newer import\'s object is there', async () => {
    const { machine, state, s3, bucket } = await withUpload();
    const metadata = { [ObjectMetadata.IMPORT_ID]: 'newer', [ObjectMetadata.START_TIME]: '2026-01-02T03:10:00.000Z' };
    await bucket.writeIf(DESTINATION_KEY, Buffer.from('newer'), 'absent', { metadata });

    await expect(machine.finish(state)).resolves.toMatchObject({ outcome: Outcome.SUPERSEDED });
    expect(s3.openUploads(DESTINATION_BUCKET)).toEqual([]);
  });

  test('is aborted before the import ends', async () => {
    let isBroken = true;
    const { machine, state, s3 } = await withUpload({
      destination: (plain) => ({
        abortUpload: async (upload) => {
          if (isBroken) throw new StoreUnavailableError('AbortMultipartUpload', DESTINATION_BUCKET, upload.key);
          return plain.abortUpload(upload);
        },
      }),
    });
    await expect(machine.persist(state)).rejects.toThrow(StoreUnavailableError);
    await expect(machine.cacheKeys(machine.keys(state.importId).published)).resolves.toEqual([]);
    isBroken = false;

    await machine.persist(state);
    expect(s3.openUploads(DESTINATION_BUCKET)).toEqual([]);
  });
});
