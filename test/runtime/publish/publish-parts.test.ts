import { gunzipSync } from 'node:zlib';
import { Compression, UnknownColumns } from '../../../src/protocol/choices';
import { PARTS_IN_FLIGHT } from '../../../src/protocol/defaults';
import { CommitLogError, IntegrityError, StoreUnavailableError } from '../../../src/protocol/errors';
import { Outcome, PersistState } from '../../../src/protocol/machine-state';
import { Manifest, ObjectMetadata } from '../../../src/protocol/manifest';
import { FormatName, FormatSettings, Layout } from '../../../src/protocol/output-settings';
import { CopyOutcome, ObjectStore } from '../../../src/runtime/ports/object-store';
import { collect } from '../../kit/collect';
import { Meddle, outputOf, PARTS_OUTPUT, ReadyOptions, readyParts } from '../../kit/ready-import';
import { Recorder } from '../../kit/recorder';
import { numberedRecords, offsetSource, tokenSource } from '../../kit/scripted-source';
import { storeWith } from '../../kit/store-with';
import { CACHE_BUCKET, DESTINATION_BUCKET, TestMachine } from '../../kit/test-machine';

const PARTS = ['part-00000000', 'part-00000001', 'part-00000002', 'part-00000003'];
const LINES = ['{"n":0}\n{"n":1}\n', '{"n":2}\n{"n":3}\n', '{"n":4}\n{"n":5}\n', '{"n":6}\n{"n":7}\n'];

/** The published keys, without their prefix. */
async function namesOf(bucket: ObjectStore, prefix: string): Promise<string[]> {
  return (await collect(bucket.list(''))).map((key) => key.replace(prefix, ''));
}

async function readAll(bucket: ObjectStore, prefix: string, names: readonly string[]): Promise<Buffer[]> {
  return Promise.all(names.map(async (name) => Buffer.from((await bucket.read(`${prefix}${name}`))!)));
}

/** Like stores that compute no checksums. */
function withoutChecksums(plain: ObjectStore, { copy = plain.copy.bind(plain) }: Partial<ObjectStore> = {}): Partial<ObjectStore> {
  return {
    copy: async (...args) => {
      const copied = await copy(...args);
      return copied === 'source-gone' ? copied : { etag: copied.etag };
    },
    inspect: async (key) => plain.inspect(key),
  };
}

/** Lets a test replace one of the copies. */
function copying(meddle: (number: number, copy: () => Promise<CopyOutcome>) => Promise<CopyOutcome>): Meddle {
  let copies = 0;
  return (plain) => ({ copy: async (...args) => meddle(copies++, () => plain.copy(...args)) });
}

function copiesOf(recorder: Recorder<ObjectStore>): string[] {
  return recorder.of('copy').map(([key]) => key);
}

