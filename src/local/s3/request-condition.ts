import type { IncomingHttpHeaders } from 'node:http';
import { noSuchKey, notImplemented, preconditionFailed } from './s3-error';

/**
 * The condition of a write, if it has one.
 * https://docs.aws.amazon.com/AmazonS3/latest/userguide/conditional-writes.html
 */
export type RequestCondition =
  | { readonly kind: 'always' }
  | { readonly kind: 'absent' }
  | { readonly kind: 'etag'; readonly etag: string };

/** The condition in the headers of PutObject, CopyObject or CompleteMultipartUpload. */
export function requestCondition(headers: IncomingHttpHeaders): RequestCondition {
  const ifMatch = headers['if-match'];
  const ifNoneMatch = headers['if-none-match'];
  if (ifMatch !== undefined && ifNoneMatch !== undefined) throw notImplemented('If-Match and If-None-Match in one write');
  if (ifNoneMatch !== undefined && ifNoneMatch !== '*') throw notImplemented('If-None-Match with anything but * on a write');
  if (ifNoneMatch !== undefined) return { kind: 'absent' };
  if (ifMatch !== undefined) return { kind: 'etag', etag: String(ifMatch) };
  return { kind: 'always' };
}

/**
 * @throws PreconditionFailed if an object exists that must not, or has another ETag
 * @throws NoSuchKey if an ETag is required and there is no object
 */
export function assertCondition(condition: RequestCondition, key: string, existing: { readonly etag: string } | undefined): void {
  if (condition.kind === 'always') return;
  if (condition.kind === 'absent') {
    if (existing !== undefined) throw preconditionFailed();
    return;
  }
  if (existing === undefined) throw noSuchKey(key);
  if (!sameEtag(existing.etag, condition.etag)) throw preconditionFailed();
}

/** ETags are sent with and without quotes. */
export function sameEtag(one: string, other: string): boolean {
  return one.replaceAll('"', '') === other.replaceAll('"', '');
}
