import * as fc from 'fast-check';
import { ObjectTooLargeError } from '../../../src/protocol/errors';
import { OBJECT_MAX_BYTES, PART_MAX_BYTES, PART_MIN_BYTES, UPLOAD_PARTS } from '../../../src/protocol/limits';
import { crcOf, encodeCrc32, joinedCrc32 } from '../../../src/runtime/bytes/crc32';
import { LoggedChunk } from '../../../src/runtime/log/whole-log';
import { GatheredPart, PartLimits, PlannedPart, planParts, S3_PART_LIMITS, Stretch } from '../../../src/runtime/publish/publish-plan';
import { logOfSizes, PlannedLog } from '../../kit/sized-log';

const MIB = 1024 * 1024;
const GIB = 1024 * MIB;
const TIB = 1024 * GIB;

/** Bytes of a chunk in a part. */
type Bytes = readonly [key: string, from: number, to: number];

function bytesOfPart(part: PlannedPart): Bytes[] {
  const whole = ({ key, bytes }: LoggedChunk): Bytes => [key, 0, bytes];
  switch (part.kind) {
    case 'copied': return [[part.chunk.key, part.offset ?? 0, part.chunk.bytes]];
    case 'gathered': return [...part.chunks.map(whole), ...part.head === undefined ? [] : [[part.head.chunk.key, 0, part.head.bytes] as const]];
    case 'folded': return part.parts.flatMap(bytesOfPart);
  }
}

/** In order, with adjacent ranges merged. */
function joined(ranges: readonly Bytes[]): Bytes[] {
  const all: Bytes[] = [];
  for (const [key, from, to] of ranges) {
    const last = all.at(-1);
    if (last?.[0] === key && last[2] === from) all[all.length - 1] = [key, last[1], to];
    else all.push([key, from, to]);
  }
  return all;
}

/** The parts of each upload: the object's, and those of all folds. */
function uploadsOf(parts: readonly PlannedPart[]): (readonly PlannedPart[])[] {
  return [parts, ...parts.flatMap((part) => part.kind === 'folded' ? uploadsOf(part.parts) : [])];
}

function foldsOf(parts: readonly PlannedPart[]): Stretch[] {
  return parts.flatMap((part) => part.kind === 'folded' ? [part, ...foldsOf(part.parts)] : []);
}

function gatheredOf(parts: readonly PlannedPart[]): GatheredPart[] {
  return uploadsOf(parts).flat().filter((part) => part.kind === 'gathered');
}

const MIN = fc.integer({ min: 1, max: 30 });
const MAX_BYTES = 400;
/** Limits that the log fits: planning must not fail. */
const LIMITS = fc.record({ minBytes: MIN, maxParts: fc.integer({ min: 4, max: 20 }) })
  .map((limits): Required<PartLimits> => ({ ...limits, maxBytes: MAX_BYTES }));

/** Runs of small and large chunks. */
const SIZES = fc.oneof(
  fc.array(fc.oneof(fc.integer({ min: 1, max: 8 }), fc.integer({ min: 1, max: 60 })), { maxLength: 60 }),
  fc.array(fc.integer({ min: 1, max: 3 }), { minLength: 60, maxLength: 120 }),
);

/** A log, and limits within which it can be published. */
const CASES = fc.tuple(SIZES, LIMITS)
  .map(([sizes, limits]): [PlannedLog, Required<PartLimits>] => [logOfSizes(sizes), limits])
  .filter(([{ bytes }, { maxParts, maxBytes }]) => bytes <= maxParts * maxBytes / 4);

function everyPlan(check: (parts: readonly PlannedPart[], log: PlannedLog, limits: Required<PartLimits>) => void): void {
  fc.assert(fc.property(CASES, ([log, limits]) => check(planParts(log, limits).parts, log, limits)), { numRuns: 1000 });
}

