import { DESTINATION_PLACEHOLDERS, literalPrefix, resolveDestinationKey, unknownPlaceholders } from '../../src/protocol/destination-key';

const START = new Date('2026-03-04T05:06:07.890Z');

test.each([
  ['orders/latest.jsonl', 'orders/latest.jsonl'],
  ['orders/{date}/{importId}.jsonl', 'orders/2026-03-04/id-1.jsonl'],
  ['y={yyyy}/m={MM}/d={dd}/h={HH}', 'y=2026/m=03/d=04/h=05'],
  ['{importId}{importId}', 'id-1id-1'],
  ['{constructor}/{toString}/{}', '{constructor}/{toString}/{}'],
])('%s becomes %s', (template, key) => {
  expect(resolveDestinationKey(template, START, 'id-1')).toBe(key);
});

test('time is UTC, whatever the start was written in', () => {
  expect(resolveDestinationKey('{date}/{HH}', new Date('2026-03-04T23:30:00-02:00'), 'id-1')).toBe('2026-03-05/01');
});

test('an id is put in as it is', () => {
  expect(resolveDestinationKey('{importId}', START, '$&{date}')).toBe('$&{date}');
});

test('every placeholder becomes something', () => {
  for (const name of DESTINATION_PLACEHOLDERS) expect(resolveDestinationKey(`{${name}}`, START, 'id-1')).not.toContain('{');
});

test('unknown placeholders are named', () => {
  expect(unknownPlaceholders('{date}/{mm}/{}/{importID}/{toString}.jsonl')).toEqual(['mm', '', 'importID', 'toString']);
  expect(unknownPlaceholders(DESTINATION_PLACEHOLDERS.map((name) => `{${name}}`).join('/'))).toEqual([]);
});

test.each([['orders/{date}/x', 'orders/'], ['{date}/x', ''], ['orders/x.jsonl', 'orders/x.jsonl']])('all keys of %s start with "%s"', (template, prefix) => {
  expect(literalPrefix(template)).toBe(prefix);
});
