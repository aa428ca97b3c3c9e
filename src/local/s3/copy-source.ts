import type { IncomingHttpHeaders } from 'node:http';
import { PART_MAX_BYTES, RANGE_SOURCE_MIN_BYTES } from '../../protocol/limits';
import { MemoryBuckets, StoredObject } from './memory-buckets';
import { ObjectBody } from './object-body';
import { sameEtag } from './request-condition';
import { invalidArgument, invalidRequest, preconditionFailed } from './s3-error';

/**
 * The object that the headers of CopyObject or UploadPartCopy name as their source.
 *
 * @throws NoSuchBucket, NoSuchKey, InvalidArgument, PreconditionFailed if the ETag does not match
 */
export function copySource(objects: MemoryBuckets, headers: IncomingHttpHeaders): StoredObject {
  const path = decodeURIComponent(String(headers['x-amz-copy-source'])).replace(/^\//, '');
  const slash = path.indexOf('/');
  if (slash < 0) throw invalidArgument('Invalid copy source object key');
  const source = objects.get(path.slice(0, slash), path.slice(slash + 1));
  const ifMatch = headers['x-amz-copy-source-if-match'];
  const ifNoneMatch = headers['x-amz-copy-source-if-none-match'];
  if (ifMatch !== undefined && !sameEtag(source.etag, String(ifMatch))) throw preconditionFailed();
  if (ifNoneMatch !== undefined && sameEtag(source.etag, String(ifNoneMatch))) throw preconditionFailed();
  if (source.body.bytes > PART_MAX_BYTES && headers['x-amz-copy-source-range'] === undefined) {
    throw invalidRequest(`The specified copy source is larger than the maximum allowable size for a copy source: ${PART_MAX_BYTES}`);
  }
  return source;
}

/** The bytes that UploadPartCopy copies: all, or those of its range. @throws InvalidArgument, InvalidRequest */
export function copyRange(source: ObjectBody, range: string | string[] | undefined): ObjectBody {
  if (range === undefined) return source;
  const match = /^bytes=(\d+)-(\d+)$/.exec(String(range));
  if (match === null) throw invalidArgument('The x-amz-copy-source-range value must be of the form bytes=first-last');
  if (source.bytes <= RANGE_SOURCE_MIN_BYTES) {
    throw invalidRequest('The specified copy source is not supported as a byte-range copy source');
  }
  const [first, last] = [Number(match[1]), Number(match[2])];
  if (first > last || last >= source.bytes) throw invalidArgument(`Range specified is not valid for source object of size: ${source.bytes}`);
  return source.range(first, last);
}
