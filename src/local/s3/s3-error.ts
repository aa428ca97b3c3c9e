import { randomUUID } from 'node:crypto';
import { element, xmlDocument } from './xml';

/** An error response of S3: an error code, an HTTP status, and a message. */
export class S3Error extends Error {
  constructor(
    /** Error code as in https://docs.aws.amazon.com/AmazonS3/latest/API/ErrorResponses.html. */
    readonly code: string,
    /** HTTP status. */
    readonly statusCode: number,
    message: string,
  ) {
    super(message);
    this.name = 'S3Error';
  }

  /** The body that S3 sends with the error. */
  toXml(): string {
    return xmlDocument(element('Error', [
      element('Code', this.code),
      element('Message', this.message),
      element('RequestId', randomUUID()),
    ]));
  }
}

export const noSuchBucket = (bucket: string) => new S3Error('NoSuchBucket', 404, `The specified bucket does not exist: ${bucket}`);

export const noSuchKey = (key: string) => new S3Error('NoSuchKey', 404, `The specified key does not exist: ${key}`);

export const noSuchUpload = () => new S3Error('NoSuchUpload', 404,
  'The specified upload does not exist. The upload ID may be invalid, or the upload may have been aborted or completed.');

export const preconditionFailed = () => new S3Error('PreconditionFailed', 412,
  'At least one of the pre-conditions you specified did not hold');

export const badDigest = (algorithm: string) => new S3Error('BadDigest', 400,
  `The ${algorithm} you specified did not match the calculated checksum.`);

export const accessDenied = (message: string) => new S3Error('AccessDenied', 403, message);

export const invalidRequest = (message: string) => new S3Error('InvalidRequest', 400, message);

export const invalidArgument = (message: string) => new S3Error('InvalidArgument', 400, message);

/** Anything that this server does not do. Refused, since a silently ignored header would make a test pass without testing anything. */
export const notImplemented = (what: string) => new S3Error('NotImplemented', 501, `The local S3 server does not implement ${what}.`);
