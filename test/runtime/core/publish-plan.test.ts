import * as fc from 'fast-check';
import { PART_MIN_BYTES, UPLOAD_PARTS } from '../../../src/protocol/limits';
import { crc32, encodeCrc32 } from '../../../src/runtime/core/crc32';
import { isCopied, planParts, S3_PART_LIMITS } from '../../../src/runtime/core/publish-plan';
import { LoggedChunk, WholeLog } from '../../../src/runtime/core/whole-log';

const MIB = 1024 * 1024;

function logOfSizes(sizes: readonly number[]): Pick<WholeLog, 'chunks' | 'bytes'> {
  const chunks = sizes.map((bytes, index): LoggedChunk => ({
    key: `data/${index}`, etag: `"${index}"`, crc32: encodeCrc32(index), bytes, records: 1, firstPage: index + 1, lastPage: index + 1,
    firstTokenDigest: null, nextTokenDigest: null, ledger: { pages: 1, emptyPages: 0, leastRecords: 1, mostRecords: 1 },
  }));
  return { chunks, bytes: sizes.reduce((sum, bytes) => sum + bytes, 0) };
}

const logs = fc.array(fc.integer({ min: 1, max: 40 }), { maxLength: 60 }).map(logOfSizes);
const limits = fc.record({ minBytes: fc.integer({ min: 1, max: 30 }), maxParts: fc.integer({ min: 1, max: 20 }) });

describe('any log within any limits', () => {
  test('its parts are all chunks in order, each exactly once', () => {
    fc.assert(fc.property(logs, limits, (log, partLimits) => {
      const { parts, bytes } = planParts(log, partLimits);

      expect(parts.flatMap(({ chunks }) => chunks)).toEqual(log.chunks);
      expect(parts.map(({ partNumber }) => partNumber)).toEqual(parts.map((_, index) => index + 1));
      expect(parts.reduce((sum, part) => sum + part.bytes, 0)).toBe(bytes);
    }));
  });

  test('only its last part may be small, and there are no more than may be', () => {
    fc.assert(fc.property(logs, limits, (log, partLimits) => {
      const { parts } = planParts(log, partLimits);

      expect(parts.slice(0, -1).filter(({ bytes }) => bytes < partLimits.minBytes)).toEqual([]);
      expect(parts.length).toBeLessThanOrEqual(partLimits.maxParts);
    }));
  });

  test('it has the same plan again', () => {
    fc.assert(fc.property(logs, limits, (log, partLimits) => {
      expect(planParts(structuredClone(log), partLimits)).toEqual(planParts(log, partLimits));
    }));
  });
});

test('checksums of the parts and of the whole are those of the joined bytes', () => {
  fc.assert(fc.property(fc.array(fc.uint8Array({ minLength: 1, maxLength: 20 }), { maxLength: 20 }), (contents) => {
    const { chunks, bytes } = logOfSizes(contents.map((content) => content.byteLength));
    const checked = chunks.map((chunk, index) => ({ ...chunk, crc32: encodeCrc32(crc32(contents[index]!)) }));
    const checksumOf = (pieces: readonly Uint8Array[]): string => encodeCrc32(crc32(Buffer.concat(pieces)));

    const plan = planParts({ chunks: checked, bytes }, { minBytes: 30, maxParts: 100 });

    expect(plan.crc32).toBe(checksumOf(contents));
    let next = 0;
    for (const part of plan.parts) expect(part.crc32).toBe(checksumOf(contents.slice(next, next += part.chunks.length)));
  }));
});

describe('within the limits of Amazon S3', () => {
  const copiedOf = (sizes: readonly number[]): unknown => {
    const { parts } = planParts(logOfSizes(sizes));
    return parts.map((part) => [part.chunks.length, isCopied(part)]);
  };

  test('are 5 MiB and 10,000 parts', () => {
    expect(S3_PART_LIMITS).toEqual({ minBytes: PART_MIN_BYTES, maxParts: UPLOAD_PARTS });
    expect([PART_MIN_BYTES, UPLOAD_PARTS]).toEqual([5 * MIB, 10_000]);
  });

  test('chunks of 5 MiB and more are copied one by one, a small last one too', () => {
    expect(copiedOf([8 * MIB, 5 * MIB, 100 * MIB, 17])).toEqual([[1, true], [1, true], [1, true], [1, true]]);
  });

  test('a run of small ones is gathered, and takes a big one along where it stays too small', () => {
    expect(copiedOf([2 * MIB, 2 * MIB, 2 * MIB, 8 * MIB])).toEqual([[3, false], [1, true]]);
    expect(copiedOf([8 * MIB, 1 * MIB, 8 * MIB, 8 * MIB])).toEqual([[1, true], [2, false], [1, true]]);
  });

  test('an empty log has no part', () => {
    expect(planParts(logOfSizes([]))).toEqual({ parts: [], bytes: 0, crc32: 'AAAAAA==' });
  });

  test('more chunks than an upload has parts are gathered', () => {
    const { parts } = planParts(logOfSizes(Array<number>(25_000).fill(8 * MIB)));

    expect(parts.length).toBeLessThanOrEqual(UPLOAD_PARTS);
    expect(parts.length).toBeGreaterThan(UPLOAD_PARTS / 2);
  });
});
