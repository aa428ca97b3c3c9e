import { csvParseRows } from 'd3-dsv';
import * as fc from 'fast-check';
import { UnknownColumns } from '../../../src/protocol/choices';
import { Columns } from '../../../src/protocol/commit-record';
import { InvalidPageError, PageTooLargeError, UnknownColumnError } from '../../../src/protocol/errors';
import { JsonObject } from '../../../src/protocol/json';
import { Csv } from '../../../src/runtime/formats/csv';
import { THIRD_PAGE } from '../../kit/import-file';

const FAILING = new Csv({ unknownColumns: UnknownColumns.FAIL });
const DROPPING = new Csv({ unknownColumns: UnknownColumns.DROP });

function encode(records: readonly unknown[], { csv = FAILING, columns, limitBytes = 10_000 }: EncodeOptions = {}): string {
  return csv.encode(records, THIRD_PAGE, { columns }, limitBytes).text;
}

interface EncodeOptions {
  readonly csv?: Csv;
  readonly columns?: readonly string[];
  readonly limitBytes?: number;
}

/** The only cell of a record that has one. */
function cellOf(value: unknown): string {
  const [row] = csvParseRows(encode([{ value, end: 1 }], { columns: ['value', 'end'] }));
  return row![0]!;
}

describe('columns', () => {
  test('are the fields of the first record, in its order', () => {
    const { text, columns } = FAILING.encode([{ b: 1, a: 2 }, { a: 3, b: 4 }], THIRD_PAGE, {}, 100);

    expect(columns).toEqual({ columns: ['b', 'a'] });
    expect(text).toBe('1,2\n4,3\n');
    expect(FAILING.opening(columns)).toBe('b,a\n');
  });

  test('that are already set stay', () => {
    const { text, columns } = FAILING.encode([{ a: 3, b: 4 }], THIRD_PAGE, { columns: ['b', 'a'] }, 100);

    expect(columns).toEqual({ columns: ['b', 'a'] });
    expect(text).toBe('4,3\n');
  });

  test('of the format never come from a record', () => {
    const csv = new Csv({ columns: ['a', 'b'], unknownColumns: UnknownColumns.FAIL });
    const { text, columns } = csv.encode([{ b: 1, a: 2 }], THIRD_PAGE, {}, 100);

    expect(columns).toEqual({ unseenColumns: [] });
    expect(text).toBe('2,1\n');
    expect(csv.opening({})).toBe('a,b\n');
  });

  describe('that no record has', () => {
    const csv = new Csv({ columns: ['id', 'total', 'address.city'], unknownColumns: UnknownColumns.DROP });
    const unseenAfter = (records: readonly unknown[], before: Columns = {}): Columns => csv.encode(records, THIRD_PAGE, before, 99).columns;

    test('are distinguished from those that some record has', () => {
      expect(unseenAfter([{ id: 1, address: { city: 'Bonn' } }])).toEqual({ unseenColumns: ['total', 'address.city'] });
      expect(unseenAfter([{ Total: 2 }, { total: 3, id: 1 }])).toEqual({ unseenColumns: ['address.city'] });
    });

    test('continue from what earlier pages have shown', () => {
      expect(unseenAfter([{ total: 3 }], { unseenColumns: ['total', 'address.city'] })).toEqual({ unseenColumns: ['address.city'] });
      expect(unseenAfter([{ id: 1 }], { unseenColumns: [] })).toEqual({ unseenColumns: [] });
      expect(unseenAfter([], { unseenColumns: ['total'] })).toEqual({ unseenColumns: ['total'] });
    });

    test.each([
      ['null', null, []],
      ['undefined', undefined, ['total']],
      ['a function', () => 1, ['total']],
    ])('a field that is %s', (_kind, total, unseen) => {
      expect(unseenAfter([{ 'id': 1, total, 'address.city': '' }])).toEqual({ unseenColumns: unseen });
    });

    test('are not those that objects inherit', () => {
      const inherited = new Csv({ columns: ['id', 'toString'], unknownColumns: UnknownColumns.DROP });

      expect(inherited.encode([{ id: 1 }], THIRD_PAGE, {}, 100).columns).toEqual({ unseenColumns: ['toString'] });
    });
  });

  test('do not come from an empty page', () => {
    expect(FAILING.encode([], THIRD_PAGE, {}, 100)).toEqual({ text: '', columns: {} });
    expect(FAILING.encode([], THIRD_PAGE, { columns: ['a'] }, 100)).toEqual({ text: '', columns: { columns: ['a'] } });
  });

  test('are quoted like records', () => {
    expect(FAILING.opening({ columns: ['a,b', 'c"d', 'e\nf'] })).toBe('"a,b","c""d","e\nf"\n');
  });

  test('of an object without records are its only line, if they are known', () => {
    expect(new Csv({ columns: ['a', 'b'], unknownColumns: UnknownColumns.FAIL }).empty({})).toBe('a,b\n');
    expect(FAILING.empty({})).toBe('');
  });

  test('must be at least one', () => {
    expect(() => encode([{}])).toThrow(InvalidPageError);
    expect(() => encode([{}])).toThrow('page 3 was refused: records[0], the first of the import, has no fields; expected');
  });

  test('that a record lacks are empty, even if every object inherits a property of that name', () => {
    expect(encode([{}, { toString: 'x' }], { columns: ['a', 'toString', 'constructor', '__proto__'] })).toBe(',,,\n,x,,\n');
  });

  test('are ordinary fields even if every object inherits a property of that name', () => {
    const record = JSON.parse('{"__proto__":"p","constructor":"c"}') as object;

    expect(encode([record])).toBe('p,c\n');
  });
});

