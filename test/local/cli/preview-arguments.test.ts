import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readArguments } from '../../../src/local/cli/arguments';

const folder = mkdtempSync(join(tmpdir(), 'preview-arguments-'));
const FILE = join(folder, 'orders.http.json');
writeFileSync(FILE, '{}');
writeFileSync(join(folder, 'orders.source.ts'), '');
afterAll(() => rmSync(folder, { recursive: true }));

test('5 pages of 20 records, unless asked otherwise', () => {
  expect(readArguments(['preview', FILE])).toEqual({ command: 'preview', file: FILE, pageSize: 20, pages: 5, input: {}, json: false });
  expect(readArguments(['preview', FILE, '--page-size', '500', '--pages', '1', '--input', '{"a":1}', '--json'])).toMatchObject({
    pageSize: 500, pages: 1, input: { a: 1 }, json: true,
  });
});

test.each<[string[], RegExp]>([
  [[], /^no source file is given; write preview <settings file>$/],
  [['/no/such.json'], /^the source file \/no\/such\.json does not exist/],
  [[join(folder, 'orders.source.ts')], /is a module, and preview shows sources without code; give their settings as a \.http\.json file, or write run$/],
  [[FILE, '--pages', '0'], /^--pages is 0; give a whole number of 1 or more$/],
  [[FILE, '--gzip'], /^--gzip is for run, not for preview; leave it out$/],
  [[FILE, '--short-pages', 'allow'], /^--short-pages is for run, not for preview; leave it out$/],
])('%j is refused, with what to write', (args, message) => {
  expect(() => readArguments(['preview', ...args])).toThrow(expect.objectContaining({ name: 'UsageError', message: expect.stringMatching(message) }));
});
