import { BARE } from './cold-start';
import { Measurement } from './contender-run';
import type { ContenderName } from './contenders/contender.mts';
import { Cost } from './costs';
import { Figures } from './figures';
import { PRICES_READ } from './prices';
import { Column, count, mebibytes, ratio, table } from './table';

/** The figures as text: a table per topic, with its goals. */
export function report(figures: Figures): string {
  const { node, cpus, rounds } = figures;
  return [
    `Node.js ${node}, ${cpus} CPUs; medians of ${rounds}. All contenders import the same records from the same source into the same S3 server, which`,
    'runs in a separate process. Each contender also runs in its own process, after a warm-up. MB are MiB.',
    ...large(figures),
    ...againstClassic(figures),
    ...memory(figures),
    ...persist(figures),
    ...slowSource(figures),
    ...coldStart(figures),
    ...costTable(figures),
  ].join('\n');
}

function large({ large: runs }: Figures): string[] {
  return [
    ...heading('Large imports', 'Goal for this at a million records: wall time at most 1.10 x hand-written, CPU time at most 1.15 x.'),
    table(runs.filter((run) => other('hand-written', run, runs) !== undefined), [
      ...SIZE,
      ['seconds', ({ seconds }) => seconds.toFixed(2)],
      ['wall x hand-written', (run) => ratio(run.seconds, other('hand-written', run, runs)?.seconds)],
      ['CPU seconds', ({ cpuSeconds }) => cpuSeconds.toFixed(2)],
      ['CPU x hand-written', (run) => ratio(run.cpuSeconds, other('hand-written', run, runs)?.cpuSeconds)],
      ['peak MB', ({ peakRssBytes }) => mebibytes(peakRssBytes)],
    ]),
  ];
}

function againstClassic({ classic: runs }: Figures): string[] {
  const ours = runs.filter(({ contender }) => contender === 'this');
  const secondsOf = (contender: ContenderName, run: Measurement): number => other(contender, run, runs)!.seconds;
  return [
    ...heading('Against the classic loop', 'Goal: classic takes at least 200 x as long as this at 800 pages.'),
    table(ours, [
      ['pages of 25', ({ size }) => count(size.pages)],
      ['classic s', (run) => secondsOf('classic', run).toFixed(2)],
      ['hand-written s', (run) => secondsOf('hand-written', run).toFixed(3)],
      ['this s', ({ seconds }) => seconds.toFixed(3)],
      ['classic / this', (run) => count(secondsOf('classic', run) / run.seconds)],
    ]),
  ];
}

function memory({ fetchMemory: rows }: Figures): string[] {
  const first = (memoryMib: number): number => rows.find((row) => row.memoryMib === memoryMib)!.peakRssBytes;
  return [
    ...heading('Memory of one Fetch invocation', 'Goal: at most 256 MB at one million records, and at most 1.10 x that at four million.'),
    table(rows, [
      ['function MB', ({ memoryMib }) => count(memoryMib)],
      ['records', ({ records }) => count(records)],
      ['peak MB', ({ peakRssBytes }) => mebibytes(peakRssBytes)],
      ['x fewer records', ({ memoryMib, peakRssBytes }) => ratio(peakRssBytes, first(memoryMib))],
    ]),
  ];
}

function persist({ large: runs }: Figures): string[] {
  return [
    ...heading('Chunk bytes that were read again', 'Goal: none for chunks of 5 MB and more, which S3 copies itself.'),
    table(runs.filter(({ contender }) => contender === 'this'), [
      ...SIZE,
      ['published MB', ({ bytes }) => mebibytes(bytes)],
      ['copied parts', ({ s3 }) => count(s3.traffic.UploadPartCopy?.requests ?? 0)],
      ['bytes read, chunks of 5 MB and more', ({ s3 }) => count(s3.chunkReads.ofCopyable)],
      ['bytes read, smaller chunks', ({ s3 }) => count(s3.chunkReads.ofSmaller)],
    ]),
  ];
}

function slowSource({ slow: runs }: Figures): string[] {
  return [
    ...heading('A slow source', 'Goal for this: at most 1.03 x the sum of the page times, uploads included.'),
    table(runs, [
      ...SIZE,
      ['ms a page', ({ size }) => count(size.pageMilliseconds)],
      ['sum of page times s', ({ sourceSeconds }) => sourceSeconds.toFixed(2)],
      ['seconds', ({ seconds }) => seconds.toFixed(2)],
      ['x sum', ({ seconds, sourceSeconds }) => (seconds / sourceSeconds).toFixed(3)],
    ]),
  ];
}

function coldStart({ coldStart: rows }: Figures): string[] {
  const bare = rows.find(({ bundle }) => bundle === BARE)!;
  return [
    ...heading('Cold start', 'Compared with the bundle of a plain S3 client; each in a separate process.'),
    table(rows, [
      ['bundle', ({ bundle }) => bundle],
      ['KB', ({ bytes }) => count(bytes / 1000)],
      ['KB x bare', ({ bytes }) => ratio(bytes, bare.bytes)],
      ['load ms', ({ milliseconds }) => count(milliseconds)],
      ['ms x bare', ({ milliseconds }) => ratio(milliseconds, bare.milliseconds)],
    ]),
  ];
}

function costTable({ costs }: Figures): string[] {
  return [
    ...heading('Cost', `At list prices of us-east-1, ${PRICES_READ}, without the free tier.`),
    table(costs, [
      ['contender', ({ contender }) => contender],
      ['records', ({ records }) => count(records)],
      ['page size', ({ pageSize }) => count(pageSize)],
      ['ms a page', ({ pageMilliseconds }) => count(pageMilliseconds)],
      ['basis', ({ basis }) => basis],
      ['transitions', ({ usage }) => count(usage.transitions)],
      ['GB-seconds', ({ usage }) => gigabyteSeconds(usage.gigabyteSeconds)],
      ['PUT, COPY, LIST', ({ usage }) => count(usage.writeRequests)],
      ['GET, HEAD', ({ usage }) => count(usage.readRequests)],
      ['an import', (cost) => money(cost.dollars)],
      ['a million records', (cost) => money(cost.dollarsPerMillionRecords)],
    ] satisfies Column<Cost>[]),
    '',
    'GB-seconds are durations on this computer times the memory of each function; on Lambda they differ. Modelled: the measured work, plus a source',
    'that takes this long per page. Extrapolated: c0 * pages + c1 * records moved, fitted to the measured sizes. A loop of one page per round',
    'would not finish, because of the 25,000 events of an execution and the function\'s memory.',
  ];
}

const SIZE: readonly Column<Measurement>[] = [
  ['contender', ({ contender }) => contender],
  ['records', ({ size }) => count(size.pages * size.pageSize)],
  ['page size', ({ size }) => count(size.pageSize)],
];

function heading(title: string, what: string): string[] {
  return ['', `### ${title}`, '', what, ''];
}

/** The run of a contender at the same size. */
function other(contender: ContenderName, { size }: Measurement, runs: readonly Measurement[]): Measurement | undefined {
  return runs.find((run) => run.contender === contender && run.size.pages === size.pages && run.size.pageSize === size.pageSize);
}

function gigabyteSeconds(value: number): string {
  return value < 100 ? value.toPrecision(3) : count(value);
}

function money(dollars: number): string {
  return `$${dollars < 1 ? dollars.toPrecision(2) : dollars.toFixed(2)}`;
}
