/**
 * `npm test`: every check of the repository, the quick ones first. Checks of one stage run side by side, and the first stage with a
 * failure is the last to run. The last line is always the sum, `N passed, N failed`: jest's tests, and each check that failed.
 */
import { mkdir, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { CommandName } from './commands.mts';
import { REPORTS, ROOT } from './paths.mts';
import { runCommands } from './run-commands.mts';

const JEST_REPORT = 'test-reports/jest.json';

/** Each stage is what may run at once; each check is what must run one after the other. */
const STAGES: readonly (readonly (readonly CommandName[])[])[] = [
  [['bundle:lambdas', 'compile', 'bundle:local'], ['typecheck', 'lint', 'projen:check']],
  [['test:unit']],
  [['docs:api', 'docs:snippets'], ['examples', 'package:check', 'package:use']],
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

/** A failed jest run has its failures counted one by one already. */
function withChecks(jest: Totals, failedChecks: number): Totals {
  return jest.failed > 0 ? jest : { ...jest, failed: failedChecks };
}

/** Output is held back until a command ends, so that two at once stay readable; jest, alone in its stage, writes as it goes. */
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