describe('publishing parts', () => {
  test('makes one object per chunk, and a manifest next to them', async () => {
    const { machine, state, bucket, prefix } = await readyParts();

    await expect(machine.persist(state)).resolves.toEqual({ importId: state.importId, continue: false, parts: 4 });

    const names = PARTS.map((name) => `${name}.jsonl`);
    await expect(namesOf(bucket, prefix)).resolves.toEqual(['_manifest.json', ...names]);
    expect((await readAll(bucket, prefix, names)).map(String)).toEqual(LINES);
    await expect(machine.cleanUp(state)).resolves.toMatchObject({
      outcome: Outcome.PUBLISHED, key: prefix, manifestKey: `${prefix}_manifest.json`, records: 8, bytes: 64,
    });
  });

  test('marks each of them with its import', async () => {
    const { machine, state, bucket, prefix } = await readyParts();
    await machine.persist(state);

    const metadata = { [ObjectMetadata.IMPORT_ID]: state.importId, [ObjectMetadata.START_TIME]: '2026-01-02T03:04:05.000Z' };
    const names = await namesOf(bucket, prefix);
    expect(names).toHaveLength(5);
    for (const name of names) await expect(bucket.inspect(prefix + name)).resolves.toMatchObject({ metadata });
  });

  test('moves no data through the function', async () => {
    const { machine, state, s3, prefix } = await readyParts();
    const recorder = new Recorder<ObjectStore>();
    const watched = machine.redeployed({ openStore: (name) => recorder.record(s3.store(name)) });
    await watched.persist(state);

    const reads = [...recorder.of('read'), ...recorder.of('readRange')].map(([key]) => key);
    expect(reads).toContain(machine.keys(state.importId).import);
    expect(reads.filter((key) => key.includes('/data/'))).toEqual([]);
    expect(recorder.of('writeIf').map(([key]) => key)).toEqual([`${prefix}_manifest.json`, machine.keys(state.importId).published]);
  });

  test('the manifest names each part, in order', async () => {
    const { machine, state, prefix, manifest } = await readyParts();
    await machine.persist(state);

    const { layout, key, chunks } = JSON.parse((await machine.published(manifest))!) as Manifest;
    expect({ layout, key }).toEqual({ layout: Layout.PARTS, key: prefix });
    expect(chunks.map((chunk) => [chunk.key, chunk.offset, chunk.bytes])).toEqual(PARTS.map((name, index) => [`${prefix}${name}.jsonl`, index * 16, 16]));
  });

  test('an import without records is a manifest without parts', async () => {
    const { machine, state, bucket, prefix } = await readyParts({ source: tokenSource([[], []]) });

    await expect(machine.finish(state)).resolves.toMatchObject({ outcome: Outcome.PUBLISHED, records: 0, bytes: 0 });
    await expect(namesOf(bucket, prefix)).resolves.toEqual(['_manifest.json']);
  });

  test('the manifest comes last: until then, readers see nothing', async () => {
    const order: string[] = [];
    const { machine, state } = await readyParts({
      destination: (plain) => ({
        copy: async (...args) => {
          const copied = await plain.copy(...args);
          order.push('part');
          return copied;
        },
        writeIf: async (...args) => {
          order.push('manifest');
          return plain.writeIf(...args);
        },
      }),
    });
    await machine.persist(state);

    expect(order).toEqual(['part', 'part', 'part', 'part', 'manifest']);
  });
});

describe('each part is valid by itself', () => {
  const decoded = (bytes: Buffer, compression: Compression): string => String(compression === Compression.GZIP ? gunzipSync(bytes) : bytes);
  const csv: FormatSettings = { name: FormatName.CSV, unknownColumns: UnknownColumns.FAIL };
  const CONTENTS: readonly [FormatSettings, readonly string[]][] = [
    [{ name: FormatName.JSON_LINES }, LINES],
    [{ name: FormatName.JSON_ARRAY }, [0, 2, 4, 6].map((n) => `[\n{"n":${n}},\n{"n":${n + 1}}\n]\n`)],
    [csv, [0, 2, 4, 6].map((n) => `n\n${n}\n${n + 1}\n`)],
  ];

  const CASES = CONTENTS.flatMap(([format, texts]) => (
    Object.values(Compression).map((compression) => [format.name, compression, format, texts] as const)
  ));

  test.each(CASES)('%s, compression %s', async (_name, compression, format, texts) => {
    const { machine, state, bucket, prefix } = await readyParts({
      output: outputOf({ layout: Layout.PARTS, format, compression }),
      // Compressed data has no known size before its end: chunks are closed by time.
      settings: { chunkBytes: 1, checkpointMilliseconds: 0 },
    });
    await machine.persist(state);

    const extension = compression === Compression.GZIP ? `${format.name}.gz` : format.name;
    const names = PARTS.map((name) => `${name}.${extension}`);
    await expect(namesOf(bucket, prefix)).resolves.toEqual(['_manifest.json', ...names]);
    expect((await readAll(bucket, prefix, names)).map((bytes) => decoded(bytes, compression))).toEqual(texts);
  });
});

