import { createHash } from 'node:crypto';
import { ObjectBody } from './object-body';

/** The ETag of an object or part that was written in one piece: its MD5, as S3 has it without KMS encryption. With its quotes. */
export function md5Etag(body: ObjectBody): string {
  return `"${body.md5()}"`;
}

/** The ETag of an object that a multipart upload made: MD5 over the MD5s of its parts, and their number. With its quotes. */
export function uploadEtag(parts: readonly ObjectBody[]): string {
  const hash = createHash('md5');
  for (const part of parts) hash.update(part.md5(), 'hex');
  return `"${hash.digest('hex')}-${parts.length}"`;
}
