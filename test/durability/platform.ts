import { ObjectStore, UploadReference } from '../../src/runtime/ports/object-store';
import { PartLimits } from '../../src/runtime/publish/publish-plan';
import { Attempt } from './attempt';
import { Trouble } from './faulty-store';
import { Schedule } from './schedule';

/** An upload, and how many parts are in place. */
export interface OpenUpload extends UploadReference {
  readonly bucket: string;
  readonly parts: number;
}

/** What executions run on: time, and a store. */
export interface Platform {
  readonly schedule: Schedule;
  /** Whether the upload of a chunk may be repeated, so that the first request arrives when its chunk has been deleted already. */
  readonly repeatsUploads: boolean;
  /** Limits of parts, as its store has them. */
  readonly partLimits: PartLimits;
  /** A bucket as somebody sees it who takes no part. */
  store(bucket: string): ObjectStore;
  /** Uploads that were neither completed nor aborted, as far as the platform can tell. */
  openUploads(bucket: string): OpenUpload[];
  /**
   * A bucket as one attempt sees it, with its troubles.
   *
   * @param watched puts the simulation's eyes on a store
   */
  openStore(bucket: string, attempt: Attempt, trouble: Trouble, watched: (store: ObjectStore) => ObjectStore): ObjectStore;
}
