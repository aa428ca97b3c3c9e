import { OBJECT_KEY_BYTES } from '../../protocol/limits';
import { Checksum } from './checksum';
import { ObjectBody } from './object-body';
import { assertCondition, RequestCondition } from './request-condition';
import { noSuchBucket, noSuchKey, S3Error } from './s3-error';

/** What a client says about an object when it writes it. */
export interface StoredProperties {
  readonly contentType: string;
  readonly contentEncoding?: string;
  readonly contentLanguage?: string;
  readonly contentDisposition?: string;
  readonly cacheControl?: string;
  /** S3's name of the class; absent for the standard one. */
  readonly storageClass?: string;
  readonly tags: Readonly<Record<string, string>>;
  /** User metadata: names in lower case, without `x-amz-meta-`. */
  readonly metadata: Readonly<Record<string, string>>;
}

export interface StoredObject {
  readonly key: string;
  readonly body: ObjectBody;
  readonly properties: StoredProperties;
  /** Quoted. */
  readonly etag: string;
  readonly lastModified: Date;
  readonly checksum?: Checksum;
  /** Parts of an object from a multipart upload, in order. */
  readonly parts?: readonly ObjectPart[];
}

export interface ObjectPart {
  readonly partNumber: number;
  readonly bytes: number;
  /** In base64, with the algorithm of the object's checksum. */
  readonly checksum?: string;
}

/**
 * Buckets and their objects, in memory. Every method is synchronous, so no other request runs in between. This makes checking a condition
 * and writing one step, for any keys and any number of clients.
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
   * Writes an object if the condition holds. Readers see the old object or the complete new one.
   *
   * @throws NoSuchBucket, KeyTooLongError, PreconditionFailed, NoSuchKey
   */
  put(bucket: string, object: StoredObject, condition: RequestCondition): void {
    if (Buffer.byteLength(object.key) > OBJECT_KEY_BYTES) throw new S3Error('KeyTooLongError', 400, 'Your key is too long');
    assertCondition(condition, object.key, this.find(bucket, object.key));
    this.bucket(bucket).set(object);
  }

  /** Deletes an object. Succeeds if there is none. @throws NoSuchBucket */
  delete(bucket: string, key: string): void {
    this.bucket(bucket).delete(key);
  }

  /** All objects with a prefix, after a key if one is given, in ascending order of keys. @throws NoSuchBucket */
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
  /** Sorted on demand and kept until a key is added or removed, so that a listing of many pages sorts only once. */
  private sorted: string[] | undefined;

  set(object: StoredObject): void {
    if (!this.objects.has(object.key)) this.sorted = undefined;
    this.objects.set(object.key, object);
  }

  delete(key: string): void {
    if (this.objects.delete(key)) this.sorted = undefined;
  }

  /** In UTF-16 order, which equals S3's UTF-8 order for keys without characters beyond U+FFFF. */
  get sortedKeys(): readonly string[] {
    return this.sorted ??= [...this.objects.keys()].sort();
  }
}

/** https://docs.aws.amazon.com/AmazonS3/latest/userguide/bucketnamingrules.html */
const BUCKET_NAME = /^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/;
const IP_ADDRESS = /^\d+\.\d+\.\d+\.\d+$/;
