import { NonFiniteNumbers, UnknownColumns } from '../../../src/protocol/choices';
import { InvalidPageError, PageTooLargeError } from '../../../src/protocol/errors';
import { CsvSettings, FormatName, FormatSettings } from '../../../src/protocol/output-settings';
import { formatOf } from '../../../src/runtime/formats/format-of';
import { THIRD_PAGE } from '../../kit/import-file';
import { tokenSource } from '../../kit/scripted-source';
import { TestMachine } from '../../kit/test-machine';

/** One rule for all formats: exactly the content of a record is published, and what a format cannot carry is refused by name. */

const CSV: CsvSettings = { name: FormatName.CSV, unknownColumns: UnknownColumns.FAIL };
const ALL: FormatSettings[] = [{ name: FormatName.JSON_LINES }, { name: FormatName.JSON_ARRAY }, CSV];

const LONE_SURROGATE = '\ud83d';
const LIMIT = 300_000_000;

function encode(records: readonly unknown[], settings: FormatSettings, nonFiniteNumbers?: NonFiniteNumbers): string {
  return formatOf(settings, nonFiniteNumbers).encode(records, THIRD_PAGE, {}, LIMIT).text;
}

const revoked = (): object => {
  const { proxy, revoke } = Proxy.revocable({}, {});
  revoke();
  return proxy;
};
const throwing = (error: unknown): object => Object.defineProperty({}, 'amount', { enumerable: true, get: () => { throw error; } });
const cycle = (): object => {
  const value: Record<string, unknown> = {};
  value.self = value;
  return value;
};
const nested = (levels: number): unknown => {
  let value: unknown = 1;
  for (let level = 0; level < levels; level++) value = [value];
  return value;
};

