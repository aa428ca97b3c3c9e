import { OnEmpty } from '../../src/protocol/choices';
import { seriesPrefix } from '../../src/protocol/keys';
import { SERIES } from '../kit/series';
import { ChainSourceOptions } from './chain-source';
import { DestinationName } from './destination';
import { canMeet, Fault, FAULTS, isDeadly, nameOf, SLOWNESSES } from './faults';
import { StoreCall, Trouble } from './faulty-store';
import { onlyTheFirst, runImport } from './import-run';
import { Platform } from './platform';
import { Simulation } from './simulation';
import { Tally } from './tally';
import { problemsOfOne } from './verdict';

/**
 * Every fault at every store call of an import, with every way in which the state machine may take it. Exhaustive: a schedule without
 * faults is run once to see its calls, and then again for each call, fault and aftermath.
 */

/** What the state machine does about the attempt that a fault has struck. */
export const AFTERMATHS = [
  /** It tries the step again, where the attempt failed. */
  'tried again',
  /** The execution fails, where the attempt failed, and another one resumes the import. */
  'resumed',
  /** It does not wait: the attempt goes on beside its retry, call by call in turn, ... */
  'zombie beside its retry',
  /** ... when its retry has ended the step, or when the whole import is over. */
  'zombie after the step',
  'zombie after the import',
] as const;
export type Aftermath = typeof AFTERMATHS[number];

/** An import whose calls are gone through. */
export interface Scenario {
  readonly name: string;
  readonly source: ChainSourceOptions;
  readonly chunkBytes: number;
  /** Least size of a part that is not the last one. Default: chunks are copied as they are, but for the smallest. */
  readonly partBytes?: number;
  /** Most parts of an upload. Default: more than there are chunks. */
  readonly mostParts?: number;
  /** Records per page. Default: 3. */
  readonly pageSize?: number;
  /** Time of each invocation, in milliseconds. */
  readonly remaining: number;
  /** Default: an object. */
  readonly destination?: DestinationName;
  /** Whether there are states before publishing. Default: no. */
  readonly summarizes?: boolean;
  /** What the gate makes of an import without records. Default: it is published. */
  readonly onEmpty?: OnEmpty;
}

/** Several chunks and rounds, chunks that are copied and others that are gathered, empty pages, a final record without a chunk. */
export const SCENARIOS: readonly Scenario[] = [
  { name: 'tokens', source: { style: 'token', shape: [2, 1, 0, 3, 1] }, chunkBytes: 60, remaining: 900_000 },
  { name: 'tokens, several rounds', source: { style: 'token', shape: [1, 2, 2, 1, 1, 2] }, chunkBytes: 1, remaining: 9_000 },
  { name: 'offsets', source: { style: 'offset', shape: [2, 2, 1] }, pageSize: 2, chunkBytes: 1, remaining: 900_000 },
  // Its end is asked for once more.
  { name: 'one short page', source: { style: 'offset', shape: [2] }, chunkBytes: 1, remaining: 900_000 },
  { name: 'a flag', source: { style: 'flag', shape: [3, 3, 3, 0] }, chunkBytes: 100, remaining: 900_000 },
  { name: 'gathered parts', source: { style: 'token', shape: [2, 1, 3, 1, 2] }, chunkBytes: 1, partBytes: 120, remaining: 900_000 },
  // A beginning that is filled up with the head of a chunk, whose rest is copied; small ends of what is copied; a fold of several chunks.
  { name: 'folds', source: { style: 'token', shape: [1, 5, 1, 3] }, chunkBytes: 1, partBytes: 80, remaining: 900_000 },
  { name: 'more chunks than parts', source: { style: 'token', shape: [1, 1, 1, 1, 1] }, chunkBytes: 1, partBytes: 20, mostParts: 4, remaining: 900_000 },
  { name: 'smaller than a part', source: { style: 'token', shape: [2, 1, 0, 3] }, chunkBytes: 1, partBytes: 10_000, remaining: 900_000 },
  { name: 'nothing', source: { style: 'offset', shape: [] }, chunkBytes: 60, remaining: 900_000 },
  { name: 'nothing to publish', source: { style: 'offset', shape: [] }, chunkBytes: 60, remaining: 900_000, onEmpty: OnEmpty.SKIP },
  // What the first pages have shown of the columns is told at the end.
  { name: 'a CSV', source: { style: 'token', shape: [1, 2, 1], marksFirstPage: true }, chunkBytes: 1, remaining: 900_000, destination: 'a CSV' },
  { name: 'parts', source: { style: 'token', shape: [2, 1, 0, 3] }, chunkBytes: 60, remaining: 900_000, destination: 'parts and a pointer' },
  { name: 'no parts', source: { style: 'offset', shape: [] }, chunkBytes: 60, remaining: 900_000, destination: 'parts and a pointer' },
  { name: 'a pointer', source: { style: 'flag', shape: [3, 1] }, chunkBytes: 60, remaining: 900_000, destination: 'an object and a pointer' },
  {
    name: 'a pointer to one of many', source: { style: 'token', shape: [1, 2] }, chunkBytes: 60, remaining: 900_000, summarizes: true,
    destination: 'an object per import and a pointer',
  },
];