describe('any log within any limits', () => {
  test('its parts contain all bytes of all chunks in order, exactly once', () => {
    everyPlan((parts, log) => {
      expect(joined(parts.flatMap(bytesOfPart))).toEqual(log.chunks.map(({ key, bytes }) => [key, 0, bytes]));
      for (const part of uploadsOf(parts).flat()) {
        expect(bytesOfPart(part).reduce((sum, [, from, to]) => sum + to - from, 0)).toBe(part.bytes);
      }
    });
  });

  test('an upload has not too many parts, none too large, and only its last part is small', () => {
    everyPlan((parts, _log, { minBytes, maxParts, maxBytes }) => {
      for (const upload of uploadsOf(parts)) {
        expect(upload.length).toBeLessThanOrEqual(maxParts);
        expect(upload.slice(0, -1).filter(({ bytes }) => bytes < minBytes)).toEqual([]);
        expect(upload.filter(({ bytes }) => bytes > maxBytes)).toEqual([]);
      }
    });
  });

  test('no chunk of the minimum size is gathered, except one at the beginning of less than twice that size', () => {
    let seen = 0;
    everyPlan((parts, log, { minBytes }) => {
      const large = gatheredOf(parts).flatMap(({ chunks }) => chunks).filter(({ bytes }) => bytes >= minBytes);
      seen += large.length;

      expect(large.length).toBeLessThanOrEqual(1);
      for (const chunk of large) {
        expect(chunk.bytes).toBeLessThan(2 * minBytes);
        expect(log.chunks.findIndex(({ bytes }) => bytes >= minBytes)).toBe(log.chunks.indexOf(chunk));
      }
    });
    expect(seen).toBeGreaterThan(0);
  });

  test('less than four times the minimum size is in memory at once', () => {
    everyPlan((parts, _log, { minBytes }) => {
      expect(gatheredOf(parts).filter(({ bytes }) => bytes >= 4 * minBytes)).toEqual([]);
    });
  });

  test('ranges are copied only of chunks larger than the minimum size, and the rest of such a chunk is a part of its own', () => {
    let ranges = 0;
    everyPlan((parts, _log, { minBytes }) => {
      for (const part of uploadsOf(parts).flat()) {
        if (part.kind !== 'copied' || part.offset === undefined) continue;
        ranges += 1;
        expect(part.chunk.bytes).toBeGreaterThan(minBytes);
        expect(part.bytes).toBeGreaterThanOrEqual(minBytes);
      }
    });
    expect(ranges).toBeGreaterThan(0);
  });

  test('a fold has several parts, and is named by its first and last chunk', () => {
    let seen = 0;
    everyPlan((parts, log) => {
      const folds = foldsOf(parts);
      seen += folds.length;
      for (const { first, last, parts: inside, bytes, crc32: checksum } of folds) {
        const chunks = log.chunks.slice(first, last + 1);
        expect(inside.length).toBeGreaterThan(1);
        expect(joined(inside.flatMap(bytesOfPart))).toEqual(chunks.map((chunk) => [chunk.key, 0, chunk.bytes]));
        expect([bytes, checksum]).toEqual([chunks.reduce((sum, chunk) => sum + chunk.bytes, 0), joinedCrc32(chunks)]);
      }
      expect(new Set(folds.map(({ first, last }) => `${first}-${last}`)).size).toBe(folds.length);
    });
    expect(seen).toBeGreaterThan(0);
  });

  test('it has the same plan again', () => {
    everyPlan((parts, log, limits) => {
      expect(planParts(structuredClone(log), limits).parts).toEqual(parts);
    });
  });

  test('within tight limits, it is refused or has a valid plan', () => {
    const tight = fc.record({ minBytes: MIN, maxParts: fc.integer({ min: 4, max: 8 }), maxBytes: fc.integer({ min: 4 * 30, max: 140 }) });
    fc.assert(fc.property(SIZES, tight, (sizes, limits) => {
      const log = logOfSizes(sizes);
      let parts: readonly PlannedPart[];
      try {
        ({ parts } = planParts(log, limits));
      } catch (error) {
        expect(error).toBeInstanceOf(ObjectTooLargeError);
        return;
      }
      expect(log.bytes).toBeLessThanOrEqual(limits.maxParts * limits.maxBytes);
      for (const upload of uploadsOf(parts)) {
        expect(upload.length).toBeLessThanOrEqual(limits.maxParts);
        expect(upload.filter(({ bytes }) => bytes > limits.maxBytes)).toEqual([]);
      }
    }), { numRuns: 1000 });
  });
});

test('checksums of the parts, of the folds and of the whole are those of the joined bytes', () => {
  const contents = fc.array(fc.uint8Array({ minLength: 1, maxLength: 60 }), { maxLength: 30 });
  fc.assert(fc.property(contents, fc.integer({ min: 1, max: 40 }), (chunks, minBytes) => {
    const log = logOfSizes(chunks.map(({ byteLength }) => byteLength), (index) => chunks[index]!);
    const contentOf = new Map(log.chunks.map(({ key }, index) => [key, Buffer.from(chunks[index]!)]));
    const checksumOf = (ranges: readonly Bytes[]): string => (
      encodeCrc32(crcOf(Buffer.concat(ranges.map(([key, from, to]) => contentOf.get(key)!.subarray(from, to))))));

    const plan = planParts(log, { minBytes, maxParts: 5 });

    expect(plan.crc32).toBe(checksumOf(log.chunks.map(({ key, bytes }) => [key, 0, bytes])));
    for (const part of uploadsOf(plan.parts).flat()) {
      if (part.crc32 !== undefined) expect(part.crc32).toBe(checksumOf(bytesOfPart(part)));
    }
    // Only the checksum of a chunk without its first bytes does not follow from the log.
    expect(uploadsOf(plan.parts).flat().filter((part) => part.crc32 === undefined).length).toBeLessThanOrEqual(2);
  }));
});

