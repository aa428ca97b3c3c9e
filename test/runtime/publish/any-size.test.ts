import { ObjectTooLargeError } from '../../../src/protocol/errors';
import { encodeFile } from '../../../src/protocol/file-format';
import { ImportKeys } from '../../../src/protocol/keys';
import { OBJECT_MAX_BYTES, PART_MIN_BYTES, UPLOAD_PARTS } from '../../../src/protocol/limits';
import { Outcome, PersistState } from '../../../src/protocol/machine-state';
import { manifestKey } from '../../../src/protocol/manifest';
import { crc32Of, decodeCrc32, joinedCrc32 } from '../../../src/runtime/bytes/crc32';
import { readWholeLog } from '../../../src/runtime/log/whole-log';
import { CopySource, UploadPart, WholeObject } from '../../../src/runtime/ports/object-store';
import { assemble, Assembled } from '../../../src/runtime/publish/assemble';
import { planParts } from '../../../src/runtime/publish/publish-plan';
import { IMPORT_FILE } from '../../kit/import-file';
import { PretendLog } from '../../kit/pretend-log';
import { Operation, PretendObject, PretendPart, PretendS3, RefusedByLimit } from '../../kit/pretend-s3';
import { offsetSource } from '../../kit/scripted-source';
import { SERIES } from '../../kit/series';
import { CACHE_BUCKET, DESTINATION_BUCKET, DESTINATION_KEY, TestMachine } from '../../kit/test-machine';
import { testWorld } from '../../kit/test-world';
import { VIRTUAL_START, VirtualClock } from '../../kit/virtual-clock';

/** Imports of terabytes over a pretending store: with the shipped code, S3's limits, and a clock that each request advances. */

const KIB = 1024;
const MIB = 1024 * KIB;
const GIB = 1024 * MIB;
const TERABYTE = 1e12;

// Hundreds of thousands of requests, on machines under other load.
jest.setTimeout(300_000);

/** Milliseconds before an operation begins to move bytes. */
const LATENCY: Partial<Record<Operation, number>> = { list: 100, completeUpload: 500, copyPart: 60, writePart: 50 };
const LEAST_LATENCY = 20;

/** Bytes that S3 copies, or the caller moves, in a millisecond. */
const COPIED_PER_MILLISECOND = 300_000;
const MOVED_PER_MILLISECOND = 80_000;

function duration(operation: Operation, bytes: number): number {
  return (LATENCY[operation] ?? LEAST_LATENCY) + bytes / (operation === 'copyPart' ? COPIED_PER_MILLISECOND : MOVED_PER_MILLISECOND);
}

/** A finished import with chunks of these sizes. */
function pretendImport(count: number, sizeOf: (index: number) => number) {
  const clock = new VirtualClock();
  const s3 = new PretendS3(clock, duration);
  const { importId } = IMPORT_FILE;
  const keys = new ImportKeys(SERIES, importId);
  const log = new PretendLog(importId, keys, count, sizeOf);
  for (const shelf of log.shelves) s3.addShelf(CACHE_BUCKET, shelf);
  const machine = new TestMachine({ source: offsetSource([]), clock, openStore: (bucket) => s3.store(bucket) });
  return { clock, s3, importId, keys, log, machine };
}

type PretendImport = ReturnType<typeof pretendImport>;

/** Publishes it like the state machine. Resolves with the result of each invocation of Persist. */
async function publish({ s3, importId, keys, machine }: PretendImport): Promise<PersistState[]> {
  const file = {
    ...IMPORT_FILE,
    startTime: new Date(VIRTUAL_START).toISOString(),
    destination: { bucket: DESTINATION_BUCKET, key: DESTINATION_KEY, manifestKey: manifestKey(DESTINATION_KEY) },
  };
  await s3.store(CACHE_BUCKET).writeIf(keys.import, encodeFile(file), 'absent');
  const rounds: PersistState[] = [];
  do rounds.push(await machine.persist({ importId })); while (rounds.at(-1)!.continue && rounds.length < 20);
  return rounds;
}