/** One place in the matrix. */
export interface Crash {
  /** In words. */
  readonly name: string;
  readonly scenario: Scenario;
  /** The call that the fault strikes, from 0. */
  readonly call: number;
  readonly fault: Fault;
  readonly aftermath: Aftermath;
}

/** Attempts of the state machine at one step: more than the faults of a schedule. */
export const ATTEMPTS = 3;

/** Goes through the matrix on the memory store. */
export async function exploreCrashMatrix(tally: Tally, only: (name: string) => boolean): Promise<void> {
  for (const scenario of SCENARIOS) {
    for (const crash of await crashesOf(scenario)) {
      if (only(crash.name) && !await runCrash(crash, tally)) tally.violation({ schedule: crash.name, problems: ['the fault never struck'] });
    }
  }
}

/** The calls of a scenario in which nothing goes wrong. */
export async function callsOf({ source: sourceOptions, ...options }: Scenario, platform?: Platform): Promise<StoreCall[]> {
  const calls: StoreCall[] = [];
  const simulation = new Simulation({ ...options, attempts: 1 }, platform);
  simulation.trouble = { faultOf: (call) => void calls.push(call) };
  await simulation.schedule.untilEnd(simulation.execute({ source: simulation.source(sourceOptions) }));
  return calls;
}

/** The first call after import.json is written. Before, nobody knows of the import. */
export function firstOfImport(calls: readonly StoreCall[]): number {
  return 1 + calls.findIndex(({ method, key }) => method === 'writeIf' && key.endsWith('/import.json'));
}

/** All that can go wrong with a scenario. */
export async function crashesOf(scenario: Scenario, platform?: Platform): Promise<Crash[]> {
  const calls = await callsOf(scenario, platform);
  return calls.flatMap((storeCall, call) => AFTERMATHS.flatMap((aftermath) => [...FAULTS, ...SLOWNESSES]
    .filter((fault) => canMeet(storeCall.method, fault) && makesSense(fault, aftermath))
    .map((fault) => ({ name: `${scenario.name}: ${nameOfCall(call, storeCall)} ${nameOf(fault)}, ${aftermath}`, scenario, call, fault, aftermath }))));
}

/** A dead process is no zombie, and slowness matters only to a machine that does not wait. */
export function makesSense(fault: Fault, aftermath: Aftermath): boolean {
  return aftermath.startsWith('zombie') ? !isDeadly(fault) : !SLOWNESSES.includes(fault);
}

/** A call in words. */
export function nameOfCall(number: number, { attempt: { step }, method, key }: StoreCall): string {
  return `call ${number} (${step}, ${method} ${shortened(key)})`;
}

/** Without what differs from import to import. */
function shortened(key: string): string {
  return key.startsWith(seriesPrefix(SERIES)) ? key.split('/').slice(3).join('/').replace(/-.*(\..*)$/, '$1') : key;
}

/** Runs a scenario with one fault, and judges what comes of it. Resolves with whether the fault has struck. */
export async function runCrash(crash: Crash, tally: Tally, platform?: Platform): Promise<boolean> {
  const { name, scenario: { source: sourceOptions, ...options }, fault, aftermath } = crash;
  const simulation = new Simulation({ ...options, attempts: aftermath === 'resumed' ? 1 : ATTEMPTS }, platform);
  const trouble = new OneFault(simulation, crash);
  simulation.trouble = trouble;
  const source = simulation.source(sourceOptions);
  await simulation.putOldObject();
  const problems = await problemsOfOne(simulation, source, runImport(simulation, source, aftermath === 'resumed' ? { mayFail: onlyTheFirst() } : {}));
  if (trouble.hasStruck) tally.count(nameOf(fault));
  tally.schedule(name, simulation.longestChain, problems);
  return trouble.hasStruck;
}

/** One fault, at one call. */
export class OneFault implements Pick<Trouble, 'faultOf' | 'struck'> {
  public hasStruck = false;
  private calls = 0;

  constructor(private readonly simulation: Simulation, private readonly crash: Pick<Crash, 'call' | 'fault' | 'aftermath'>) {}

  public faultOf({ method }: StoreCall): Fault | undefined {
    const { call, fault } = this.crash;
    return this.calls++ === call && canMeet(method, fault) ? fault : undefined;
  }

  public async struck({ attempt }: StoreCall): Promise<void> {
    this.hasStruck = true;
    if (this.crash.aftermath.startsWith('zombie')) attempt.giveUp();
    switch (this.crash.aftermath) {
      case 'zombie after the step': return attempt.stepEnded.opened;
      case 'zombie after the import': return this.simulation.end;
      default: return undefined;
    }
  }
}
