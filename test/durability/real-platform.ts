import { LocalS3 } from '../../src/local/s3/local-s3';
import { ObjectStore } from '../../src/runtime/ports/object-store';
import { S3_PART_LIMITS } from '../../src/runtime/publish/publish-plan';
import { S3Store } from '../../src/runtime/store/s3-store';
import { collect } from '../kit/collect';
import { CACHE_BUCKET, DESTINATION_BUCKET } from '../kit/test-machine';
import { VIRTUAL_START } from '../kit/virtual-clock';
import { Attempt } from './attempt';
import { storeOf, Trouble } from './faulty-store';
import { HttpFaultyStore } from './http-faults';
import { OpenUpload, Platform } from './platform';
import { NoEndError, Schedule } from './schedule';

/** Simulated milliseconds that pass in one real one: delays need not be waited for, and a request still takes no more than a real one. */
const PACE = 300;

/** Real milliseconds after which a schedule is taken to have no end. */
const PATIENCE = 60_000;

/** Time that passes by itself, while requests go over the wire. */
class RealSchedule extends Schedule {
  private readonly startedAt = performance.now();

  public override now(): number {
    return VIRTUAL_START + Math.round((performance.now() - this.startedAt) * PACE);
  }

  public override async sleep(milliseconds: number, signal?: AbortSignal): Promise<void> {
    await new Promise<void>((resolve) => {
      if (signal?.aborted) return resolve();
      const timer = setTimeout(resolve, milliseconds / PACE);
      // A time limit that nobody waits for any more must not keep the tests from ending.
      timer.unref();
      signal?.addEventListener('abort', () => resolve(), { once: true });
      return undefined;
    });
  }

  public override after(milliseconds: number, callBack: () => void): () => void {
    const timer = setTimeout(callBack, milliseconds / PACE);
    timer.unref();
    return () => clearTimeout(timer);
  }

  /** Nobody has to be given a turn; what is under way is given time. */
  public override readonly turn = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 5));

  public override watch<Result>(call: () => Result): Result {
    return call();
  }

  public override async untilEnd<Result>(work: Promise<Result>): Promise<Result> {
    let timer: NodeJS.Timeout | undefined;
    const noEnd = new Promise<never>((_resolve, reject) => {
      timer = setTimeout(() => reject(new NoEndError('it has not ended')), PATIENCE);
    });
    return Promise.race([work, noEnd]).finally(() => clearTimeout(timer));
  }

  public override noteCall(): void {
    super.noteCall();
  }
}

/** The S3 client that is shipped, over the local server: faults happen to its requests. */
export class RealPlatform implements Platform {
  public readonly schedule = new RealSchedule();
  public readonly repeatsUploads = true;
  public readonly partLimits = S3_PART_LIMITS;
  private attempts = 0;

  /** @param name of the platform: its buckets are its own */
  constructor(private readonly s3: LocalS3, private readonly name: string) {}

  public store(bucket: string): ObjectStore {
    return this.client(bucket, 'onlooker');
  }

  /** The store port has no listing of uploads. */
  public openUploads(): OpenUpload[] {
    return [];
  }

  public openStore(bucket: string, attempt: Attempt, trouble: Trouble, watched: (store: ObjectStore) => ObjectStore): ObjectStore {
    const agent = `attempt-${this.name}-${this.attempts++}`;
    const store = watched(this.client(bucket, agent));
    return storeOf(new HttpFaultyStore(store, attempt, trouble, { s3: this.s3, agent, noteCall: () => this.schedule.noteCall() }));
  }

  /** Drops all objects: their server keeps them in memory. */
  public async clear(): Promise<void> {
    for (const bucket of [CACHE_BUCKET, DESTINATION_BUCKET]) await this.store(bucket).delete(await collect(this.store(bucket).list('')));
  }

  private client(bucket: string, agent: string): S3Store {
    const { endpoint, region, credentials } = this.s3;
    const name = `${bucket}-${this.name}`;
    this.s3.createBucket(name);
    return new S3Store(name, { client: { endpoint, region, credentials, customUserAgent: agent } });
  }
}
