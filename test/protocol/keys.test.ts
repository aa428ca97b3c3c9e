import * as fc from 'fast-check';
import { ImportKeys, isImportId, normalizePrefix, seriesPrefix } from '../../src/protocol/keys';

const SERIES = { cachePrefix: 'cache', name: 'orders', owner: '123456789012/eu-central-1/Imports' };
const KEYS = new ImportKeys(SERIES, 'import-1');
const index = fc.oneof(fc.nat(), fc.nat(99_999_999));

test('the keys of an import lie below its prefix', () => {
  expect({ ...KEYS }).toEqual({
    series: SERIES, importId: 'import-1',
    all: 'cache/orders/import-1/', import: 'cache/orders/import-1/import.json', published: 'cache/orders/import-1/published.json',
    data: 'cache/orders/import-1/data/', folds: 'cache/orders/import-1/folds/',
    commits: 'cache/orders/import-1/commits/', uploads: 'cache/orders/import-1/uploads/',
  });
  expect([KEYS.chunk(12, 'uuid', 'jsonl'), KEYS.commit(12), KEYS.upload(1)]).toEqual([
    'cache/orders/import-1/data/00000012-uuid.jsonl', 'cache/orders/import-1/commits/00000012.json', 'cache/orders/import-1/uploads/0001.json',
  ]);
});

test('without a prefix they begin with the series', () => {
  expect(new ImportKeys({ ...SERIES, cachePrefix: '' }, 'i').import).toBe('orders/i/import.json');
  expect(seriesPrefix({ ...SERIES, cachePrefix: '' })).toBe('orders/');
});

test('a chunk is one of its own import and index', () => {
  const own = KEYS.chunk(3, 'uuid', 'jsonl.gz');

  expect(KEYS.isChunk(own, 3)).toBe(true);
  expect([
    KEYS.isChunk(own, 4), KEYS.isChunk(`x${own}`, 3), KEYS.isChunk(`${KEYS.data}00000003-a/b`, 3), KEYS.isChunk('hr/salaries.txt', 3),
    KEYS.isChunk(new ImportKeys(SERIES, 'import-2').chunk(3, 'uuid', 'jsonl'), 3), KEYS.isChunk(KEYS.commit(3), 3),
  ]).toEqual(Array(6).fill(false));
});

test.each([
  '', 'import-1', '0f0e0d0c-0b0a-4909-8807-06050403020', '0F0E0D0C-0B0A-4909-8807-060504030201', '0f0e0d0c-0b0a-4909-8807-060504030201/',
  '../0f0e0d0c-0b0a-4909-8807-060504030201', '0f0e0d0c-0b0a-4909-8807-060504030201\n', '0f0e0d0c-0b0a-4909-8807-06050403020\0',
])('%j is not the id of an import', (text) => {
  expect(isImportId(text)).toBe(false);
  expect(isImportId('0f0e0d0c-0b0a-4909-8807-060504030201')).toBe(true);
});

test('an index and its key tell each other', () => {
  fc.assert(fc.property(index, (number) => {
    expect(KEYS.commitIndex(KEYS.commit(number))).toBe(number);
  }));
});

test('a listing comes in the order of the indices', () => {
  fc.assert(fc.property(fc.array(fc.nat(99_999_999)), (indices) => {
    const inOrder = [...indices].sort((a, b) => a - b).map((number) => KEYS.commit(number));

    expect([...inOrder].sort()).toEqual(inOrder);
  }));
});

test.each([
  KEYS.import, KEYS.published, KEYS.upload(3), KEYS.chunk(3, 'uuid', 'jsonl'), `${KEYS.commits}3.json`, `${KEYS.commits}00000003.json.bak`, `${KEYS.commits}0000000x.json`,
  new ImportKeys(SERIES, 'import-2').commit(3), `x${KEYS.commit(3)}`,
])('%s is no commit record of the import', (key) => {
  expect(KEYS.commitIndex(key)).toBeUndefined();
});

test.each([['', ''], ['/', ''], ['a', 'a'], ['/a/b/', 'a/b'], ['//a//', 'a']])('the prefix "%s" is used as "%s"', (given, used) => {
  expect(normalizePrefix(given)).toBe(used);
});
