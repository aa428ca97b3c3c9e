import { FetchPageError, FetchPageTimeoutError, ImportFinishedError, PublishConflictError, StoreUnavailableError } from '../../src/protocol/errors';
import { JsonValue } from '../../src/protocol/json';
import { ImportResult, LoopState, PersistState } from '../../src/protocol/machine-state';
import { ObjectMetadata } from '../../src/protocol/manifest';
import { MemoryS3 } from '../../src/runtime/store/memory-store';
import { ObjectStore } from '../../src/runtime/store/object-store';
import { SeededChance } from '../kit/seeded-chance';
import { DESTINATION_BUCKET, DESTINATION_KEY, TestMachine } from '../kit/test-machine';
import { ChainSource, ChainSourceOptions } from './chain-source';
import { Fault, FaultPlan, faultyStore, Process } from './faulty-store';
import { Schedule } from './schedule';

export interface SimulationOptions {
  readonly seed: number;
  /** One store call in so many has a fault; 0 for none. */
  readonly faultOneIn: number;
  /** The state machine gives up one attempt in so many, which goes on as a zombie beside the next; 0 for none. */
  readonly zombieOneIn: number;
  readonly chunkBytes: number;
  /** Time of each invocation, in milliseconds. */
  readonly remaining: number;
}

/** Attempts of the state machine at one step. */
const ATTEMPTS = 4;

/** Turns after which an attempt may be given up. */
const MOST_TURNS_OF_PATIENCE = 30;

/** What an execution may fail with when store and source have failed it. Anything else blames somebody for damage that is not there. */
const EXPECTED_FAILURES = [StoreUnavailableError, FetchPageError, FetchPageTimeoutError, PublishConflictError];

/** The object that stands at the destination before. */
export const OLD_OBJECT = 'the object of an earlier import\n';

/** What a look at the destination showed. */
export interface Sighting {
  readonly text: string;
  readonly importId: string | undefined;
  readonly startTime: string | undefined;
}

/** Executions over one store whose calls are ordered, and made to fail, by a seed. */
export class Simulation {
  /** What readers of the destination could see, in order. */
  public readonly sightings: Sighting[] = [];
  public readonly injected = new Map<Fault, number>();
  public readonly schedule: Schedule;
  private readonly chance: SeededChance;
  private readonly s3: MemoryS3;
  private readonly faults: FaultPlan;
  private readonly attempts: Promise<unknown>[] = [];
  private zombieOneIn: number;

  constructor(private readonly options: SimulationOptions) {
    this.chance = new SeededChance(options.seed);
    this.schedule = new Schedule(this.chance);
    this.s3 = new MemoryS3({ turn: this.schedule.turn, partMinBytes: 1 });
    this.faults = { chance: this.chance, oneIn: options.faultOneIn, injected: this.injected };
    this.zombieOneIn = options.zombieOneIn;
  }

  public source(options: ChainSourceOptions): ChainSource {
    return new ChainSource(options, this.chance, this.schedule);
  }

  public async putOldObject(): Promise<void> {
    await this.s3.store(DESTINATION_BUCKET).writeIf(DESTINATION_KEY, Buffer.from(OLD_OBJECT), 'absent');
  }

  /** From here on nothing fails any more; what is under way goes on. */
  public calm(): void {
    this.faults.oneIn = 0;
    this.zombieOneIn = 0;
  }

  /** Waits for all attempts, zombies included. */
  public async settle(): Promise<void> {
    for (const attempt of this.attempts) await attempt.catch(() => undefined);
    for (let turn = 0; turn < MOST_TURNS_OF_PATIENCE; turn++) await this.schedule.turn();
  }

  /** One execution of the state machine. Throws what it fails with. */
  public async execute(source: ChainSource, input: JsonValue, onInitialized: (importId: string) => void): Promise<ImportResult> {
    const startedAt = this.schedule.now();
    let state: LoopState = await this.step(source, (machine) => machine.initialize(input, startedAt));
    onInitialized(state.importId);
    while (state.continue) {
      const current: LoopState = state;
      state = await this.step(source, (machine, retry) => machine.fetch(current, retry));
      await this.schedule.sleep(state.waitSeconds * 1000);
    }
    const { importId } = state;
    let persisted: PersistState;
    do persisted = await this.step(source, (machine) => machine.persist({ importId })); while (persisted.continue);
    return this.step(source, (machine) => machine.cleanUp({ importId }));
  }

  /** What readers of the destination see now. */
  public async look(key: string = DESTINATION_KEY): Promise<Sighting> {
    const store = this.s3.store(DESTINATION_BUCKET);
    const [bytes, summary] = await this.schedule.watch(() => Promise.all([store.read(key), store.inspect(key)]));
    return {
      text: new TextDecoder().decode(bytes),
      importId: summary?.metadata[ObjectMetadata.IMPORT_ID],
      startTime: summary?.metadata[ObjectMetadata.START_TIME],
    };
  }

  private async step<Result>(source: ChainSource, call: (machine: TestMachine, retry: number) => Promise<Result>): Promise<Result> {
    for (let retry = 0; ; retry++) {
      try {
        return await this.attempt(source, (machine) => call(machine, retry));
      } catch (error) {
        if (retry + 1 === ATTEMPTS || !isRetried(error)) throw error;
      }
    }
  }

  private async attempt<Result>(source: ChainSource, call: (machine: TestMachine) => Promise<Result>): Promise<Result> {
    const process = new Process();
    const attempt = Promise.race([call(this.machine(source, process)), process.death]);
    this.attempts.push(attempt);
    return Promise.race([attempt, this.patience()]);
  }

  private async patience(): Promise<never> {
    if (this.zombieOneIn === 0 || !this.chance.oneIn(this.zombieOneIn)) return new Promise(() => {});
    for (let turns = this.chance.below(MOST_TURNS_OF_PATIENCE); turns > 0; turns--) await this.schedule.turn();
    throw new Error('the state machine has given up waiting');
  }

  private machine(source: ChainSource, process: Process): TestMachine {
    const { chunkBytes, remaining } = this.options;
    return new TestMachine({
      source, remaining,
      s3: this.s3,
      clock: this.schedule,
      chance: this.chance,
      settings: { chunkBytes, checkpointMilliseconds: 10_000 },
      partLimits: { minBytes: 1 + this.options.chunkBytes, maxParts: 100 },
      openStore: (bucket) => faultyStore(this.watched(this.s3.store(bucket)), process, this.faults),
    });
  }

  /** Looks at the destination after everything that could change it. */
  private watched(store: ObjectStore): ObjectStore {
    const look = async <Result>(result: Promise<Result>): Promise<Result> => {
      const settled = await result;
      this.sightings.push(await this.look());
      return settled;
    };
    return Object.assign(Object.create(store) as ObjectStore, {
      writeIf: (...args: Parameters<ObjectStore['writeIf']>) => look(store.writeIf(...args)),
      completeUpload: (...args: Parameters<ObjectStore['completeUpload']>) => look(store.completeUpload(...args)),
    });
  }
}

/** Whether the execution failed for a reason that was put in. */
export function isExpectedFailure(error: unknown): boolean {
  return !(error instanceof Error) || error.name === 'Error' || EXPECTED_FAILURES.some((type) => error instanceof type);
}

/** The state machine tries again after what may pass by itself. */
function isRetried(error: unknown): boolean {
  return isExpectedFailure(error) && !(error instanceof FetchPageError);
}

/** A resumed import that has ended meanwhile needs no resuming. */
export function hasEnded(error: unknown): boolean {
  return error instanceof ImportFinishedError;
}
