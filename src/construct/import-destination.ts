import * as kms from 'aws-cdk-lib/aws-kms';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import * as s3 from 'aws-cdk-lib/aws-s3';
import { Construct } from 'constructs';
import { EnvironmentVariable, IntegrityCheck as IntegrityCheckValue } from '../protocol/environment';
import { allowKeys } from './bucket-access';
import { checkDestinationKey, literalStart, objectPatterns } from './destination-key';
import { encryptionKeyOf, warn } from './warnings';

/** How a published object is checked against the commit log before readers can see it. */
export enum IntegrityCheck {
  /** S3 itself compares the object's size and its CRC32, combined from those of all chunks, and refuses a lost or doubled one. */
  FULL_OBJECT_CRC32 = 'FULL_OBJECT_CRC32',

  /** Persist compares size and ETag of every part. For S3-compatible stores that know no full-object checksums. */
  SIZES_AND_ETAGS = 'SIZES_AND_ETAGS',
}

const INTEGRITY_CHECK_VALUES: { readonly [check in IntegrityCheck]: IntegrityCheckValue } = {
  [IntegrityCheck.FULL_OBJECT_CRC32]: IntegrityCheckValue.FULL_OBJECT_CRC32,
  [IntegrityCheck.SIZES_AND_ETAGS]: IntegrityCheckValue.SIZES_AND_ETAGS,
};

/** Options of a destination in a bucket. */
export interface BucketDestinationOptions {
  /**
   * Key of the published object, at most 1,024 bytes when filled in, its manifest's `.manifest.json` included.
   *
   * Placeholders are filled in when an import starts: `{importId}` (its random id), `{date}` (as in 2026-11-23), `{yyyy}`, `{MM}`, `{dd}`
   * and `{HH}`, all in UTC from the execution's start time. A key without one that differs from run to run is allowed: each run then
   * replaces the object of the run before, atomically, and an older run never that of a newer one.
   *
   * Permissions are confined to what stands before the first placeholder, so begin with a fixed part.
   */
  readonly key: string;

  /**
   * KMS key that the bucket is encrypted with. Needed for imported buckets only, whose key CDK cannot know.
   *
   * @default - the bucket's own key, if it has one
   */
  readonly encryptionKey?: kms.IKey;

  /**
   * How the object is checked before it is published.
   *
   * @default IntegrityCheck.FULL_OBJECT_CRC32
   */
  readonly integrityCheck?: IntegrityCheck;
}

/** Where an import publishes to. */
export abstract class ImportDestination {
  /**
   * One object in a bucket, with a manifest beside it under the same key and `.manifest.json`.
   *
   * Readers see the object that was there before, or the whole new one. A failed import leaves it untouched.
   */
  public static toBucket(bucket: s3.IBucket, options: BucketDestinationOptions): ImportDestination {
    return new BucketDestination(bucket, options);
  }

  /**
   * The destination of one import.
   *
   * @internal
   */
  public abstract _bind(scope: Construct): BoundDestination;
}

/** The destination of one import, with one method per step that gives the step's function its environment and its permissions. */
export class BoundDestination {
  constructor(
    private readonly bucket: s3.IBucket,
    private readonly key: string,
    private readonly integrityCheck: IntegrityCheck,
    private readonly encryptionKey?: kms.IKey,
  ) {}

  /** Initialize fills in the key: it needs no permission. */
  public equipInitialize(fn: lambda.Function): void {
    fn.addEnvironment(EnvironmentVariable.DESTINATION_BUCKET, this.bucket.bucketName);
    fn.addEnvironment(EnvironmentVariable.DESTINATION_KEY, this.key);
  }

  /** Persist looks whose object is there, assembles the new one, and publishes it and its manifest. */
  public equipPersist(fn: lambda.Function): void {
    const keys = objectPatterns(this.key);
    fn.addEnvironment(EnvironmentVariable.INTEGRITY_CHECK, INTEGRITY_CHECK_VALUES[this.integrityCheck]);
    allowKeys(fn, this.bucket, this.encryptionKey, { read: keys, upload: keys, list: keys });
  }
}

class BucketDestination extends ImportDestination {
  constructor(private readonly bucket: s3.IBucket, private readonly options: BucketDestinationOptions) {
    super();
    checkDestinationKey('ImportDestination.toBucket', options.key);
  }

  public _bind(scope: Construct): BoundDestination {
    const { key, integrityCheck = IntegrityCheck.FULL_OBJECT_CRC32 } = this.options;
    if (literalStart(key) === '') {
      warn(scope, 'destinationKeyWithoutPrefix', `The destination key '${key}' begins with a placeholder, so that Persist may write every key of the `
        + 'bucket. Begin it with a fixed part, such as \'imports/{date}/{importId}.jsonl\'.');
    }
    const encryptionKey = encryptionKeyOf(scope, this.bucket, this.options.encryptionKey, {
      id: 'destinationEncryptionKey',
      what: 'The destination bucket',
      remedy: 'ImportDestination.toBucket(bucket, { key, encryptionKey })',
    });
    return new BoundDestination(this.bucket, key, integrityCheck, encryptionKey);
  }
}
