/**
 * `npm run test:lanes`: checks that need other versions, languages or registries than `npm test`. Takes names of lanes; without any, runs
 * all. The last line is the sum, `N passed, N failed`, after a line for each skipped lane with the reason.
 */
import type { Checks, Lane } from './lanes/lane.mts';
import { ALL_LANES } from './lanes/lanes.mts';

const NOTHING: Checks = { passed: 0, failed: 0 };

async function run(lane: Lane): Promise<Checks> {
  const lacking = await lane.missing?.();
  if (lacking !== undefined) {
    console.log(`left out: ${lane.name} (${lane.description}): ${lacking}`);
    return NOTHING;
  }
  const started = performance.now();
  const checks = await lane.run().catch((error: unknown) => {
    console.error(error);
    return { passed: 0, failed: 1 };
  });
  const seconds = ((performance.now() - started) / 1000).toFixed(0);
  console.log(`${checks.failed === 0 ? 'ok    ' : 'FAILED'} ${lane.name} (${lane.description}): ${checks.passed} passed, ${checks.failed} failed, ${seconds} s`);
  return checks;
}

const names = process.argv.slice(2);
const unknown = names.filter((name) => !ALL_LANES.some((lane) => lane.name === name));
if (unknown.length > 0) throw new Error(`Unknown lane ${unknown.join(', ')}; there are ${ALL_LANES.map(({ name }) => name).join(', ')}.`);

let sum = NOTHING;
for (const lane of ALL_LANES.filter(({ name }) => names.length === 0 || names.includes(name))) {
  const { passed, failed } = await run(lane);
  sum = { passed: sum.passed + passed, failed: sum.failed + failed };
}
process.exitCode = sum.failed > 0 ? 1 : 0;
console.log(`${sum.passed} passed, ${sum.failed} failed`);
