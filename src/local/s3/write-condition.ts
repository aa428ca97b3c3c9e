import type { IncomingHttpHeaders } from 'node:http';
import { noSuchKey, notImplemented, preconditionFailed } from './s3-error';

/**
 * The condition of a conditional write.
 * https://docs.aws.amazon.com/AmazonS3/latest/userguide/conditional-writes.html
 */
export type WriteCondition =
  | { readonly kind: 'always' }
  | { readonly kind: 'absent' }
  | { readonly kind: 'etag'; readonly etag: string };

/** The condition that the headers of PutObject, CopyObject or CompleteMultipartUpload set. */
export function writeCondition(headers: IncomingHttpHeaders): WriteCondition {
  const ifMatch = headers['if-match'];
  const ifNoneMatch = headers['if-none-match'];
  if (ifMatch !== undefined && ifNoneMatch !== undefined) throw notImplemented('If-Match and If-None-Match in one write');
  if (ifNoneMatch !== undefined && ifNoneMatch !== '*') throw notImplemented('If-None-Match with anything but * on a write');
  if (ifNoneMatch !== undefined) return { kind: 'absent' };
  if (ifMatch !== undefined) return { kind: 'etag', etag: String(ifMatch) };
  return { kind: 'always' };
}

/**
 * @throws PreconditionFailed if there is an object where none may be, or the object has another ETag
 * @throws NoSuchKey if an ETag is asked for and there is no object
 */
export function assertCondition(condition: WriteCondition, key: string, existing: { readonly etag: string } | undefined): void {
  if (condition.kind === 'always') return;
  if (condition.kind === 'absent') {
    if (existing !== undefined) throw preconditionFailed();
    return;
  }
  if (existing === undefined) throw noSuchKey(key);
  if (!sameEtag(existing.etag, condition.etag)) throw preconditionFailed();
}

/** ETags travel with and without their quotes. */
export function sameEtag(one: string, other: string): boolean {
  return one.replaceAll('"', '') === other.replaceAll('"', '');
}
