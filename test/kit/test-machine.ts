import { IntegrityCheck, NonFiniteNumbers, OnEmpty, TotalMismatch } from '../../src/protocol/choices';
import { MIN_RECORDS, ON_EMPTY, ON_TOTAL_MISMATCH } from '../../src/protocol/defaults';
import { SummaryState } from '../../src/protocol/import-summary';
import { JsonValue } from '../../src/protocol/json';
import { ImportKeys } from '../../src/protocol/keys';
import { DestinationSettings, FetchRequest, ImportResult, LoopState, PersistState } from '../../src/protocol/machine-state';
import { manifestKey } from '../../src/protocol/manifest';
import { DEFAULT_OUTPUT, OutputSettings } from '../../src/protocol/output-settings';
import { Series } from '../../src/protocol/series';
import { fetchPages, FetchSettings } from '../../src/runtime/fetch/fetch';
import { ObjectStore } from '../../src/runtime/ports/object-store';
import { Observer } from '../../src/runtime/ports/observer';
import { Chance, PageSource, World } from '../../src/runtime/ports/ports';
import { persist } from '../../src/runtime/publish/persist';
import { PartLimits } from '../../src/runtime/publish/publish-plan';
import { cleanUp } from '../../src/runtime/steps/clean-up';
import { initialize } from '../../src/runtime/steps/initialize';
import { summarize } from '../../src/runtime/steps/summarize';
import { collect } from './collect';
import { MemoryS3 } from './memory-store';
import { SeededChance } from './seeded-chance';
import { SERIES } from './series';
import { testWorld } from './test-world';
import { VirtualClock } from './virtual-clock';

export const CACHE_BUCKET = 'cache-bucket';
export const DESTINATION_BUCKET = 'destination-bucket';
export const DESTINATION_KEY = 'orders/latest.jsonl';
const EXECUTION_ARN = 'arn:aws:states:eu-central-1:123456789012:execution:orders:1';

/** Rounds and Persist rounds after which a test's machine counts as endless. */
const MOST_ROUNDS = 1000;

export interface TestMachineOptions {
  readonly source: PageSource;
  readonly s3?: MemoryS3;
  readonly clock?: VirtualClock;
  readonly chance?: Chance;
  /** @default SERIES */
  readonly series?: Series;
  readonly pageSize?: number;
  readonly destinationKey?: string;
  readonly manifestKey?: string;
  readonly output?: OutputSettings;
  readonly settings?: Partial<FetchSettings>;
  readonly nonFiniteNumbers?: NonFiniteNumbers;
  readonly pageAttempts?: number;
  readonly maxWaitSeconds?: number;
  readonly maximumAgeSeconds?: number;
  readonly embedded?: boolean;
  readonly partLimits?: PartLimits;
  readonly onEmpty?: OnEmpty;
  readonly minRecords?: number;
  readonly onTotalMismatch?: TotalMismatch;
  readonly observer?: Partial<Observer>;
  /** Time limit of each invocation, in milliseconds. */
  readonly remaining?: number;
  /** Store of a bucket as the next invocation sees it: tests inject faults here. */
  readonly openStore?: (bucket: string) => ObjectStore;
}

/** The four steps over in-memory buckets and virtual time. Each call is an invocation of its own. */
export class TestMachine {
  public readonly s3: MemoryS3;
  public readonly clock: VirtualClock;
  private readonly chance: Chance;
  private readonly openStore: (bucket: string) => ObjectStore;

  constructor(private readonly options: TestMachineOptions) {
    this.s3 = options.s3 ?? new MemoryS3();
    this.clock = options.clock ?? new VirtualClock();
    this.chance = options.chance ?? new SeededChance();
    this.openStore = options.openStore ?? ((bucket) => this.s3.store(bucket));
  }

  /** The same machine after a deployment that changes something about it: same buckets and clock, same destination. */
  public redeployed(changes: Partial<TestMachineOptions>): TestMachine {
    const { source, destinationKey, manifestKey: manifest, output } = this.options;
    const { s3, clock } = this;
    return new TestMachine({ source, destinationKey, manifestKey: manifest, output, s3, clock, ...changes });
  }

  /** @param startedAt start of the execution, milliseconds since the epoch */
  public async initialize(input: JsonValue = {}, startedAt: number = this.clock.now()): Promise<LoopState> {
    const { pageSize = 2, embedded = false, maximumAgeSeconds = 14 * 24 * 3600 } = this.options;
    const execution = { executionArn: EXECUTION_ARN, startTime: new Date(startedAt).toISOString() };
    return initialize({ input, ...execution, ...this.destination }, {
      cache: this.openStore(CACHE_BUCKET),
      series: this.series,
      pageSize,
      maximumAgeSeconds,
      embedded,
      packageVersion: '1.2.3',
      world: this.world(),
      openBucket: this.openStore,
    });
  }

