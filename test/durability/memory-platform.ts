import { PartLimits } from '../../src/runtime/core/publish-plan';
import { MemoryS3 } from '../../src/runtime/store/memory-store';
import { ObjectStore } from '../../src/runtime/store/object-store';
import { SeededChance } from '../kit/seeded-chance';
import { Attempt } from './attempt';
import { FaultyStore, storeOf, Trouble } from './faulty-store';
import { OpenUpload, Platform } from './platform';
import { Schedule } from './schedule';

/** The memory store, and virtual time. */
export class MemoryPlatform implements Platform {
  public readonly schedule: Schedule;
  public readonly repeatsUploads = false;
  private readonly s3: MemoryS3;

  /**
   * @param chance orders the calls; without it they are made in the order in which they come
   * @param callMilliseconds time that a store call takes
   */
  constructor(chance?: SeededChance, callMilliseconds?: number) {
    this.schedule = new Schedule(chance, callMilliseconds);
    this.s3 = new MemoryS3({ turn: this.schedule.turn, partMinBytes: 1 });
  }

  public partLimits(leastBytes: number): PartLimits {
    return { minBytes: leastBytes, maxParts: 100 };
  }

  public store(bucket: string): ObjectStore {
    return this.s3.store(bucket);
  }

  public openUploads(bucket: string): OpenUpload[] {
    return this.s3.openUploads(bucket);
  }

  public openStore(bucket: string, attempt: Attempt, trouble: Trouble, watched: (store: ObjectStore) => ObjectStore): ObjectStore {
    return storeOf(new FaultyStore(watched(this.s3.store(bucket)), attempt, trouble));
  }
}
