import { execFileSync } from 'node:child_process';
import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { EnvironmentVariable, IntegrityCheck } from '../src/protocol/environment';

const ASSETS = join(__dirname, '..', 'assets');

/** What a Lambda function's bundle costs at a cold start. */
export interface LoadTime {
  readonly bundle: string;
  readonly bytes: number;
  /** From the import's start to its end, in a process of its own. */
  readonly milliseconds: number;
}

/** The bundles that are shipped. */
export const BUNDLES = readdirSync(ASSETS);

export function measureLoadTime(bundle: string): LoadTime {
  const file = join(ASSETS, bundle, 'index.mjs');
  const program = `
    const start = performance.now();
    await import(${JSON.stringify(pathToFileURL(file))});
    console.log(performance.now() - start);`;
  const output = execFileSync(process.execPath, ['--input-type=module', '--eval', program], { env: lambdaEnvironment(), encoding: 'utf8' });
  return { bundle, bytes: statSync(file).size, milliseconds: Number(output) };
}

/** A deployed function's, as far as loading it asks for it. */
function lambdaEnvironment(): NodeJS.ProcessEnv {
  const values = Object.values(EnvironmentVariable).map((name) => [name, '1']);
  return { AWS_REGION: 'eu-west-1', ...Object.fromEntries(values), [EnvironmentVariable.INTEGRITY_CHECK]: IntegrityCheck.FULL_OBJECT_CRC32 };
}
