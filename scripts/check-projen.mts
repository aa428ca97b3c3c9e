/** Fails if the generated files are not what `npx projen` would write for the current .projenrc.ts. */
import { execFile } from 'node:child_process';
import { cp, mkdtemp, readFile, rm, symlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { ROOT } from './paths.mts';

/** What .projenrc.ts reads. projen takes the package's version and the installed versions from the existing package.json. */
const INPUTS = ['.projenrc.ts', 'package.json', 'package-lock.json', 'scripts', 'src'];

async function generatedFiles(): Promise<string[]> {
  const { files } = JSON.parse(await readFile(join(ROOT, '.projen', 'files.json'), 'utf8')) as { files: string[] };
  return [...files, 'package.json'];
}

async function synthesizeInto(folder: string): Promise<void> {
  await Promise.all(INPUTS.map((name) => cp(join(ROOT, name), join(folder, name), { recursive: true })));
  await symlink(join(ROOT, 'node_modules'), join(folder, 'node_modules'));
  // Post-synthesis would install the dependencies again.
  const env = { ...process.env, PROJEN_DISABLE_POST: 'true' };
  await promisify(execFile)('node', ['.projenrc.ts'], { cwd: folder, env });
}

/** Text of a file; `undefined` if it does not exist. */
async function textOf(folder: string, name: string): Promise<string | undefined> {
  return readFile(join(folder, name), 'utf8').catch(() => undefined);
}

const folder = await mkdtemp(join(tmpdir(), 'projen-'));
try {
  await synthesizeInto(folder);
  for (const name of await generatedFiles()) {
    if (await textOf(folder, name) === await textOf(ROOT, name)) continue;
    process.exitCode = 1;
    console.error(`${name} does not match .projenrc.ts: run \`npx projen\` and commit the result.`);
  }
} finally {
  await rm(folder, { recursive: true, force: true });
}
