import { StoreAnswer } from '../../protocol/errors';
import { ObjectTag } from '../../protocol/output-settings';

/**
 * The store port: the S3 operations that the protocol uses, and exactly what it may rely on for each.
 *
 * Common to all operations:
 * - reads see every write that was acknowledged before they began (S3: strong read-after-write for GET, HEAD and LIST);
 * - 403 is never "absent": it throws `StoreAccessError`. A missing bucket throws `BucketNotFoundError`;
 * - anything else that leaves the outcome open after the adapter's own retries throws `StoreUnavailableError`; operations with an `Outcome`
 *   return `unknown` instead, and the protocol looks again.
 */
export interface ObjectStore {
  /** Bucket of the keys. */
  readonly bucket: string;

  /** The object's bytes, or `undefined` only if the store says that it does not exist. */
  read(key: string): Promise<Uint8Array | undefined>;

  /**
   * A range of the object's bytes, or `undefined` only if the store says that the object does not exist. Shorter if the object ends inside
   * the range; the range must begin inside the object.
   */
  readRange(key: string, range: ByteRange): Promise<Uint8Array | undefined>;

  /** The object's summary, or `undefined` only if the store says that it does not exist. */
  inspect(key: string, options?: InspectOptions): Promise<ObjectSummary | undefined>;

  /**
   * Finds out whether the key may be written, and changes nothing. Resolves as well if that cannot be told: a write may still be denied.
   *
   * Throws what any operation throws for a bucket that is missing, in another region or another account, and for a key that is denied.
   */
  checkAccess(key: string): Promise<void>;

  /**
   * Writes an object under a key that nobody else writes to; retried freely. The receipt is what the store acknowledged, after it compared
   * the bytes with `crc32`.
   *
   * @param crc32 CRC32 of the bytes, base64 as S3 writes it
   */
  write(key: string, pieces: readonly Uint8Array[], crc32: string): Promise<WriteReceipt>;

  /**
   * Writes an object if the condition holds, in one attempt. The adapter never retries: the first attempt may have succeeded with its reply
   * lost.
   */
  writeIf(key: string, body: Uint8Array, condition: WriteCondition, properties?: ObjectProperties): Promise<ConditionalOutcome>;

  /**
   * Copies a whole object of up to 5 GiB, from this or another bucket, if it still has the ETag. Retried freely: all writers of the key
   * write the same bytes. No data passes through the caller.
   */
  copy(key: string, source: CopySource, properties: ObjectProperties): Promise<CopyOutcome>;

  /** Keys under a prefix, in ascending order, after `startAfter` if given. All of them: the adapter pages through. */
  list(prefix: string, startAfter?: string): AsyncIterable<string>;

  /** Deletes any number of objects. A missing one counts as deleted. */
  delete(keys: readonly string[]): Promise<void>;

  /** Starts a multipart upload whose whole object is checked by CRC32 when the upload is completed. */
  createUpload(key: string, properties: ObjectProperties): Promise<string>;

  /**
   * Copies an object of this or another bucket, or a range of one larger than 5 MiB, as a part, if it still has the ETag. No data passes
   * through the caller.
   */
  copyPart(upload: UploadReference, partNumber: number, source: CopySource): Promise<PartOutcome>;

  /** Uploads a part. */
  writePart(upload: UploadReference, partNumber: number, pieces: readonly Uint8Array[], crc32: string): Promise<PartOutcome>;

  /** The uploaded parts, by number, or `undefined` if the upload does not exist (any more). */
  listParts(upload: UploadReference): Promise<UploadPart[] | undefined>;

  /** Publishes: readers see the old object or the whole new one. One attempt; the adapter never retries. */
  completeUpload(
    upload: UploadReference, parts: readonly UploadPart[], whole: WholeObject, condition: WriteCondition,
  ): Promise<CompleteOutcome>;

  /** Aborts an upload and drops its parts. A missing one counts as aborted. */
  abortUpload(upload: UploadReference): Promise<void>;

  /**
   * The store's answer to the last operation with an `Outcome` on a key, unless it was `done`; for messages only. Absent in stores that
   * know no more.
   */
  answerOf?(key: string): StoreAnswer | undefined;
}

export interface InspectOptions {
  /**
   * Whether to ask for the CRC32. For an object encrypted with KMS, this takes permission to decrypt it.
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
  /** CRC32 of all bytes, base64; absent if it was not asked for, and in stores that keep none. */
  readonly crc32?: string;
}

export interface WriteReceipt {
  readonly etag: string;
  readonly bytes: number;
  /** CRC32 that the store computed, base64. */
  readonly crc32: string;
}

/** `absent`: only if no object exists. Otherwise: only if the object has this ETag. */
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
 * - `refused`: the condition did not hold (412); after a lost reply, the object may be the caller's own;
 * - `conflict`: another operation on the key was under way (409), so the state of the key is unknown;
 * - `unknown`: no usable reply (5xx, time-out, cut connection): the write may have been applied, or may still be.
 */
export type ConditionalOutcome = 'done' | 'refused' | 'conflict' | 'unknown';

/** As `ConditionalOutcome`, or: the upload is missing, a part is missing, or the object is not what was announced. */
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

/** The copy, or that the source is gone or no longer has that ETag. */
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
  /** Length of the range if there is one, otherwise of the object. */
  readonly bytes: number;
  /**
   * First byte of the range to copy.
   * @default - the whole object is copied
   */
  readonly offset?: number;
}

/** A range of bytes. */
export interface ByteRange {
  /** Index of the first byte. */
  readonly offset: number;
  readonly bytes: number;
}

/** What the completed object must be. */
export interface WholeObject {
  readonly bytes: number;
  /** CRC32 of the whole object, base64. Left out for stores that cannot check it. */
  readonly crc32?: string;
}
