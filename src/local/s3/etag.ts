import { createHash } from 'node:crypto';
import { ObjectBody } from './object-body';

/** The ETag of an object or part that was written in one piece: its MD5, like S3's without KMS encryption. Quoted. */
export function md5Etag(body: ObjectBody): string {
  return `"${body.md5()}"`;
}

/** The ETag of an object from a multipart upload: the MD5 of its parts' MD5s, and their number. Quoted. */
export function uploadEtag(parts: readonly ObjectBody[]): string {
  const hash = createHash('md5');
  for (const part of parts) hash.update(part.md5(), 'hex');
  return `"${hash.digest('hex')}-${parts.length}"`;
}