  public async fetch(state: LoopState, { retryCount = 0, redriveCount = 0 }: Partial<FetchRequest> = {}): Promise<LoopState> {
    const { source, settings, nonFiniteNumbers, pageAttempts = 5, maxWaitSeconds = 3600 } = this.options;
    return fetchPages({ state, retryCount, redriveCount }, {
      cache: this.openStore(CACHE_BUCKET),
      series: this.series,
      openSource: () => source,
      settings: { chunkBytes: 1024, checkpointMilliseconds: 60_000, pageBytes: 1024 * 1024, ...settings },
      nonFiniteNumbers,
      pageAttempts,
      maxWaitSeconds,
      world: this.world(),
    });
  }

  public async summarize({ importId }: Pick<PersistState, 'importId'>): Promise<SummaryState> {
    return summarize({ importId, ...this.destination }, { cache: this.openStore(CACHE_BUCKET), series: this.series, world: this.world() });
  }

  public async persist({ importId }: Pick<PersistState, 'importId'>): Promise<PersistState> {
    const { onEmpty = ON_EMPTY, minRecords = MIN_RECORDS, onTotalMismatch = ON_TOTAL_MISMATCH } = this.options;
    return persist({ importId, ...this.destination }, {
      cache: this.openStore(CACHE_BUCKET),
      series: this.series,
      integrityCheck: IntegrityCheck.FULL_OBJECT_CRC32,
      partLimits: this.options.partLimits,
      onEmpty,
      minRecords,
      onTotalMismatch,
      world: this.world(),
      openBucket: this.openStore,
    });
  }

  public async cleanUp({ importId }: Pick<PersistState, 'importId'>): Promise<ImportResult> {
    return cleanUp({ importId }, { cache: this.openStore(CACHE_BUCKET), series: this.series });
  }

  /** The whole import, as the state machine runs it without failures. */
  public async run(input: JsonValue = {}): Promise<ImportResult> {
    return this.finish(await this.fetchAll(await this.initialize(input)));
  }

  /** The loop, including waits. */
  public async fetchAll(start: LoopState): Promise<LoopState> {
    let state = start;
    for (let round = 0; state.continue; round++) {
      if (round === MOST_ROUNDS) throw new Error('the fetch loop does not end');
      state = await this.fetch(state);
      await this.clock.sleep(state.waitSeconds * 1000);
    }
    return state;
  }

  /** What comes after the loop. */
  public async finish({ importId }: LoopState): Promise<ImportResult> {
    let state: PersistState = { importId, continue: true, parts: 0 };
    for (let round = 0; state.continue; round++) {
      if (round === MOST_ROUNDS) throw new Error('Persist does not end');
      state = await this.persist(state);
    }
    return this.cleanUp(state);
  }

  public keys(importId: string): ImportKeys {
    return new ImportKeys(this.series, importId);
  }

  /** The published object, if there is one. */
  public async published(key: string = DESTINATION_KEY): Promise<string | undefined> {
    return text(await this.s3.store(DESTINATION_BUCKET).read(key));
  }

  public async manifest(key: string = DESTINATION_KEY): Promise<Record<string, unknown> | undefined> {
    const json = await this.published(manifestKey(key));
    return json === undefined ? undefined : JSON.parse(json) as Record<string, unknown>;
  }

  /** Keys in the cache, under a prefix. */
  public async cacheKeys(prefix: string = ''): Promise<string[]> {
    return collect(this.s3.store(CACHE_BUCKET).list(prefix));
  }

  private get series(): Series {
    return this.options.series ?? SERIES;
  }

  /** As the definition has it. */
  private get destination(): DestinationSettings {
    const { destinationKey: key = DESTINATION_KEY, output = DEFAULT_OUTPUT } = this.options;
    const manifest = this.options.manifestKey ?? manifestKey(key, output.layout);
    return { destination: { bucket: DESTINATION_BUCKET, key, manifestKey: manifest }, output };
  }

  private world(): World {
    return testWorld({ clock: this.clock, chance: this.chance, remaining: this.options.remaining, observer: this.options.observer });
  }
}

function text(bytes: Uint8Array | undefined): string | undefined {
  return bytes === undefined ? undefined : new TextDecoder().decode(bytes);
}
