import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { gunzipSync } from 'node:zlib';
import { csvParse } from 'd3-dsv';
import { ROOT } from '../../../scripts/paths.mts';
import { manifestKey } from '../../../src/protocol/manifest';
import { Order, order } from '../../integration/fixtures/order';

// A process with a bundler in it; a machine that is busy with other tests may need more.
jest.setTimeout(60_000);

const COMMAND = join(__dirname, '..', '..', '..', 'lib', 'local', 'cli.js');
const SOURCE = join(__dirname, '..', '..', 'integration', 'fixtures', 'orders.source.ts');

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'command-'));
});
afterAll(async () => rm(folder, { recursive: true, force: true }));

/** What the command says of a run that must succeed. */
async function run(...args: string[]): Promise<{ readonly file: string; readonly records: number; readonly bytes: number }> {
  const { stdout } = await promisify(execFile)(process.execPath, [COMMAND, 'run', SOURCE, '--page-size', '10', '--json', ...args], { cwd: folder });
  return JSON.parse(stdout);
}

const READERS: readonly [string, (text: string) => unknown[]][] = [
  ['jsonl', (text) => text.trimEnd().split('\n').map((line) => JSON.parse(line) as Order)],
  ['json', (text) => JSON.parse(text) as Order[]],
  ['csv', (text) => [...csvParse(text, ({ id, label, text: said }): Order => ({ id: Number(id), label: label!, text: said! }))]],
];

test.each(READERS.flatMap(([format, read]) => [false, true].map((gzip) => ({ format, gzip, read }))))(
  'writes $format, gzip: $gzip, with its manifest', async ({ format, gzip, read }) => {
    const args = ['--format', format, ...gzip ? ['--gzip'] : [], '--input', JSON.stringify({ count: 45 })];
    const { file, records, bytes } = await run(...args);
    expect(file).toBe(join(folder, `orders.${format}${gzip ? '.gz' : ''}`));
    const written = await readFile(file);
    expect(read((gzip ? gunzipSync(written) : written).toString())).toEqual(Array.from({ length: 45 }, (_, id) => order(id, 'orders')));
    expect({ records, bytes }).toEqual({ records: 45, bytes: written.byteLength });
    expect(JSON.parse(await readFile(manifestKey(file), 'utf8'))).toMatchObject({ format, compression: gzip ? 'gzip' : 'none', records: 45, bytes });
  },
);

