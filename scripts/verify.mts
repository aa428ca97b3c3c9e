/**
 * `npm test`: all checks of the repository, the quick ones first. The checks of a stage run concurrently, and a failed stage is the last to
 * run. The last line is always the sum, `N passed, N failed`: jest's tests, and each check that failed.
 */
import { mkdir, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { CommandName } from './commands.mts';
import { REPORTS, ROOT } from './paths.mts';
import { runCommands } from './run-commands.mts';

const JEST_REPORT = 'test-reports/jest.json';

/** The checks of a stage may run concurrently; the commands of a check must run in order. */
const STAGES: readonly (readonly (readonly CommandName[])[])[] = [
  [['bundle:lambdas', 'compile', 'bundle:local', 'licenses'], ['typecheck', 'lint', 'projen:check']],
  [['test:unit']],
  [['docs:api', 'docs:snippets', 'schema:check'], ['examples', 'package:check', 'package:use']],
];

interface Totals {
  readonly passed: number;
  readonly failed: number;
}

async function runStages(): Promise<Totals> {
  for (const stage of STAGES) {
    const failed = (await Promise.all(stage.map(runCheck))).filter((passed) => !passed).length;
    if (failed > 0) return withChecks(await jestTotals(), failed);
  }
  return jestTotals();
}

/** Failures of jest are already counted one by one. */
function withChecks(jest: Totals, failedChecks: number): Totals {
  return jest.failed > 0 ? jest : { ...jest, failed: failedChecks };
}

/** Output is held back until a command ends, so that concurrent ones stay readable. jest, alone in its stage, prints as it goes. */
async function runCheck(names: readonly CommandName[]): Promise<boolean> {
  const isJest = names.includes('test:unit');
  return runCommands(names, isJest ? { live: true, args: ['--json', `--outputFile=${JEST_REPORT}`] } : {});
}

async function jestTotals(): Promise<Totals> {
  const json = await readFile(join(ROOT, JEST_REPORT), 'utf8').catch(() => undefined);
  if (json === undefined) return { passed: 0, failed: 0 };
  const { numPassedTests, numFailedTests, numRuntimeErrorTestSuites } = JSON.parse(json);
  return { passed: numPassedTests, failed: numFailedTests + numRuntimeErrorTestSuites };
}

await rm(REPORTS, { recursive: true, force: true });
await mkdir(REPORTS, { recursive: true });
const { passed, failed } = await runStages();
process.exitCode = failed > 0 ? 1 : 0;
console.log(`${passed} passed, ${failed} failed`);
