/** Builds what is published where it is older than what it is made of: a benchmark has no minute to spare for what is there. */
import { glob, stat } from 'node:fs/promises';
import { ROOT } from './paths.mts';

const INPUTS = ['src/**/*.ts', 'scripts/*.mts', 'package-lock.json', 'tsconfig*.json'];

/** One file of each step of the build, and every Lambda bundle. */
const OUTPUTS = ['assets/*/index.mjs', 'lib/index.js', 'lib/local/index.js', '.jsii'];

async function modified(patterns: readonly string[]): Promise<number[]> {
  const times: number[] = [];
  for await (const file of glob(patterns, { cwd: ROOT })) times.push((await stat(`${ROOT}/${file}`)).mtimeMs);
  return times;
}

/** Whether each output is there, and none of them older than an input. */
async function isFresh(): Promise<boolean> {
  const found = await Promise.all(OUTPUTS.map((pattern) => modified([pattern])));
  if (found.some((times) => times.length === 0)) return false;
  return Math.min(...found.flat()) >= Math.max(...await modified(INPUTS));
}

if (!await isFresh()) await import('./build.mts');