class Money {
  readonly #amount = 12;
  public get amount(): number { return this.#amount; }
}

describe.each(ALL.map((settings) => [settings.name, settings] as const))('%s refuses', (_name, settings) => {
  /** The problem and the expectation, as in messages about `records[1]`. */
  const refusalOf = (record: unknown): string => {
    let thrown: unknown;
    try {
      encode([{ amount: 1 }, record], settings);
    } catch (error) {
      thrown = error;
    }
    expect(thrown).toBeInstanceOf(InvalidPageError);
    const { message } = thrown as Error;
    expect(message).not.toContain('MARKER');
    return /page 3 was refused: (records\[1\].*?)\. Correct the handler/.exec(message)![1]!;
  };

  const A_FINITE_NUMBER = 'which would become null; expected a finite number, or nonFiniteNumbers: NonFiniteNumbers.NULL on the construct';
  const WELL_FORMED = 'has half of a surrogate pair, which UTF-8 cannot carry; expected well-formed text, as toWellFormed() makes it';
  const READABLE = 'expected a value that can be read';

  test.each<[string, unknown, string]>([
    ['NaN', { amount: NaN }, `records[1].amount is NaN, ${A_FINITE_NUMBER}`],
    ['Infinity', { amount: Infinity }, `records[1].amount is Infinity, ${A_FINITE_NUMBER}`],
    ['-Infinity, as JSON.parse makes it of 1e999', JSON.parse('{"amount":-1e999}'), `records[1].amount is -Infinity, ${A_FINITE_NUMBER}`],
    ['one in an array', { amount: [1, null, NaN] }, `records[1].amount[2] is NaN, ${A_FINITE_NUMBER}`],
    ['one beside texts that look like null', { amount: ['null', ':null', { b: NaN }] }, `records[1].amount[2].b is NaN, ${A_FINITE_NUMBER}`],
    ['one deep inside', { amount: { items: [{ price: { net: NaN } }] } }, `records[1].amount.items[0].price.net is NaN, ${A_FINITE_NUMBER}`],
    ['one in a field whose name may be data', { amount: { 'anna@MARKER.com': NaN } }, `records[1].amount.<field> is NaN, ${A_FINITE_NUMBER}`],
    ['one in an object', { amount: Object(NaN) as unknown }, `records[1].amount is NaN, ${A_FINITE_NUMBER}`],
    ['one that toJSON gives', { amount: { toJSON: () => NaN } }, `records[1].amount is NaN, ${A_FINITE_NUMBER}`],
    ['one in what toJSON gives', { amount: { toJSON: () => ({ net: NaN }) } }, `records[1].amount.net is NaN, ${A_FINITE_NUMBER}`],
    ['one in a record that knows how to become JSON', { toJSON: () => ({ amount: NaN }) }, `records[1].amount is NaN, ${A_FINITE_NUMBER}`],
    ['one in a typed array', { amount: new Float64Array([1, NaN]) }, `records[1].amount.<field> is NaN, ${A_FINITE_NUMBER}`],
    ['an invalid Date', { amount: new Date(NaN) }, `records[1].amount is an invalid Date, ${A_FINITE_NUMBER.replace('finite number', 'valid Date')}`],
    ['half of a character', { amount: `${LONE_SURROGATE}MARKER` }, `records[1].amount ${WELL_FORMED}`],
    ['half of a character in an array', { amount: ['a', `\\${LONE_SURROGATE}`] }, `records[1].amount[1] ${WELL_FORMED}`],
    ['half of a character that toJSON gives', { amount: { toJSON: () => LONE_SURROGATE } }, `records[1].amount ${WELL_FORMED}`],
    ['half of a character in the name of a field', { amount: { [LONE_SURROGATE]: 1 } }, `records[1].amount has a field whose name ${WELL_FORMED}`],
    ['a Map', { amount: new Map([['MARKER', 1]]) }, 'records[1].amount is a Map, of which JSON keeps nothing; expected a plain object or an array'],
    ['a Set in an array', { amount: [new Set([1])] }, 'records[1].amount[0] is a Set, of which JSON keeps nothing; expected a plain object or an array'],
    ['a promise that nobody awaited', { amount: Promise.resolve(1) }, 'records[1].amount is a Promise, of which JSON keeps nothing; expected a plain object or an array'],
    ['an error', { amount: new RangeError('MARKER') }, 'records[1].amount is a RangeError, of which JSON keeps nothing; expected a plain object or an array'],
    ['an object with private fields alone', { amount: new Money() }, 'records[1].amount is a Money, of which JSON keeps nothing; expected a plain object or an array'],
    ['a record that is a Map', new Map([['amount', 1]]), 'records[1] is a Map, of which JSON keeps nothing; expected a plain object or an array'],
    ['a BigInt', { amount: 10n }, 'records[1].amount is a BigInt, which JSON cannot carry; expected a number or a string'],
    ['a BigInt deep inside', { amount: [{ id: 10n }] }, 'records[1].amount[0].id is a BigInt, which JSON cannot carry; expected a number or a string'],
    ['a cycle', { amount: cycle() }, 'records[1].amount.self refers back to an object that it is part of, and JSON cannot carry a cycle; expected values without cycles'],
    ['a getter that throws', throwing(new TypeError('MARKER')), `records[1].amount cannot be read: a getter, toJSON or proxy threw a TypeError; ${READABLE}`],
    ['a getter that throws a text', throwing('MARKER'), `records[1].amount cannot be read: a getter, toJSON or proxy threw a value; ${READABLE}`],
    ['a getter that throws what cannot be looked at', throwing(revoked()), `records[1].amount cannot be read: a getter, toJSON or proxy threw a value; ${READABLE}`],
    ['a toJSON that throws', { amount: { toJSON: () => { throw new Error('MARKER'); } } }, `records[1].amount cannot be read: a getter, toJSON or proxy threw an Error; ${READABLE}`],
    ['a revoked proxy', { amount: [revoked()] }, `records[1].amount[0] cannot be read: a getter, toJSON or proxy threw a TypeError; ${READABLE}`],
    ['a record that is a revoked proxy', revoked(), `records[1] cannot be read: a getter, toJSON or proxy threw a TypeError; ${READABLE}`],
    ['a record whose toJSON throws', { toJSON: () => { throw new Error('MARKER'); } }, `records[1] cannot be read: a getter, toJSON or proxy threw an Error; ${READABLE}`],
  ])('%s', (_what, record, refusal) => {
    expect(refusalOf(record)).toBe(refusal);
  });

  test('values nested too deeply for the stack, and says so', () => {
    expect(refusalOf({ amount: nested(100_000) })).toMatch(
      /^records\[1\](\.amount)? is nested more deeply than JSON\.stringify can follow; expected fewer levels of arrays and objects$/);
  });

  test('endless values', () => {
    const endless = (): object => ({ get next() { return endless(); } });

    expect(refusalOf({ amount: endless() })).toMatch(/is nested more deeply than JSON\.stringify can follow/);
  });

  test('a string longer than V8 allows, as a page that is too large', () => {
    const record = { amount: { toJSON: () => 'x'.repeat(2 ** 30) } };

    expect(() => encode([record], settings)).toThrow(PageTooLargeError);
  });

  test('a getter of the array of records that throws', () => {
    const records = Object.defineProperty([{ amount: 1 }], 1, { get: () => { throw new Error('MARKER'); } });

    expect(() => encode(records, settings)).toThrow('page 3 was refused: records[1] cannot be read: a getter, toJSON or proxy threw an Error; expected');
  });
});

describe('a record keeps its content', () => {
  test.each<[string, unknown, unknown]>([
    ['a text that spells half of a character', { amount: '\\ud83d' }, { amount: '\\ud83d' }],
    ['a path that happens to look so', { amount: ['C:\\udata', 'C:\\\\ud800', '\\\\\\ud8'] }, { amount: ['C:\\udata', 'C:\\\\ud800', '\\\\\\ud8'] }],
    ['a whole pair', { amount: '😀', b: ['😀'] }, { amount: '😀', b: ['😀'] }],
    ['nulls', { amount: null, b: [null, { c: null }] }, { amount: null, b: [null, { c: null }] }],
    ['texts with a null in them', { amount: 'null', b: ['full', ':null'] }, { amount: 'null', b: ['full', ':null'] }],
    ['empty objects and arrays', { amount: {}, b: [], c: [{}] }, { amount: {}, b: [], c: [{}] }],
    ['an empty object without a prototype', { amount: Object.create(null) as object }, { amount: {} }],
    ['an object of a class with fields', { amount: Object.assign(new Money(), { currency: 'EUR' }) }, { amount: { currency: 'EUR' } }],
    ['a date beside a null', { amount: new Date(0), b: null }, { amount: '1970-01-01T00:00:00.000Z', b: null }],
    ['fields without a value, which are none', { amount: 1, b: undefined, c: () => 1, d: Symbol('d') }, { amount: 1 }],
    ['items without a value, which are null', { amount: [undefined, () => 1, Symbol('c'), , 1] }, { amount: [null, null, null, null, 1] }], // eslint-disable-line no-sparse-arrays
    ['minus zero, which is zero', { amount: -0, b: [-0] }, { amount: 0, b: [0] }],
    ['what toJSON makes null', { amount: { toJSON: () => null } }, { amount: null }],
    ['bytes, as a Buffer becomes JSON', { amount: Buffer.from('a') }, { amount: { type: 'Buffer', data: [97] } }],
  ])('%s', (_what, record, published) => {
    const lines = encode([record], { name: FormatName.JSON_LINES });

    expect(JSON.parse(lines)).toEqual(published);
    expect(encode([record], { name: FormatName.JSON_ARRAY })).toBe(lines.trimEnd());
    expect(encode([record], CSV)).toBe(encode([JSON.parse(lines)], CSV));
  });
});

describe('non-finite numbers, if they are to become null', () => {
  const records = [{ amount: NaN, b: [Infinity, 1], c: new Date(NaN) }];

  test.each<[FormatSettings, string]>([
    [{ name: FormatName.JSON_LINES }, '{"amount":null,"b":[null,1],"c":null}\n'],
    [{ name: FormatName.JSON_ARRAY }, '{"amount":null,"b":[null,1],"c":null}'],
    [CSV, ',"[null,1]",\n'],
  ])('are so in %p', (settings, text) => {
    expect(encode(records, settings, NonFiniteNumbers.NULL)).toBe(text);
  });

  test.each(ALL)('and nothing else is: %p', (settings) => {
    expect(() => encode([{ amount: [NaN, new Map()] }], settings, NonFiniteNumbers.NULL)).toThrow('records[0].amount[1] is a Map');
    expect(() => encode([{ amount: [NaN, LONE_SURROGATE] }], settings, NonFiniteNumbers.NULL)).toThrow('records[0].amount[1] has half of a surrogate pair');
  });
});

test('an import stopped by NaN continues at that page once NaN may become null', async () => {
  const source = tokenSource([[{ n: 1 }], [{ n: 2 }, { n: NaN }], [{ n: 3 }]]);
  const machine = new TestMachine({ source });
  const start = await machine.initialize();
  await expect(machine.fetchAll(start)).rejects.toThrow('page 2 was refused: records[1].n is NaN, which would become null');

  const corrected = new TestMachine({ source, s3: machine.s3, clock: machine.clock, nonFiniteNumbers: NonFiniteNumbers.NULL });
  await corrected.finish(await corrected.fetchAll(start));

  expect(source.pageNumbers).toEqual([1, 2, 2, 3]);
  await expect(corrected.published()).resolves.toBe('{"n":1}\n{"n":2}\n{"n":null}\n{"n":3}\n');
});

describe('a CSV', () => {
  test.each<[string, CsvSettings]>([
    ['named by the first record', CSV],
    ['given', { ...CSV, columns: ['id', 'name'] }],
  ])('leaves out fields that JSON leaves out, where columns are %s', (_how, settings) => {
    const orders = [{ id: 1, name: 'a' }, { id: 2, name: 'b' }].map((order) => ({
      ...order, total: () => 1, tag: Symbol('tag'), note: { toJSON: () => undefined }, [Symbol('s')]: 1,
    }));

    expect(encode(orders, settings).split('\n')).toEqual(expect.arrayContaining(['1,a', '2,b']));
  });

  test('does not look into fields that it drops', () => {
    const settings: CsvSettings = { name: FormatName.CSV, columns: ['id'], unknownColumns: UnknownColumns.DROP };

    expect(encode([{ id: 1, b: NaN, c: 10n, d: nested(100_000), e: LONE_SURROGATE }], settings)).toBe('1\n');
  });

  test('refuses a first record with half of a surrogate pair in a column name', () => {
    expect(() => encode([{ [LONE_SURROGATE]: 1 }], CSV)).toThrow('records[0] has a field whose name has half of a surrogate pair');
  });

  test('finds no fields in a boxed string', () => {
    expect(() => encode([Object('MARKER')], CSV)).toThrow('records[0] is a string; expected an object, whose fields are the columns of the CSV');
  });
});
