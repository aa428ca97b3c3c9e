/**
 * `npm run bench`: how the time of an import grows with its pages, through the whole machine on this computer, and how the memory of
 * Fetch does not. Says what it measured and asserts nothing. `--quick` takes smaller sizes, `--json` writes the figures as JSON.
 */
import { availableParallelism } from 'node:os';
import { parseArgs } from 'node:util';
import { BenchApp, Measurement, PageSize } from './bench-app';
import { measureFetchMemory, MEMORY_MIB, MemoryMeasurement } from './fetch-memory';
import { BUNDLES, LoadTime, measureLoadTime } from './load-time';
import { count, mebibytes, table } from './table';

interface Sizes {
  /** Runs of each size, of which the median counts. */
  readonly runs: number;
  /** Pages of 25 records, doubled from one to the next. */
  readonly pages: readonly number[];
  /** Pages of 1,000 records. */
  readonly largePages: number;
  /** Pages of 1,000 records for Fetch alone, and four times as many. */
  readonly memoryPages: number;
}

const FULL: Sizes = { runs: 3, pages: [5_000, 10_000, 20_000, 40_000], largePages: 1_000, memoryPages: 250 };
const QUICK: Sizes = { runs: 1, pages: [1_250, 2_500, 5_000, 10_000], largePages: 200, memoryPages: 100 };

/** Loads of each bundle: short, and therefore noisy. */
const LOADS = 9;

/** What was measured. */
interface Figures {
  readonly node: string;
  readonly cpus: number;
  readonly runs: number;
  readonly smallPages: readonly Measurement[];
  readonly largePages: readonly Measurement[];
  readonly fetchMemory: readonly MemoryMeasurement[];
  readonly loadTimes: readonly LoadTime[];
}

async function main(): Promise<void> {
  const { values } = parseArgs({ options: { quick: { type: 'boolean', default: false }, json: { type: 'boolean', default: false } } });
  const figures = await measure(values.quick ? QUICK : FULL);
  console.log(values.json ? JSON.stringify(figures, undefined, 2) : report(figures));
}

async function measure({ runs, pages, largePages, memoryPages }: Sizes): Promise<Figures> {
  await using app = await BenchApp.start();
  await app.import(25, 1_000); // the functions' code is loaded and compiled by then
  const importOf = (pageSize: PageSize) => async (size: number) => app.import(pageSize, size);
  const seconds = ({ seconds: duration }: Measurement): number => duration;
  const loadTimeOf = async (bundle: string): Promise<LoadTime> => measureLoadTime(bundle);
  const memoryOf = async (size: number): Promise<MemoryMeasurement> => measureFetchMemory(app, size);
  return {
    node: process.version,
    cpus: availableParallelism(),
    runs,
    smallPages: await medians(pages, runs, importOf(25), seconds),
    largePages: await medians([largePages], runs, importOf(1000), seconds),
    fetchMemory: await medians([memoryPages, 4 * memoryPages], runs, memoryOf, ({ peakBytes }) => peakBytes),
    loadTimes: await medians(BUNDLES, LOADS, loadTimeOf, ({ milliseconds }) => milliseconds),
  };
}

/**
 * For each size, or bundle, the run whose figure is the median. All in turn, and then again: what else the computer does meanwhile falls
 * on all of them alike.
 */
async function medians<Subject, Run>(
  sizes: readonly Subject[], runs: number, run: (size: Subject) => Promise<Run>, figure: (run: Run) => number,
): Promise<Run[]> {
  const bySize = sizes.map((): Run[] => []);
  for (let round = 0; round < runs; round++) {
    for (const [index, size] of sizes.entries()) bySize[index]!.push(await run(size));
  }
  return bySize.map((ofSize) => ofSize.sort((one, other) => figure(one) - figure(other))[Math.floor(runs / 2)]!);
}

function report({ node, cpus, runs, smallPages, largePages, fetchMemory, loadTimes }: Figures): string {
  return [
    `Node.js ${node}, ${cpus} CPUs, everything in one process; median of ${runs}.`,
    '',
    'Pages of 25 records (linear where the ratio is 2)',
    measurements(smallPages),
    '',
    'Pages of 1,000 records',
    measurements(largePages),
    '',
    `Memory of one Fetch invocation, for a function of ${MEMORY_MIB} MiB`,
    table(fetchMemory, [['records', ({ records }) => count(records)], ['peak MiB', ({ peakBytes }) => mebibytes(peakBytes)]]),
    '',
    `Lambda bundles, loaded in a process of their own; median of ${LOADS}`,
    table(loadTimes, [
      ['bundle', ({ bundle }) => bundle],
      ['KB', ({ bytes }) => count(bytes / 1000)],
      ['ms', ({ milliseconds }) => count(milliseconds)],
    ]),
  ].join('\n');
}

function measurements(rows: readonly Measurement[]): string {
  return table(rows, [
    ['pages', ({ pages }) => count(pages)],
    ['records', ({ records }) => count(records)],
    ['MiB', ({ bytes }) => mebibytes(bytes)],
    ['seconds', ({ seconds }) => seconds.toFixed(2)],
    ['pages/s', ({ pages, seconds }) => count(pages / seconds)],
    ['records/s', ({ records, seconds }) => count(records / seconds)],
    ['x half', ({ seconds }, index) => (index === 0 ? '' : (seconds / rows[index - 1]!.seconds).toFixed(2))],
    ['transitions', ({ transitions }) => count(transitions)],
    ['chunks', ({ chunks }) => count(chunks)],
  ]);
}

void main();
