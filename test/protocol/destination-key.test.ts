import { DESTINATION_PLACEHOLDERS, executionNameOf, literalPrefix, resolveDestinationKey, unknownPlaceholders } from '../../src/protocol/destination-key';

const VALUES = { startTime: new Date('2026-03-04T05:06:07.890Z'), importId: 'id-1', executionName: 'run-1' };

test.each([
  ['orders/latest.jsonl', 'orders/latest.jsonl'],
  ['orders/{date}/{importId}.jsonl', 'orders/2026-03-04/id-1.jsonl'],
  ['y={yyyy}/m={MM}/d={dd}/h={HH}', 'y=2026/m=03/d=04/h=05'],
  ['{importId}{importId}', 'id-1id-1'],
  ['runs/{executionName}.jsonl', 'runs/run-1.jsonl'],
  ['{constructor}/{toString}/{}', '{constructor}/{toString}/{}'],
])('%s becomes %s', (template, key) => {
  expect(resolveDestinationKey(template, VALUES)).toBe(key);
});

test('time is UTC, whatever the start was written in', () => {
  expect(resolveDestinationKey('{date}/{HH}', { ...VALUES, startTime: new Date('2026-03-04T23:30:00-02:00') })).toBe('2026-03-05/01');
});

test('an id is put in as it is', () => {
  expect(resolveDestinationKey('{importId}', { ...VALUES, importId: '$&{date}' })).toBe('$&{date}');
});

test('every placeholder becomes something', () => {
  for (const name of DESTINATION_PLACEHOLDERS) expect(resolveDestinationKey(`{${name}}`, VALUES)).not.toContain('{');
});

test('unknown placeholders are named', () => {
  expect(unknownPlaceholders('{date}/{mm}/{}/{importID}/{toString}.jsonl')).toEqual(['mm', '', 'importID', 'toString']);
  expect(unknownPlaceholders(DESTINATION_PLACEHOLDERS.map((name) => `{${name}}`).join('/'))).toEqual([]);
});

test.each([['orders/{date}/x', 'orders/'], ['{date}/x', ''], ['orders/x.jsonl', 'orders/x.jsonl']])('all keys of %s start with "%s"', (template, prefix) => {
  expect(literalPrefix(template)).toBe(prefix);
});

test('an execution is named by the end of its ARN', () => {
  expect(executionNameOf('arn:aws:states:eu-central-1:123456789012:execution:orders:run-1')).toBe('run-1');
});
