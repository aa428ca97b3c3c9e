import {
  BucketNotFoundError, PaginatedImportError, StoreAccessError, StoreAnswer, StoreRefusedError, StoreUnavailableError,
} from '../../protocol/errors';
import { describeError } from '../errors/describe-error';
import { plainRedactor } from '../errors/redact';

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
  /** Refused for a reason that no retry mends. */
  | 'hopeless'
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

/**
 * What S3 refuses for good: a KMS key that cannot be used, a bucket of another region, what it does not know or allow there. Other
 * codes of 4xx may pass, or say only that a request was wrong.
 */
const HOPELESS = new Set([
  'KMS.DisabledException', 'KMS.InvalidKeyUsageException', 'KMS.KMSInvalidStateException', 'KMS.NotFoundException',
  'AuthorizationHeaderMalformed', 'IllegalLocationConstraintException', 'PermanentRedirect',
  'EntityTooLarge', 'InvalidBucketName', 'InvalidEncryptionAlgorithmError', 'InvalidObjectState', 'InvalidStorageClass', 'InvalidTag',
  'KeyTooLongError', 'MethodNotAllowed', 'NotImplemented',
]);

/** Where there is no body, S3 says by this status alone that the bucket is in another region. */
const MOVED = 301;

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
  const { name, message, status } = detailsOf(error);
  if (name === 'InvalidRequest' && isAboutObjectSize(message)) return 'corrupt';
  if (HOPELESS.has(name) || status === MOVED) return 'hopeless';
  return FAILURES_BY_NAME.get(name) ?? failureOfStatus(status);
}

/** The catalogue's error for an error of the SDK that the caller has no other answer to. */
export function storeError(error: unknown, operation: string, bucket: string, key: string): PaginatedImportError {
  const options = { cause: error, answer: answerOf(error) };
  switch (failureOf(error)) {
    case 'denied': return new StoreAccessError(operation, bucket, key, options);
    case 'no-such-bucket': return new BucketNotFoundError(detailsOf(error).bucket ?? bucket, options);
    case 'hopeless': return new StoreRefusedError(operation, bucket, key, { ...options, bucketRegion: detailsOf(error).region });
    default: return new StoreUnavailableError(operation, bucket, key, options);
  }
}

/** What S3 answered, for messages; or what kept its answer from coming, and how often. */
export function answerOf(error: unknown): StoreAnswer {
  const { code, message, status, requestId, extendedRequestId, attempts } = detailsOf(error);
  if (code !== undefined) return { code, status, requestId, extendedRequestId, text: message === '' ? undefined : plainRedactor(message) };
  const tried = attempts > 1 ? ` in ${attempts} attempts` : '';
  // A reply to HEAD has no body, and the SDK has no words for it.
  const text = status !== undefined && message === NO_BODY ? undefined : `${firstLineOf(describeError(error))}${tried}`;
  return { status, requestId, extendedRequestId, text };
}

const NO_BODY = 'UnknownError';

/** The SDK's message for a reply that it cannot read goes on with a hint for debuggers. */
function firstLineOf(text: string): string {
  return text.split('\n', 1)[0]!;
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

interface ErrorDetails {
  readonly name: string;
  /** S3's own; `undefined` where it said nothing. */
  readonly code: string | undefined;
  readonly message: string;
  readonly status: number | undefined;
  readonly requestId: string | undefined;
  readonly extendedRequestId: string | undefined;
  readonly attempts: number;
  /** The bucket that S3 names: of a copy it may be the source's. */
  readonly bucket: string | undefined;
  /** Region of the bucket, where S3 names it. */
  readonly region: string | undefined;
}

/** The SDK's error has the fields of S3's reply, and the reply itself. */
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