describe('an attempt after another', () => {
  /** Publishes until so many copies are made, and then fails. */
  async function interruptedAfter(copies: number, options: ReadyOptions = {}) {
    const ready = await readyParts({
      destination: copying(async (number, copy) => {
        if (number >= copies) throw new StoreUnavailableError('CopyObject', DESTINATION_BUCKET, 'part');
        return copy();
      }),
      ...options,
    });
    await expect(ready.machine.persist(ready.state)).rejects.toThrow(StoreUnavailableError);
    const further = new Recorder<ObjectStore>();
    const next = ready.machine.redeployed({ openStore: (name) => further.record(ready.s3.store(name)) });
    return { ...ready, next, further };
  }

  test('continues in the middle: parts in place stay', async () => {
    const { next, state, bucket, prefix, further } = await interruptedAfter(2);

    await expect(next.finish(state)).resolves.toMatchObject({ outcome: Outcome.PUBLISHED });

    expect(copiesOf(further)).toEqual([`${prefix}part-00000002.jsonl`, `${prefix}part-00000003.jsonl`]);
    await expect(namesOf(bucket, prefix)).resolves.toHaveLength(5);
  });

  test.each([
    ['size', 'short'],
    ['CRC32', '{"n":9}\n{"n":9}\n'],
  ])('replaces a part of another %s', async (_what, content) => {
    const { next, state, bucket, prefix, further } = await interruptedAfter(2);
    await bucket.delete([`${prefix}part-00000001.jsonl`]);
    await bucket.writeIf(`${prefix}part-00000001.jsonl`, Buffer.from(content), 'absent');

    await next.finish(state);

    expect(copiesOf(further).toSorted()).toEqual([1, 2, 3].map((number) => `${prefix}part-0000000${number}.jsonl`));
    await expect(next.published(`${prefix}part-00000001.jsonl`)).resolves.toBe(LINES[1]);
  });

  test('that failed before the manifest writes only the manifest', async () => {
    let broken = true;
    const recorder = new Recorder<ObjectStore>();
    const { machine, state, manifest } = await readyParts({
      destination: (plain) => recorder.record(storeWith(plain, {
        writeIf: async (key, ...rest) => {
          if (broken) throw new StoreUnavailableError('PutObject', DESTINATION_BUCKET, key);
          return plain.writeIf(key, ...rest);
        },
      })),
    });
    await expect(machine.persist(state)).rejects.toThrow(StoreUnavailableError);
    await expect(machine.published(manifest)).resolves.toBeUndefined();
    broken = false;

    await expect(machine.finish(state)).resolves.toMatchObject({ outcome: Outcome.PUBLISHED });
    expect(copiesOf(recorder)).toHaveLength(4);
  });

  test('that failed after the manifest copies nothing, and skips the gate', async () => {
    const { machine, state, s3, bucket, prefix } = await readyParts();
    await machine.persist(state);
    // As if the marker had not been written, and the limit had been raised since.
    await s3.store(CACHE_BUCKET).delete([machine.keys(state.importId).published]);
    await bucket.delete([`${prefix}part-00000000.jsonl`]);
    const next = machine.redeployed({ minRecords: 100 });

    await expect(next.finish(state)).resolves.toMatchObject({ outcome: Outcome.PUBLISHED });
    await expect(namesOf(bucket, prefix)).resolves.toHaveLength(4);
  });
});

