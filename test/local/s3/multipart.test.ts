import { createHash } from 'node:crypto';
import {
  AbortMultipartUploadCommand, CompletedPart, CompleteMultipartUploadCommand, CreateMultipartUploadCommand, GetObjectCommand,
  HeadObjectCommand, ListMultipartUploadsCommand, ListPartsCommand, PutObjectCommand, UploadPartCommand, UploadPartCopyCommand,
} from '@aws-sdk/client-s3';
import { bytes, crc32Base64, expectRefusal, MIB, useLocalS3 } from './local-s3.fixture';

describe('multipart uploads to the local S3 server', () => {
  const local = useLocalS3();

  const target = () => ({ Bucket: local.bucket, Key: 'key' });

  /** Begins an upload whose whole object is checked by CRC32. */
  const create = async (more = {}) => {
    const options = { ChecksumAlgorithm: 'CRC32' as const, ChecksumType: 'FULL_OBJECT' as const, ...more };
    const { UploadId } = await local.client.send(new CreateMultipartUploadCommand({ ...target(), ...options }));
    return UploadId!;
  };

  const uploadPart = async (UploadId: string, PartNumber: number, Body: Buffer, more = {}) => {
    const { ETag, ChecksumCRC32 } = await local.client.send(new UploadPartCommand({ ...target(), UploadId, PartNumber, Body, ...more }));
    return { PartNumber, ETag, ChecksumCRC32 };
  };

  const copyPart = async (UploadId: string, PartNumber: number, source: string, more = {}) => {
    const input = { ...target(), UploadId, PartNumber, CopySource: `${local.bucket}/${source}`, ...more };
    const { CopyPartResult } = await local.client.send(new UploadPartCopyCommand(input));
    return { PartNumber, ETag: CopyPartResult!.ETag, ChecksumCRC32: CopyPartResult!.ChecksumCRC32 };
  };

  const complete = async (UploadId: string, Parts: CompletedPart[], more = {}) =>
    local.client.send(new CompleteMultipartUploadCommand({ ...target(), UploadId, MultipartUpload: { Parts }, ...more }));

  const put = async (Key: string, Body: Buffer, more = {}) =>
    local.client.send(new PutObjectCommand({ Bucket: local.bucket, Key, Body, ...more }));

  const head = async () => local.client.send(new HeadObjectCommand({ ...target(), ChecksumMode: 'ENABLED' }));

  const stored = () => local.s3.read(local.bucket, 'key');
  const keys = () => local.s3.list(local.bucket, 'key').map(({ key }) => key);

  /** An upload of two parts, the first of the least size. */
  const uploadTwoParts = async (more = {}) => {
    const data = bytes(5 * MIB + 11);
    const id = await create(more);
    const parts = [await uploadPart(id, 1, data.subarray(0, 5 * MIB)), await uploadPart(id, 2, data.subarray(5 * MIB))];
    return { id, data, parts };
  };

  describe('CompleteMultipartUpload', () => {
    it('makes one object of the parts, with metadata, ETag and the CRC32 of all its bytes', async () => {
      const { id, data, parts } = await uploadTwoParts({ Metadata: { 'import-id': 'abc' }, ContentType: 'application/x-ndjson' });
      expect(keys()).toEqual([]);
      const completed = await complete(id, parts, { MpuObjectSize: data.length, ChecksumCRC32: crc32Base64(data), ChecksumType: 'FULL_OBJECT' });
      const md5 = (piece: Buffer) => createHash('md5').update(piece).digest();
      const etag = md5(Buffer.concat([md5(data.subarray(0, 5 * MIB)), md5(data.subarray(5 * MIB))])).toString('hex');
      expect(completed).toMatchObject({ ETag: `"${etag}-2"`, ChecksumCRC32: crc32Base64(data), ChecksumType: 'FULL_OBJECT', Key: 'key' });
      expect(stored().equals(data)).toBe(true);
      expect(await head()).toMatchObject({
        ETag: completed.ETag,
        ContentLength: data.length,
        ContentType: 'application/x-ndjson',
        Metadata: { 'import-id': 'abc' },
        ChecksumCRC32: crc32Base64(data),
        ChecksumType: 'FULL_OBJECT',
      });
    });

    it('takes only the listed parts, each as it was uploaded last', async () => {
      const id = await create();
      const stale = await uploadPart(id, 1, bytes(20));
      const fresh = await uploadPart(id, 1, Buffer.from('fresh'));
      await uploadPart(id, 2, Buffer.from('unlisted'));
      await expectRefusal(complete(id, [stale]), 'InvalidPart', 400);
      await complete(id, [fresh]);
      expect(stored().toString()).toBe('fresh');
    });

    it('refuses an object of another size than announced', async () => {
      const { id, data, parts } = await uploadTwoParts();
      await expectRefusal(complete(id, parts, { MpuObjectSize: data.length + 1 }), 'InvalidRequest', 400);
      await expectRefusal(complete(id, parts.slice(0, 1), { MpuObjectSize: data.length }), 'InvalidRequest', 400);
      expect(keys()).toEqual([]);
      await complete(id, parts, { MpuObjectSize: data.length });
    });

    it('refuses an object with another CRC32 than announced', async () => {
      const { id, data, parts } = await uploadTwoParts();
      const swapped = Buffer.concat([data.subarray(5 * MIB), data.subarray(0, 5 * MIB)]);
      await expectRefusal(complete(id, parts, { ChecksumCRC32: crc32Base64(swapped) }), 'BadDigest', 400);
      expect(keys()).toEqual([]);
      await complete(id, parts, { ChecksumCRC32: crc32Base64(data) });
    });

    it('refuses a checksum of another kind than the upload was created with', async () => {
      const full = await uploadTwoParts();
      const sha256 = createHash('sha256').update(full.data).digest('base64');
      await expectRefusal(complete(full.id, full.parts, { ChecksumType: 'COMPOSITE' }), 'InvalidRequest', 400);
      await expectRefusal(complete(full.id, full.parts, { ChecksumSHA256: sha256 }), 'InvalidRequest', 400);
      const none = await uploadTwoParts({ ChecksumAlgorithm: undefined, ChecksumType: undefined });
      await expectRefusal(complete(none.id, none.parts, { ChecksumType: 'FULL_OBJECT' }), 'InvalidRequest', 400);
    });

    it('refuses parts that are missing, differ, or are out of order', async () => {
      const { id, parts: [one, two] } = await uploadTwoParts();
      await expectRefusal(complete(id, [one!, two!, { PartNumber: 3, ETag: one!.ETag }]), 'InvalidPart', 400);
      await expectRefusal(complete(id, [one!, { PartNumber: 2, ETag: one!.ETag }]), 'InvalidPart', 400);
      await expectRefusal(complete(id, [one!, { ...two!, ChecksumCRC32: one!.ChecksumCRC32 }]), 'InvalidPart', 400);
      await expectRefusal(complete(id, [two!, one!]), 'InvalidPartOrder', 400);
      await expectRefusal(complete(id, [one!, one!]), 'InvalidPartOrder', 400);
      await expectRefusal(complete(id, []), 'MalformedXML', 400);
      expect(keys()).toEqual([]);
    });

    it('refuses gaps in the numbers of parts with checksums', async () => {
      const { id, parts: [, two] } = await uploadTwoParts();
      await expectRefusal(complete(id, [two!]), 'InternalError', 500);
    });

    it('refuses parts below 5 MiB, but for the last one', async () => {
      const id = await create();
      const parts = [await uploadPart(id, 1, bytes(5 * MIB - 1)), await uploadPart(id, 2, bytes(5))];
      await expectRefusal(complete(id, parts), 'EntityTooSmall', 400);
      await complete(id, [parts[0]!]);
      expect(stored()).toHaveLength(5 * MIB - 1);
    });

    it('refuses an upload that never was, was aborted, or belongs to another key', async () => {
      const { id, parts } = await uploadTwoParts();
      await expectRefusal(complete('never', parts), 'NoSuchUpload', 404);
      await expectRefusal(complete(id, parts, { Key: 'other' }), 'NoSuchUpload', 404);
      await local.client.send(new AbortMultipartUploadCommand({ ...target(), UploadId: id }));
      await expectRefusal(complete(id, parts), 'NoSuchUpload', 404);
      await expectRefusal(uploadPart(id, 1, bytes(1)), 'NoSuchUpload', 404);
      await expectRefusal(local.client.send(new AbortMultipartUploadCommand({ ...target(), UploadId: id })), 'NoSuchUpload', 404);
    });

    it('succeeds when it is repeated, changes nothing, and minds no condition any more', async () => {
      const { id, parts } = await uploadTwoParts();
      const first = await complete(id, parts, { IfNoneMatch: '*' });
      await put('key', Buffer.from('newer'));
      const second = await complete(id, parts, { IfNoneMatch: '*' });
      expect(second).toMatchObject({ ETag: first.ETag, ChecksumCRC32: first.ChecksumCRC32 });
      expect(stored().toString()).toBe('newer');
      await expectRefusal(uploadPart(id, 1, bytes(1)), 'NoSuchUpload', 404);
    });

    it('checks composite checksums, which need those of the parts', async () => {
      const { id, data, parts } = await uploadTwoParts({ ChecksumType: undefined });
      const ofParts = [data.subarray(0, 5 * MIB), data.subarray(5 * MIB)].map((piece) => Buffer.from(crc32Base64(piece), 'base64'));
      const composite = `${crc32Base64(Buffer.concat(ofParts))}-2`;
      await expectRefusal(complete(id, parts.map(({ PartNumber, ETag }) => ({ PartNumber, ETag }))), 'InvalidRequest', 400);
      await expectRefusal(complete(id, parts, { ChecksumCRC32: `${crc32Base64(data)}-2` }), 'BadDigest', 400);
      await complete(id, parts, { ChecksumCRC32: composite });
      expect(await head()).toMatchObject({ ChecksumCRC32: composite, ChecksumType: 'COMPOSITE' });
    });
  });

  describe('CreateMultipartUpload', () => {
    it('refuses checksums that there cannot be', async () => {
      await expectRefusal(create({ ChecksumAlgorithm: 'SHA256' }), 'InvalidRequest', 400);
      await expectRefusal(create({ ChecksumAlgorithm: 'CRC64NVME' }), 'NotImplemented', 501);
      await expectRefusal(create({ Bucket: 'missing' }), 'NoSuchBucket', 404);
    });
  });

  describe('UploadPart', () => {
    it('gives the CRC32 of the part, and keeps no part with a wrong one', async () => {
      const id = await create();
      const part = await uploadPart(id, 1, Buffer.from('right'));
      expect(part.ChecksumCRC32).toBe(crc32Base64(Buffer.from('right')));
      await expectRefusal(uploadPart(id, 1, Buffer.from('wrong'), { ChecksumCRC32: part.ChecksumCRC32 }), 'BadDigest', 400);
      await expectRefusal(uploadPart(id, 1, Buffer.from('other'), { ChecksumSHA1: 'AAAA' }), 'InvalidRequest', 400);
      await complete(id, [part]);
      expect(stored().toString()).toBe('right');
    });

    it.each([0, 10_001])('refuses part number %d', async (number) => {
      await expectRefusal(uploadPart(await create(), number, bytes(1)), 'InvalidArgument', 400);
    });
  });

  describe('UploadPartCopy', () => {
    it('copies whole objects and ranges, and gives the CRC32 of what it copied', async () => {
      const [large, small] = [bytes(5 * MIB + 100), Buffer.from('small')];
      await put('large', large);
      await put('small', small);
      const id = await create();
      const whole = await copyPart(id, 1, 'large');
      const range = await copyPart(id, 2, 'large', { CopySourceRange: `bytes=7-${5 * MIB + 6}` });
      const last = await copyPart(id, 3, 'small');
      const expected = [large, large.subarray(7, 5 * MIB + 7), small];
      expect([whole, range, last].map(({ ChecksumCRC32 }) => ChecksumCRC32)).toEqual(expected.map(crc32Base64));
      const data = Buffer.concat(expected);
      await complete(id, [whole, range, last], { MpuObjectSize: data.length, ChecksumCRC32: crc32Base64(data) });
      expect(stored().equals(data)).toBe(true);
    });

    it('copies what an upload made', async () => {
      const first = await uploadTwoParts();
      await complete(first.id, first.parts);
      const id = await create();
      const part = await copyPart(id, 1, 'key');
      expect(part).toMatchObject({ ETag: `"${createHash('md5').update(first.data).digest('hex')}"`, ChecksumCRC32: crc32Base64(first.data) });
      await complete(id, [part], { ChecksumCRC32: crc32Base64(first.data) });
      expect(stored().equals(first.data)).toBe(true);
    });

    it('pins its source by ETag, and keeps what it copied when the source changes', async () => {
      const { ETag } = await put('source', Buffer.from('old'));
      const id = await create();
      const part = await copyPart(id, 1, 'source', { CopySourceIfMatch: ETag });
      await put('source', Buffer.from('new'));
      await expectRefusal(copyPart(id, 1, 'source', { CopySourceIfMatch: ETag }), 'PreconditionFailed', 412);
      await complete(id, [part]);
      expect(stored().toString()).toBe('old');
    });

    it('refuses a source or an upload that does not exist', async () => {
      const id = await create();
      await expectRefusal(copyPart(id, 1, 'missing'), 'NoSuchKey', 404);
      await expectRefusal(copyPart(id, 1, 'missing', { CopySource: 'no-such-bucket/key' }), 'NoSuchBucket', 404);
      await put('source', Buffer.from('x'));
      await expectRefusal(copyPart('never', 1, 'source'), 'NoSuchUpload', 404);
    });

    it('refuses ranges of sources up to 5 MiB, and ranges beyond the end', async () => {
      await put('small', bytes(5 * MIB));
      await put('large', bytes(5 * MIB + 1));
      const id = await create();
      await expectRefusal(copyPart(id, 1, 'small', { CopySourceRange: 'bytes=0-1' }), 'InvalidRequest', 400);
      await expectRefusal(copyPart(id, 1, 'large', { CopySourceRange: `bytes=0-${5 * MIB + 1}` }), 'InvalidArgument', 400);
      await expectRefusal(copyPart(id, 1, 'large', { CopySourceRange: 'bytes=0-' }), 'InvalidArgument', 400);
      await copyPart(id, 1, 'large', { CopySourceRange: `bytes=0-${5 * MIB}` });
    });
  });

  describe('ListParts', () => {
    it('gives number, size, ETag and CRC32 of each part, page by page', async () => {
      await put('source', Buffer.from('copied'));
      const id = await create();
      const ten = await uploadPart(id, 10, Buffer.from('ten'));
      const two = await copyPart(id, 2, 'source');
      const one = await uploadPart(id, 1, Buffer.from('one'));
      const list = async (more: object) => local.client.send(new ListPartsCommand({ ...target(), UploadId: id, ...more }));
      const first = await list({ MaxParts: 2 });
      expect(first).toMatchObject({ IsTruncated: true, NextPartNumberMarker: '2', Parts: [{ ...one, Size: 3 }, { ...two, Size: 6 }] });
      const last = await list({ MaxParts: 2, PartNumberMarker: first.NextPartNumberMarker });
      expect(last).toMatchObject({ IsTruncated: false, Parts: [{ ...ten, Size: 3 }] });
    });

    it('gives a marker with the last page too, as S3 does: only IsTruncated tells the end', async () => {
      const id = await create();
      await uploadPart(id, 1, bytes(1));
      const listed = await local.client.send(new ListPartsCommand({ ...target(), UploadId: id }));
      expect(listed).toMatchObject({ IsTruncated: false, NextPartNumberMarker: '1' });
    });

    it('gives no parts of a new upload, and refuses one that does not exist', async () => {
      const listed = await local.client.send(new ListPartsCommand({ ...target(), UploadId: await create() }));
      expect(listed).toMatchObject({ IsTruncated: false, ChecksumAlgorithm: 'CRC32', ChecksumType: 'FULL_OBJECT' });
      expect(listed.Parts ?? []).toEqual([]);
      await expectRefusal(local.client.send(new ListPartsCommand({ ...target(), UploadId: 'never' })), 'NoSuchUpload', 404);
    });
  });

  describe('ListMultipartUploads', () => {
    it('gives the uploads under way, by key and age, page by page', async () => {
      const ids = [await create(), await create({ Key: 'a/key' }), await create()];
      const list = async (more = {}) => local.client.send(new ListMultipartUploadsCommand({ Bucket: local.bucket, ...more }));
      const page = await list({ MaxUploads: 2 });
      expect(page.Uploads?.map(({ UploadId }) => UploadId)).toEqual([ids[1], ids[0]]);
      expect(page.IsTruncated).toBe(true);
      const rest = await list({ KeyMarker: page.NextKeyMarker, UploadIdMarker: page.NextUploadIdMarker });
      expect(rest.Uploads?.map(({ UploadId }) => UploadId)).toEqual([ids[2]]);
      expect((await list({ Prefix: 'a/' })).Uploads?.map(({ Key }) => Key)).toEqual(['a/key']);
      await local.client.send(new AbortMultipartUploadCommand({ ...target(), UploadId: ids[0] }));
      expect((await list()).Uploads?.map(({ UploadId }) => UploadId)).toEqual([ids[1], ids[2]]);
    });
  });

  it('an object that was assembled is read by ranges and by parts', async () => {
    const { id, data, parts } = await uploadTwoParts();
    await complete(id, parts);
    const get = async (more: object) => {
      const { Body } = await local.client.send(new GetObjectCommand({ ...target(), ...more }));
      return Buffer.from(await Body!.transformToByteArray());
    };
    expect((await get({ Range: `bytes=${5 * MIB - 3}-${5 * MIB + 2}` })).equals(data.subarray(5 * MIB - 3, 5 * MIB + 3))).toBe(true);
    expect((await get({ PartNumber: 2 })).equals(data.subarray(5 * MIB))).toBe(true);
  });
});

describe('a local S3 server that forgets completed uploads', () => {
  const local = useLocalS3({ repeatedComplete: 'no-such-upload' });

  it('finds no upload when CompleteMultipartUpload is repeated', async () => {
    const target = { Bucket: local.bucket, Key: 'key' };
    const { UploadId } = await local.client.send(new CreateMultipartUploadCommand(target));
    const { ETag } = await local.client.send(new UploadPartCommand({ ...target, UploadId, PartNumber: 1, Body: 'x' }));
    const completion = { ...target, UploadId, MultipartUpload: { Parts: [{ PartNumber: 1, ETag }] } };
    await local.client.send(new CompleteMultipartUploadCommand(completion));
    await expectRefusal(local.client.send(new CompleteMultipartUploadCommand(completion)), 'NoSuchUpload', 404);
  });
});