describe('within the limits of Amazon S3', () => {
  const inWords = (part: PlannedPart): string => {
    const mebibytes = (bytes: number): string => String(bytes / MIB);
    switch (part.kind) {
      case 'copied': return `copied ${mebibytes(part.bytes)}${part.offset === undefined ? '' : ` from ${mebibytes(part.offset)}`}`;
      case 'gathered': {
        const head = part.head === undefined ? [] : [`the first ${mebibytes(part.head.bytes)}`];
        return `gathered ${[...part.chunks.map(({ bytes }) => mebibytes(bytes)), ...head].join('+')}`;
      }
      case 'folded': return `folded (${part.parts.map(inWords).join(', ')})`;
    }
  };
  const planOf = (...mebibytes: number[]): string[] => planParts(logOfSizes(mebibytes.map((size) => size * MIB))).parts.map(inWords);

  test('are 5 MiB, 5 GiB and 10,000 parts', () => {
    expect(S3_PART_LIMITS).toEqual({ minBytes: PART_MIN_BYTES, maxParts: UPLOAD_PARTS, maxBytes: PART_MAX_BYTES });
    expect([PART_MIN_BYTES, UPLOAD_PARTS, PART_MAX_BYTES]).toEqual([5 * MIB, 10_000, 5 * GIB]);
  });

  test('chunks of 5 MiB and more are copied one by one, a small last one too', () => {
    expect(planOf(8, 5, 100, 0.5)).toEqual(['copied 8', 'copied 5', 'copied 100', 'copied 0.5']);
  });

  test('a run of small ones is gathered', () => {
    expect(planOf(2, 2, 2, 8)).toEqual(['gathered 2+2+2', 'copied 8']);
    expect(planOf(8, 4, 4, 3, 3, 8)).toEqual(['copied 8', 'gathered 4+4', 'gathered 3+3', 'copied 8']);
    expect(planOf(8, 4, 4, 3, 1, 8)).toEqual(['copied 8', 'gathered 4+4+3+1', 'copied 8']);
    expect(planOf(8, 4, 4, 3, 1)).toEqual(['copied 8', 'gathered 4+4', 'gathered 3+1']);
  });

  test('a run that stays too small is folded with the chunk before it', () => {
    expect(planOf(8, 1, 8, 8)).toEqual(['folded (copied 8, copied 1)', 'copied 8', 'copied 8']);
    expect(planOf(8, 1, 2, 8)).toEqual(['folded (copied 8, gathered 1+2)', 'copied 8']);
  });

  test('if nothing is before it, it is filled up with the first bytes of the next chunk', () => {
    expect(planOf(1, 2, 8, 8)).toEqual(['gathered 1+2+the first 2', 'copied 6 from 2', 'copied 8']);
    expect(planOf(1, 2, 8)).toEqual(['gathered 1+2+the first 2', 'copied 6 from 2']);
    expect(planOf(1, 12, 1, 8)).toEqual(['folded (gathered 1+the first 4, copied 8 from 4, copied 1)', 'copied 8']);
  });

  test('if the rest of that chunk would be too small, it is gathered, and a small run after it too', () => {
    expect(planOf(1, 8, 8)).toEqual(['gathered 1+8', 'copied 8']);
    expect(planOf(1, 8, 1, 8)).toEqual(['gathered 1+8+1', 'copied 8']);
  });

  test('an empty log has no part', () => {
    expect(planParts(logOfSizes([]))).toEqual({ parts: [], bytes: 0, crc32: 'AAAAAA==' });
  });

  test('with a few chunks too many for an upload, only as many as needed are folded', () => {
    const { parts } = planParts(logOfSizes(Array<number>(10_010).fill(8 * MIB)));

    expect(parts).toHaveLength(UPLOAD_PARTS);
    expect(parts.filter(({ kind }) => kind === 'folded')).toHaveLength(10);
  });

  test('with more than the square of the part limit, folds are folded again', () => {
    const { parts } = planParts(logOfSizes(Array<number>(60).fill(10)), { minBytes: 10, maxParts: 4 });

    expect(parts).toHaveLength(4);
    expect(foldsOf(parts).some((fold) => fold.parts.some(({ kind }) => kind === 'folded'))).toBe(true);
  });

  test('chunks of 1.25 GiB up to the largest object need only simple folds', () => {
    const chunk = 1.25 * GIB;
    const { parts } = planParts(logOfSizes(Array<number>(OBJECT_MAX_BYTES / chunk).fill(chunk)));

    expect(parts).toHaveLength(UPLOAD_PARTS);
    expect(new Set(parts.map(({ bytes }) => bytes))).toEqual(new Set([PART_MAX_BYTES]));
  });

  test.each([
    ['in large chunks', Array<number>(10_000).fill(4.9 * GIB).concat(4 * TIB)],
    ['in small ones', Array<number>(400_000).fill(128 * MIB).concat(1.25 * GIB)],
    ['that do not go into the largest parts without a gap', Array<number>(24_000).fill(1.8 * GIB)],
  ])('more than an object may have %s is refused', (_what, sizes) => {
    const bytes = sizes.reduce((sum, size) => sum + size, 0);

    expect(() => planParts(logOfSizes(sizes))).toThrow(ObjectTooLargeError);
    expect(() => planParts(logOfSizes(sizes))).toThrow(`Import import-1 has ${bytes} bytes in ${sizes.length} chunks`);
  });
});
