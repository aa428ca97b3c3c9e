import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { build, Plugin } from 'esbuild';
import { Edit, Mutant, MUTANTS } from './mutants';

/** The test of the test: the searches must turn red for code that breaks a rule of the protocol, and only for that. */

const ROOT = join(__dirname, '../..');

// The searches of one mutant take seconds, on machines that do other things meanwhile.
jest.setTimeout(1_200_000);

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'durability-'));
  symlinkSync(join(ROOT, 'node_modules'), join(folder, 'node_modules'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

function edited(code: string, { from, to }: Edit): string {
  const pieces = code.split(from);
  if (pieces.length !== 2) throw new Error(`The mutant's place is there ${pieces.length - 1} times: keep test/durability/mutants.ts in step. ${from}`);
  return pieces.join(to);
}

/** Puts the edited text in place of a file. */
function editing(edits: readonly Edit[]): Plugin {
  const textOf = (path: string): string | undefined => {
    const ofFile = edits.filter(({ file }) => path === join(ROOT, file));
    return ofFile.length === 0 ? undefined : ofFile.reduce(edited, readFileSync(path, 'utf8'));
  };
  return {
    name: 'mutant',
    setup: ({ onLoad }) => onLoad({ filter: /\.ts$/ }, ({ path }) => {
      const contents = textOf(path);
      return contents === undefined ? undefined : { contents, loader: 'ts' };
    }),
  };
}

/** Runs the searches over the edited code. Resolves with all they print. */
async function search(edits: readonly Edit[], ...options: string[]): Promise<{ readonly code: unknown; readonly output: string }> {
  const program = join(folder, 'main.js');
  await build({
    entryPoints: [join(ROOT, 'test/durability/main.ts')], outfile: program, bundle: true, platform: 'node', packages: 'external', keepNames: true,
    logLevel: 'silent', plugins: [editing(edits)],
  });
  const child = spawn(process.execPath, [program, '--seed', '1', '--bail', ...options], { cwd: folder, stdio: ['ignore', 'pipe', 'pipe'] });
  const closed = once(child, 'close');
  const [stdout, stderr] = await Promise.all([text(child.stdout), text(child.stderr)]);
  const [code] = await closed;
  return { code, output: stdout + stderr };
}

test.each(MUTANTS.map((mutant): [string, Mutant] => [mutant.name, mutant]))('%s: found', async (_name, { edits, foundBy }) => {
  const { code, output } = await search(edits, '--schedules', '300', ...foundBy === undefined ? [] : ['--only', foundBy]);

  expect(output).toMatch(/\ndurability: \d+ schedules, \d+ faults injected, 1 violations\n$/);
  expect(code).toBe(1);
});

test('code that breaks no rule passes', async () => {
  const { code, output } = await search([], '--only', 'tokens: page 1');

  expect(output).toMatch(/\ndurability: [1-9]\d* schedules, [1-9]\d* faults injected, 0 violations\n$/);
  expect(code).toBe(0);
});

test.each([
  ['a name that no schedule has', ['--only', 'no such schedule'], 'No schedule was run. Correct --only'],
  ['no number', ['--schedules', 'many'], '--schedules is many; expected a whole number.'],
])('a search that would prove nothing fails: %s', async (_what, options, message) => {
  const { code, output } = await search([], ...options);

  expect(output).toContain(message);
  expect(code).toBe(1);
});
