import { CommitRecord, decodeCommitRecord } from '../../src/protocol/commit-record';
import { ImportKeys } from '../../src/protocol/keys';
import { ImportResult } from '../../src/protocol/machine-state';
import { collect } from '../kit/collect';
import { SERIES } from '../kit/series';
import { CACHE_BUCKET } from '../kit/test-machine';
import { AFTERMATHS, ATTEMPTS, Crash as MatrixCrash, firstOfImport, makesSense, nameOfCall, OneFault } from './crash-matrix';
import { OLD_OBJECT } from './destination';
import { isExpectedFailure } from './expected-failures';
import { canMeet, FAULTS, nameOf, SLOWNESSES } from './faults';
import { StoreCall } from './faulty-store';
import { Interruption, Manner, MANNERS } from './interference';
import { Simulation, SimulationOptions } from './simulation';
import { Tally } from './tally';
import { problemsOf, problemsOfSightings } from './verdict';
import { MOST_EMPTY_PAGES, WRONG_SOURCES, WrongSource, WrongSourceFault } from './wrong-source';

/**
 * Sources of which nothing may be published, with every fault at every store call: the import fails by the error of what is wrong, and
 * fails by it again, without asking for a page, when it is resumed with a handler that hides it.
 */

type Options = Omit<SimulationOptions, 'attempts'>;

const PAGE_BY_PAGE: Options = { chunkBytes: 1, remaining: 900_000, maxEmptyPages: MOST_EMPTY_PAGES };

/** Several pages are not committed yet when the last one is refused. */
const IN_ONE_CHUNK: Options = { ...PAGE_BY_PAGE, chunkBytes: 1000 };

/** Time for three pages in each invocation: the last one, and two questions before the end. */
const ROUND_BY_ROUND: Options = { ...PAGE_BY_PAGE, remaining: 14_000 };

/** One place in all of this. */
interface WrongCase {
  readonly name: string;
  readonly fault: WrongSourceFault;
  readonly options: Options;
}

const CASES: readonly WrongCase[] = [
  ...(Object.keys(WRONG_SOURCES) as WrongSourceFault[]).map((fault): WrongCase => ({ name: fault, fault, options: PAGE_BY_PAGE })),
  { name: 'a circle of tokens in one chunk', fault: 'a circle of tokens', options: IN_ONE_CHUNK },
  { name: 'at most 2 records of 3, round by round', fault: 'at most 2 records of 3', options: ROUND_BY_ROUND },
  { name: 'empty pages for ever, round by round', fault: 'empty pages for ever', options: ROUND_BY_ROUND },
];

/** Which schedules are run. */
type Only = (name: string) => boolean;

/** Goes through all of it. */
export async function exploreWrongSources(tally: Tally, only: Only): Promise<void> {
  for (const wrong of CASES) {
    const calls = await callsOf(wrong);
    await exploreCrashes(wrong, calls, tally, only);
    const name = `${wrong.name}: two executions at once`;
    if (only(name)) await runTwoExecutions(name, wrong, tally);
    // What stops the others is seen again, whatever was committed.
    if (!('isResumable' in WRONG_SOURCES[wrong.fault])) await exploreCorrections(wrong, calls, tally, only);
  }
}

async function exploreCrashes(wrong: WrongCase, calls: readonly StoreCall[], tally: Tally, only: Only): Promise<void> {
  for (const [call, storeCall] of calls.entries()) {
    for (const aftermath of AFTERMATHS) {
      for (const fault of [...FAULTS, ...SLOWNESSES]) {
        const name = `${wrong.name}: ${nameOfCall(call, storeCall)} ${nameOf(fault)}, ${aftermath}`;
        if (!canMeet(storeCall.method, fault) || !makesSense(fault, aftermath) || !only(name)) continue;
        await runCrash(name, wrong, { call, fault, aftermath }, tally);
      }
    }
  }
}

