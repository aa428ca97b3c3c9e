import * as fc from 'fast-check';
import { ShortPages } from '../../src/protocol/choices';
import { SeededChance } from '../kit/seeded-chance';
import { ChainSource, PageCall } from './chain-source';
import { DestinationName, DESTINATIONS } from './destination';
import { isExpectedFailure } from './expected-failures';
import { canMeet, Fault, FAULTS, isDeadly, nameOf, SLOWNESSES } from './faults';
import { StoreCall, Trouble } from './faulty-store';
import { EndedImport, runImport } from './import-run';
import { PAGE_FAULTS } from './page-faults';
import { PAGE_SIZE, Simulation } from './simulation';
import { Tally, Violation } from './tally';
import { problemsOf, problemsOfEnded, problemsOfSightings } from './verdict';

/**
 * Random schedules: several attempts, executions and imports at once, whose calls are made in an order that a seed draws, with any faults
 * at any time. fast-check draws them, and looks for the smallest one that breaks a promise.
 */

/** Who else is there. */
const COMPANIES = ['nobody', 'a newer import', 'a second execution'] as const;

/** When the faults stop. */
const MODES = ['safety', 'liveness'] as const;
export type Mode = typeof MODES[number];

/** Attempts of the state machine at one step. */
const ATTEMPTS = 4;

/** The state machine gives up one attempt in so many that a fault has struck. */
const ZOMBIE_AFTER_FAULT_ONE_IN = 4;

/** Calls that others make before a zombie goes on. */
const MOST_CALLS_OF_A_ZOMBIES_SLEEP = 40;

/** Everything about a schedule. */
interface Case {
  readonly seed: number;
  readonly style: 'token' | 'flag' | 'offset';
  readonly shape: readonly number[];
  readonly shortPages: ShortPages;
  readonly chunkBytes: number;
  /** Least size of a part. */
  readonly partBytes: number;
  /** Most parts of an upload. */
  readonly mostParts: number;
  readonly destination: DestinationName;
  readonly summarizes: boolean;
  /** Time of each store call. */
  readonly callMilliseconds: number;
  /** Time of each invocation, in milliseconds. */
  readonly remaining: number;
  /** One store call in so many has a fault. */
  readonly faultOneIn: number;
  /** The machine gives up the attempt at one store call in so many; 0 for none. */
  readonly zombieOneIn: number;
  /** One page in so many has a fault; 0 for none. */
  readonly pageFaultOneIn: number;
  readonly company: typeof COMPANIES[number];
  /** When the company comes, in milliseconds after the start. */
  readonly after: number;
  /** Faults after which there are no more: liveness only. */
  readonly faults: number;
}

/** Short imports mostly, and now and then a log that is read by listing it. */
const CASES = fc.record<Case>({
  seed: fc.nat(),
  style: fc.constantFrom('token', 'flag', 'offset'),
  shape: fc.oneof(
    { weight: 19, arbitrary: fc.array(fc.nat(3), { minLength: 1, maxLength: 8 }) },
    { weight: 1, arbitrary: fc.array(fc.integer({ min: 1, max: 3 }), { minLength: 20, maxLength: 60 }) },
  ),
  shortPages: fc.constantFrom(...Object.values(ShortPages)),
  summarizes: fc.boolean(),
  callMilliseconds: fc.constantFrom(0, 100),
  // A record has less than 30 bytes: chunks of a few of them are copied, gathered, folded, and divided where they come first. The largest
  // is more than an import has, which is then put at once.
  partBytes: fc.constantFrom(1, 20, 70, 200, 10_000),
  mostParts: fc.constantFrom(4, 100),
  destination: fc.oneof(
    { weight: 2, arbitrary: fc.constant('an object' as const) },
    { weight: 3, arbitrary: fc.constantFrom(...Object.keys(DESTINATIONS) as DestinationName[]) },
  ),
  chunkBytes: fc.constantFrom(1, 60, 300),
  remaining: fc.constantFrom(20_000, 60_000, 900_000),
  faultOneIn: fc.constantFrom(4, 8, 15, 40),
  zombieOneIn: fc.constantFrom(0, 10, 40),
  pageFaultOneIn: fc.constantFrom(0, 5, 20),
  company: fc.constantFrom(...COMPANIES),
  after: fc.nat(20_000),
  faults: fc.nat(12),
});

export interface SearchOptions {
  readonly schedules: number;
  readonly seed: number;
  /** The place of a counterexample in the schedules of a seed, as fast-check prints it: runs that one alone. */
  readonly path?: string;
}

/** Runs so many random schedules of a mode. */
export async function searchAtRandom(tally: Tally, mode: Mode, { schedules, seed, path }: SearchOptions): Promise<void> {
  const property = fc.asyncProperty(CASES, async (drawn) => {
    const problems = await runCase(drawn, mode, tally);
    if (problems.length > 0) throw new Error(problems.join('\n'));
  });
  const found = await fc.check(property, { seed, numRuns: schedules, path, endOnFailure: path !== undefined || tally.bails });
  if (found.failed) tally.violation(violationOf(found, mode));
}

function violationOf({ seed, counterexample, counterexamplePath, errorInstance }: fc.RunDetails<[Case]>, mode: Mode): Violation {
  return {
    schedule: `${mode} ${JSON.stringify(counterexample?.[0])}; again: --only ${mode} --seed ${seed} --path ${counterexamplePath}`,
    problems: [errorInstance instanceof Error ? errorInstance.message : String(errorInstance)],
  };
}