/** The origins of an object's bytes, part by part, with folds expanded. Uploaded parts have no origin. */
function originsOf(s3: PretendS3, { parts }: PretendObject): PretendPart[] {
  return parts.flatMap((part) => {
    const fold = part.origin?.key.includes('/folds/') ? s3.find(CACHE_BUCKET, part.origin.key) : undefined;
    return fold === undefined ? [part] : originsOf(s3, fold);
  });
}

/** Every chunk in order, byte by byte: copied bytes are known by their origin, uploaded ones by their content. */
function expectEveryByte({ s3, log }: PretendImport, object: PretendObject): void {
  let index = 0;
  let offset = 0;
  const wrong: unknown[] = [];
  for (const { body, origin } of originsOf(s3, object)) {
    if (origin !== undefined && (log.indexOf(origin.key) !== index || origin.offset !== offset)) wrong.push({ index, offset, origin });
    for (let rest = body.bytes; rest > 0;) {
      const step = Math.min(rest, log.chunkBytes(index) - offset);
      [rest, offset] = [rest - step, offset + step];
      if (offset === log.chunkBytes(index)) [index, offset] = [index + 1, 0];
    }
  }
  expect(wrong.slice(0, 3)).toEqual([]);
  expect([index, offset]).toEqual([log.count, 0]);
  expect(object.body.bytes).toBe(log.bytes);
}

/** Chunks that S3 can copy must not have passed through the process. */
function expectNothingMovedOf({ s3, log }: PretendImport, firstLarge: number): void {
  const { bytesThrough } = s3.traffic;
  const read = bytesThrough.filter(({ key }) => key.includes('/data/'));
  expect(read.filter(({ key, operation }) => operation !== 'readRange' && log.chunkBytes(log.indexOf(key)) >= PART_MIN_BYTES)).toEqual([]);
  expect(read.filter(({ key, operation }) => operation === 'readRange' && log.indexOf(key) !== firstLarge)).toEqual([]);
}

/** Chunks as Fetch makes them: a little more than the minimum size, and sometimes a small one after a checkpoint. */
function usualSize(least: number): (index: number) => number {
  return (index) => index % 100 === 57 ? (1 + index % 3) * 500 * KIB : least + index % 16 * KIB;
}

describe('the pretending store', () => {
  async function uploadTo(s3: PretendS3) {
    const store = s3.store(DESTINATION_BUCKET);
    return { store, upload: { key: 'out', uploadId: await store.createUpload('out', {}) } };
  }

  async function sourceOf({ s3, log }: PretendImport, index: number): Promise<CopySource> {
    const key = log.chunkKey(index);
    const { etag, bytes } = (await s3.store(CACHE_BUCKET).inspect(key))!;
    return { bucket: CACHE_BUCKET, key, etag, bytes };
  }

  const SIZES = [4 * MIB, 5 * MIB, 6 * MIB, 6 * GIB];
  const openImport = () => pretendImport(SIZES.length, (index) => SIZES[index]!);

  test.each<[string, number, number, Partial<CopySource>]>([
    ['more than 5 GiB', 3, 1, {}],
    ['to a part number beyond the last', 2, 10_001, {}],
    ['a range of no more than 5 MiB', 1, 1, { offset: 0, bytes: MIB }],
    ['a range beyond the end', 2, 1, { offset: 1, bytes: 6 * MIB }],
  ])('refuses to copy %s', async (_what, index, partNumber, range) => {
    const pretend = openImport();
    const { store, upload } = await uploadTo(pretend.s3);

    await expect(store.copyPart(upload, partNumber, { ...await sourceOf(pretend, index), ...range })).rejects.toThrow(RefusedByLimit);
  });

  test('refuses a small part before the last one, and detects a wrong size or checksum', async () => {
    const pretend = openImport();
    const { store, upload } = await uploadTo(pretend.s3);
    const parts = [
      await store.copyPart(upload, 1, await sourceOf(pretend, 1)) as UploadPart,
      await store.copyPart(upload, 2, await sourceOf(pretend, 0)) as UploadPart,
      await store.copyPart(upload, 3, await sourceOf(pretend, 2)) as UploadPart,
    ];

    const [first, small] = parts as [UploadPart, UploadPart];
    const complete = (named: readonly UploadPart[], whole: WholeObject) => store.completeUpload(upload, named, whole, 'absent');
    await expect(complete(parts, { bytes: 15 * MIB })).rejects.toThrow(RefusedByLimit);
    await expect(complete([first, small], { bytes: 9 * MIB + 1 })).resolves.toBe('corrupt');
    await expect(complete([first, small], { bytes: 9 * MIB, crc32: first.crc32 })).resolves.toBe('corrupt');
    await expect(complete([first, small], { bytes: 9 * MIB })).resolves.toBe('done');
  });

  test('has the checksums of its pretended bytes', async () => {
    const pretend = openImport();
    const store = pretend.s3.store(CACHE_BUCKET);
    const content = (await store.read(pretend.log.chunkKey(1)))!;
    const head = (await store.readRange(pretend.log.chunkKey(1), { offset: 3, bytes: MIB }))!;
    const { upload } = await uploadTo(pretend.s3);

    await expect(pretend.s3.store(DESTINATION_BUCKET).copyPart(upload, 1, await sourceOf(pretend, 1)))
      .resolves.toMatchObject({ bytes: content.byteLength, crc32: crc32Of(content) });
    expect([...new Set(head)]).toEqual([content[0]]);
    expect(head.byteLength).toBe(MIB);
  });
});

