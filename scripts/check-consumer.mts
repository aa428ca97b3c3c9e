/**
 * Installs the packed tarball into an empty folder, with only what the README says, and uses it like its readers: in a TypeScript app, in a
 * JavaScript app, and with the command.
 */
import { execFile } from 'node:child_process';
import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { gunzipSync } from 'node:zlib';
import { ROOT } from './paths.mts';

const APP = join(ROOT, 'test', 'package', 'app');

/** The versions that the repository itself uses, so that npm finds them in its cache. */
const PACKAGES = ['aws-cdk-lib', 'constructs', 'esbuild', 'typescript', 'tsx', '@types/node'];

async function run(folder: string, command: string, ...args: string[]): Promise<string> {
  const { stdout } = await promisify(execFile)(command, args, { cwd: folder, maxBuffer: 2 ** 26 });
  return stdout;
}

async function install(folder: string): Promise<void> {
  const [packed] = JSON.parse(await run(ROOT, 'npm', 'pack', '--json', '--ignore-scripts', '--pack-destination', folder)) as { filename: string }[];
  await cp(APP, folder, { recursive: true });
  await writeFile(join(folder, 'package.json'), JSON.stringify({ name: 'consumer', version: '1.0.0', private: true }));
  const versions = await Promise.all(PACKAGES.map(async (name) => `${name}@${await versionOf(name)}`));
  await run(folder, 'npm', 'install', '--prefer-offline', '--no-audit', '--no-fund', join(folder, packed!.filename), ...versions);
}

async function versionOf(name: string): Promise<string> {
  return (JSON.parse(await readFile(join(ROOT, 'node_modules', name, 'package.json'), 'utf8')) as { version: string }).version;
}

async function check(folder: string): Promise<void> {
  await run(folder, 'npx', 'tsc', '-p', 'tsconfig.json');
  process.stdout.write(await run(folder, 'npx', 'tsx', 'check.ts'));
  process.stdout.write(await run(folder, 'node', 'check.js'));
  await checkCommand(folder, [], (file) => file.toString());
  await checkCommand(folder, ['--format', 'csv', '--gzip'], (file) => gunzipSync(file).toString().replace(/^.*\n/, ''));
}

/** @param linesOf the records in the written file, one per line */
async function checkCommand(folder: string, options: string[], linesOf: (file: Buffer) => string): Promise<void> {
  const command = ['run', 'orders.source.ts', '--page-size', '25', '--json', ...options];
  const result = JSON.parse(await run(folder, 'npx', 'cdk-paginated-import', ...command)) as { records: number; file: string };
  const { length } = linesOf(await readFile(result.file)).trim().split('\n');
  if (result.records !== 101 || length !== 101) throw new Error(`The command wrote ${length} records and reported ${JSON.stringify(result)}.`);
  console.log(`The command ${options.join(' ')}: 101 records`);
}

const folder = await mkdtemp(join(tmpdir(), 'consumer-'));
try {
  await install(folder);
  await check(folder);
} finally {
  await rm(folder, { recursive: true, force: true });
}