async function runCase(drawn: Case, mode: Mode, tally: Tally): Promise<string[]> {
  const { style, shape: _, ...options } = drawn;
  const simulation = new Simulation({ ...options, attempts: ATTEMPTS });
  const misfortune = new Misfortune(simulation, drawn, mode === 'liveness' ? drawn.faults : Infinity);
  const source = simulation.source({ style, shape: shapeOf(drawn) });
  simulation.trouble = misfortune;
  await simulation.putOldObject();
  const problems = await problemsOf(simulation, async () => {
    const all = await new Company(simulation, misfortune, mode).run(source, drawn);
    misfortune.end();
    await simulation.settle();
    return [
      ...problemsOfSightings(simulation, all.map((ended) => ended.source)),
      ...await problemsOfEnded(simulation, all),
    ];
  });
  // fast-check reports the smallest of those that fail.
  tally.schedule('', simulation.longestChain, []);
  misfortune.struckSoFar.forEach((times, kind) => tally.count(kind, times));
  return problems;
}

/** By offset, all pages but the last are as full as they were asked for, unless short ones are allowed. */
function shapeOf({ style, shape, shortPages }: Pick<Case, 'style' | 'shape' | 'shortPages'>): readonly number[] {
  return style === 'token' || shortPages === ShortPages.ALLOW ? shape : shape.map((records, index) => (index < shape.length - 1 ? PAGE_SIZE : records));
}

/** The imports and executions of a schedule. */
class Company {
  private importId: string | undefined;

  constructor(private readonly simulation: Simulation, private readonly misfortune: Misfortune, private readonly mode: Mode) {}

  /** Resolves with the imports, when all executions have ended. */
  public async run(source: ChainSource, { company, after, ...drawn }: Case): Promise<EndedImport[]> {
    const own = this.import(source, (importId) => { this.importId = importId; });
    own.catch(() => undefined); // until it is waited for
    await this.simulation.schedule.sleep(1 + after);
    switch (company) {
      case 'nobody': return [await own];
      case 'a newer import': return Promise.all([own, this.import(this.simulation.source({ style: drawn.style, shape: shapeOf({ ...drawn, shape: [...drawn.shape, 1] }) }))]);
      case 'a second execution': return [(await Promise.all([own, this.secondExecution(source)]))[0]];
    }
  }

  /** An import, resumed as often as an execution fails by faults. Once there are none, no execution may fail any more. */
  private import(source: ChainSource, onInitialized?: (importId: string) => void): Promise<EndedImport> {
    const { misfortune, mode } = this;
    source.trouble = misfortune.pageTrouble;
    return runImport(this.simulation, source, {
      onInitialized,
      mayFail: () => !misfortune.isOver,
      beforeResume: () => { if (mode === 'safety') misfortune.end(); },
    });
  }

  /** Somebody resumes an import that has not failed. */
  private async secondExecution(source: ChainSource): Promise<void> {
    const { importId, misfortune, simulation } = this;
    if (importId === undefined) return;
    const mayFail = !misfortune.isOver;
    try {
      await simulation.execute({ source, input: { resumeFrom: importId } });
    } catch (error) {
      if (!mayFail || !isExpectedFailure(error)) throw error;
    }
  }
}

/** Draws the troubles of a schedule. */
class Misfortune implements Pick<Trouble, 'faultOf' | 'struck'> {
  public readonly struckSoFar = new Map<string, number>();
  private readonly chance: SeededChance;

  constructor(private readonly simulation: Simulation, private readonly drawn: Case, private left: number) {
    this.chance = new SeededChance(drawn.seed + 1);
  }

  /** Whether there will be no more. */
  public get isOver(): boolean {
    return this.left <= 0;
  }

  /** From here on nothing goes wrong any more; what is under way goes on. */
  public end(): void {
    this.left = 0;
  }

  public faultOf({ method }: StoreCall): Fault | undefined {
    const { drawn: { faultOneIn, zombieOneIn }, chance } = this;
    if (this.isOver) return undefined;
    if (zombieOneIn > 0 && chance.oneIn(zombieOneIn)) return this.strike(chance.pick(SLOWNESSES));
    if (!chance.oneIn(faultOneIn)) return undefined;
    return this.strike(chance.pick(FAULTS.filter((fault) => canMeet(method, fault))));
  }

  /** The state machine gives up attempts that are slow, and some that have met with something else. */
  public async struck({ attempt }: StoreCall, fault: Fault): Promise<void> {
    const { chance, simulation } = this;
    if (isDeadly(fault) || (!SLOWNESSES.includes(fault) && !chance.oneIn(ZOMBIE_AFTER_FAULT_ONE_IN))) return undefined;
    attempt.giveUp();
    const calls = chance.below(MOST_CALLS_OF_A_ZOMBIES_SLEEP);
    return Promise.race([simulation.schedule.afterCalls(1 + calls), simulation.end]);
  }

  /** For the sources. */
  public readonly pageTrouble = (call: PageCall): Promise<unknown> | undefined => {
    const { drawn: { pageFaultOneIn, remaining }, chance } = this;
    if (this.isOver || pageFaultOneIn === 0 || !chance.oneIn(pageFaultOneIn)) return undefined;
    const kind = chance.pick(Object.keys(PAGE_FAULTS));
    this.note(`page ${kind}`);
    return PAGE_FAULTS[kind]!(call, this.simulation, remaining);
  };

  private strike(fault: Fault): Fault {
    this.note(nameOf(fault));
    return fault;
  }

  private note(kind: string): void {
    this.left -= 1;
    this.struckSoFar.set(kind, (this.struckSoFar.get(kind) ?? 0) + 1);
  }
}