describe('5 TB in chunks of 128 MiB', () => {
  const COUNT = 40_000;

  test('are published in several invocations: every byte is in its place, and only small chunks pass through the process', async () => {
    const pretend = pretendImport(COUNT, usualSize(128 * MIB));
    const { s3, log, importId, keys, machine } = pretend;
    expect(log.bytes).toBeGreaterThan(5 * TERABYTE);

    const rounds = await publish(pretend);

    expect(rounds.length).toBeGreaterThan(2);
    expect(rounds.at(-1)).toMatchObject({ importId, continue: false, parts: expect.any(Number) as number });
    const object = s3.find(DESTINATION_BUCKET, DESTINATION_KEY)!;
    expect(object.parts.length).toBeLessThanOrEqual(UPLOAD_PARTS);
    expectEveryByte(pretend, object);
    expectNothingMovedOf(pretend, -1);
    // Each small chunk ends a fold by itself: S3 copies it too.
    expect(s3.traffic.bytesThrough).toEqual([]);
    expect([...s3.openUploads(CACHE_BUCKET), ...s3.openUploads(DESTINATION_BUCKET)]).toEqual([]);
    const written = s3.find(DESTINATION_BUCKET, manifestKey(DESTINATION_KEY))!.body.read();
    const manifest = JSON.parse(Buffer.from(written).toString()) as Record<string, unknown>;
    expect(manifest).toMatchObject({ bytes: log.bytes, records: COUNT });
    expect(decodeCrc32(manifest.crc32 as string)).toBe(object.body.crc);

    await expect(machine.cleanUp({ importId })).resolves.toMatchObject({ outcome: Outcome.PUBLISHED, bytes: log.bytes });
    expect(s3.keysOf(CACHE_BUCKET).filter((key) => key.startsWith(keys.folds))).toEqual([]);
  });
});

