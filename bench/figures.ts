import { mkdtempSync, rmSync } from 'node:fs';
import { availableParallelism, tmpdir } from 'node:os';
import { join } from 'node:path';
import { BenchApp } from './bench-app';
import { bundles, LoadTime, measureLoadTime } from './cold-start';
import { ContenderRunner, Measurement } from './contender-run';
import type { ContenderName, ImportSize } from './contenders/contender.mts';
import { Cost, costs } from './costs';
import { measureFetchMemory, MemoryMeasurement } from './fetch-memory';
import { median, medianBy } from './median';
import {
  CLASSIC_PAGE_SIZE, COMPARED_PAGE_SIZES, COST_PAGE_SIZE, Plan, SLOW_PAGE_MILLISECONDS, SLOW_PAGE_SIZE,
} from './plan';
import { S3Process } from './s3-process';

/** All measurements: the medians, and the runs behind them. */
export interface Figures {
  readonly node: string;
  readonly cpus: number;
  readonly rounds: number;
  readonly large: readonly Measurement[];
  readonly classic: readonly Measurement[];
  readonly slow: readonly Measurement[];
  readonly fetchMemory: readonly MemoryMeasurement[];
  readonly coldStart: readonly LoadTime[];
  readonly costs: readonly Cost[];
  readonly all: readonly Measurement[];
}

/** An import by a contender, measured once per round. */
interface Job {
  readonly contender: ContenderName;
  readonly size: ImportSize;
}

const STREAMING: readonly ContenderName[] = ['hand-written', 'floor', 'this'];

export async function measure(plan: Plan): Promise<Figures> {
  using app = new BenchApp();
  await using s3 = await S3Process.start(app.assembly);
  const runner = new ContenderRunner(app, s3);
  const all: Measurement[] = [];
  const imports = async (ofTopic: readonly Job[]): Promise<Measurement[]> => {
    const runs = await inRounds(ofTopic, plan.rounds, nameOf, ({ contender, size }) => runner.run(contender, size));
    all.push(...runs.flat());
    const medians = runs.map(medianMeasurement);
    requireSameBytes(medians);
    return medians;
  };
  const large = await imports(largeJobs(plan));
  const classic = await imports(classicJobs(plan));
  const slow = await imports(slowJobs(plan));
  const fetchMemory = await fetchMemories(plan, app, s3);
  return {
    node: process.version,
    cpus: availableParallelism(),
    rounds: plan.rounds,
    large,
    classic,
    slow,
    fetchMemory,
    coldStart: await loadTimes(plan),
    costs: costs(app, large, classic),
    all,
  };
}

function largeJobs({ records }: Plan): Job[] {
  const size = (pageSize: number): ImportSize => ({ pages: records / pageSize, pageSize, pageMilliseconds: 0 });
  return [
    ...COMPARED_PAGE_SIZES.flatMap((pageSize) => jobs(STREAMING, size(pageSize))),
    ...jobs(['this'], size(COST_PAGE_SIZE)),
  ];
}

function classicJobs({ classicPages }: Plan): Job[] {
  return classicPages.flatMap((pages) => jobs(['classic', 'hand-written', 'this'], { pages, pageSize: CLASSIC_PAGE_SIZE, pageMilliseconds: 0 }));
}

function slowJobs({ slowPages }: Plan): Job[] {
  return jobs(['hand-written', 'this'], { pages: slowPages, pageSize: SLOW_PAGE_SIZE, pageMilliseconds: SLOW_PAGE_MILLISECONDS });
}

function jobs(contenders: readonly ContenderName[], size: ImportSize): Job[] {
  return contenders.map((contender) => ({ contender, size }));
}

async function fetchMemories({ memoryMib, memoryRecords, rounds }: Plan, app: BenchApp, s3: S3Process): Promise<MemoryMeasurement[]> {
  const subjects = memoryMib.flatMap((mib) => memoryRecords.map((records) => ({ mib, records })));
  const runs = await inRounds(subjects, rounds, ({ mib, records }) => `memory of Fetch, ${mib} MiB, ${records} records`,
    ({ mib, records }) => measureFetchMemory(app, s3, mib, records));
  return runs.map((ofSubject) => medianBy(ofSubject, ({ peakRssBytes }) => peakRssBytes));
}

async function loadTimes({ loads }: Plan): Promise<LoadTime[]> {
  const folder = mkdtempSync(join(tmpdir(), 'paginated-import-bench-'));
  try {
    const runs = await inRounds(await bundles(folder), loads, ({ name }) => `load time of ${name}`, async (bundle) => measureLoadTime(bundle));
    return runs.map((ofBundle) => medianBy(ofBundle, ({ milliseconds }) => milliseconds));
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Runs all subjects in turn, then again, so that other load on the computer affects all of them alike. */
async function inRounds<Subject, Run>(
  subjects: readonly Subject[], rounds: number, name: (subject: Subject) => string, run: (subject: Subject) => Promise<Run>,
): Promise<Run[][]> {
  const runs = subjects.map((): Run[] => []);
  for (let round = 1; round <= rounds; round++) {
    for (const [index, subject] of subjects.entries()) {
      console.error(`round ${round} of ${rounds}: ${name(subject)}`);
      runs[index]!.push(await run(subject));
    }
  }
  return runs;
}

/** The run of median duration, with the medians of CPU time and memory. */
function medianMeasurement(runs: readonly Measurement[]): Measurement {
  return {
    ...medianBy(runs, ({ seconds }) => seconds),
    cpuSeconds: median(runs.map(({ cpuSeconds }) => cpuSeconds)),
    peakRssBytes: median(runs.map(({ peakRssBytes }) => peakRssBytes)),
  };
}

/** Checks that all streaming contenders published the same lines. @throws Error if one of them skipped some of the work */
function requireSameBytes(runs: readonly Measurement[]): void {
  for (const { size } of runs) {
    const found = runs.filter((run) => run.size === size && STREAMING.includes(run.contender));
    if (new Set(found.map(({ bytes }) => bytes)).size <= 1) continue;
    const list = found.map(({ contender, bytes }) => `${contender} ${bytes}`).join(', ');
    throw new Error(`For ${size.pages} pages of ${size.pageSize}, the contenders published different numbers of bytes: ${list}.`);
  }
}

function nameOf({ contender, size: { pages, pageSize, pageMilliseconds } }: Job): string {
  return `${contender}, ${pages} pages of ${pageSize}${pageMilliseconds > 0 ? `, ${pageMilliseconds} ms each` : ''}`;
}
