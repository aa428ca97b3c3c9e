import { PaginatedImportError } from './paginated-import-error';
import { answered, StoreAnswer, StoreErrorOptions } from './store-answer';

/** Root of the errors from requests to the store. */
abstract class StoreError extends PaginatedImportError {
  /** The store's answer, if known. */
  public readonly answer: StoreAnswer | undefined;

  protected constructor(public readonly bucket: string, message: string, options?: StoreErrorOptions) {
    super(message, options);
    this.answer = options?.answer;
  }
}

/** S3 denied a request: a permission is missing. */
export class StoreAccessError extends StoreError {
  public static readonly NAME = 'StoreAccessError';
  constructor(public readonly operation: string, bucket: string, public readonly key: string, options?: StoreErrorOptions) {
    super(bucket, `S3 denied ${operation} on s3://${bucket}/${key}${answered(options?.answer)}. Check the bucket's policy, that its KMS key, if it has one, was passed to the construct, `
      + 'and that the stack still uses this bucket and key: an import keeps the destination it was started with. Then redrive the execution.', options);
  }
}

/** A bucket does not exist. */
export class BucketNotFoundError extends StoreError {
  public static readonly NAME = 'BucketNotFoundError';
  constructor(bucket: string, options?: StoreErrorOptions) {
    super(bucket, `The bucket ${bucket} does not exist${answered(options?.answer)}. Anyone may take the name of a deleted bucket, so the functions use a bucket only in its own account. `
      + 'If it is the destination, and its name can still be created in that account, do so, then redrive the execution. An import keeps the destination it '
      + 'was started with: otherwise give the construct another bucket, deploy, and start a new import. If it is the cache, the imports in it are lost: give '
      + 'the construct another one, deploy, and start a new import.', options);
  }
}

/** S3 did not give a conclusive answer, even after retries. */
export class StoreUnavailableError extends StoreError {
  public static readonly NAME = 'StoreUnavailableError';
  constructor(public readonly operation: string, bucket: string, public readonly key: string, options?: StoreErrorOptions) {
    super(bucket, `S3 did not complete ${operation} on s3://${bucket}/${key}${answered(options?.answer)}. The step is retried; if it still fails, redrive the `
      + 'execution.', options);
  }
}

/** Options of an error for a request that S3 refuses permanently. */
export interface StoreRefusedOptions extends StoreErrorOptions {
  /** The bucket's region, if it is another one. */
  readonly bucketRegion?: string | undefined;
  /** The functions' region, if the bucket's is another one. */
  readonly functionRegion?: string | undefined;
}

/** S3 refused a request, and a retry would not help. */
export class StoreRefusedError extends StoreError {
  public static readonly NAME = 'StoreRefusedError';
  public readonly bucketRegion: string | undefined;
  public readonly functionRegion: string | undefined;

  constructor(public readonly operation: string, bucket: string, public readonly key: string, options: StoreRefusedOptions = {}) {
    const { answer, bucketRegion, functionRegion } = options;
    super(bucket, `S3 refused ${operation} on s3://${bucket}/${key}${answered(answer)}, and would refuse it again. `
      + `${bucketRegion === undefined ? '' : `The bucket is in ${bucketRegion}, the functions run in ${functionRegion ?? 'another region'}: both must be in the same region. `}`
      + 'Correct the cause, then redrive the execution.', options);
    this.bucketRegion = bucketRegion;
    this.functionRegion = functionRegion;
  }
}
