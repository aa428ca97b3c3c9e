import {
  BucketNotFoundError, PaginatedImportError, StoreAccessError, StoreAnswer, StoreRefusedError, StoreUnavailableError,
} from '../../protocol/errors';
import { describeError } from '../errors/describe-error';
import { plainRedactor } from '../errors/redact';

/** What a failed request to S3 means, for any operation. */
export type S3Failure =
  /** The object does not exist. */
  | 'absent'
  | 'no-such-bucket'
  | 'no-such-upload'
  /** A part is missing, or is not as named. */
  | 'invalid-part'
  /** The bytes do not match the announced size or checksum. */
  | 'corrupt'
  | 'denied'
  /** A condition did not hold. */
  | 'refused'
  /** Another operation on the key was under way. */
  | 'conflict'
  /** Refused for another reason, and so not applied. */
  | 'rejected'
  /** Refused for a reason that no retry fixes. */
  | 'hopeless'
  /** Unknown: the request may have been applied, or may still be. */
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
  // By their status, these would be something else.
  ['RequestTimeout', 'open'],
  ['RequestTimeTooSkewed', 'open'],
]);

/**
 * What S3 refuses for good: an unusable KMS key, a bucket in another region, what it does not support or allow there. Our own
 * requests are well-formed, so an invalid one is one that the bucket does not take. Other 4xx codes may be temporary.
 */
const HOPELESS = new Set([
  'KMS.DisabledException', 'KMS.InvalidKeyUsageException', 'KMS.KMSInvalidStateException', 'KMS.NotFoundException',
  'AuthorizationHeaderMalformed', 'IllegalLocationConstraintException', 'PermanentRedirect',
  'AccessControlListNotSupported', 'EntityTooLarge', 'InvalidBucketName', 'InvalidBucketOwnerAWSAccountID',
  'InvalidArgument', 'InvalidEncryptionAlgorithmError', 'InvalidObjectState', 'InvalidRequest', 'InvalidStorageClass', 'InvalidTag', 'KeyTooLongError', 'MetadataTooLarge',
  'MethodNotAllowed', 'NotImplemented',
]);

/** Without a body, only the status and the bucket's region say that it is another one; 400 is the answer to another region's signature. */
const MOVED = 301;
const WRONG_SIGNATURE = 400;

const FAILURES_BY_STATUS: ReadonlyMap<number, S3Failure> = new Map<number, S3Failure>([
  [403, 'denied'],
  [404, 'absent'],
  [408, 'open'],
  [409, 'conflict'],
  [412, 'refused'],
  [429, 'open'],
]);

/**
 * What an error of the SDK means. Its name comes first: if S3 sends an error in a reply that began with status 200, the SDK raises it with
 * S3's name and status 503. Without a body (HEAD), only the status is left.
 */
export function failureOf(error: unknown): S3Failure {
  const details = detailsOf(error);
  const { name, message, status } = details;
  if (name === 'InvalidRequest' && isAboutObjectSize(message)) return 'corrupt';
  if (HOPELESS.has(name) || status === MOVED) return 'hopeless';
  if (status === WRONG_SIGNATURE && regionsOf(details) !== undefined) return 'hopeless';
  return FAILURES_BY_NAME.get(name) ?? failureOfStatus(status);
}

/** The catalogue's error for an SDK error that the caller does not handle. */
export function storeError(error: unknown, operation: string, bucket: string, key: string): PaginatedImportError {
  const options = { cause: error, answer: answerOf(error) };
  switch (failureOf(error)) {
    case 'denied': return new StoreAccessError(operation, bucket, key, options);
    case 'no-such-bucket': return new BucketNotFoundError(detailsOf(error).bucket ?? bucket, options);
    case 'hopeless': return new StoreRefusedError(operation, bucket, key, { ...options, ...regionsOf(detailsOf(error)) });
    default: return new StoreUnavailableError(operation, bucket, key, options);
  }
}

/** What S3 answered, for messages; or why it did not, and in how many attempts. */
export function answerOf(error: unknown): StoreAnswer {
  const { code, message, status, requestId, extendedRequestId, attempts } = detailsOf(error);
  if (code !== undefined) return { code, status, requestId, extendedRequestId, text: message === '' ? undefined : plainRedactor(message) };
  const tried = attempts > 1 ? ` in ${attempts} attempts` : '';
  // A reply to HEAD has no body, so the SDK's message says nothing.
  const text = status !== undefined && message === NO_BODY ? undefined : `${firstLineOf(describeError(error))}${tried}`;
  return { status, requestId, extendedRequestId, text };
}

/** The bucket's region and the functions', if they differ: S3 names the bucket's in other answers too. */
function regionsOf({ region }: ErrorDetails): { readonly bucketRegion: string; readonly functionRegion: string | undefined } | undefined {
  const functionRegion = process.env.AWS_REGION;
  return region === undefined || region === functionRegion ? undefined : { bucketRegion: region, functionRegion };
}

const NO_BODY = 'UnknownError';

/** For an unreadable reply, the SDK's message continues with a hint for debugging. */
function firstLineOf(text: string): string {
  return text.split('\n', 1)[0]!;
}

/** With status 2xx, the reply could not be read to its end. */
function failureOfStatus(status: number | undefined): S3Failure {
  if (status === undefined || status < 300 || status >= 500) return 'open';
  return FAILURES_BY_STATUS.get(status) ?? 'rejected';
}

/** `MpuObjectSize` has no error code of its own: S3's message names the header, and the computed size. */
function isAboutObjectSize(message: string): boolean {
  return /object-?size/i.test(message);
}

interface ErrorDetails {
  readonly name: string;
  /** S3's own code; `undefined` if S3 sent none. */
  readonly code: string | undefined;
  readonly message: string;
  readonly status: number | undefined;
  readonly requestId: string | undefined;
  readonly extendedRequestId: string | undefined;
  readonly attempts: number;
  /** The bucket that S3 names; for a copy, it may be the source's. */
  readonly bucket: string | undefined;
  /** Region of the bucket, if S3 names it. */
  readonly region: string | undefined;
}

/** An error of the SDK has the fields of S3's reply, and the reply itself. */
interface SdkError {
  readonly name?: string;
  readonly message?: string;
  readonly Code?: string;
  readonly $metadata?: {
    readonly httpStatusCode?: number; readonly requestId?: string; readonly extendedRequestId?: string; readonly attempts?: number;
  };
  readonly $response?: { readonly headers?: Readonly<Record<string, string>> };
  readonly BucketName?: string;
  readonly Region?: string;
}

function detailsOf(error: unknown): ErrorDetails {
  const { name = '', message = '', Code: code, $metadata = {}, $response, BucketName: bucket, Region } = Object(error) as SdkError;
  const { httpStatusCode: status, requestId, extendedRequestId, attempts = 1 } = $metadata;
  const region = Region ?? $response?.headers?.['x-amz-bucket-region'];
  return { name, code, message, status, requestId, extendedRequestId, attempts, bucket, region };
}
