import fc from 'fast-check';
import { NonFiniteNumbers, UnknownColumns } from '../../../src/protocol/choices';
import { LargeNumbers } from '../../../src/protocol/http-settings';
import { Csv } from '../../../src/runtime/formats/csv';
import { JsonLines } from '../../../src/runtime/formats/json-lines';
import { mayHaveLargeNumber, parseExactly } from '../../../src/source/http/message/exact-json';

function parse(text: string, numbers = LargeNumbers.EXACT): unknown {
  return parseExactly(Buffer.from(text), text, numbers);
}

/** The value of a number's text, as a fraction of integers: no double is in between. */
function decimal(text: string): string {
  const [, sign, whole = '', fraction = '', exponent = '0'] = /^(-?)(\d+)(?:\.(\d+))?(?:e([+-]?\d+))?$/i.exec(text)!;
  const digits = `${whole}${fraction}`.replace(/^0+/, '');
  const significant = digits.replace(/0+$/, '');
  const power = Number(exponent) - fraction.length + digits.length - significant.length;
  return significant === '' ? '0' : `${sign}${significant}e${power}`;
}

/** Texts of numbers whose size a double can hold. */
const numberText = fc.tuple(
  fc.constantFrom('', '-'),
  fc.oneof(fc.nat(9).map(String), fc.bigInt({ min: 1n, max: 10n ** 30n }).map(String)),
  fc.oneof(fc.constant(''), fc.bigInt({ min: 0n, max: 10n ** 25n }).map((digits) => `.${digits}`)),
  fc.oneof(fc.constant(''), fc.integer({ min: -250, max: 250 }).map((power) => `e${power}`)),
).map((parts) => parts.join(''));

test('no number becomes another one on its way through', () => {
  fc.assert(fc.property(fc.array(numberText, { minLength: 1, maxLength: 5 }), fc.string(), (numbers, filler) => {
    const text = `[${JSON.stringify(filler)},${numbers.join(', ')}]`;
    const written = JSON.stringify(parse(text)).slice(1, -1).slice(JSON.stringify(filler).length + 1).split(',');

    expect(written.map(decimal)).toEqual(numbers.map(decimal));
  }), { numRuns: 3000, seed: 1 });
});

test.each<[string, LargeNumbers, unknown]>([
  ['9007199254740993', LargeNumbers.TEXT, '9007199254740993'],
  ['9007199254740993', LargeNumbers.BIGINT, 9007199254740993n],
  ['0.12345678901234567890', LargeNumbers.BIGINT, '0.12345678901234567890'],
  ['9007199254740992', LargeNumbers.TEXT, 9007199254740992],
  ['123456789012345000000', LargeNumbers.TEXT, 123456789012345000000],
  ['0.1000000000000000000', LargeNumbers.TEXT, 0.1],
])('%s as %s', (text, numbers, value) => {
  expect(parse(`{"id": ${text}}`, numbers)).toEqual({ id: value });
});

test('of a name that an object has twice, the last value counts, with large numbers and without', () => {
  expect(parse('{"id": 1, "id": 2}')).toEqual({ id: 2 });
  expect(published('{"id": 1, "id": 9007199254740993}')).toBe('{"id":9007199254740993}\n');
});

test('digits in texts stay what they are', () => {
  expect(parse('{"a": "9007199254740993", "b": "x 9007199254740993", "c": 1}')).toEqual({ a: '9007199254740993', b: 'x 9007199254740993', c: 1 });
});

test.each([
  ['numbers of fifteen digits', '[123456789012345, 0.1234567890123]', false],
  ['texts of digits', '["1234567890123456789", "2026-11-30T00:00:00.000Z"]', false],
  ['a number of sixteen digits', '[1, 1234567890123456]', true],
  ['sixteen digits around a point', '[12345678.12345678]', true],
])('%s: whether a reviver is needed', (_, text, needed) => {
  expect(mayHaveLargeNumber(Buffer.from(text))).toBe(needed);
});

const PAGE = { importId: 'import-1', page: 1, pageNumber: 1 };
const RECORD = '{"id":9007199254740993,"price":0.12345678901234567890}';

function published(record: string): string {
  return new JsonLines(NonFiniteNumbers.FAIL).encode([parse(record)], PAGE as never, undefined as never, 1000).text;
}

test('they are published as they were sent', () => {
  const records = [parse(RECORD)];
  const page = PAGE as never;

  expect(published(RECORD)).toBe(`${RECORD}\n`);
  expect(new Csv({ unknownColumns: UnknownColumns.FAIL }).encode(records, page, {} as never, 1000).text)
    .toBe('9007199254740993,0.12345678901234567890\n');
});

test('a number beyond all doubles is not published as null', () => {
  const records = [parse('{"id": 1e400}')];

  expect(() => new JsonLines(NonFiniteNumbers.FAIL).encode(records, PAGE as never, undefined as never, 1000)).toThrow('is Infinity, which would become null');
});
