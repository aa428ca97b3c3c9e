import { PartLimits } from '../../src/runtime/core/publish-plan';
import { ObjectStore } from '../../src/runtime/store/object-store';
import { Attempt } from './attempt';
import { Trouble } from './faulty-store';
import { Schedule } from './schedule';

/** What executions run on: time, and a store. */
export interface Platform {
  readonly schedule: Schedule;
  /** Limits of parts, for chunks of this size: some are to be copied, others gathered. */
  partLimits(chunkBytes: number): PartLimits;
  /** A bucket as somebody sees it who takes no part. */
  store(bucket: string): ObjectStore;
  /**
   * A bucket as one attempt sees it, with its troubles.
   *
   * @param watched puts the simulation's eyes on a store
   */
  openStore(bucket: string, attempt: Attempt, trouble: Trouble, watched: (store: ObjectStore) => ObjectStore): ObjectStore;
}
