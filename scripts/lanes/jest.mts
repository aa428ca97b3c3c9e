import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { ROOT } from '../paths.mts';
import { execute } from './execute.mts';
import type { Checks } from './lane.mts';

/** Runs jest, and counts what passed and failed. */
export async function runJest(folder: string, args: readonly string[], env: NodeJS.ProcessEnv = {}): Promise<Checks> {
  const report = join(folder, 'jest.json');
  // Failures are in the report; if there is none, reading it fails.
  await execute('jest', ['--json', `--outputFile=${report}`, ...args], ROOT, env).catch((error: unknown) => console.error(error));
  const { numPassedTests, numFailedTests, numRuntimeErrorTestSuites } = await readJson(report);
  return { passed: numPassedTests, failed: numFailedTests + numRuntimeErrorTestSuites };
}

/** A JSON file, also one of projen's, which start with a comment. */
export async function readJson(file: string): Promise<any> {
  const text = await readFile(file, 'utf8');
  return JSON.parse(text.replace(/^\/\/.*\n/, ''));
}
