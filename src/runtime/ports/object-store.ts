import { StoreAnswer } from '../../protocol/errors';
import { ObjectTag } from '../../protocol/output-settings';

/**
 * The store port: the S3 operations that the protocol stands on, and exactly what it may rely on of each.
 *
 * Common to all operations:
 * - reads see every write that was acknowledged before they began (S3: strong read-after-write for GET, HEAD and LIST);
 * - 403 is never "absent": it throws `StoreAccessError`. A missing bucket throws `BucketNotFoundError`;
 * - anything else that leaves the outcome open after the adapter's own retries throws `StoreUnavailableError`, but for the
 *   operations with an `Outcome`, which say `unknown` and leave it to the protocol to look again.
 */
export interface ObjectStore {
  /** Bucket that the keys are in. */
  readonly bucket: string;

  /** The object's bytes, or `undefined` only where the store says that there is none. */
  read(key: string): Promise<Uint8Array | undefined>;

  /**
   * Some of the object's bytes, or `undefined` only where the store says that there is none. Fewer where the object ends before them; the
   * range begins inside the object.
   */
  readRange(key: string, range: ByteRange): Promise<Uint8Array | undefined>;

  /** The object's summary, or `undefined` only where the store says that there is none. */
  inspect(key: string, options?: InspectOptions): Promise<ObjectSummary | undefined>;

  /**
   * Writes an object under a key that nobody else writes to, retried freely. The receipt is what the store acknowledged, after it
   * compared the bytes with `crc32`.
   *
   * @param crc32 CRC32 of the bytes, base64 as S3 writes it
   */
  write(key: string, pieces: readonly Uint8Array[], crc32: string): Promise<WriteReceipt>;

  /**
   * Writes an object if the condition holds, in one attempt: the adapter never retries, since the reply to the first attempt may be
   * what was lost.
   */
  writeIf(key: string, body: Uint8Array, condition: WriteCondition, properties?: ObjectProperties): Promise<ConditionalOutcome>;

  /**
   * Copies a whole object of this or another bucket, of up to 5 GiB, if it still has the ETag. Retried freely: nobody else writes to the
   * key, and whoever does writes the same bytes. Moves no data through the caller.
   */
  copy(key: string, source: CopySource, properties: ObjectProperties): Promise<CopyOutcome>;

  /** Keys below a prefix, in ascending order, after `startAfter` where given. All of them: the adapter pages through. */
  list(prefix: string, startAfter?: string): AsyncIterable<string>;

  /** Deletes objects; those that do not exist are deleted already. Any number of keys. */
  delete(keys: readonly string[]): Promise<void>;

  /** Starts a multipart upload whose whole object is checked by CRC32 when the upload is completed. */
  createUpload(key: string, properties: ObjectProperties): Promise<string>;

  /**
   * Copies an object of this or another bucket, or a range of one of more than 5 MiB, as a part, if it still has the ETag. Moves no data
   * through the caller.
   */
  copyPart(upload: UploadReference, partNumber: number, source: CopySource): Promise<PartOutcome>;

  /** Uploads a part. */
  writePart(upload: UploadReference, partNumber: number, pieces: readonly Uint8Array[], crc32: string): Promise<PartOutcome>;

  /** The parts that are in place, by number, or `undefined` where the upload does not exist (any more). */
  listParts(upload: UploadReference): Promise<UploadPart[] | undefined>;

  /** Publishes: readers see the old object or the whole new one. One attempt; the adapter never retries. */
  completeUpload(
    upload: UploadReference, parts: readonly UploadPart[], whole: WholeObject, condition: WriteCondition,
  ): Promise<CompleteOutcome>;

  /** Ends an upload and drops its parts; one that does not exist is ended already. */
  abortUpload(upload: UploadReference): Promise<void>;

  /**
   * What the last operation with an `Outcome` on a key was answered, where that was something else than `done`: for messages alone. Absent
   * from stores that know nothing more.
   */
  answerOf?(key: string): StoreAnswer | undefined;
}

export interface InspectOptions {
  /**
   * Whether the CRC32 is asked for. Of an object that is encrypted by KMS it takes the permission to decrypt it.
   * @default false
   */
  readonly checksum?: boolean;
}

export interface ObjectSummary {
  /** As the store gives it, with its quotes. */
  readonly etag: string;
  readonly bytes: number;
  /** User metadata. */
  readonly metadata: Readonly<Record<string, string>>;
  /** CRC32 of all bytes, base64; absent where it was not asked for, and in stores that keep none. */
  readonly crc32?: string;
}

export interface WriteReceipt {
  readonly etag: string;
  readonly bytes: number;
  /** CRC32 that the store computed, base64. */
  readonly crc32: string;
}

/** `absent`: only if there is no object. Else: only over the object with this ETag. */
export type WriteCondition = 'absent' | { readonly etag: string };

export interface ObjectProperties {
  readonly contentType?: string;
  readonly contentEncoding?: string;
  /** As S3 names it. */
  readonly storageClass?: string;
  readonly tags?: readonly ObjectTag[];
  /** User metadata. */
  readonly metadata?: Readonly<Record<string, string>>;
}

/**
 * - `done`: acknowledged;
 * - `refused`: the condition did not hold (412), which after a lost reply may be one's own object's doing;
 * - `conflict`: another operation on the key was under way (409), nothing is known of the key;
 * - `unknown`: no usable reply (5xx, time-out, cut connection), it may have been applied or may be applied later.
 */
export type ConditionalOutcome = 'done' | 'refused' | 'conflict' | 'unknown';

/** As `ConditionalOutcome`, and: the upload is not there, a part is not there, or the object is not what was announced. */
export type CompleteOutcome = ConditionalOutcome | 'no-such-upload' | 'invalid-part' | 'corrupt';

export interface UploadReference {
  readonly key: string;
  readonly uploadId: string;
}

export interface UploadPart {
  readonly partNumber: number;
  readonly etag: string;
  readonly bytes: number;
  /** CRC32 that the store computed, base64; absent in stores that keep none. */
  readonly crc32?: string;
}

/** The part, or why there is none: the upload is gone, or the source is gone or no longer has that ETag. */
export type PartOutcome = UploadPart | 'no-such-upload' | 'source-gone';

/** What a copy made, or that the source is gone or no longer has that ETag. */
export type CopyOutcome = CopyReceipt | 'source-gone';

export interface CopyReceipt {
  readonly etag: string;
  /** CRC32 that the store computed, base64; absent in stores that keep none. */
  readonly crc32?: string;
}

export interface CopySource {
  readonly bucket: string;
  readonly key: string;
  readonly etag: string;
  /** Of the range where there is one, else of the object. */
  readonly bytes: number;
  /**
   * First byte of the range that is copied.
   * @default - the whole object is copied
   */
  readonly offset?: number;
}

/** Bytes in a row. */
export interface ByteRange {
  /** The first one. */
  readonly offset: number;
  readonly bytes: number;
}

/** What the completed object must be. */
export interface WholeObject {
  readonly bytes: number;
  /** CRC32 of the whole object, base64. Left out for stores that cannot check it. */
  readonly crc32?: string;
}
