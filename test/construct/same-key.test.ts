import { mayBeSameKey } from '../../src/construct/destination/same-key';

test.each<[string, string]>([
  ['n/{executionName}', 'n/{executionName}.json'],
  ['n/{executionName}', 'n/_{executionName}.manifest.json'],
  ['n/{executionName}', 'n/a-{executionName}'],
  ['n/{executionName}/{importId}', 'n/{executionName}/{importId}'],
  ['n/a{executionName}', 'n/{executionName}b'],
])('the key %s and the manifest key %s may be the same, by the names of two executions', (key, manifestKey) => {
  expect(mayBeSameKey(key, manifestKey)).toBe(true);
  expect(mayBeSameKey(manifestKey, key)).toBe(true);
});

test.each<[string, string]>([
  ['n/{executionName}', 'm/{executionName}'],
  ['n/{executionName}', 'n/manifests/{executionName}'],
  ['n/{executionName}.jsonl', 'n/{executionName}.json'],
  ['n/{importId}', 'n/{importId}.json'],
  ['n/{date}.jsonl', 'n/_{date}.jsonl'],
  ['n/latest', 'n/latest.json'],
])('the key %s and the manifest key %s never are', (key, manifestKey) => {
  expect(mayBeSameKey(key, manifestKey)).toBe(false);
  expect(mayBeSameKey(manifestKey, key)).toBe(false);
});
