import { join } from 'node:path';
import { execute } from './execute.mts';

/** What a machine lacks for `installFromPypi`; `undefined` if it has it. */
export async function missingPython(): Promise<string | undefined> {
  return execute('python3', ['-c', 'import venv, ensurepip'], '/').then(() => undefined, () => 'python3 with venv is missing');
}

/** Installs packages into a virtual environment of its own, in `folder/python`. */
export async function installFromPypi(folder: string, packages: readonly string[]): Promise<void> {
  await execute('python3', ['-m', 'venv', 'python'], folder);
  await execute(join(folder, 'python', 'bin', 'pip'), ['install', '--quiet', '--disable-pip-version-check', ...packages], folder);
}