describe('5 TB in chunks of 16 MiB', () => {
  const COUNT = 320_000;

  test('are read, planned and assembled, with folds of folds around small chunks', async () => {
    const pretend = pretendImport(COUNT, usualSize(16 * MIB));
    const { s3, log, clock, keys } = pretend;
    expect(log.bytes).toBeGreaterThan(5 * TERABYTE);
    const whole = await readWholeLog(s3.store(CACHE_BUCKET), keys);

    const plan = planParts(whole);
    const { assembled, invocations, upload } = await assembleAll(pretend, plan);

    expect(plan.parts.length).toBeLessThanOrEqual(UPLOAD_PARTS);
    const folds = plan.parts.filter((part) => part.kind === 'folded');
    expect(folds.filter(({ parts }) => parts.some(({ kind }) => kind === 'folded')).length).toBeGreaterThan(1000);
    expect(invocations).toBeGreaterThan(2);
    expect(clock.elapsed).toBeGreaterThan(900_000);
    const destination = s3.store(DESTINATION_BUCKET);
    await expect(destination.completeUpload(upload, assembled, plan, 'absent')).resolves.toBe('done');
    const object = s3.find(DESTINATION_BUCKET, DESTINATION_KEY)!;
    expectEveryByte(pretend, object);
    expect(decodeCrc32(joinedCrc32(whole.chunks))).toBe(object.body.crc);
    expect(s3.traffic.bytesThrough).toEqual([]);
    expect(s3.traffic.mostInFlight).toBeLessThanOrEqual(32);
  });
});

async function assembleAll({ s3, importId, keys, clock }: PretendImport, plan: ReturnType<typeof planParts>) {
  const [cache, destination] = [s3.store(CACHE_BUCKET), s3.store(DESTINATION_BUCKET)];
  const uploadId = await destination.createUpload(DESTINATION_KEY, {});
  const upload = { key: DESTINATION_KEY, uploadId, number: 1, isNew: false };
  const inPlace: number[] = [];
  let assembled: Assembled;
  do {
    const world = testWorld({ clock });
    assembled = await assemble(plan, upload, { file: { ...IMPORT_FILE, importId }, cache, destination, keys, world });
    if (assembled.kind === 'out-of-time') inPlace.push(assembled.parts);
  } while (assembled.kind === 'out-of-time' && inPlace.length < 50);
  // Each invocation has continued where the previous one ended.
  expect(inPlace).toEqual([...new Set(inPlace)].sort((a, b) => a - b));
  if (assembled.kind !== 'complete') throw new Error(`it is not complete: ${assembled.kind}`);
  return { assembled: assembled.parts, invocations: inPlace.length + 1, upload };
}

describe('chunks of all sizes', () => {
  /** The first one is small, so that the second is divided. Runs of small ones of every length are between the others. */
  const mixed = (index: number): number => (
    index === 0 || index % 5 === 1 + index % 3 ? 700 * KIB + index % 16 : 12 * MIB + index % 16 * KIB);

  test('are published by reading only small ones, and the head of one large one', async () => {
    const pretend = pretendImport(12_000, mixed);
    const { s3 } = pretend;

    await publish(pretend);

    const object = s3.find(DESTINATION_BUCKET, DESTINATION_KEY)!;
    expectEveryByte(pretend, object);
    expect(originsOf(s3, object).filter(({ origin }) => origin !== undefined && origin.offset > 0)).toHaveLength(1);
    expect(s3.traffic.bytesThrough.length).toBeGreaterThan(1000);
    expectNothingMovedOf(pretend, 1);
    const sent = s3.traffic.bytesThrough.filter(({ operation }) => operation === 'writePart');
    expect(Math.max(...sent.map(({ bytes }) => bytes))).toBeLessThan(4 * PART_MIN_BYTES);
    expect(s3.traffic.mostInFlight).toBeLessThanOrEqual(64);
  });
});

describe('more than an object can hold', () => {
  test('is refused before anything is uploaded, and nothing is lost', async () => {
    const pretend = pretendImport(45_000, () => 1.25 * GIB);
    const { s3, log } = pretend;
    expect(log.bytes).toBeGreaterThan(OBJECT_MAX_BYTES);

    await expect(publish(pretend)).rejects.toThrow(ObjectTooLargeError);

    expect(s3.keysOf(DESTINATION_BUCKET)).toEqual([]);
    expect(s3.traffic.requests.createUpload).toBeUndefined();
    expect(s3.traffic.requests.delete).toBeUndefined();
  });
});
