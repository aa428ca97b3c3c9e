import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  CompleteMultipartUploadCommand, CreateMultipartUploadCommand, GetObjectCommand, HeadObjectCommand, ListObjectsV2Command,
  PutObjectCommand, S3Client, UploadPartCommand,
} from '@aws-sdk/client-s3';
import { startLocalS3 } from '../../../src/local/s3/local-s3';
import { bytes, clientOf, MIB, useLocalS3 } from './local-s3.fixture';

describe('the local S3 server, seen from its own process', () => {
  const local = useLocalS3();

  const put = async (key: string, body: Buffer, more = {}) =>
    local.client.send(new PutObjectCommand({ Bucket: local.bucket, Key: key, Body: body, ...more }));

  it('lists and reads objects', async () => {
    await put('b/2', Buffer.from('two'), { Metadata: { a: '1' }, ContentType: 'text/plain' });
    await put('b/1', Buffer.from('one'));
    await put('a', Buffer.from('a'));
    expect(local.s3.list(local.bucket).map(({ key }) => key)).toEqual(['a', 'b/1', 'b/2']);
    const [, two] = local.s3.list(local.bucket, 'b/');
    expect(two).toMatchObject({ key: 'b/2', bytes: 3, contentType: 'text/plain', metadata: { a: '1' } });
    expect(local.s3.read(local.bucket, 'b/2').toString()).toBe('two');
    expect(() => local.s3.read(local.bucket, 'c')).toThrow(expect.objectContaining({ code: 'NoSuchKey', message: expect.stringContaining(': c') }));
    expect(() => local.s3.list('missing')).toThrow(expect.objectContaining({ code: 'NoSuchBucket' }));
  });

  it('writes an object to a file', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'local-s3-'));
    try {
      const [one, two] = [bytes(5 * MIB), bytes(1_000_003)];
      const target = { Bucket: local.bucket, Key: 'assembled' };
      const { UploadId } = await local.client.send(new CreateMultipartUploadCommand(target));
      const Parts = [];
      for (const [index, Body] of [one, two].entries()) {
        const { ETag } = await local.client.send(new UploadPartCommand({ ...target, UploadId, PartNumber: index + 1, Body }));
        Parts.push({ PartNumber: index + 1, ETag });
      }
      await local.client.send(new CompleteMultipartUploadCommand({ ...target, UploadId, MultipartUpload: { Parts } }));
      await local.s3.readToFile(local.bucket, 'assembled', join(folder, 'file'));
      expect((await readFile(join(folder, 'file'))).equals(Buffer.concat([one, two]))).toBe(true);
      await put('empty', Buffer.alloc(0));
      await local.s3.readToFile(local.bucket, 'empty', join(folder, 'empty'));
      expect(await readFile(join(folder, 'empty'))).toHaveLength(0);
    } finally {
      await rm(folder, { recursive: true });
    }
  });

  it('counts requests, errors and bytes by operation', async () => {
    local.s3.resetTraffic();
    await put('a', Buffer.alloc(1000));
    await put('b', Buffer.alloc(10));
    await put('b', Buffer.alloc(10), { IfNoneMatch: '*' }).catch(() => undefined);
    await local.client.send(new GetObjectCommand({ Bucket: local.bucket, Key: 'a' })).then(({ Body }) => Body!.transformToByteArray());
    await local.client.send(new HeadObjectCommand({ Bucket: local.bucket, Key: 'a' }));
    const traffic = local.s3.traffic();
    expect(Object.keys(traffic)).toEqual(['PutObject', 'GetObject', 'HeadObject']);
    expect(traffic.PutObject).toMatchObject({ requests: 3, errors: 1, bytesReceived: 1020 });
    expect(traffic.GetObject).toEqual({ requests: 1, errors: 0, bytesReceived: 0, bytesSent: 1000 });
    local.s3.resetTraffic();
    expect(local.s3.traffic()).toEqual({});
    expect(traffic.PutObject?.requests).toBe(3);
  });

  it('is found by an SDK that has its environment and no configuration', async () => {
    const before = { ...process.env };
    Object.assign(process.env, local.s3.environment);
    const client = new S3Client({});
    try {
      await put('key', Buffer.from('x'));
      const { Contents } = await client.send(new ListObjectsV2Command({ Bucket: local.bucket }));
      expect(Contents?.map(({ Key }) => Key)).toEqual(['key']);
    } finally {
      client.destroy();
      process.env = before;
    }
  });

  it('says that a port is taken', async () => {
    const port = Number(new URL(local.s3.endpoint).port);
    await expect(startLocalS3({ port })).rejects.toThrow(/EADDRINUSE/);
  });

  it('closes although clients keep their connections', async () => {
    const other = await startLocalS3();
    other.createBucket('bucket');
    const client = clientOf(other);
    await client.send(new PutObjectCommand({ Bucket: 'bucket', Key: 'key', Body: 'x' }));
    await other.close();
    await expect(client.send(new PutObjectCommand({ Bucket: 'bucket', Key: 'key', Body: 'x' }))).rejects.toThrow(/ECONNREFUSED|socket hang up|ECONNRESET/);
    client.destroy();
  });
});