/** The calls of an import that only its source stops. */
async function callsOf({ fault, options }: WrongCase): Promise<StoreCall[]> {
  const calls: StoreCall[] = [];
  const simulation = new Simulation({ ...options, attempts: 1 });
  simulation.trouble = { faultOf: (call) => void calls.push(call) };
  await simulation.schedule.untilEnd(simulation.execute({ source: simulation.wrongSource(fault) }).catch(() => undefined));
  return calls;
}

async function runCrash(name: string, { fault: wrong, options }: WrongCase, crash: Crash, tally: Tally): Promise<void> {
  const simulation = new Simulation({ ...options, attempts: crash.aftermath === 'resumed' ? 1 : ATTEMPTS });
  const trouble = new OneFault(simulation, crash);
  simulation.trouble = trouble;
  const source = simulation.wrongSource(wrong);
  await simulation.putOldObject();
  const problems = await problemsOf(simulation, async () => judge(simulation, source, await runUntilStopped(simulation, source)));
  if (trouble.hasStruck) tally.count(nameOf(crash.fault));
  tally.schedule(name, simulation.longestChain, problems);
}

/** A fault at a call. */
type Crash = Pick<MatrixCrash, 'call' | 'fault' | 'aftermath'>;

/** A second execution goes on with an import while the first one is about to be stopped. */
async function runTwoExecutions(name: string, { fault, options }: WrongCase, tally: Tally): Promise<void> {
  const simulation = new Simulation({ ...options, attempts: ATTEMPTS });
  const source = simulation.wrongSource(fault);
  await simulation.putOldObject();
  const problems = await problemsOf(simulation, async () => {
    let other: Promise<unknown> | undefined;
    const stopped = await runUntilStopped(simulation, source, (importId) => {
      other ??= simulation.execute({ source, input: { resumeFrom: importId } }).then(() => 'ended', nameOfError);
    });
    const end = await other;
    return [...end === source.error ? [] : [`the other execution ended with ${String(end)}`], ...await judge(simulation, source, stopped)];
  });
  tally.schedule(name, simulation.longestChain, problems);
}

/** A second execution, with a handler that hides what is wrong, comes at each call of the first one. */
async function exploreCorrections(wrong: WrongCase, calls: readonly StoreCall[], tally: Tally, only: Only): Promise<void> {
  for (let call = firstOfImport(calls); call < calls.length; call++) {
    for (const manner of MANNERS) {
      const name = `${wrong.name}: an execution with another handler at ${nameOfCall(call, calls[call]!)}, ${manner}`;
      if (only(name)) await runCorrection(name, wrong, call, manner, tally);
    }
  }
}

async function runCorrection(name: string, { fault, options }: WrongCase, call: number, manner: Manner, tally: Tally): Promise<void> {
  const simulation = new Simulation({ ...options, attempts: ATTEMPTS });
  const [source, corrected] = [simulation.wrongSource(fault), simulation.wrongSource(fault)];
  corrected.correct();
  const resume = (importId: string): Promise<ImportResult> => simulation.execute({ source: corrected, input: { resumeFrom: importId } });
  const interruption = new Interruption(call, manner, (importId) => endOf(resume(importId)));
  simulation.trouble = interruption;
  await simulation.putOldObject();
  const problems = await problemsOf(simulation, async () => {
    const one = await endOf(simulation.execute({ source, onInitialized: (id) => { interruption.importId = id; } }));
    const other = await interruption.other;
    await simulation.settle();
    return problemsOfEnds(simulation, source, interruption.importId, [one, other]);
  });
  tally.schedule(name, simulation.longestChain, problems);
}

/** The result of an execution, or the name of its error. */
function endOf(execution: Promise<ImportResult>): Promise<ImportResult | string> {
  return execution.catch(nameOfError);
}

