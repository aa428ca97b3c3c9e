import * as fc from 'fast-check';
import { InvalidPageError, PageTooLargeError } from '../../../src/protocol/errors';
import { jsonArray } from '../../../src/runtime/formats/json-array';
import { THIRD_PAGE } from '../../kit/import-file';

function encode(records: readonly unknown[], limitBytes: number = 1000): string {
  return jsonArray.encode(records, THIRD_PAGE, {}, limitBytes).text;
}

test('records are one line each, with commas between them', () => {
  expect(encode([{ a: 1 }, 'two\nlines', null])).toBe('{"a":1},\n"two\\nlines",\nnull');
});

test('an object without records is an empty array', () => {
  expect(JSON.parse(jsonArray.empty({}))).toEqual([]);
});

test('the text around pages makes one array of them', () => {
  const text = jsonArray.opening({}) + encode([1, 2]) + jsonArray.separator + encode([3]) + jsonArray.closing;

  expect(text).toBe('[\n1,\n2,\n3\n]\n');
  expect(JSON.parse(text)).toEqual([1, 2, 3]);
});

test('a page may have as many bytes as the limit says, and no more', () => {
  expect(encode([1, 2], 4)).toBe('1,\n2');
  expect(() => encode([1, 2], 3)).toThrow(PageTooLargeError);
});

test('a record that JSON cannot carry is refused, and the message names it', () => {
  expect(() => encode([1, { id: 10n }])).toThrow(InvalidPageError);
  expect(() => encode([1, { id: 10n }])).toThrow('records[1].id is a BigInt, which JSON cannot carry');
});

describe('the first record of a chunk', () => {
  const firstOf = (head: string | Uint8Array): unknown => jsonArray.firstRecord(Buffer.from(head), {});

  test.each(['[\n', ',\n'])('that begins with %j is found once it is complete', (before) => {
    fc.assert(fc.property(fc.jsonValue(), fc.jsonValue(), fc.nat(), (first, second, cut) => {
      const whole = Buffer.from(before + encode([first]));
      const record = JSON.parse(JSON.stringify(first)) as unknown;

      for (const after of [`,\n${encode([second])}`, '\n]\n', ',\n', '\n']) expect(firstOf(Buffer.concat([whole, Buffer.from(after)]))).toEqual(record);
      expect(firstOf(whole.subarray(0, cut % whole.length))).toBeUndefined();
    }));
  });

  test('may be the whole chunk, unless it is a number, which may be cut', () => {
    expect(firstOf('[\n{"a":1}')).toEqual({ a: 1 });
    expect(firstOf(',\n"a"')).toBe('a');
    expect(firstOf('[\n12')).toBeUndefined();
    expect(firstOf('[\n-1')).toBeUndefined();
    expect(firstOf('[\n12\n]\n')).toBe(12);
  });

  test.each(['', '[', '[]\n', '\n]\n'])('is undefined for %j', (head) => {
    expect(firstOf(head)).toBeUndefined();
  });
});