describe('a field that is no column', () => {
  const columns = ['id'];

  test('fails the import, with page, record and name', () => {
    expect(() => encode([{ id: 1 }, { id: 2, discount: 3 }], { columns })).toThrow(UnknownColumnError);
    expect(() => encode([{ id: 1 }, { id: 2, discount: 3 }], { columns })).toThrow(
      'Page 3 was refused: records[1] has the field discount, which is not a column of the CSV');
  });

  test('is not named if the name may be data', () => {
    expect(() => encode([{ 'anna@example.com': 1 }], { columns })).toThrow('records[0] has a field, which is not a column');
    expect(() => encode([{ 'anna@example.com': 1 }], { columns })).not.toThrow('anna');
  });

  test('is dropped where the format says so', () => {
    expect(encode([{ id: 1, discount: 3 }, { discount: 3 }], { columns, csv: DROPPING })).toBe('1\n""\n');
  });

  test('does not count without a value, since JSON would leave it out', () => {
    expect(encode([{ id: 1, discount: undefined }], { columns })).toBe('1\n');
  });
});

describe('a record that is not an object', () => {
  test.each<[string, unknown, string]>([
    ['a number', 3, '3'],
    ['a string', 'MARKER', 'a string'],
    ['null', null, 'null'],
    ['undefined', undefined, 'undefined'],
    ['an array', [1], 'an array'],
    ['a date', new Date(0), 'a string'],
    ['what becomes an array', { toJSON: () => [1] }, 'an array'],
    ['what becomes nothing', { toJSON: () => undefined }, 'undefined'],
  ])('%s is refused, and the message says which', (_what, record, kind) => {
    for (const records of [[{ a: 1 }, record], [{ a: 1 }, record, { a: 2 }]]) {
      expect(() => encode(records)).toThrow(InvalidPageError);
      expect(() => encode(records)).toThrow(`page 3 was refused: records[1] is ${kind}; expected an object, whose fields are the columns of the CSV`);
    }
    expect(() => encode([record])).toThrow(`records[0] is ${kind}; expected an object`);
  });

  test('but has toJSON, is the result of that', () => {
    class Order {
      public toJSON(): object { return { id: 7 }; }
    }
    expect(encode([new Order()])).toBe('7\n');
  });
});

