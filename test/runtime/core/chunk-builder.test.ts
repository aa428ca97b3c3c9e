import * as fc from 'fast-check';
import { NEW_LOOP_GUARD } from '../../../src/protocol/commit-record';
import { PAGES_PER_CHUNK } from '../../../src/protocol/defaults';
import { BuiltPage, ChunkBuilder } from '../../../src/runtime/core/chunk-builder';
import { crc32 } from '../../../src/runtime/core/crc32';

const START = { pageNumber: 3, pageToken: 'c3' };

function page(bytes: Uint8Array, rest: Partial<BuiltPage> = {}): BuiltPage {
  return { bytes, records: 1, next: { pageNumber: 4, pageToken: 'c4' }, total: undefined, loopGuard: NEW_LOOP_GUARD, ...rest };
}

test('a chunk is its pages: bytes, records, ledger and checksum in order', () => {
  fc.assert(fc.property(fc.array(fc.uint8Array({ maxLength: 40 }), { minLength: 1, maxLength: 20 }), (pages) => {
    const builder = new ChunkBuilder(START, 0);
    pages.forEach((bytes, index) => builder.add(page(bytes, { records: index })));
    const whole = Buffer.concat(pages);

    const chunk = builder.build();

    expect(Buffer.concat(chunk.pieces)).toEqual(whole);
    expect(chunk).toMatchObject({ bytes: whole.byteLength, crc32: crc32(whole) });
    expect(chunk.ledger).toEqual(pages.map((bytes, index) => [index, bytes.byteLength]));
    expect(chunk.records).toBe(pages.length * (pages.length - 1) / 2);
  }));
});

test('start is that of the first page, all else that of the last', () => {
  const builder = new ChunkBuilder(START, 0);
  builder.add(page(Buffer.from('1\n'), { total: 10 }));
  builder.add(page(Buffer.from('2\n'), { next: null, total: 12, loopGuard: { ...NEW_LOOP_GUARD, steps: 7 } }));

  expect(builder.build()).toMatchObject({ start: START, end: null, sourceTotal: 12, loopGuard: { steps: 7 } });
});

test('empty pages are in the ledger, but not among the pieces', () => {
  const builder = new ChunkBuilder(START, 0);
  builder.add(page(new Uint8Array(), { records: 0 }));

  expect(builder.isEmpty).toBe(false);
  expect(builder.build()).toMatchObject({ pieces: [], bytes: 0, records: 0, crc32: 0, ledger: [[0, 0]] });
});

test('it is full at its size in bytes', () => {
  const builder = new ChunkBuilder(START, 0);
  builder.add(page(Buffer.from('123\n')));
  expect([builder.isFull(5), builder.isFull(4)]).toEqual([false, true]);
});

test('it is full at the most pages of a record, however small they are', () => {
  const builder = new ChunkBuilder(START, 0);
  for (let pages = 1; pages < PAGES_PER_CHUNK; pages++) builder.add(page(new Uint8Array()));
  expect(builder.isFull(1)).toBe(false);

  builder.add(page(new Uint8Array()));
  expect(builder.isFull(1)).toBe(true);
});

test('without a page there is nothing to build', () => {
  const builder = new ChunkBuilder(START, 0);

  expect(builder.isEmpty).toBe(true);
  expect(() => builder.build()).toThrow('at least one page');
});
