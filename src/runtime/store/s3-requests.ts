import { ListObjectsV2Command, S3Client, S3ClientConfig } from '@aws-sdk/client-s3';
import { BucketRequests } from '../../protocol/bucket-requests';
import { IntegrityCheck } from '../../protocol/choices';
import { StoreAnswer } from '../../protocol/errors';
import { ConditionalOutcome, WriteCondition } from '../ports/object-store';
import { S3Clients } from './s3-clients';
import { answerOf, failureOf, S3Failure, storeError } from './s3-errors';
import { EncryptionHeaders, encryptionHeaders } from './s3-headers';

export interface S3StoreOptions {
  /** How a multipart upload is checked as a whole. Default: object size and full-object CRC32, by the store. */
  readonly integrityCheck?: IntegrityCheck;
  /** What the bucket's owner demands of requests. Default: nothing. */
  readonly requests?: BucketRequests;
  /** Added to the clients' own configuration: endpoint, region, credentials. Default: the environment's clients, which stores share. */
  readonly client?: S3ClientConfig;
}

/** Where an object is. */
export interface ObjectPlace {
  readonly bucket: string;
  readonly key: string;
}

/** The port's results for some failures. */
export type Answers<T> = { readonly [failure in S3Failure]?: T };

/** For a conditional write. `absent`: no object exists that could have the condition's ETag. */
export const CONDITIONAL_OUTCOMES = { refused: 'refused', absent: 'refused', conflict: 'conflict', open: 'unknown' } as const satisfies Answers<ConditionalOutcome>;

/** Requests to one bucket, and what their failures mean. */
export abstract class S3Requests {
  protected readonly clients: S3Clients;
  protected readonly checksWholeObject: boolean;
  /** In each request, also for the bucket that is copied from. */
  protected readonly payer: { readonly RequestPayer?: 'requester' };
  /** In each request that makes an object. */
  protected readonly encryption: EncryptionHeaders;
  /** Answers to unacknowledged conditional writes, by key. */
  private readonly answers = new Map<string, StoreAnswer>();

  constructor(public readonly bucket: string, options: S3StoreOptions = {}) {
    this.clients = options.client === undefined ? S3Clients.ofEnvironment() : new S3Clients(options.client);
    const { requests = {} } = options;
    this.payer = requests.requesterPays === true ? { RequestPayer: 'requester' } : {};
    this.encryption = encryptionHeaders(requests);
    this.checksWholeObject = options.integrityCheck !== IntegrityCheck.SIZES_AND_ETAGS;
  }

  public answerOf(key: string): StoreAnswer | undefined {
    return this.answers.get(key);
  }

  /** Sends a request in one attempt. Remembers the answer for messages: the outcome is only one word. */
  protected async sendOnce(key: string, send: () => Promise<void>): Promise<'done'> {
    this.answers.delete(key);
    try {
      await send();
      return 'done';
    } catch (error) {
      this.answers.set(key, answerOf(error));
      throw error;
    }
  }

  /**
   * Sends a request.
   *
   * @param answers the port's results for some failures; all others are thrown as the catalogue's errors
   */
  protected async ask<T>(operation: string, key: string, send: () => Promise<T>, answers: Answers<T> = {}): Promise<T> {
    try {
      return await send();
    } catch (error) {
      return this.answerTo(error, operation, key, answers);
    }
  }

  /**
   * Sends a request that needs an object to exist.
   *
   * S3 answers 403 instead of 404 for a missing object unless the caller may list the bucket. Our functions may list only their own keys,
   * and AWS does not document whether that suffices. So a 403 means "absent" only if a listing, which is strongly consistent, says so too.
   *
   * @param object what must exist
   */
  protected async askOf<T>(
    object: ObjectPlace, operation: string, key: string, send: () => Promise<T>, answers: Answers<T> & { readonly absent: T },
  ): Promise<T> {
    try {
      return await send();
    } catch (error) {
      const failure = failureOf(error);
      if (failure === 'denied' && !await this.mayExist(object)) return answers.absent;
      // It may have been created between the two answers.
      if (failure === 'denied') return this.ask(operation, key, send, answers);
      return this.answerTo(error, operation, key, answers);
    }
  }

  /** The client for requests that may be retried. */
  protected get repeating(): S3Client {
    return this.clients.repeating;
  }

  /** Sends a conditional write. One that replaces an object needs it to exist. */
  protected async askIf<T>(
    operation: string, key: string, condition: WriteCondition, send: () => Promise<T>, answers: Answers<T> & { readonly absent: T },
  ): Promise<T> {
    return condition === 'absent' ? this.ask(operation, key, send, answers) : this.askOf(this.place(key), operation, key, send, answers);
  }

  protected place(key: string): ObjectPlace {
    return { bucket: this.bucket, key };
  }

  private answerTo<T>(error: unknown, operation: string, key: string, answers: Answers<T>): T {
    const failure = failureOf(error);
    if (failure in answers) return answers[failure] as T;
    throw storeError(error, operation, this.bucket, key);
  }

  /** False only if a listing says so. The keys that begin with a key are listed from the key itself on. */
  private async mayExist({ bucket, key }: ObjectPlace): Promise<boolean> {
    const command = new ListObjectsV2Command({ Bucket: bucket, Prefix: key, MaxKeys: 1, ...this.payer });
    return this.repeating.send(command).then(({ Contents: [first] = [] }) => first?.Key === key, () => true);
  }

  protected at(key: string): { Bucket: string; Key: string; RequestPayer?: 'requester' } {
    return { Bucket: this.bucket, Key: key, ...this.payer };
  }
}