describe('several attempts', () => {
  test('at the same time make the same parts, and all succeed', async () => {
    const { machine, state, bucket, prefix } = await readyParts();

    const ends = await Promise.all([machine.persist(state), machine.persist(state), machine.persist(state)]);

    expect(ends.map((end) => end.continue)).toEqual([false, false, false]);
    await expect(namesOf(bucket, prefix)).resolves.toHaveLength(5);
  });

  test('after the end, one does nothing', async () => {
    const { machine, state, bucket } = await readyParts();
    await machine.finish(state);
    await bucket.delete(await collect(bucket.list('')));

    await expect(machine.persist(state)).resolves.toMatchObject({ continue: false });
    await expect(collect(bucket.list(''))).resolves.toEqual([]);
  });

  test('succeed even if CleanUp has deleted the chunks meanwhile', async () => {
    let rival: Promise<unknown> | undefined;
    const { machine, state, bucket, prefix } = await readyParts({
      destination: copying(async (_number, copy) => {
        rival ??= machine.redeployed({}).finish(state);
        await rival;
        return copy();
      }),
    });

    await expect(machine.persist(state)).resolves.toMatchObject({ continue: false });
    await expect(namesOf(bucket, prefix)).resolves.toHaveLength(5);
  });
});

describe('a chunk', () => {
  test('that is gone before the import has ended is an error: it may not have been published', async () => {
    const { machine, state, s3, manifest } = await readyParts();
    const [, second] = await machine.cacheKeys(machine.keys(state.importId).data);
    await s3.store(CACHE_BUCKET).delete([second!]);

    await expect(machine.persist(state)).rejects.toThrow(CommitLogError);
    await expect(machine.persist(state)).rejects.toThrow('a committed chunk is missing or was replaced');
    await expect(machine.published(manifest)).resolves.toBeUndefined();
  });

  /** A chunk that was uploaded again, with KMS: its ETag differs from the record's. */
  const uploadedAgain = (plain: ObjectStore): Partial<ObjectStore> => {
    const asked = new Set<string>();
    return {
      copy: async (key, ...rest) => {
        if (asked.has(key)) return plain.copy(key, ...rest);
        asked.add(key);
        return 'source-gone';
      },
    };
  };

  test('with the same bytes but another ETag, after a late repetition of its upload, is published', async () => {
    const { machine, state, prefix } = await readyParts({ destination: uploadedAgain });

    await expect(machine.persist(state)).resolves.toMatchObject({ continue: false, parts: 4 });
    await expect(machine.published(`${prefix}part-00000003.jsonl`)).resolves.toBe(LINES[3]);
  });

  test.each([
    ['the same bytes is published', LINES[0], undefined],
    ['other bytes is not', '{"n":9}\n{"n":9}\n', IntegrityError],
  ])('with another ETag and %s, where the store tells no CRC32', async (_what, content, error) => {
    const { machine, state, s3 } = await readyParts({ destination: (plain) => withoutChecksums(plain, uploadedAgain(plain)) });
    const [key] = await machine.cacheKeys(machine.keys(state.importId).data);
    await s3.store(CACHE_BUCKET).delete([key!]);
    await s3.store(CACHE_BUCKET).writeIf(key!, Buffer.from(content!), 'absent');
    const end = machine.persist(state);

    await (error === undefined ? expect(end).resolves.toMatchObject({ continue: false }) : expect(end).rejects.toThrow(error));
  });

  test('with other bytes and another ETag is not', async () => {
    const { machine, state, s3, manifest } = await readyParts();
    const [key] = await machine.cacheKeys(machine.keys(state.importId).data);
    await s3.store(CACHE_BUCKET).delete([key!]);
    await s3.store(CACHE_BUCKET).writeIf(key!, Buffer.from('{"n":9}\n{"n":9}\n'), 'absent');

    await expect(machine.persist(state)).rejects.toThrow(IntegrityError);
    await expect(machine.published(manifest)).resolves.toBeUndefined();
  });
});

