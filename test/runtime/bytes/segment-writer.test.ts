import * as fc from 'fast-check';
import { SEGMENT_BYTES, SegmentPool } from '../../../src/runtime/bytes/segment-pool';
import { SegmentWriter } from '../../../src/runtime/bytes/segment-writer';

/** The writer's segments for these texts, and the number of bytes that it returns for each text. */
function written(texts: readonly string[], pool: SegmentPool = new SegmentPool()): { filled: Buffer[]; bytes: number[] } {
  const filled: Buffer[] = [];
  const writer = new SegmentWriter(pool, (segment) => filled.push(Buffer.from(segment)));
  const bytes = texts.map((text) => writer.write(text));
  writer.end();
  return { filled, bytes };
}

test('the segments make up the text, wherever a segment ends', () => {
  const text = fc.string({ unit: fc.constantFrom('a', 'ä', '€', '😀'), maxLength: 12 });
  let full = 0;
  fc.assert(fc.property(fc.integer({ min: -12, max: 4 }), fc.array(text, { maxLength: 5 }), (offset, texts) => {
    const all = ['x'.repeat(SEGMENT_BYTES + offset), ...texts];

    const { filled, bytes } = written(all);

    expect(Buffer.concat(filled).equals(Buffer.from(all.join('')))).toBe(true);
    expect(bytes).toEqual(all.map((each) => Buffer.byteLength(each)));
    full += filled.length - 1;
    for (const segment of filled.slice(0, -1)) expect(segment.byteLength).toBeGreaterThan(SEGMENT_BYTES - 4);
  }), { numRuns: 50 });
  expect(full).toBeGreaterThan(0);
});

test('a text may be longer than many segments', () => {
  const text = 'aä€😀'.repeat(SEGMENT_BYTES);

  const { filled, bytes } = written([text]);

  expect(Buffer.concat(filled).equals(Buffer.from(text))).toBe(true);
  expect(bytes).toEqual([10 * SEGMENT_BYTES]);
});

test('half a surrogate pair, which has no encoding, becomes the replacement character', () => {
  expect(Buffer.concat(written(['\ud83d', 'x']).filled).toString()).toBe('\ufffdx');
});

test('without a text there is no segment', () => {
  expect(written(['', '']).filled).toEqual([]);
});

test('a segment that was given back is used again, completely', () => {
  const pool = new SegmentPool();
  const first = pool.take();

  pool.giveBack(first.subarray(0, 3));
  const second = pool.take();

  expect(second.buffer).toBe(first.buffer);
  expect(second.byteLength).toBe(SEGMENT_BYTES);
  expect(pool.take().buffer).not.toBe(first.buffer);
});
