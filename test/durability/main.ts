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
import { EXHAUSTIVE, Part, PartOptions, PARTS } from './parts';
import { sampleThroughRealClient } from './real-sample';
import { SearchEnded, Tally } from './tally';

/** Random schedules of each mode. */
const SCHEDULES = 2000;

/** Schedules through the real client. */
const REAL_SCHEDULES = 150;

/** Violations of each search that are shown. */
const SHOWN = 5;

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      schedules: { type: 'string' }, seed: { type: 'string' }, only: { type: 'string' }, path: { type: 'string' },
      bail: { type: 'boolean', default: false },
    },
  });
  const seed = wholeNumber('--seed', values.seed, Math.floor(Math.random() * 2 ** 31));
  console.log(`seed ${seed}`);
  const startedAt = performance.now();
  const all = await runAll(partsOf(values.only), {
    seed, path: values.path,
    schedules: wholeNumber('--schedules', values.schedules, SCHEDULES),
    only: (name) => values.only === undefined || values.only in PARTS || name.includes(values.only),
  }, values.bail);
  if (values.only === undefined && !values.bail) {
    await runOne('real client', all, async (tally) => sampleThroughRealClient(tally, { schedules: REAL_SCHEDULES, seed }));
  }
  summarize(all, secondsSince(startedAt));
}

function summarize(all: Tally, seconds: string): void {
  // A search that has run nothing has proved nothing.
  if (all.schedules === 0) throw new Error('No schedule was run. Correct --only, which is a search or part of a schedule\'s name, or --schedules.');
  console.log(`\nfaults by kind\n${[...all.faults].sort().map(([kind, times]) => `  ${String(times).padStart(7)}  ${kind}`).join('\n')}`);
  console.log(`longest chain: ${all.longestChain} commit records; run time: ${seconds} s`);
  console.log(`durability: ${all.schedules} schedules, ${all.faultsInjected} faults injected, ${all.violations.length} violations`);
  process.exitCode = all.violations.length > 0 ? 1 : 0;
}

function wholeNumber(option: string, given: string | undefined, fallback: number): number {
  if (given === undefined) return fallback;
  if (!/^\d+$/.test(given)) throw new Error(`${option} is ${given}; expected a whole number. Correct it.`);
  return Number(given);
}

/** The searches that are meant: all, one by its name, or those whose schedules have names. */
function partsOf(only: string | undefined): [string, Part][] {
  if (only === undefined) return Object.entries(PARTS);
  return only in PARTS ? [[only, PARTS[only]!]] : Object.entries(EXHAUSTIVE);
}

async function runAll(parts: [string, Part][], options: PartOptions, bails: boolean): Promise<Tally> {
  const all = new Tally();
  for (const [name, run] of parts) {
    await runOne(name, all, (tally) => run(tally, options), bails);
    if (bails && all.violations.length > 0) break;
  }
  return all;
}

async function runOne(name: string, all: Tally, run: (tally: Tally) => Promise<void>, bails: boolean = false): Promise<void> {
  const tally = new Tally(bails);
  const startedAt = performance.now();
  await run(tally).catch((error: unknown) => {
    // Not even an import that is let alone came to its end.
    if (!(error instanceof SearchEnded)) tally.violations.push({ schedule: `${name}: the search itself`, problems: [String(error)] });
  });
  report(name, tally, secondsSince(startedAt));
  all.add(tally);
}

function report(name: string, { schedules, faultsInjected, violations }: Tally, seconds: string): void {
  console.log(`${name.padEnd(14)} ${schedules} schedules, ${faultsInjected} faults, ${violations.length} violations, ${seconds} s`);
  for (const { schedule, problems } of violations.slice(0, SHOWN)) console.log(`  ${schedule}\n    ${problems.join('\n    ')}`);
  if (violations.length > SHOWN) console.log(`  and ${violations.length - SHOWN} more`);
}

function secondsSince(startedAt: number): string {
  return ((performance.now() - startedAt) / 1000).toFixed(1);
}

void main();