/** What is left of a run that need not succeed. */
interface Ended {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

interface Surroundings {
  readonly environment?: Readonly<Record<string, string>>;
  readonly cwd?: string;
}

async function runSource(source: string, args: readonly string[] = [], surroundings: Surroundings = {}): Promise<Ended> {
  const { environment = {}, cwd = folder } = surroundings;
  const options = { cwd, env: { ...process.env, ...environment } };
  const ended = promisify(execFile)(process.execPath, [COMMAND, 'run', await sourceOf(source), ...args.includes('--page-size') ? [] : ['--page-size', '1'], '--force', ...args], options);
  return ended.then((outputs) => ({ ...outputs, code: 0 }), (error: Ended) => error);
}

/** The path of a source with this text. */
async function sourceOf(text: string): Promise<string> {
  const file = join(folder, 'tried.source.ts');
  await writeFile(file, text);
  return file;
}

test('says of a failed run what stands, and nothing of AWS', async () => {
  const failed = await runSource('export default async ({ offset }) => offset < 2 ? [{ offset }] : { records: null };');
  expect(failed).toMatchObject({
    code: 1, stdout: '', stderr: expect.stringMatching(/The import failed: InvalidPageError\n.*page 3.*records is null/),
  });
  expect(failed.stderr).toMatch(/\nNo file was written, and local runs keep nothing to resume: run the command again\.\n$/);
  expect(failed.stderr).not.toMatch(/redrive|resumeFrom|arn:|\baws\b/);
});

test('shows what the source logs, line by line, on standard error, and none of our own JSON', async () => {
  const { code, stdout, stderr } = await runSource(`export default async ({ offset }) => {
    console.log('page', offset);
    console.error('careful');
    process.stdout.write('no line feed');
    await new Promise((resolve) => setTimeout(resolve, 300));
    return offset < 2 ? [offset] : { records: [], total: 2 };
  };`);
  expect(code).toBe(0);
  const lines = stderr.split('\n');
  expect(lines.filter((line) => line.startsWith('page'))).toEqual(['page 0', 'page 1', 'page 2']);
  expect(lines.filter((line) => line === 'careful')).toHaveLength(3);
  expect(stderr).toContain('no line feed');
  expect(stderr).not.toContain('{');
  expect(stdout).toMatch(/^2 records in 3 pages \(4 bytes\) in [\d.]+ s: .*tried\.jsonl\n$/);
});

test.each([['0', 0], ['false', false], ['""', ''], ['null', null]])('passes the input %s', async (text, input) => {
  const { code, stderr } = await runSource('export default async ({ offset, input }) => { console.log(JSON.stringify({ input })); return []; };', ['--input', text]);
  expect(code).toBe(0);
  expect(stderr).toContain(JSON.stringify({ input }));
});

test('passes variables of AWS to the source when they are asked for', async () => {
  const source = `export default async () => {
    const { AWS_PROFILE, AWS_REGION, AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY, AWS_SESSION_TOKEN, OWN } = process.env;
    console.log(JSON.stringify({ AWS_PROFILE, AWS_REGION, AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY, AWS_SESSION_TOKEN, OWN }));
    return [];
  };`;
  const environment = { AWS_PROFILE: 'production', AWS_REGION: 'eu-west-1', AWS_ACCESS_KEY_ID: 'key', AWS_SECRET_ACCESS_KEY: 'secret', AWS_SESSION_TOKEN: 'token', OWN: 'own' };
  const local = { AWS_REGION: 'us-east-1', AWS_ACCESS_KEY_ID: 'local', AWS_SECRET_ACCESS_KEY: 'local', AWS_SESSION_TOKEN: 'local' };
  expect((await runSource(source, [], { environment })).stderr).toContain(JSON.stringify({ ...local, OWN: 'own' }));
  const asked = ['AWS_PROFILE', 'AWS_REGION', 'AWS_ACCESS_KEY_ID', 'AWS_SECRET_ACCESS_KEY', 'OWN=other'].flatMap((name) => ['--env', name]);
  const { code, stderr } = await runSource(source, asked, { environment });
  expect(code).toBe(0);
  expect(stderr).toContain(JSON.stringify({ ...environment, AWS_SESSION_TOKEN: '', OWN: 'other' }));
});

test('writes the columns that are asked for, and drops others', async () => {
  const source = 'export default async ({ offset }) => offset < 1 ? [{ id: 7, total: 1, text: "x" }] : [];';
  const { code } = await runSource(source, ['--format', 'csv', '--columns', 'total,id', '--unknown-columns', 'drop']);
  expect(code).toBe(0);
  expect(await readFile(join(folder, 'tried.csv'), 'utf8')).toBe('total,id\n1,7\n');
  expect(await runSource(source, ['--format', 'csv', '--columns', 'total,id'])).toMatchObject({ code: 1, stderr: expect.stringContaining('UnknownColumnError') });
});

/** What a source does, the error, what its message says to add, and whether that is enough. */
test.each([
  ['short pages', 'async ({ offset }) => [0, 1, 2, 3].slice(offset, offset + 1)', '2', 'ShortPageError', '--short-pages allow'],
  ['the same page again', 'async ({ pageNumber }) => ({ records: [1], hasMore: pageNumber < 3 })', '1', 'RepeatedPageError', '--repeated-pages allow'],
  ['empty pages', 'async ({ pageNumber }) => ({ records: [], hasMore: pageNumber < 1500 })', '1', 'MaxEmptyPagesExceededError', '--max-empty-pages 2000'],
  ['NaN', 'async ({ offset }) => offset < 1 ? [{ n: NaN }] : []', '1', 'InvalidPageError', '--non-finite-numbers null'],
  ['another total', 'async ({ offset }) => ({ records: [offset], total: 3, hasMore: offset < 1 })', '1', 'TotalMismatchError', '--on-total-mismatch warn'],
])('%s: the message names the option that lets it pass', async (_what, source, pageSize, error, option) => {
  const refused = await runSource(`export default ${source};`, ['--page-size', pageSize]);
  expect(refused).toMatchObject({ code: 1, stderr: expect.stringContaining(error) });
  expect(refused.stderr).toContain(option.replace(/ \d+$/, ''));

  await expect(runSource(`export default ${source};`, ['--page-size', pageSize, ...option.split(' ')])).resolves.toMatchObject({ code: 0 });
});

test('never writes over the source, nor over what is bundled with it, nor runs it first', async () => {
  await writeFile(join(folder, 'names.data.json'), '["a"]');
  const source = 'import names from "./names.data.json"; console.log("it runs"); export default async () => names;';
  for (const file of ['tried.source.ts', 'names.data.json']) {
    // Where there is an esbuild, which tells of what it bundles.
    const refused = await runSource(source, ['--out', join(folder, file)], { cwd: ROOT });
    expect(refused).toMatchObject({ code: 2, stderr: expect.stringContaining(`${file} is part of the source and is never replaced`) });
    expect(refused.stderr).not.toContain('it runs');
  }
  expect(await readFile(join(folder, 'tried.source.ts'), 'utf8')).toBe(source);
  expect(await readFile(join(folder, 'names.data.json'), 'utf8')).toBe('["a"]');
});

test.each([
  ['an enum', 'enum Letter { A }\nexport default async () => [Letter.A];'],
  ['an import without an extension', 'import { letters } from "./letters";\nexport default async () => letters;'],
])('says that esbuild is missing where Node.js cannot load %s by itself', async (_, source) => {
  await writeFile(join(folder, 'letters.ts'), 'export const letters: string[] = [];');
  const { code, stderr } = await runSource(source);
  expect(code).toBe(1);
  expect(stderr).toMatch(/SourceModuleError\n.*esbuild, which bundles a source, is not installed for .*Run "npm install --save-dev esbuild" in your project\.\n/);
  expect(stderr).not.toMatch(/deploy/);
});

test.each([['SIGINT', 130], ['SIGTERM', 143]] as const)('%s: says what stands, and leaves nothing behind', async (signal, expected) => {
  const temporary = await mkdtemp(join(tmpdir(), 'command-temporary-'));
  const source = await sourceOf('export default async ({ offset }) => { console.log("page", offset); await new Promise((r) => setTimeout(r, 250)); return offset < 200 ? [offset] : []; };');
  const command = spawn(process.execPath, [COMMAND, 'run', source, '--page-size', '1', '--out', join(folder, 'never.jsonl')], {
    env: { ...process.env, TMPDIR: temporary },
  });
  let stderr = '';
  command.stderr.on('data', (text: Buffer) => {
    const before = stderr;
    stderr += text.toString();
    if (stderr.includes('page 3') && !before.includes('page 3')) command.kill(signal);
  });
  const [code] = await once(command, 'close') as [number];
  expect(code).toBe(expected);
  expect(stderr).toMatch(/\nInterrupted after \d+ pages? with \d+ records?\. No file was written, and local runs keep nothing to resume: the next one begins at page 1\.\n$/);
  expect(stderr).not.toMatch(/\n {4}at /);
  expect(await readdir(temporary)).toEqual([]);
  expect(await readdir(folder)).not.toContain('never.jsonl');
  await rm(temporary, { recursive: true });
});

test('says its version', async () => {
  const { stdout } = await promisify(execFile)(process.execPath, [COMMAND, '--version']);
  expect(stdout).toBe(`${(JSON.parse(await readFile(join(ROOT, 'package.json'), 'utf8')) as { version: string }).version}\n`);
});

test('says what to type, and ends with 2', async () => {
  const refused: unknown = await promisify(execFile)(process.execPath, [COMMAND, 'run', SOURCE, '--page-size', '-5']).catch((error) => error);
  expect(refused).toMatchObject({
    code: 2,
    stderr: 'cdk-paginated-import: --page-size is -5; give a whole number of 1 or more\nAll options: cdk-paginated-import --help\n',
  });
});
