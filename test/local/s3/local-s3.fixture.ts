import { randomBytes } from 'node:crypto';
import { crc32 } from 'node:zlib';
import { S3Client, S3ServiceException } from '@aws-sdk/client-s3';
import { LocalS3, LocalS3Options, startLocalS3 } from '../../../src/local/s3/local-s3';

export const MIB = 1024 * 1024;

// Some tests move tens of megabytes, on machines with other things to do.
jest.setTimeout(30_000);

export interface Fixture {
  readonly s3: LocalS3;
  /** Makes one attempt at each request, so that what the server answers is what the test sees. */
  readonly client: S3Client;
  /** A bucket of the test's own. */
  readonly bucket: string;
}

/** A server for the tests of one `describe`, and a bucket for each of them. */
export function useLocalS3(options?: LocalS3Options): Fixture {
  const fixture: { s3?: LocalS3; client?: S3Client; bucket: string } = { bucket: '' };
  let buckets = 0;
  beforeAll(async () => {
    fixture.s3 = await startLocalS3(options);
    fixture.client = clientOf(fixture.s3);
  });
  beforeEach(() => {
    fixture.bucket = `bucket-${buckets += 1}`;
    fixture.s3!.createBucket(fixture.bucket);
  });
  afterAll(async () => {
    fixture.client?.destroy();
    await fixture.s3?.close();
  });
  return fixture as Fixture;
}

export function clientOf(s3: LocalS3): S3Client {
  return new S3Client({ endpoint: s3.endpoint, region: s3.region, credentials: s3.credentials, maxAttempts: 1 });
}

/** Asserts that S3 refuses, with this error code and HTTP status. */
export async function expectRefusal(reply: Promise<unknown>, code: string, status: number): Promise<void> {
  const error = await reply.then((value) => Promise.reject(new Error(`Not refused: ${JSON.stringify(value)}`)), (refusal: unknown) => refusal);
  expect(error).toBeInstanceOf(S3ServiceException);
  expect(error).toMatchObject({ name: code, $metadata: { httpStatusCode: status } });
}

/** Asserts that the client has no reply: its connection was cut. */
export async function expectNoReply(reply: Promise<unknown>): Promise<void> {
  await expect(reply).rejects.toThrow(/socket hang up|ECONNRESET|EPIPE/);
}

/** Bytes that no two calls share. */
export function bytes(length: number): Buffer {
  return randomBytes(length);
}

/** CRC32 as S3 writes it, by zlib over the whole data. */
export function crc32Base64(data: Buffer): string {
  const value = Buffer.alloc(4);
  value.writeUInt32BE(crc32(data));
  return value.toString('base64');
}
