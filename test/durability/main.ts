/**
 * `npm run test:durability`: every crash point and many random schedules. The last line is the sum.
 *
 * --schedules N   random schedules of each mode (2,000)
 * --seed N        of the random schedules (drawn by default, and printed)
 * --only TEXT     a search, or the schedules whose name holds this, as a violation names them
 * --path PATH     one random schedule alone, as a violation names it
 * --bail          end with the first violation
 */
import { parseArgs } from 'node:util';
import { PartOptions, PARTS } from './parts';
import { SearchEnded, Tally } from './tally';

const DEFAULT_SCHEDULES = 2000;

/** Violations of each search that are shown. */
const SHOWN = 5;

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      schedules: { type: 'string' }, seed: { type: 'string' }, only: { type: 'string' }, path: { type: 'string' },
      bail: { type: 'boolean', default: false },
    },
  });
  const seed = Number(values.seed ?? Math.floor(Math.random() * 2 ** 31));
  console.log(`seed ${seed}`);
  const all = await runAll(partsOf(values.only), {
    seed, path: values.path,
    schedules: Number(values.schedules ?? DEFAULT_SCHEDULES),
    only: (name) => values.only === undefined || values.only in PARTS || name.includes(values.only),
  }, values.bail);
  console.log(`\nfaults by kind\n${[...all.faults].sort().map(([kind, times]) => `  ${String(times).padStart(7)}  ${kind}`).join('\n')}`);
  console.log(`longest chain: ${all.longestChain} commit records`);
  console.log(`durability: ${all.schedules} schedules, ${all.faultsInjected} faults injected, ${all.violations.length} violations`);
  process.exitCode = all.violations.length > 0 ? 1 : 0;
}

/** The searches that are meant: one by its name, else all. */
function partsOf(only: string | undefined): [string, (typeof PARTS)[string]][] {
  return Object.entries(PARTS).filter(([name]) => only === undefined || !(only in PARTS) || only === name);
}

async function runAll(parts: [string, (typeof PARTS)[string]][], options: PartOptions, bails: boolean): Promise<Tally> {
  const all = new Tally();
  for (const [name, run] of parts) {
    const tally = new Tally(bails);
    const startedAt = performance.now();
    await run(tally, options).catch((error: unknown) => { if (!(error instanceof SearchEnded)) throw error; });
    report(name, tally, performance.now() - startedAt);
    all.add(tally);
    if (bails && all.violations.length > 0) break;
  }
  return all;
}

function report(name: string, { schedules, faultsInjected, violations }: Tally, milliseconds: number): void {
  console.log(`${name.padEnd(14)} ${schedules} schedules, ${faultsInjected} faults, ${violations.length} violations, ${(milliseconds / 1000).toFixed(1)} s`);
  for (const { schedule, problems } of violations.slice(0, SHOWN)) console.log(`  ${schedule}\n    ${problems.join('\n    ')}`);
  if (violations.length > SHOWN) console.log(`  and ${violations.length - SHOWN} more`);
}

void main();
