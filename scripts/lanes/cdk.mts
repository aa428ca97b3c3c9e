import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { LANES, ROOT } from '../paths.mts';
import { execute } from './execute.mts';
import { readJson, runJest } from './jest.mts';
import type { Checks, Lane } from './lane.mts';

export interface CdkLaneOptions {
  readonly name: string;
  readonly description: string;
  /** Version ranges for npm. */
  readonly cdk: string;
  readonly constructs: string;
  /** Tests that this version cannot run. Give the reason in a comment. */
  readonly without?: readonly string[];
}

const TESTS = ['test/construct', 'test/integration/fragments.test.ts', 'test/integration/outputs.test.ts'];

/** Compiles, tests and runs the constructs with another version of the AWS CDK. */
export function cdkLane({ name, description, cdk, constructs, without = [] }: CdkLaneOptions): Lane {
  const folder = join(LANES, name);
  return {
    name,
    description,
    run: async () => {
      await install(folder, { 'aws-cdk-lib': cdk, constructs });
      await typecheck(folder);
      return unitTests(folder, without);
    },
  };
}

async function install(folder: string, dependencies: Readonly<Record<string, string>>): Promise<void> {
  await mkdir(folder, { recursive: true });
  await writeFile(join(folder, 'package.json'), JSON.stringify({ private: true, dependencies }));
  await execute('npm', ['install', '--prefer-offline', '--no-audit', '--no-fund', '--no-package-lock'], folder);
}

/** Checks our types as users with this version of the AWS CDK would see them. */
async function typecheck(folder: string): Promise<void> {
  const file = join(folder, 'tsconfig.json');
  const { compilerOptions: { paths } } = await readJson(join(ROOT, 'tsconfig.dev.json'));
  const ours = Object.entries<string[]>(paths).map(([name, targets]) => [name, targets.map((target) => join(ROOT, target))]);
  await writeFile(file, JSON.stringify({
    extends: join(ROOT, 'tsconfig.dev.json'),
    compilerOptions: {
      rootDir: '/',
      paths: {
        ...Object.fromEntries(ours),
        ...Object.fromEntries(['aws-cdk-lib', 'constructs'].flatMap((name) => [
          [name, [join(folder, 'node_modules', name)]],
          [`${name}/*`, [join(folder, 'node_modules', name, '*')]],
        ])),
      },
      typeRoots: [join(ROOT, 'node_modules', '@types')],
    },
    include: [join(ROOT, 'src', 'construct'), join(ROOT, 'src', 'index.ts')],
  }));
  await execute('tsc', ['--noEmit', '-p', file], ROOT);
}

async function unitTests(folder: string, without: readonly string[]): Promise<Checks> {
  const config = join(folder, 'jest.config.json');
  const base = await readJson(join(ROOT, 'jest.config.json'));
  const mapped = Object.fromEntries(['aws-cdk-lib', 'constructs'].map((name) => [`^${name}(/.*)?$`, `${folder}/node_modules/${name}$1`]));
  await writeFile(config, JSON.stringify({
    ...base,
    rootDir: ROOT,
    moduleNameMapper: { ...base.moduleNameMapper, ...mapped },
    testPathIgnorePatterns: ['/node_modules/', ...without],
  }));
  return runJest(folder, ['--config', config, ...TESTS]);
}
