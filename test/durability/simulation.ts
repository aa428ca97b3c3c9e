import { OnEmpty, ShortPages } from '../../src/protocol/choices';
import { decodeCommitRecord } from '../../src/protocol/commit-record';
import { PAGE_ATTEMPTS } from '../../src/protocol/defaults';
import { JsonValue } from '../../src/protocol/json';
import { ImportResult, LoopState, PersistState } from '../../src/protocol/machine-state';
import { ObjectStore } from '../../src/runtime/ports/object-store';
import { SeededChance } from '../kit/seeded-chance';
import { storeWith } from '../kit/store-with';
import { CACHE_BUCKET, DESTINATION_BUCKET, TestMachine } from '../kit/test-machine';
import { Attempt, Gate, StepName } from './attempt';
import { ChainSource, ChainSourceOptions, isQuestion } from './chain-source';
import { Destination, DestinationName, DESTINATIONS, OLD_OBJECT, Reader, Sighting } from './destination';
import { isExpectedFailure, isRetried } from './expected-failures';
import { Lateness } from './faults';
import { StoreCall, Trouble } from './faulty-store';
import { MemoryPlatform } from './memory-platform';
import { OpenUpload, Platform } from './platform';
import { PublishOrder } from './publish-order';
import { Schedule } from './schedule';
import { WrongSource, WrongSourceFault } from './wrong-source';

export interface SimulationOptions {
  readonly chunkBytes: number;
  /** Least size of a part that is not the last one. Default: chunks are copied as they are, but for the smallest. */
  readonly partBytes?: number;
  /** Most parts of an upload. Default: more than there are chunks. */
  readonly mostParts?: number;
  /** Records per page. Default: 3. */
  readonly pageSize?: number;
  /** Default: such a page fails the import. */
  readonly shortPages?: ShortPages;
  /** Most empty pages in a row. Default: that of the package. */
  readonly maxEmptyPages?: number;
  /** Time of each invocation, in milliseconds. */
  readonly remaining: number;
  /** Attempts of the state machine at one step. */
  readonly attempts: number;
  /** Draws the order of the calls and all that is random. Without it, calls are made in the order in which they come. */
  readonly seed?: number;
  /** Time that a store call takes. Default: none. */
  readonly callMilliseconds?: number;
  /** Default: an object. */
  readonly destination?: DestinationName;
  /** Whether there are states before publishing, which are told what the import has. Default: no. */
  readonly summarizes?: boolean;
  /** What the gate makes of an import without records. Default: it is published. */
  readonly onEmpty?: OnEmpty;
}

/** What starts an execution. */
export interface Start {
  readonly source: ChainSource;
  readonly input?: JsonValue;
  /** Milliseconds since the epoch. Default: now. */
  readonly startedAt?: number;
  /** Is told the import's id as soon as the machine knows it. */
  readonly onInitialized?: (importId: string) => void;
}

const MOST_PARTS = 100;

/** Records per page, unless told otherwise. */
export const PAGE_SIZE = 3;

/** No page is too large. */
const PAGE_BYTES = 64 * 1024 * 1024;

/** Executions of the state machine over one store, whose calls are ordered by a schedule and meet troubles. */
export class Simulation {
  /** What readers of the destination could see, in order. */
  public readonly sightings: Sighting[] = [];
  /** Failures that no fault explains: they blame somebody for damage that is not there, or there is damage. */
  public readonly unexplained: unknown[] = [];
  /** Pages that an attempt asked for although they had been committed before it began. */
  public readonly fetchedAgain: number[] = [];
  public readonly destination: Destination;
  /** What readers find. */
  public readonly reader: Reader;
  /** In which order it came. */
  public readonly order: PublishOrder;
  /** What happens to store calls. */
  public trouble: Partial<Trouble> = {};
  private readonly chance: SeededChance;
  private readonly platform: Platform;
  private readonly attempts: Promise<unknown>[] = [];
  private readonly over = new Gate();
  private readonly committedPages = new Map<string, number>();
  private commits = 0;

