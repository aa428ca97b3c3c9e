import * as fc from 'fast-check';
import { InvalidPageError, PageTooLargeError } from '../../../src/protocol/errors';
import { jsonLines } from '../../../src/runtime/formats/json-lines';
import { THIRD_PAGE } from '../../kit/import-file';

function encode(records: readonly unknown[], limitBytes: number = 1000): string {
  return jsonLines.encode(records, THIRD_PAGE, {}, limitBytes).text;
}

test('records are one line each, in order', () => {
  expect(encode([{ a: 1 }, 'two\nlines', null, [3]])).toBe('{"a":1}\n"two\\nlines"\nnull\n[3]\n');
});

test('an empty page has no text', () => {
  expect(encode([], 0)).toBe('');
});

test('a page may have as many bytes as the limit says, and no more', () => {
  expect(encode(['ä'], 5)).toBe('"ä"\n');
  expect(() => encode(['ä'], 4)).toThrow(PageTooLargeError);
  expect(() => encode(['ä'], 4)).toThrow('Page 3 has at least 5 bytes as text');
  expect(() => encode(['a', 'b'], 7)).toThrow('Page 3 has at least 8 bytes as text');
});

test('stops joining records once they are too large', () => {
  let read = 0;
  const record = { toJSON: () => { read += 1; return 'x'; } };

  expect(() => encode(Array.from({ length: 100 }, () => record), 10)).toThrow(PageTooLargeError);
  expect(read).toBe(3);
});

test.each<[string, unknown, string]>([
  ['undefined', undefined, 'undefined'],
  ['a function', () => 1, 'a function'],
  ['a symbol', Symbol('x'), 'a symbol'],
  ['a toJSON without a value', { toJSON: () => undefined }, 'an object'],
])('%s is refused, and the message says which record', (_what, record, kind) => {
  expect(() => encode([{}, record])).toThrow(InvalidPageError);
  expect(() => encode([{}, record])).toThrow(`page 3 was refused: records[1] is ${kind}, of which JSON keeps nothing`);
});

test('a hole in the array is not a record', () => {
  // eslint-disable-next-line no-sparse-arrays
  expect(() => encode([1, , 3])).toThrow('records[1] is undefined');
});

describe('the first record of a chunk', () => {
  const firstOf = (head: Uint8Array): unknown => jsonLines.firstRecord(head, {});

  test('may be any value, and is found once its line is complete', () => {
    fc.assert(fc.property(fc.jsonValue(), fc.jsonValue(), fc.nat(), (first, second, cut) => {
      const line = Buffer.from(encode([first]));
      const head = Buffer.concat([line, Buffer.from(encode([second]))]);

      expect(firstOf(head)).toEqual(JSON.parse(JSON.stringify(first)));
      expect(firstOf(line)).toEqual(JSON.parse(JSON.stringify(first)));
      expect(firstOf(line.subarray(0, cut % line.length))).toBeUndefined();
    }));
  });
});
