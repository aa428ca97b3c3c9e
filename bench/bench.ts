/**
 * `npm run bench`: how the time of an import grows with its pages, through the whole machine on this computer, and how the memory of
 * Fetch does not. Says what it measured and asserts nothing. `--quick` takes smaller sizes, `--json` writes the figures as JSON.
 */
import { availableParallelism } from 'node:os';
import { parseArgs } from 'node:util';
import { BenchApp, Measurement, PageSize } from './bench-app';
import { measureFetchMemory, MEMORY_MIB, MemoryMeasurement } from './fetch-memory';
import { count, mebibytes, table } from './table';

interface Sizes {
  /** Imports of each size, of which the median counts. */
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

/** What was measured. */
interface Figures {
  readonly node: string;
  readonly cpus: number;
  readonly runs: number;
  readonly smallPages: readonly Measurement[];
  readonly largePages: Measurement;
  readonly fetchMemory: readonly MemoryMeasurement[];
}

async function main(): Promise<void> {
  const { values } = parseArgs({ options: { quick: { type: 'boolean', default: false }, json: { type: 'boolean', default: false } } });
  const figures = await measure(values.quick ? QUICK : FULL);
  console.log(values.json ? JSON.stringify(figures, undefined, 2) : report(figures));
}

async function measure(sizes: Sizes): Promise<Figures> {
  await using app = await BenchApp.start();
  await app.import(25, 1_000); // the functions' code is loaded and compiled by then
  const smallPages = await inTurn(sizes.pages, async (pages) => medianImport(app, 25, pages, sizes.runs));
  const largePages = await medianImport(app, 1000, sizes.largePages, sizes.runs);
  const fetchMemory = await inTurn([sizes.memoryPages, 4 * sizes.memoryPages], async (pages) => measureFetchMemory(app, pages));
  return { node: process.version, cpus: availableParallelism(), runs: sizes.runs, smallPages, largePages, fetchMemory };
}

/** The import of median duration. */
async function medianImport(app: BenchApp, pageSize: PageSize, pages: number, runs: number): Promise<Measurement> {
  const measured = await inTurn(Array(runs).fill(pages), async () => app.import(pageSize, pages));
  return measured.sort((one, other) => one.seconds - other.seconds)[Math.floor(runs / 2)]!;
}

async function inTurn<Item, Result>(items: readonly Item[], work: (item: Item) => Promise<Result>): Promise<Result[]> {
  const results: Result[] = [];
  for (const item of items) results.push(await work(item));
  return results;
}

function report({ node, cpus, runs, smallPages, largePages, fetchMemory }: Figures): string {
  return [
    `Node.js ${node}, ${cpus} CPUs, everything in one process; median of ${runs}.`,
    '',
    'Pages of 25 records (linear where the ratio is 2)',
    measurements(smallPages),
    '',
    'Pages of 1,000 records',
    measurements([largePages]),
    '',
    `Memory of one Fetch invocation, for a function of ${MEMORY_MIB} MiB`,
    table(fetchMemory, [['records', ({ records }) => count(records)], ['peak MiB', ({ peakBytes }) => mebibytes(peakBytes)]]),
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