  /**
   * @param platform default: the memory store, whose calls the seed orders
   */
  constructor(private readonly options: SimulationOptions, platform?: Platform) {
    this.chance = new SeededChance(options.seed);
    const { seed, callMilliseconds, chunkBytes, partBytes = 1 + chunkBytes, mostParts = MOST_PARTS } = options;
    this.platform = platform ?? new MemoryPlatform({
      chance: seed === undefined ? undefined : this.chance, callMilliseconds, partLimits: { minBytes: partBytes, maxParts: mostParts },
    });
    this.destination = DESTINATIONS[options.destination ?? 'an object'];
    this.reader = new Reader(this.store(DESTINATION_BUCKET), this.destination);
    this.order = new PublishOrder(this.destination, this.reader, this.store(CACHE_BUCKET));
  }

  public get schedule(): Schedule {
    return this.platform.schedule;
  }

  /** A bucket as somebody sees it who takes no part. */
  public store(bucket: string): ObjectStore {
    return this.platform.store(bucket);
  }

  /** Whether chunks that were deleted may come back, to be removed by the cache's lifecycle. */
  public get repeatsUploads(): boolean {
    return this.platform.repeatsUploads;
  }

  /** Uploads that were neither completed nor aborted. */
  public openUploads(): OpenUpload[] {
    return [CACHE_BUCKET, DESTINATION_BUCKET].flatMap((bucket) => this.platform.openUploads(bucket));
  }

  public source(options: ChainSourceOptions): ChainSource {
    return new ChainSource(options, this.chance, this.schedule);
  }

  /** The same for a source that is wrong. */
  public wrongSource(fault: WrongSourceFault): WrongSource {
    return new WrongSource(fault, this.chance, this.schedule);
  }

  /** Whether an import of these records is to end without being published. */
  public skips(source: ChainSource): boolean {
    return this.options.onEmpty === OnEmpty.SKIP && source.count === 0;
  }

  public async putOldObject(): Promise<void> {
    await this.store(DESTINATION_BUCKET).writeIf(this.reader.key, Buffer.from(OLD_OBJECT), 'absent');
  }

  /** One execution of the state machine. Throws what it fails with. */
  public async execute({ source, input = {}, startedAt = this.schedule.now(), onInitialized = () => {} }: Start): Promise<ImportResult> {
    let state: LoopState = await this.step('Initialize', source, (machine) => machine.initialize(input, startedAt));
    onInitialized(state.importId);
    for (;;) {
      const current: LoopState = state;
      state = await this.step('Fetch', source, (machine, retryCount) => machine.fetch(current, { retryCount }));
      if (!state.continue) break;
      await this.schedule.sleep(state.waitSeconds * 1000);
    }
    return this.publish(source, state.importId);
  }

  /** What the machine does after the loop. */
  public async publish(source: ChainSource, importId: string): Promise<ImportResult> {
    if (this.options.summarizes === true) await this.step('Summarize', source, (machine) => machine.summarize({ importId }));
    let persisted: PersistState;
    do persisted = await this.step('Persist', source, (machine) => machine.persist({ importId })); while (persisted.continue);
    return this.step('CleanUp', source, (machine) => machine.cleanUp({ importId }));
  }

  /** One step, tried as often as the state machine tries it. */
  public async step<Result>(
    name: StepName, source: ChainSource, call: (machine: TestMachine, retry: number) => Promise<Result>,
  ): Promise<Result> {
    const ended = new Gate();
    try {
      for (let retry = 0; ; retry++) {
        try {
          return await this.attempt(new Attempt(name, ended), source, (machine) => call(machine, retry));
        } catch (error) {
          if (retry + 1 >= this.options.attempts || !isRetried(error)) throw error;
        }
      }
    } finally {
      ended.open();
    }
  }

  /** A step that nobody asked for, in a process without troubles. Resolves with what it comes to, or with its failure. */
  public async intrude<Result>(name: StepName, source: ChainSource, call: (machine: TestMachine) => Promise<Result>): Promise<unknown> {
    return this.invoke(new Attempt(name, new Gate()), source, call).catch((error: unknown) => error);
  }

  /** The import is over: what was late arrives, zombies go on to their end. */
  public async settle(): Promise<void> {
    this.over.open();
    let settled = 0;
    while (settled < this.attempts.length) await this.attempts[settled++]!;
    // Requests without a process have nobody who waits for them.
    for (let turn = 0; turn < 3; turn++) await this.schedule.turn();
  }

  /** Commit records of the longest log. */
  public get longestChain(): number {
    return this.commits;
  }

