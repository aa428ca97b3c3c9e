import { EnvironmentVariable } from '../../../src/protocol/environment';
import { ConfigurationError } from '../../../src/protocol/errors';
import { environment } from '../../../src/runtime/lambda/environment';

const { PAGE_SIZE, CACHE_BUCKET, CACHE_PREFIX, SERIES, OWNER } = EnvironmentVariable;
const { INTEGRITY_CHECK, ON_TOTAL_MISMATCH, ON_EMPTY, EMBEDDED } = EnvironmentVariable;
const { MAX_PAGES, MAX_RECORDS, MIN_RECORDS, MAX_EMPTY_PAGES, SHORT_PAGES, REPEATED_PAGES } = EnvironmentVariable;

beforeEach(() => {
  for (const variable of Object.values(EnvironmentVariable)) delete process.env[variable];
});

test('reads what the constructs set', () => {
  Object.assign(process.env, { [PAGE_SIZE]: '25', [CACHE_BUCKET]: 'cache', [CACHE_PREFIX]: 'a/b', [SERIES]: 'orders', [OWNER]: 'stack', [INTEGRITY_CHECK]: 'sizes-and-etags' });

  expect([environment.pageSize(), environment.cacheBucket(), environment.series(), environment.integrityCheck()])
    .toEqual([25, 'cache', { cachePrefix: 'a/b', name: 'orders', owner: 'stack' }, 'sizes-and-etags']);
});

test('only the cache prefix may be empty', () => {
  Object.assign(process.env, { [CACHE_BUCKET]: '', [CACHE_PREFIX]: '', [SERIES]: 'orders', [OWNER]: 'stack' });

  expect(environment.series().cachePrefix).toBe('');
  expect(() => environment.cacheBucket()).toThrow(`${CACHE_BUCKET} is not set`);
  process.env[SERIES] = '';
  expect(() => environment.series()).toThrow(`${SERIES} is not set`);
});

test.each(['0', '-1', '1.5', 'many', ' ', '1e999', '9007199254740993'])('%j is not a number of records', (value) => {
  process.env[PAGE_SIZE] = value;

  expect(() => environment.pageSize()).toThrow(ConfigurationError);
  expect(() => environment.pageSize()).toThrow(`${PAGE_SIZE} is not a whole number from 1`);
});

test('an unknown integrity check is refused with the list of known ones', () => {
  process.env[INTEGRITY_CHECK] = 'none';

  expect(() => environment.integrityCheck()).toThrow(`${INTEGRITY_CHECK} is none of full-object-crc32, sizes-and-etags`);
});

test('an unknown total-mismatch setting is refused with the list of known ones', () => {
  process.env[ON_TOTAL_MISMATCH] = 'warn';
  expect(environment.onTotalMismatch()).toBe('warn');

  process.env[ON_TOTAL_MISMATCH] = 'ignore';
  expect(() => environment.onTotalMismatch()).toThrow(`${ON_TOTAL_MISMATCH} is none of fail, warn`);
});

test.each([
  [SHORT_PAGES, () => environment.shortPages()],
  [REPEATED_PAGES, () => environment.repeatedPages()],
])('%s is fail or allow', (variable, read) => {
  process.env[variable] = 'allow';
  expect(read()).toBe('allow');

  process.env[variable] = 'ALLOW';
  expect(read).toThrow(`${variable} is none of fail, allow`);
});

test('the maximum of empty pages must be set', () => {
  expect(() => environment.maxEmptyPages()).toThrow(`${MAX_EMPTY_PAGES} is not set`);

  process.env[MAX_EMPTY_PAGES] = '5';
  expect(environment.maxEmptyPages()).toBe(5);
});

test.each([['true', true], ['false', false]])('embedded can be %s', (value, embedded) => {
  process.env[EMBEDDED] = value;

  expect(environment.embedded()).toBe(embedded);
});

test('embedded must be set', () => {
  expect(() => environment.embedded()).toThrow(`${EMBEDDED} is not set`);

  process.env[EMBEDDED] = 'yes';
  expect(() => environment.embedded()).toThrow(`${EMBEDDED} is none of true, false`);
});

test('an unknown empty-import setting is refused with the list of known ones', () => {
  process.env[ON_EMPTY] = 'skip';
  expect(environment.onEmpty()).toBe('skip');

  process.env[ON_EMPTY] = 'SKIP';
  expect(() => environment.onEmpty()).toThrow(`${ON_EMPTY} is none of publish, skip, fail`);
});

describe('limits', () => {
  test('that are not set do not apply', () => {
    expect([environment.maxPages(), environment.maxRecords()]).toEqual([undefined, undefined]);
  });

  test('that are set are numbers', () => {
    Object.assign(process.env, { [MAX_PAGES]: '4', [MAX_RECORDS]: '100', [MIN_RECORDS]: '0' });

    expect([environment.maxPages(), environment.maxRecords(), environment.minRecords()]).toEqual([4, 100, 0]);
  });

  test('that are set to an empty string are refused', () => {
    Object.assign(process.env, { [MAX_PAGES]: '', [MAX_RECORDS]: 'none', [MIN_RECORDS]: ' ' });

    expect(() => environment.maxPages()).toThrow(`${MAX_PAGES} is not set`);
    expect(() => environment.maxRecords()).toThrow(`${MAX_RECORDS} is not a whole number from 1`);
    expect(() => environment.minRecords()).toThrow(`${MIN_RECORDS} is not a whole number from 0`);
  });
});
