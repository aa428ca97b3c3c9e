import * as fc from 'fast-check';
import { ImportKeys, importPrefix, normalizePrefix } from '../../src/protocol/keys';

const KEYS = new ImportKeys('cache/orders', 'import-1');
const index = fc.oneof(fc.nat(), fc.nat(99_999_999));

test('the keys of an import lie below its prefix', () => {
  expect({ ...KEYS }).toEqual({
    all: 'cache/orders/import-1/', import: 'cache/orders/import-1/import.json', published: 'cache/orders/import-1/published.json',
    data: 'cache/orders/import-1/data/', folds: 'cache/orders/import-1/folds/',
    commits: 'cache/orders/import-1/commits/', uploads: 'cache/orders/import-1/uploads/',
  });
  expect([KEYS.chunk(12, 'uuid', 'jsonl'), KEYS.commit(12), KEYS.upload(1)]).toEqual([
    'cache/orders/import-1/data/00000012-uuid.jsonl', 'cache/orders/import-1/commits/00000012.json', 'cache/orders/import-1/uploads/0001.json',
  ]);
});

test('without a prefix they begin with the import', () => {
  expect(new ImportKeys('', 'i').import).toBe('i/import.json');
  expect(importPrefix('', 'i')).toBe('i/');
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
  new ImportKeys('cache/orders', 'import-2').commit(3), `x${KEYS.commit(3)}`,
])('%s is no commit record of the import', (key) => {
  expect(KEYS.commitIndex(key)).toBeUndefined();
});

test.each([['', ''], ['/', ''], ['a', 'a'], ['/a/b/', 'a/b'], ['//a//', 'a']])('the prefix "%s" is used as "%s"', (given, used) => {
  expect(normalizePrefix(given)).toBe(used);
});
