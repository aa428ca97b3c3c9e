import { createHash } from 'node:crypto';
import type { IncomingHttpHeaders } from 'node:http';
import { crc32Of, encodeCrc32 } from '../../runtime/bytes/crc32';
import { ObjectBody } from './object-body';
import { badDigest, invalidRequest, notImplemented } from './s3-error';

/** Checksum algorithms that this server computes. S3's others (CRC32C, CRC64NVME and more) are refused, not ignored. */
export type ChecksumAlgorithm = 'CRC32' | 'SHA1' | 'SHA256';

/**
 * `FULL_OBJECT`: checksum of the object's bytes. `COMPOSITE`: checksum of the parts' checksums, followed by `-` and their number.
 * https://docs.aws.amazon.com/AmazonS3/latest/userguide/checking-object-integrity-upload.html
 */
export type ChecksumType = 'FULL_OBJECT' | 'COMPOSITE';

export interface Checksum {
  readonly algorithm: ChecksumAlgorithm;
  /** In base64. */
  readonly value: string;
  readonly type: ChecksumType;
}

const ALGORITHMS: readonly ChecksumAlgorithm[] = ['CRC32', 'SHA1', 'SHA256'];

/** Checksum headers and trailers without an algorithm in their name. */
const NO_ALGORITHM = new Set(['x-amz-checksum-mode', 'x-amz-checksum-type', 'x-amz-checksum-algorithm']);

/** The checksum that the client sent as `x-amz-checksum-*`, in headers or trailers, or `undefined`. */
export function announcedChecksum(headers: IncomingHttpHeaders): Omit<Checksum, 'type'> | undefined {
  const name = Object.keys(headers).find((header) => header.startsWith('x-amz-checksum-') && !NO_ALGORITHM.has(header));
  if (name === undefined) return undefined;
  return { algorithm: parseAlgorithm(name.slice('x-amz-checksum-'.length)), value: String(headers[name]) };
}

/** @throws NotImplemented for an algorithm that this server does not compute */
export function parseAlgorithm(text: string): ChecksumAlgorithm {
  const algorithm = ALGORITHMS.find((candidate) => candidate === text.toUpperCase());
  if (algorithm === undefined) throw notImplemented(`the checksum algorithm ${text}`);
  return algorithm;
}

/** The checksum that CreateMultipartUpload's headers request for the object. */
export function requestedChecksum(headers: IncomingHttpHeaders): Pick<Checksum, 'algorithm' | 'type'> | undefined {
  const algorithm = headers['x-amz-checksum-algorithm'];
  const type = headers['x-amz-checksum-type'];
  if (algorithm === undefined && type === undefined) return undefined;
  if (algorithm === undefined) {
    throw invalidRequest('The x-amz-checksum-type header can only be used with the x-amz-checksum-algorithm header.');
  }
  return { algorithm: parseAlgorithm(String(algorithm)), type: parseType(String(type ?? 'COMPOSITE'), String(algorithm)) };
}

function parseType(text: string, algorithm: string): ChecksumType {
  const type = text.toUpperCase();
  if (type !== 'FULL_OBJECT' && type !== 'COMPOSITE') throw invalidRequest('Value for x-amz-checksum-type header is invalid.');
  if (type === 'FULL_OBJECT' && algorithm.toUpperCase().startsWith('SHA')) {
    throw invalidRequest(`The FULL_OBJECT checksum type cannot be used with the ${algorithm.toLowerCase()} checksum algorithm.`);
  }
  return type;
}

/** The checksum of the bytes, in base64. */
export function checksumOf(body: ObjectBody, algorithm: ChecksumAlgorithm): string {
  if (algorithm === 'CRC32') return encodeCrc32(body.crc());
  return body.digest(algorithm === 'SHA1' ? 'sha1' : 'sha256').toString('base64');
}

/** The composite checksum from the parts' checksums, all in base64. */
export function compositeChecksum(parts: readonly string[], algorithm: ChecksumAlgorithm): string {
  const joined = Buffer.concat(parts.map((value) => Buffer.from(value, 'base64')));
  if (algorithm === 'CRC32') return `${crc32Of(joined)}-${parts.length}`;
  return `${createHash(algorithm.toLowerCase()).update(joined).digest('base64')}-${parts.length}`;
}

/** @throws BadDigest if the bytes do not match the client's checksum */
export function verifyChecksum(body: ObjectBody, announced: Omit<Checksum, 'type'> | undefined): void {
  if (announced !== undefined && checksumOf(body, announced.algorithm) !== announced.value) throw badDigest(announced.algorithm);
}
