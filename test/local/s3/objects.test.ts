import { createHash } from 'node:crypto';
import { Readable } from 'node:stream';
import {
  CopyObjectCommand, CreateBucketCommand, DeleteBucketCommand, DeleteObjectCommand, DeleteObjectsCommand, GetObjectCommand,
  HeadBucketCommand, HeadObjectCommand, ListBucketsCommand, ListObjectsV2Command, paginateListObjectsV2,
  PutBucketLifecycleConfigurationCommand, PutObjectCommand, PutObjectTaggingCommand,
} from '@aws-sdk/client-s3';
import { bytes, crc32Base64, expectRefusal, MIB, useLocalS3 } from './local-s3.fixture';

describe('objects of the local S3 server', () => {
  const local = useLocalS3();

  const put = async (key: string, body: string | Buffer, more = {}) =>
    local.client.send(new PutObjectCommand({ Bucket: local.bucket, Key: key, Body: body, ...more }));
  const get = async (key: string, more = {}) => {
    const reply = await local.client.send(new GetObjectCommand({ Bucket: local.bucket, Key: key, ...more }));
    return { ...reply, body: Buffer.from(await reply.Body!.transformToByteArray()) };
  };
  const head = async (key: string, more = {}) =>
    local.client.send(new HeadObjectCommand({ Bucket: local.bucket, Key: key, ...more }));

  describe('PutObject', () => {
    it.each([0, 1, 65_536, 13 * MIB + 7])('stores %d bytes as they are', async (length) => {
      const body = bytes(length);
      const written = await put('key', body);
      expect(written.ETag).toBe(`"${createHash('md5').update(body).digest('hex')}"`);
      expect((await get('key')).body.equals(body)).toBe(true);
    });

    it('stores a streamed body, which comes framed and with its checksum behind it', async () => {
      const pieces = [bytes(100_000), bytes(1), bytes(3 * MIB)];
      const body = Buffer.concat(pieces);
      const written = await put('key', Readable.from(pieces) as never, { ContentLength: body.length });
      expect(written.ChecksumCRC32).toBe(crc32Base64(body));
      const read = await get('key');
      expect(read.body.equals(body)).toBe(true);
      expect(read.ContentEncoding).toBeUndefined();
    });

    it('refuses a framed body that ends before its last chunk', async () => {
      const headers = { 'content-encoding': 'aws-chunked', 'x-amz-decoded-content-length': '10' };
      const reply = await fetch(`${local.s3.endpoint}/${local.bucket}/key`, { method: 'PUT', headers, body: 'a\r\n01234' });
      expect([reply.status, await reply.text()]).toEqual([400, expect.stringContaining('<Code>IncompleteBody</Code>')]);
      expect(local.s3.list(local.bucket)).toEqual([]);
    });

    it('keeps user metadata and headers, those of the last write only', async () => {
      await put('key', 'old', { Metadata: { old: '1' } });
      await put('key', 'new', {
        Metadata: { 'import-id': 'abc', 'empty': '' }, ContentType: 'application/x-ndjson', ContentEncoding: 'gzip', CacheControl: 'no-cache',
      });
      const expected = {
        Metadata: { 'import-id': 'abc', 'empty': '' }, ContentType: 'application/x-ndjson', ContentEncoding: 'gzip', CacheControl: 'no-cache',
      };
      expect(await head('key')).toMatchObject({ ...expected, ContentLength: 3 });
      const { Metadata, ContentType, ContentEncoding, CacheControl } = await get('key');
      expect({ Metadata, ContentType, ContentEncoding, CacheControl }).toEqual(expected);
    });

    it.each(['a b+c%2B&d="e"', 'ünïcode/€/𝄞', 'a//b/./..', '{date}?x=1#y', 'k'.repeat(1024)])('takes the key %s', async (key) => {
      await put(key, 'there');
      expect((await get(key)).body.toString()).toBe('there');
      const { Contents } = await local.client.send(new ListObjectsV2Command({ Bucket: local.bucket }));
      expect(Contents?.map(({ Key }) => Key)).toEqual([key]);
      expect(local.s3.list(local.bucket).map((object) => object.key)).toEqual([key]);
    });

    it('refuses a key of 1,025 bytes', async () => {
      await expectRefusal(put(`${'k'.repeat(1023)}ü`, 'x'), 'KeyTooLongError', 400);
    });

    it('refuses a bucket that does not exist', async () => {
      await expectRefusal(local.client.send(new PutObjectCommand({ Bucket: 'missing', Key: 'key', Body: 'x' })), 'NoSuchBucket', 404);
    });
  });

  describe('checksums', () => {
    it.each([
      ['ChecksumCRC32', crc32Base64(Buffer.from('body'))],
      ['ChecksumSHA1', createHash('sha1').update('body').digest('base64')],
      ['ChecksumSHA256', createHash('sha256').update('body').digest('base64')],
    ])('%s is verified, kept and given to who asks for it', async (name, checksum) => {
      await put('key', 'body', { [name]: checksum });
      expect(await head('key', { ChecksumMode: 'ENABLED' })).toMatchObject({ [name]: checksum, ChecksumType: 'FULL_OBJECT' });
      expect(await get('key', { ChecksumMode: 'ENABLED' })).toMatchObject({ [name]: checksum, ChecksumType: 'FULL_OBJECT' });
      expect(await head('key')).not.toHaveProperty(name);
    });

    it.each(['ChecksumCRC32', 'ChecksumSHA1', 'ChecksumSHA256'])('a wrong %s changes nothing', async (name) => {
      await put('key', 'before');
      await expectRefusal(put('key', 'after', { [name]: crc32Base64(Buffer.from('other')) }), 'BadDigest', 400);
      expect((await get('key')).body.toString()).toBe('before');
    });

    it('refuses an algorithm that it cannot compute', async () => {
      await expectRefusal(put('key', 'body', { ChecksumCRC64NVME: 'AAAAAAAAAAA=' }), 'NotImplemented', 501);
      expect(local.s3.list(local.bucket)).toEqual([]);
    });
  });

  describe('GetObject and HeadObject', () => {
    it('give ranges', async () => {
      const body = bytes(200_000);
      await put('key', body);
      const middle = await get('key', { Range: 'bytes=65000-150000' });
      expect(middle.ContentRange).toBe('bytes 65000-150000/200000');
      expect(middle.body.equals(body.subarray(65_000, 150_001))).toBe(true);
      expect((await get('key', { Range: 'bytes=-5' })).body.equals(body.subarray(-5))).toBe(true);
    });

    it('tell a missing key from a missing bucket', async () => {
      await expectRefusal(get('missing'), 'NoSuchKey', 404);
      await expectRefusal(head('missing'), 'NotFound', 404);
      await expectRefusal(local.client.send(new GetObjectCommand({ Bucket: 'missing', Key: 'key' })), 'NoSuchBucket', 404);
      await expectRefusal(local.client.send(new HeadObjectCommand({ Bucket: 'missing', Key: 'key' })), 'NotFound', 404);
      await expectRefusal(local.client.send(new HeadBucketCommand({ Bucket: 'missing' })), 'NotFound', 404);
    });
  });

  describe('ListObjectsV2', () => {
    const list = async (more = {}, pageSize = 2) => {
      const keys: string[] = [];
      const prefixes: string[] = [];
      for await (const page of paginateListObjectsV2({ client: local.client, pageSize }, { Bucket: local.bucket, ...more })) {
        keys.push(...(page.Contents ?? []).map(({ Key }) => Key!));
        prefixes.push(...(page.CommonPrefixes ?? []).map(({ Prefix }) => Prefix!));
      }
      return { keys, prefixes };
    };

    beforeEach(async () => {
      for (const key of ['b/10', 'B/1', 'b/2', 'b-1', 'b/1', 'a']) await put(key, key);
    });

    it('gives all keys in the order of their bytes, page by page', async () => {
      expect((await list()).keys).toEqual(['B/1', 'a', 'b-1', 'b/1', 'b/10', 'b/2']);
    });

    it('gives the keys of a prefix, after a key', async () => {
      expect((await list({ Prefix: 'b/' })).keys).toEqual(['b/1', 'b/10', 'b/2']);
      expect((await list({ Prefix: 'b/', StartAfter: 'b/1' })).keys).toEqual(['b/10', 'b/2']);
    });

    it('gives what is before a delimiter once, even where a page ends within it', async () => {
      await put('c', 'c');
      for (const pageSize of [1, 2, 3, 10]) {
        expect(await list({ Delimiter: '/' }, pageSize)).toEqual({ keys: ['a', 'b-1', 'c'], prefixes: ['B/', 'b/'] });
      }
      expect(await list({ Delimiter: '/', Prefix: 'b/' })).toEqual({ keys: ['b/1', 'b/10', 'b/2'], prefixes: [] });
    });

    it('shows a write at once, and a deletion', async () => {
      await list();
      await put('c', 'c');
      expect((await list()).keys).toEqual(['B/1', 'a', 'b-1', 'b/1', 'b/10', 'b/2', 'c']);
      await local.client.send(new DeleteObjectCommand({ Bucket: local.bucket, Key: 'a' }));
      expect((await list()).keys).toEqual(['B/1', 'b-1', 'b/1', 'b/10', 'b/2', 'c']);
    });

    it('refuses a bucket that does not exist', async () => {
      await expectRefusal(local.client.send(new ListObjectsV2Command({ Bucket: 'missing' })), 'NoSuchBucket', 404);
    });
  });

  describe('DeleteObject and DeleteObjects', () => {
    it('delete what is there, and what is not there too', async () => {
      await put('a', 'a');
      await put('b&<c>', 'b');
      await put('d', 'd');
      await local.client.send(new DeleteObjectCommand({ Bucket: local.bucket, Key: 'a' }));
      await local.client.send(new DeleteObjectCommand({ Bucket: local.bucket, Key: 'a' }));
      const { Deleted, Errors } = await local.client.send(new DeleteObjectsCommand({
        Bucket: local.bucket, Delete: { Objects: [{ Key: 'b&<c>' }, { Key: 'never' }] },
      }));
      expect(Deleted?.map(({ Key }) => Key)).toEqual(['b&<c>', 'never']);
      expect(Errors ?? []).toEqual([]);
      expect(local.s3.list(local.bucket).map(({ key }) => key)).toEqual(['d']);
    });

    it('refuse a condition that they would not check', async () => {
      const { ETag } = await put('key', 'x');
      const reply = local.client.send(new DeleteObjectCommand({ Bucket: local.bucket, Key: 'key', IfMatch: ETag }));
      await expectRefusal(reply, 'NotImplemented', 501);
      expect((await get('key')).body.toString()).toBe('x');
    });
  });

  describe('CopyObject', () => {
    const copy = async (key: string, source: string, more = {}) => local.client.send(new CopyObjectCommand({
      Bucket: local.bucket, Key: key, CopySource: `${local.bucket}/${encodeURIComponent(source)}`, ...more,
    }));

    it('copies bytes, metadata and checksum, or replaces the metadata', async () => {
      const body = bytes(150_000);
      await put('source ü', body, { Metadata: { from: 'source' }, ContentType: 'text/plain' });
      await copy('copy', 'source ü');
      await copy('renamed', 'source ü', { MetadataDirective: 'REPLACE', Metadata: { from: 'copy' } });
      expect((await get('copy')).body.equals(body)).toBe(true);
      expect(await head('copy', { ChecksumMode: 'ENABLED' }))
        .toMatchObject({ Metadata: { from: 'source' }, ContentType: 'text/plain', ChecksumCRC32: crc32Base64(body) });
      expect(await head('renamed')).toMatchObject({ Metadata: { from: 'copy' } });
    });

    it('leaves the copy as it is when its source changes', async () => {
      await put('source', 'old');
      await copy('copy', 'source');
      await put('source', 'new');
      expect((await get('copy')).body.toString()).toBe('old');
    });

    it('refuses a source that is missing or has another ETag', async () => {
      const { ETag } = await put('source', 'x');
      await expectRefusal(copy('copy', 'missing'), 'NoSuchKey', 404);
      await expectRefusal(copy('copy', 'source', { CopySourceIfMatch: '"other"' }), 'PreconditionFailed', 412);
      await expectRefusal(copy('copy', 'source', { CopySourceIfNoneMatch: ETag }), 'PreconditionFailed', 412);
      await copy('copy', 'source', { CopySourceIfMatch: ETag });
    });
  });

  describe('buckets', () => {
    it('are created, listed, and deleted when they are empty', async () => {
      await local.client.send(new CreateBucketCommand({ Bucket: 'a-new-one' }));
      await local.client.send(new HeadBucketCommand({ Bucket: 'a-new-one' }));
      const { Buckets } = await local.client.send(new ListBucketsCommand());
      expect(Buckets?.map(({ Name }) => Name)).toEqual(expect.arrayContaining(['a-new-one', local.bucket]));
      await local.client.send(new PutObjectCommand({ Bucket: 'a-new-one', Key: 'key', Body: 'x' }));
      await expectRefusal(local.client.send(new DeleteBucketCommand({ Bucket: 'a-new-one' })), 'BucketNotEmpty', 409);
      await local.client.send(new DeleteObjectCommand({ Bucket: 'a-new-one', Key: 'key' }));
      await local.client.send(new DeleteBucketCommand({ Bucket: 'a-new-one' }));
      await expectRefusal(local.client.send(new HeadBucketCommand({ Bucket: 'a-new-one' })), 'NotFound', 404);
    });

    it.each(['ab', 'Upper', 'a..b', '127.0.0.1', 'under_score'])('cannot have the name %s', (name) => {
      expect(() => local.s3.createBucket(name)).toThrow(expect.objectContaining({ code: 'InvalidBucketName' }));
    });

    it('keep their objects when they are created again', async () => {
      await put('key', 'x');
      local.s3.createBucket(local.bucket);
      expect((await get('key')).body.toString()).toBe('x');
    });
  });

  it('refuses operations that it does not know, instead of taking them for others', async () => {
    await put('key', 'x');
    await expectRefusal(local.client.send(new PutObjectTaggingCommand({
      Bucket: local.bucket, Key: 'key', Tagging: { TagSet: [{ Key: 'a', Value: 'b' }] },
    })), 'NotImplemented', 501);
    await expectRefusal(local.client.send(new PutBucketLifecycleConfigurationCommand({
      Bucket: local.bucket, LifecycleConfiguration: { Rules: [{ Status: 'Enabled', Filter: { Prefix: '' }, Expiration: { Days: 1 } }] },
    })), 'NotImplemented', 501);
    expect((await get('key')).body.toString()).toBe('x');
  });
});
