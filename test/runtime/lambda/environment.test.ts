import { EnvironmentVariable } from '../../../src/protocol/environment';
import { ConfigurationError } from '../../../src/protocol/errors';
import { environment } from '../../../src/runtime/lambda/environment';

const { PAGE_SIZE, CACHE_BUCKET, CACHE_PREFIX, INTEGRITY_CHECK } = EnvironmentVariable;

beforeEach(() => {
  for (const variable of Object.values(EnvironmentVariable)) delete process.env[variable];
});

test('what the constructs set is read', () => {
  Object.assign(process.env, { [PAGE_SIZE]: '25', [CACHE_BUCKET]: 'cache', [CACHE_PREFIX]: 'a/b', [INTEGRITY_CHECK]: 'sizes-and-etags' });

  expect([environment.pageSize(), environment.cacheBucket(), environment.cachePrefix(), environment.integrityCheck()])
    .toEqual([25, 'cache', 'a/b', 'sizes-and-etags']);
});

test('only the cache prefix may be empty', () => {
  Object.assign(process.env, { [CACHE_BUCKET]: '', [CACHE_PREFIX]: '' });

  expect(environment.cachePrefix()).toBe('');
  expect(() => environment.cacheBucket()).toThrow(`${CACHE_BUCKET} is not set`);
});

test.each(['0', '-1', '1.5', 'many', ' ', '1e999', '9007199254740993'])('%j is no number of records', (value) => {
  process.env[PAGE_SIZE] = value;

  expect(() => environment.pageSize()).toThrow(ConfigurationError);
  expect(() => environment.pageSize()).toThrow(`${PAGE_SIZE} is not a whole number above 0`);
});

test('an unknown integrity check is refused with those that there are', () => {
  process.env[INTEGRITY_CHECK] = 'none';

  expect(() => environment.integrityCheck()).toThrow(`${INTEGRITY_CHECK} is none of full-object-crc32, sizes-and-etags`);
});