/** Whichever wins, the log decides: it is closed, and both have failed by that, or it is whole, and both have the same result. */
async function problemsOfEnds(
  simulation: Simulation, { error }: WrongSource, importId: string, ends: readonly unknown[],
): Promise<string[]> {
  const { final, failure } = (await recordsOf(simulation, importId)).at(-1)!;
  if (failure !== undefined) {
    return ends.filter((end) => end !== error).map((end) => `the log is closed, but an execution ended with ${JSON.stringify(end)}`);
  }
  if (!final) return ['the log is neither closed nor whole'];
  const [one, other] = ends.map((end) => (typeof end === 'string' ? end : JSON.stringify(end)));
  return one === other && one!.startsWith('{') ? [] : [`the log is whole, but the executions ended with ${one} and ${other}`];
}

/** What an import was stopped by. */
interface Stopped {
  readonly importId: string;
  /** Name of its error. */
  readonly error: string;
}

/** Runs an import, and resumes it where the store has failed it, until it fails by something else. */
async function runUntilStopped(
  simulation: Simulation, source: WrongSource, onInitialized: (importId: string) => void = () => {},
): Promise<Stopped> {
  let importId: string | undefined;
  for (;;) {
    try {
      await simulation.execute({
        source,
        input: importId === undefined ? {} : { resumeFrom: importId },
        onInitialized: (id) => {
          importId = id;
          onInitialized(id);
        },
      });
      return { importId: importId!, error: 'nothing' };
    } catch (error) {
      if (!isExpectedFailure(error)) return { importId: importId!, error: nameOfError(error) };
    }
  }
}

function nameOfError(error: unknown): string {
  return (error as Error).name;
}

async function judge(simulation: Simulation, source: WrongSource, { importId, error }: Stopped): Promise<string[]> {
  const problems = error === source.error ? [] : [`it ended with ${error}, not ${source.error}`];
  source.correct();
  const asked = source.calls.length;
  problems.push(...await problemsOfResuming(simulation, source, importId));
  await simulation.settle();
  // Late requests have arrived, and zombies have come to their end: the log is closed all the same.
  problems.push(...await problemsOfResuming(simulation, source, importId));
  const askedAgain = source.calls.slice(asked).filter(({ attempt }) => attempt.step === 'Fetch' && !attempt.isForsaken);
  if (!source.isResumable && askedAgain.length > 0) problems.push('a page was asked for after the log had been closed');
  return [...problems, ...await problemsOfClosedLog(simulation, importId), ...problemsOfSightings(simulation, [])];
}

async function problemsOfResuming(simulation: Simulation, source: WrongSource, importId: string): Promise<string[]> {
  const { error } = source;
  const resumed = await simulation.execute({ source, input: { resumeFrom: importId } }).then(() => 'nothing', nameOfError);
  const published = await simulation.publish(source, importId).then(() => 'nothing', nameOfError);
  const { text } = await simulation.schedule.watch(() => simulation.reader.read());
  return [
    ...resumed === error ? [] : [`resumed with a handler that hides what was wrong, it ended with ${resumed}, not ${error}`],
    ...published === 'nothing' ? ['it was published'] : [],
    ...text === OLD_OBJECT ? [] : ['the object of before does not stand any more'],
  ];
}

/** What the log of such an import must not hold. */
async function problemsOfClosedLog(simulation: Simulation, importId: string): Promise<string[]> {
  const records = await recordsOf(simulation, importId);
  const emptyPages = records.flatMap(({ streams }) => streams.records.ledger).filter(([count]) => count === 0).length;
  return [
    ...records.some(({ final }) => final) ? ['its log has a final record'] : [],
    ...records.slice(0, -1).some(({ failure }) => failure !== undefined) ? ['its log goes on after it was closed'] : [],
    ...emptyPages > MOST_EMPTY_PAGES ? [`its log has ${emptyPages} empty pages in a row`] : [],
  ];
}

async function recordsOf(simulation: Simulation, importId: string): Promise<CommitRecord[]> {
  const cache = simulation.store(CACHE_BUCKET);
  const keys = await collect(cache.list(new ImportKeys(SERIES, importId).commits));
  const records: CommitRecord[] = [];
  for (const key of keys) records.push(decodeCommitRecord(key, (await cache.read(key))!));
  return records;
}
