import { PaginatedImportError } from './paginated-import-error';
import { answered, StoreAnswer, StoreErrorOptions } from './store-answer';

/** Root of the errors that a request to the store has ended with. */
abstract class StoreError extends PaginatedImportError {
  /** As far as it is known. */
  public readonly answer: StoreAnswer | undefined;

  protected constructor(public readonly bucket: string, message: string, options?: StoreErrorOptions) {
    super(message, options);
    this.answer = options?.answer;
  }
}

/** S3 refused a request for want of permission. */
export class StoreAccessError extends StoreError {
  public static readonly NAME = 'StoreAccessError';
  constructor(public readonly operation: string, bucket: string, public readonly key: string, options?: StoreErrorOptions) {
    super(bucket, `S3 denied ${operation} on s3://${bucket}/${key}${answered(options?.answer)}. Check the bucket's policy, that its KMS key, where it has one, was passed to the construct, `
      + 'and that the stack still uses this bucket and key: an import keeps the destination it was started with. Then redrive the execution.', options);
  }
}

/** A bucket does not exist. */
export class BucketNotFoundError extends StoreError {
  public static readonly NAME = 'BucketNotFoundError';
  constructor(bucket: string, options?: StoreErrorOptions) {
    super(bucket, `The bucket ${bucket} does not exist${answered(options?.answer)}. If it is the destination, create it again, then redrive the execution. An import keeps the destination it was `
      + 'started with: where the construct names the wrong bucket, correct it, deploy, and start a new import. If it is the cache, the imports in it are '
      + 'lost: create it again, and start a new import.', options);
  }
}

/** S3 did not answer in a way that tells what happened, however often it was asked. */
export class StoreUnavailableError extends StoreError {
  public static readonly NAME = 'StoreUnavailableError';
  constructor(public readonly operation: string, bucket: string, public readonly key: string, options?: StoreErrorOptions) {
    super(bucket, `S3 did not complete ${operation} on s3://${bucket}/${key}${answered(options?.answer)}. The step is retried; if it still fails, redrive the `
      + 'execution.', options);
  }
}

/** Options of an error for a request that S3 refuses for good. */
export interface StoreRefusedOptions extends StoreErrorOptions {
  /** Where the bucket is, if it is elsewhere. */
  readonly bucketRegion?: string;
}

/** S3 refused a request in a way that no retry mends. */
export class StoreRefusedError extends StoreError {
  public static readonly NAME = 'StoreRefusedError';
  public readonly bucketRegion: string | undefined;

  constructor(public readonly operation: string, bucket: string, public readonly key: string, options: StoreRefusedOptions = {}) {
    const { answer, bucketRegion } = options;
    super(bucket, `S3 refused ${operation} on s3://${bucket}/${key}${answered(answer)}, and would refuse it again. `
      + `${bucketRegion === undefined ? '' : `The bucket is in ${bucketRegion}, and must be in the region of the functions. `}`
      + 'Correct what it refuses, then redrive the execution.', options);
    this.bucketRegion = bucketRegion;
  }
}