describe('a copy', () => {
  test('with another CRC32 than its chunk is an error, and is replaced by the next attempt', async () => {
    const { machine, state, prefix, manifest } = await readyParts({
      destination: (plain) => ({
        copy: async (key, ...rest) => {
          await plain.copy(key, ...rest);
          if (!key.includes('part-00000002')) return plain.copy(key, ...rest);
          await plain.writeIf(key, Buffer.from('{"n":4}\n{"n":6}\n'), { etag: (await plain.inspect(key))!.etag });
          return { etag: '"other"', crc32: (await plain.inspect(key, { checksum: true }))!.crc32 };
        },
      }),
    });

    await expect(machine.persist(state)).rejects.toThrow(IntegrityError);
    await expect(machine.persist(state)).rejects.toThrow(`the part ${prefix}part-00000002.jsonl has another CRC32 than the chunk`);
    await expect(machine.published(manifest)).resolves.toBeUndefined();
    await machine.redeployed({}).persist(state);
    await expect(machine.published(`${prefix}part-00000002.jsonl`)).resolves.toBe(LINES[2]);
  });

  test('in a store without checksums is checked by the ETag of its source, and later by its size', async () => {
    const { machine, state, bucket, prefix, s3 } = await readyParts({ destination: (plain) => withoutChecksums(plain) });
    await machine.persist(state);
    await s3.store(CACHE_BUCKET).delete([machine.keys(state.importId).published]);
    await bucket.delete([`${prefix}_manifest.json`]);

    await expect(machine.finish(state)).resolves.toMatchObject({ outcome: Outcome.PUBLISHED });
    await expect(namesOf(bucket, prefix)).resolves.toHaveLength(5);
  });

  test('that S3 refuses fails the attempt, which can be tried again', async () => {
    const { machine, state, manifest } = await readyParts({
      destination: copying(async (number, copy) => {
        if (number === 1) throw new StoreUnavailableError('CopyObject', DESTINATION_BUCKET, 'part');
        return copy();
      }),
    });

    await expect(machine.persist(state)).rejects.toThrow(StoreUnavailableError);
    await expect(machine.published(manifest)).resolves.toBeUndefined();
    await expect(machine.finish(state)).resolves.toMatchObject({ outcome: Outcome.PUBLISHED });
  });
});

describe('when time runs short', () => {
  async function rounds(machine: TestMachine, importId: string): Promise<PersistState[]> {
    const states: PersistState[] = [];
    let state: PersistState = { importId, continue: true, parts: 0 };
    while (state.continue && states.length < 40) states.push(state = await machine.persist(state));
    return states;
  }

  test('parts in place are kept, and the next invocation continues', async () => {
    const recorder = new Recorder<ObjectStore>();
    const slow = copying(async (number, copy) => {
      if (number > 0) await machine.clock.sleep(58_000);
      return copy();
    });
    const { machine, state, bucket, prefix } = await readyParts({
      remaining: 60_000, source: offsetSource(numberedRecords(60)), destination: (plain) => recorder.record(storeWith(plain, slow(plain))),
    });
    const all = await rounds(machine, state.importId);

    expect(all.length).toBeGreaterThan(1);
    expect(all[0]).toMatchObject({ continue: true, parts: 1 + PARTS_IN_FLIGHT });
    expect(copiesOf(recorder)).toHaveLength(30);
    await expect(namesOf(bucket, prefix)).resolves.toHaveLength(31);
  });

  test('each invocation still puts one part in place, so that publishing ends', async () => {
    const { machine, state } = await readyParts({ remaining: 1, source: offsetSource(numberedRecords(20)) });
    const all = await rounds(machine, state.importId);

    expect(all.map(({ parts }) => parts)).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10]);
  });
});

test('a prefix that a newer import has published to (which no construct allows) is left alone', async () => {
  const { machine, state, s3, bucket } = await readyParts({ destinationKey: 'orders/' });
  await machine.clock.sleep(1000);
  const newer = new TestMachine({
    source: offsetSource([['newer']]), s3, clock: machine.clock, chance: { uuid: () => 'newer', fraction: () => 0 },
    destinationKey: 'orders/', output: PARTS_OUTPUT,
  });
  await newer.run();

  await expect(machine.finish(state)).resolves.toMatchObject({ outcome: Outcome.SUPERSEDED });
  await expect(collect(bucket.list(''))).resolves.toEqual(['orders/_manifest.json', 'orders/part-00000000.jsonl']);
});
