import { BucketNotFoundError, PaginatedImportError, StoreAccessError, StoreUnavailableError } from '../../protocol/errors';

/** What a failed request to S3 tells, whichever operation it was. */
export type S3Failure =
  /** There is no such object. */
  | 'absent'
  | 'no-such-bucket'
  | 'no-such-upload'
  /** A part that was named is not there, or not as named. */
  | 'invalid-part'
  /** The bytes are not those that were announced. */
  | 'corrupt'
  | 'denied'
  /** A condition did not hold. */
  | 'refused'
  /** Another operation on the key was under way. */
  | 'conflict'
  /** Refused for another reason, and so not applied. */
  | 'rejected'
  /** Nothing is known: the request may have been applied, or may be later. */
  | 'open';

/** https://docs.aws.amazon.com/AmazonS3/latest/API/ErrorResponses.html, and the names that the SDK gives to replies without a body. */
const FAILURES_BY_NAME: ReadonlyMap<string, S3Failure> = new Map<string, S3Failure>([
  ['NoSuchKey', 'absent'],
  ['NotFound', 'absent'],
  ['NoSuchBucket', 'no-such-bucket'],
  ['NoSuchUpload', 'no-such-upload'],
  ['InvalidPart', 'invalid-part'],
  ['InvalidPartOrder', 'invalid-part'],
  ['BadDigest', 'corrupt'],
  ['AccessDenied', 'denied'],
  ['PreconditionFailed', 'refused'],
  ['ConditionalRequestConflict', 'conflict'],
  ['OperationAborted', 'conflict'],
  // These have a status that would say otherwise.
  ['RequestTimeout', 'open'],
  ['RequestTimeTooSkewed', 'open'],
]);

const FAILURES_BY_STATUS: ReadonlyMap<number, S3Failure> = new Map<number, S3Failure>([
  [403, 'denied'],
  [404, 'absent'],
  [408, 'open'],
  [409, 'conflict'],
  [412, 'refused'],
  [429, 'open'],
]);

/**
 * What an error of the SDK tells. Its name comes first: an error that S3 sends in a reply with status 200, having begun to answer too
 * early, is raised by the SDK with S3's name and status 503. Where there is no body (HEAD) only the status is left.
 */
export function failureOf(error: unknown): S3Failure {
  const { name, message, status } = describe(error);
  if (name === 'InvalidRequest' && isAboutObjectSize(message)) return 'corrupt';
  return FAILURES_BY_NAME.get(name) ?? failureOfStatus(status);
}

/** The catalogue's error for an error of the SDK that the caller has no other answer to. */
export function storeError(error: unknown, operation: string, bucket: string, key: string): PaginatedImportError {
  switch (failureOf(error)) {
    case 'denied': return new StoreAccessError(operation, bucket, key, { cause: error });
    case 'no-such-bucket': return new BucketNotFoundError(describe(error).bucket ?? bucket, { cause: error });
    default: return new StoreUnavailableError(operation, bucket, key, { cause: error });
  }
}

/** A status of 2xx is that of a reply which could not be read to its end. */
function failureOfStatus(status: number | undefined): S3Failure {
  if (status === undefined || status < 300 || status >= 500) return 'open';
  return FAILURES_BY_STATUS.get(status) ?? 'rejected';
}

/** `MpuObjectSize` has no error of its own: S3 names the header, and what was computed, in the message. */
function isAboutObjectSize(message: string): boolean {
  return /object-?size/i.test(message);
}

interface ErrorDescription {
  readonly name: string;
  readonly message: string;
  readonly status: number | undefined;
  /** The bucket that S3 names: of a copy it may be the source's. */
  readonly bucket: string | undefined;
}

function describe(error: unknown): ErrorDescription {
  const { name = '', message = '', $metadata, BucketName: bucket } = Object(error) as {
    name?: string; message?: string; $metadata?: { httpStatusCode?: number }; BucketName?: string;
  };
  return { name, message, status: $metadata?.httpStatusCode, bucket };
}
