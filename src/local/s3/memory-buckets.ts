import { OBJECT_KEY_BYTES } from '../../protocol/limits';
import { Checksum } from './checksum';
import { ObjectBody } from './object-body';
import { noSuchBucket, noSuchKey, S3Error } from './s3-error';
import { assertCondition, WriteCondition } from './write-condition';

/** What a client says about an object when it writes it. */
export interface ObjectProperties {
  readonly contentType: string;
  readonly contentEncoding?: string;
  readonly contentLanguage?: string;
  readonly contentDisposition?: string;
  readonly cacheControl?: string;
  /** As S3 names it; absent for the standard one. */
  readonly storageClass?: string;
  readonly tags: Readonly<Record<string, string>>;
  /** User metadata: names in lower case, without `x-amz-meta-`. */
  readonly metadata: Readonly<Record<string, string>>;
}

export interface StoredObject {
  readonly key: string;
  readonly body: ObjectBody;
  readonly properties: ObjectProperties;
  /** With its quotes. */
  readonly etag: string;
  readonly lastModified: Date;
  readonly checksum?: Checksum;
  /** Of an object that a multipart upload made, in order. */
  readonly parts?: readonly ObjectPart[];
}

export interface ObjectPart {
  readonly partNumber: number;
  readonly bytes: number;
  /** In base64, by the algorithm of the object's checksum. */
  readonly checksum?: string;
}

/**
 * Buckets and their objects, in memory. Every method runs from beginning to end without giving way to another request: that
 * makes the check of a condition and the write behind it one step, for whatever keys and however many clients.
 */
export class MemoryBuckets {
  private readonly buckets = new Map<string, Bucket>();

  createBucket(name: string): void {
    if (!BUCKET_NAME.test(name) || IP_ADDRESS.test(name) || name.includes('..')) {
      throw new S3Error('InvalidBucketName', 400, `The specified bucket is not valid: ${name}`);
    }
    if (!this.buckets.has(name)) this.buckets.set(name, new Bucket());
  }

  hasBucket(name: string): boolean {
    return this.buckets.has(name);
  }

  listBuckets(): { name: string; creationDate: Date }[] {
    return [...this.buckets.keys()].sort().map((name) => ({ name, creationDate: this.bucket(name).creationDate }));
  }

  deleteBucket(name: string): void {
    if (this.bucket(name).objects.size > 0) throw new S3Error('BucketNotEmpty', 409, 'The bucket you tried to delete is not empty');
    this.buckets.delete(name);
  }

  /** @throws NoSuchBucket, NoSuchKey */
  get(bucket: string, key: string): StoredObject {
    const object = this.find(bucket, key);
    if (object === undefined) throw noSuchKey(key);
    return object;
  }

  /** @throws NoSuchBucket */
  find(bucket: string, key: string): StoredObject | undefined {
    return this.bucket(bucket).objects.get(key);
  }

  /**
   * Writes an object if the condition holds: readers see what was there before or the whole new object.
   *
   * @throws NoSuchBucket, KeyTooLongError, PreconditionFailed, NoSuchKey
   */
  put(bucket: string, object: StoredObject, condition: WriteCondition): void {
    if (Buffer.byteLength(object.key) > OBJECT_KEY_BYTES) throw new S3Error('KeyTooLongError', 400, 'Your key is too long');
    assertCondition(condition, object.key, this.find(bucket, object.key));
    this.bucket(bucket).set(object);
  }

  /** Deletes an object; one that does not exist is deleted already. @throws NoSuchBucket */
  delete(bucket: string, key: string): void {
    this.bucket(bucket).delete(key);
  }

  /** All objects below a prefix, after a key where one is given, in ascending order of their keys' code points. @throws NoSuchBucket */
  list(bucket: string, prefix: string, startAfter: string): StoredObject[] {
    const { objects, sortedKeys } = this.bucket(bucket);
    return sortedKeys.filter((key) => key.startsWith(prefix) && key > startAfter).map((key) => objects.get(key)!);
  }

  private bucket(name: string): Bucket {
    const bucket = this.buckets.get(name);
    if (bucket === undefined) throw noSuchBucket(name);
    return bucket;
  }
}

class Bucket {
  readonly creationDate = new Date();
  readonly objects = new Map<string, StoredObject>();
  /** Sorted when a listing asks, and kept until a key comes or goes: a listing of many pages sorts once. */
  private sorted: string[] | undefined;

  set(object: StoredObject): void {
    if (!this.objects.has(object.key)) this.sorted = undefined;
    this.objects.set(object.key, object);
  }

  delete(key: string): void {
    if (this.objects.delete(key)) this.sorted = undefined;
  }

  /** In the order of UTF-16 units, which is S3's UTF-8 order for all keys without characters beyond U+FFFF. */
  get sortedKeys(): readonly string[] {
    return this.sorted ??= [...this.objects.keys()].sort();
  }
}

/** https://docs.aws.amazon.com/AmazonS3/latest/userguide/bucketnamingrules.html */
const BUCKET_NAME = /^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/;
const IP_ADDRESS = /^\d+\.\d+\.\d+\.\d+$/;
