import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import * as defaults from '../../src/protocol/defaults';
import * as limits from '../../src/protocol/limits';
import { largestPageBytes } from '../../src/protocol/memory-shares';

const readme = readFileSync(join(__dirname, '../../README.md'), 'utf8');
const table = readme.slice(readme.indexOf('## Limits'), readme.indexOf('## Security'));

const KIB = 1024;
const MIB = 1024 * KIB;
const GIB = 1024 * MIB;
const TIB = 1024 * GIB;

function counted(number: number): string {
  return number.toLocaleString('en-US');
}

test.each([
  ['published object', `${Math.floor(10 * limits.OBJECT_MAX_BYTES / TIB) / 10} TiB: ${counted(limits.UPLOAD_PARTS)} parts of ${limits.PART_MAX_BYTES / GIB} GiB.`],
  ['object key, placeholders filled in', `${counted(limits.OBJECT_KEY_BYTES)} bytes`],
  ['one page, as text', `${largestPageBytes(defaults.FETCH_MEMORY_MIB) / MIB} MiB by default, ${largestPageBytes(limits.LAMBDA_MAX_MEMORY_MIB) / MIB} MiB at most`],
  ['one page of a handler that is its own Lambda function', `${limits.LAMBDA_PAYLOAD_BYTES / MIB} MB`],
  ['time for one page', `${limits.LAMBDA_TIMEOUT_SECONDS / 60} minutes at most`],
  ['page token', `${defaults.PAGE_TOKEN_BYTES / KIB} KiB as JSON`],
  ['execution input', `${limits.STATE_PAYLOAD_BYTES / KIB} KiB`],
  ['attempts per page', `${defaults.PAGE_ATTEMPTS} (\`maxAttemptsPerPage\`)`],
  ['empty pages in a row', `${counted(defaults.MAX_EMPTY_PAGES)} (\`maxEmptyPages\`)`],
  ['waits for one page', `${defaults.MAX_WAIT_SECONDS / 3600} hours in total`],
  ['one execution', `${defaults.TIMEOUT_DAYS} days (\`timeout\`), ${limits.EXECUTION_DAYS} days at most.`],
  ['one execution', `${counted(limits.EXECUTION_HISTORY_EVENTS)} events`],
  ['redrive', `${limits.REDRIVE_WINDOW_DAYS} days`],
  ['resume', `${defaults.maximumAgeSeconds(defaults.TIMEOUT_DAYS * 24 * 3600) / (24 * 3600)} days by default`],
  ['environment of the fetch function', `${limits.LAMBDA_ENVIRONMENT_BYTES / KIB} KB`],
  ['resources in a stack', `${limits.STACK_RESOURCES};`],
])('%s: %s', (what, limit) => {
  const row = table.split('\n').find((line) => line.startsWith(`| ${what} |`));
  expect(row?.split(' | ')[1]).toContain(limit);
});

test('the days that the cache of an import keeps its files', () => {
  const days = defaults.maximumAgeSeconds(defaults.TIMEOUT_DAYS * 24 * 3600) / (24 * 3600) + defaults.CACHE_LIFECYCLE_MARGIN_DAYS;
  expect(readme).toContain(`${days} days after its start by default`);
});
