/** Builds what is published, if it is older than its sources. Saves the benchmark a minute if it is not. */
import { glob, stat } from 'node:fs/promises';
import { ROOT } from './paths.mts';

const INPUTS = ['src/**/*.ts', 'scripts/**/*.mts', 'package-lock.json', 'tsconfig*.json'];

/** One file per build step, and every Lambda bundle. */
const OUTPUTS = ['assets/*/index.mjs', 'lib/index.js', 'lib/local/index.js', '.jsii', 'THIRD-PARTY-LICENSES'];

async function modified(patterns: readonly string[]): Promise<number[]> {
  const times: number[] = [];
  for await (const file of glob(patterns, { cwd: ROOT })) times.push((await stat(`${ROOT}/${file}`)).mtimeMs);
  return times;
}

/** Whether all outputs exist and none is older than an input. */
async function isFresh(): Promise<boolean> {
  const found = await Promise.all(OUTPUTS.map((pattern) => modified([pattern])));
  if (found.some((times) => times.length === 0)) return false;
  return Math.min(...found.flat()) >= Math.max(...await modified(INPUTS));
}

if (!await isFresh()) await import('./build.mts');
