import { manifestKey } from '../../src/protocol/manifest';
import { Layout } from '../../src/protocol/output-settings';

test.each([
  ['orders/latest.jsonl', 'orders/_latest.jsonl.manifest.json'],
  ['orders/{date}/{importId}', 'orders/{date}/_{importId}.manifest.json'],
  ['latest.jsonl', '_latest.jsonl.manifest.json'],
  ['orders/_latest.jsonl', 'orders/__latest.jsonl.manifest.json'],
])('the manifest of the object %s is %s, which readers of tables skip', (key, manifest) => {
  expect(manifestKey(key)).toBe(manifest);
  // https://docs.aws.amazon.com/athena/latest/ug/tables-location-format.html: names with an underscore or a dot before them are ignored.
  expect(manifest.split('/').at(-1)).toMatch(/^_/);
});

test('the manifest of several objects lies among them', () => {
  expect(manifestKey('orders/1/', Layout.PARTS)).toBe('orders/1/_manifest.json');
});
