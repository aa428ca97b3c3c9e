import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { MAX_WAIT_SECONDS, PAGE_ATTEMPTS, PAGE_RETRY_CAP_SECONDS, PAGE_TOKEN_BYTES, SHORT_WAIT_SECONDS } from '../../src/protocol/defaults';

const ROOT = join(__dirname, '../..');
const reference = readFileSync(join(ROOT, 'docs/source-reference.md'), 'utf8');

/** What the entry point exports, classes, functions and types alike. */
const exported = [...readFileSync(join(ROOT, 'src/source/index.ts'), 'utf8').matchAll(/^export (?:type )?\{ ([^}]*) \}/gm)]
  .flatMap(([, names]) => names!.split(', '));

test('it names everything that can be imported, and nothing else', () => {
  const table = reference.slice(reference.indexOf('## All names'), reference.indexOf('## In other languages'));
  const listed = [...table.matchAll(/^\| (`.*?) \|/gm)].flatMap(([, names]) => names!.split(', ').map((name) => name.replaceAll('`', '')));

  expect(exported.length).toBeGreaterThan(10);
  expect(listed.sort()).toEqual([...exported].sort());
});

test('its numbers are the defaults', () => {
  expect(reference).toContain(`up to ${PAGE_TOKEN_BYTES / 1024} KiB`);
  expect(reference).toContain(`more than ${SHORT_WAIT_SECONDS} seconds happen in a Wait state`);
  expect(reference).toContain(`${MAX_WAIT_SECONDS / 3600} hours by default`);
  expect(PAGE_ATTEMPTS).toBe(5);
  expect(reference).toContain('five attempts in all');
  expect(reference).toContain(`1, 2, 4 ... ${PAGE_RETRY_CAP_SECONDS} seconds`);
});

test('the README leads to it', () => {
  expect(readFileSync(join(ROOT, 'README.md'), 'utf8')).toContain('](docs/source-reference.md)');
});