describe('a value', () => {
  test.each<[string, unknown, string]>([
    ['text', 'a "b", c\nd\r\n', 'a "b", c\nd\r\n'],
    ['a number', -1.5e300, '-1.5e+300'],
    ['a boolean', false, 'false'],
    ['null', null, ''],
    ['undefined', undefined, ''],
    ['a function', () => 1, ''],
    ['a symbol', Symbol('x'), ''],
    ['a date', new Date(0), '1970-01-01T00:00:00.000Z'],
    ['an object', { a: [1, null], b: 'x' }, '{"a":[1,null],"b":"x"}'],
    ['an array', ['a', 1], '["a",1]'],
    ['text that looks like JSON', '{"a":1}', '{"a":1}'],
    // eslint-disable-next-line no-new-wrappers
    ['text in an object', new String('a"b'), 'a"b'],
    ['what becomes a number', { toJSON: () => 3 }, '3'],
    ['what becomes nothing', { toJSON: () => undefined }, ''],
  ])('%s is what it should be', (_what, value, expected) => {
    expect(cellOf(value)).toBe(expected);
  });
});

test('a page may have as many bytes as the limit says, and no more', () => {
  expect(encode([{ a: 'ä' }], { limitBytes: 3 })).toBe('ä\n');
  expect(() => encode([{ a: 'ä' }], { limitBytes: 2 })).toThrow(PageTooLargeError);
});

test('a single empty field makes a line that is not empty', () => {
  expect(encode([{ a: null }, { a: '' }, { a: 'x' }])).toBe('""\n""\nx\n');
});

const names = fc.uniqueArray(fc.string({ unit: 'grapheme', minLength: 1, maxLength: 8 }), { minLength: 1, maxLength: 5 });

test('any characters can be written and read back', () => {
  const tables = names.chain((columns) => fc.record({
    columns: fc.constant(columns),
    rows: fc.array(fc.array(fc.string({ unit: fc.constantFrom('"', ',', '\n', '\r', ' ', 'a', 'ä', '😀', '\uFEFF', ';') }), {
      minLength: columns.length, maxLength: columns.length,
    }), { minLength: 1, maxLength: 6 }),
  }));
  fc.assert(fc.property(tables, ({ columns, rows }) => {
    const records = rows.map((row) => Object.fromEntries(columns.map((column, index) => [column, row[index]])));

    const text = FAILING.opening({ columns }) + encode(records, { columns });

    expect(csvParseRows(text)).toEqual([columns, ...rows]);
  }));
});

describe('the first record of a chunk', () => {
  const firstOf = (head: Uint8Array, columns?: readonly string[], csv: Csv = FAILING): unknown => csv.firstRecord(head, { columns });
  const COLUMNS = ['id', 'text'];

  test('is the line after the header, or the first one without a header, as strings by column', () => {
    const rows = Buffer.from(encode([{ id: 1, text: 'a\nb' }, { id: 2, text: 'c' }], { columns: COLUMNS }));
    const header = Buffer.from(FAILING.opening({ columns: COLUMNS }));

    expect(firstOf(Buffer.concat([header, rows]), COLUMNS)).toEqual({ id: '1', text: 'a\nb' });
    expect(firstOf(rows, COLUMNS)).toEqual({ id: '1', text: 'a\nb' });
    expect(firstOf(header, COLUMNS)).toBeUndefined();
  });

  test('is found by the columns of the format, if it lists any', () => {
    const csv = new Csv({ columns: ['x'], unknownColumns: UnknownColumns.DROP });

    expect(firstOf(Buffer.from('x\n1\n'), undefined, csv)).toEqual({ x: '1' });
  });

  test('is undefined until its line is complete, wherever it is cut', () => {
    const values = fc.string({ unit: fc.constantFrom('"', ',', '\n', 'a', '😀') });
    fc.assert(fc.property(values, values, fc.boolean(), fc.nat(), (id, text, withHeader, cut) => {
      fc.pre(id !== 'id' || text !== 'text');
      const record: JsonObject = { id, text };
      const whole = Buffer.from((withHeader ? FAILING.opening({ columns: COLUMNS }) : '') + encode([record], { columns: COLUMNS }));

      expect(firstOf(whole, COLUMNS)).toEqual(record);
      expect(firstOf(Buffer.concat([whole, Buffer.from('more,"')]), COLUMNS)).toEqual(record);
      expect(firstOf(whole.subarray(0, cut % whole.length), COLUMNS)).toBeUndefined();
    }));
  });
});
