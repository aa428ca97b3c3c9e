import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { cpSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { Edit, Mutant, MUTANTS } from './mutants';

/** The test of the test: the searches must turn red for code that breaks a rule of the protocol, and only for that. */

const ROOT = join(__dirname, '../..');

// The searches of one mutant take seconds, on machines that do other things meanwhile.
jest.setTimeout(1_200_000);

/** All that the searches need. */
const COPIED = ['src/protocol', 'src/runtime', 'src/source', 'test/kit', 'test/durability', 'tsconfig.json', 'tsconfig.dev.json', 'package.json'];

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'durability-'));
  for (const path of COPIED) cpSync(join(ROOT, path), join(folder, path), { recursive: true });
  symlinkSync(join(ROOT, 'node_modules'), join(folder, 'node_modules'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

function apply({ file, from, to }: Edit): void {
  const path = join(folder, file);
  const pieces = readFileSync(path, 'utf8').split(from);
  if (pieces.length !== 2) throw new Error(`${file} holds the mutant's place ${pieces.length - 1} times: keep test/durability/mutants.ts in step. ${from}`);
  writeFileSync(path, pieces.join(to));
}

/** Runs the searches over the copy. Resolves with all they print. */
async function search(...options: string[]): Promise<{ readonly code: unknown; readonly output: string }> {
  const runner = join(ROOT, 'node_modules/.bin/tsx');
  const child = spawn(runner, ['test/durability/main.ts', '--seed', '1', '--bail', ...options], { cwd: folder, stdio: ['ignore', 'pipe', 'pipe'] });
  const closed = once(child, 'close');
  const [stdout, stderr] = await Promise.all([text(child.stdout), text(child.stderr)]);
  const [code] = await closed;
  return { code, output: stdout + stderr };
}

test.each(MUTANTS.map((mutant): [string, Mutant] => [mutant.name, mutant]))('%s: found', async (_name, { edits, foundBy }) => {
  edits.forEach(apply);

  const { code, output } = await search('--schedules', '300', ...foundBy === undefined ? [] : ['--only', foundBy]);

  expect(output).toMatch(/\ndurability: \d+ schedules, \d+ faults injected, 1 violations\n$/);
  expect(code).toBe(1);
});

test('code that breaks no rule passes', async () => {
  const { code, output } = await search('--schedules', '20', '--only', 'page faults');

  expect(output).toMatch(/\ndurability: [1-9]\d* schedules, [1-9]\d* faults injected, 0 violations\n$/);
  expect(code).toBe(0);
});

test.each([
  ['a name that no schedule has', ['--only', 'no such schedule'], 'No schedule was run. Correct --only'],
  ['no number', ['--schedules', 'many'], '--schedules is many; expected a whole number.'],
])('a search that would prove nothing fails: %s', async (_what, options, message) => {
  const { code, output } = await search(...options);

  expect(output).toContain(message);
  expect(code).toBe(1);
});
