import type { IncomingHttpHeaders } from 'node:http';
import type { FastifyReply } from 'fastify';
import { Checksum } from './checksum';
import { StoredProperties } from './memory-buckets';

const METADATA_PREFIX = 'x-amz-meta-';

/** The object's properties in the headers of PutObject, CopyObject or CreateMultipartUpload. */
export function storedProperties(headers: IncomingHttpHeaders): StoredProperties {
  return {
    contentType: single(headers['content-type']) ?? 'application/octet-stream',
    contentEncoding: contentEncoding(headers),
    contentLanguage: single(headers['content-language']),
    contentDisposition: single(headers['content-disposition']),
    cacheControl: single(headers['cache-control']),
    storageClass: single(headers['x-amz-storage-class']),
    tags: objectTags(headers),
    metadata: userMetadata(headers),
  };
}

/** https://docs.aws.amazon.com/AmazonS3/latest/API/API_PutObject.html */
export function objectTags(headers: IncomingHttpHeaders): Record<string, string> {
  return Object.fromEntries(new URLSearchParams(single(headers['x-amz-tagging'])));
}

/** The headers of a checksum; for an object, with its type. */
export function checksumHeaders(reply: FastifyReply, checksum: (Omit<Checksum, 'type'> & Partial<Checksum>) | undefined): void {
  if (checksum === undefined) return;
  reply.header(`x-amz-checksum-${checksum.algorithm.toLowerCase()}`, checksum.value);
  if (checksum.type !== undefined) reply.header('x-amz-checksum-type', checksum.type);
}

/** `aws-chunked` describes the transfer, not the object. */
function contentEncoding(headers: IncomingHttpHeaders): string | undefined {
  const encodings = (single(headers['content-encoding']) ?? '').split(',').map((encoding) => encoding.trim());
  return encodings.filter((encoding) => encoding !== '' && encoding !== 'aws-chunked').join(',') || undefined;
}

function userMetadata(headers: IncomingHttpHeaders): Record<string, string> {
  const names = Object.keys(headers).filter((name) => name.startsWith(METADATA_PREFIX));
  return Object.fromEntries(names.map((name) => [name.slice(METADATA_PREFIX.length), single(headers[name]) ?? '']));
}

function single(header: string | string[] | undefined): string | undefined {
  return Array.isArray(header) ? header.join(',') : header;
}