  /** Resolves when the import is over. */
  public get end(): Promise<void> {
    return this.over.opened;
  }

  private async attempt<Result>(attempt: Attempt, source: ChainSource, call: (machine: TestMachine) => Promise<Result>): Promise<Result> {
    const work = this.invoke(attempt, source, call);
    work.catch((error: unknown) => { if (!isExpectedFailure(error)) this.unexplained.push(error); });
    // A process that has died never ends; one that was given up does.
    this.attempts.push(Promise.race([work, attempt.death]).catch(() => undefined));
    return Promise.race([work, attempt.lost]);
  }

  private async invoke<Result>(attempt: Attempt, source: ChainSource, call: (machine: TestMachine) => Promise<Result>): Promise<Result> {
    return call(this.machine(source, attempt));
  }

  /** Records that a page is asked for. */
  public get pageSize(): number {
    return this.options.pageSize ?? PAGE_SIZE;
  }

  private machine(source: ChainSource, attempt: Attempt): TestMachine {
    const { chunkBytes, remaining, onEmpty, shortPages, maxEmptyPages } = this.options;
    const committed = new Map(this.committedPages);
    return new TestMachine({
      remaining,
      pageSize: this.pageSize,
      source: {
        get broken() { return attempt.broken; },
        fetchPage: async (request, signal) => {
          if (!attempt.isAlive) return attempt.die();
          if (attempt.broken !== undefined) throw attempt.broken;
          const isCommitted = request.pageNumber <= (committed.get(request.importId) ?? 0);
          if (isCommitted && !isQuestion(request)) this.fetchedAgain.push(request.pageNumber);
          return source.fetchPage(request, signal, attempt);
        },
      },
      clock: this.schedule,
      chance: this.chance,
      destinationKey: this.destination.key,
      output: this.destination.output,
      pageAttempts: PAGE_ATTEMPTS,
      settings: { chunkBytes, checkpointMilliseconds: 10_000, pageBytes: PAGE_BYTES, shortPages, maxEmptyPages },
      partLimits: this.platform.partLimits,
      onEmpty,
      openStore: (bucket) => this.platform.openStore(bucket, attempt, this.troubleOf(), (store) => this.watched(bucket, store)),
    });
  }

  private troubleOf(): Trouble {
    return {
      faultOf: (call) => this.trouble.faultOf?.(call),
      struck: async (call, fault) => this.trouble.struck?.(call, fault),
      arrival: (call, when) => this.arrival(call, when),
    };
  }

  private async arrival({ attempt }: StoreCall, when: Lateness): Promise<void> {
    switch (when) {
      case 'at once': return undefined;
      case 'after one more call': return this.schedule.afterCalls(1);
      case 'after three more calls': return this.schedule.afterCalls(3);
      case 'after the step': return attempt.stepEnded.opened;
      case 'after the import': return this.end;
    }
  }

  /** Looks at the destination after everything that could change it, and at what is committed. */
  private watched(bucket: string, store: ObjectStore): ObjectStore {
    if (bucket === CACHE_BUCKET) {
      return storeWith(store, {
        writeIf: async (key, body, ...rest) => {
          const outcome = await store.writeIf(key, body, ...rest);
          if (outcome === 'done') await this.noteCacheFile(key, body);
          return outcome;
        },
      });
    }
    const look = async <Result>(result: Promise<Result>): Promise<Result> => {
      const settled = await result;
      this.sightings.push(await this.reader.read());
      return settled;
    };
    return storeWith(store, {
      writeIf: async (key, ...rest) => {
        const outcome = await look(store.writeIf(key, ...rest));
        if (outcome === 'done') await this.order.noteWrite(key);
        return outcome;
      },
      copy: (...args) => look(store.copy(...args)),
      completeUpload: (...args) => look(store.completeUpload(...args)),
    });
  }

  private async noteCacheFile(key: string, body: Uint8Array): Promise<void> {
    if (key.endsWith('/published.json')) await this.order.noteMarker(key, body);
    else this.noteCommit(key, body);
  }

  private noteCommit(key: string, body: Uint8Array): void {
    if (!key.includes('/commits/')) return;
    const { importId, index, lastPage } = decodeCommitRecord(key, body);
    this.committedPages.set(importId, lastPage);
    this.commits = Math.max(this.commits, index + 1);
  }
}
