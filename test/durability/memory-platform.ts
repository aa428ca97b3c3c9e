import { ObjectStore } from '../../src/runtime/ports/object-store';
import { PartLimits } from '../../src/runtime/publish/publish-plan';
import { MemoryS3 } from '../kit/memory-store';
import { SeededChance } from '../kit/seeded-chance';
import { Attempt } from './attempt';
import { callOf, FaultyStore, storeOf, Trouble } from './faulty-store';
import { OpenUpload, Platform } from './platform';
import { Schedule } from './schedule';

export interface MemoryPlatformOptions {
  /** Orders the calls; without it they are made in the order in which they come. */
  readonly chance?: SeededChance;
  /** Time that a store call takes. Default: none. */
  readonly callMilliseconds?: number;
  readonly partLimits: PartLimits;
}

/** The memory store, and virtual time. */
export class MemoryPlatform implements Platform {
  public readonly schedule: Schedule;
  public readonly repeatsUploads = false;
  public readonly partLimits: PartLimits;
  private readonly s3: MemoryS3;

  constructor({ chance, callMilliseconds, partLimits }: MemoryPlatformOptions) {
    this.schedule = new Schedule(chance, callMilliseconds);
    this.partLimits = partLimits;
    // The store holds the plan to its limits, as S3 does.
    this.s3 = new MemoryS3({ turn: this.schedule.turn, partMinBytes: partLimits.minBytes });
  }

  public store(bucket: string): ObjectStore {
    const store = this.s3.store(bucket);
    return storeOf({ bucket, call: (method, args) => this.schedule.watch(() => callOf(store, method, args)) });
  }

  public openUploads(bucket: string): OpenUpload[] {
    return this.s3.openUploads(bucket).map((upload) => ({ bucket, ...upload }));
  }

  public openStore(bucket: string, attempt: Attempt, trouble: Trouble, watched: (store: ObjectStore) => ObjectStore): ObjectStore {
    return storeOf(new FaultyStore(watched(this.s3.store(bucket)), attempt, trouble));
  }
}
