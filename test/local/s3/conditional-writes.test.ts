import { once } from 'node:events';
import { request } from 'node:http';
import {
  CompleteMultipartUploadCommand, CopyObjectCommand, CreateMultipartUploadCommand, DeleteObjectCommand, PutObjectCommand, UploadPartCommand,
} from '@aws-sdk/client-s3';
import { expectRefusal, useLocalS3 } from './local-s3.fixture';

/** The conditions that a write can carry. */
interface Conditions {
  readonly IfMatch?: string;
  readonly IfNoneMatch?: string;
}

describe('conditional writes to the local S3 server', () => {
  const local = useLocalS3();

  const put = async (body: string, conditions: Conditions = {}) =>
    local.client.send(new PutObjectCommand({ Bucket: local.bucket, Key: 'key', Body: body, ...conditions }));

  const copy = async (body: string, conditions: Conditions = {}) => {
    await local.client.send(new PutObjectCommand({ Bucket: local.bucket, Key: `source-${body}`, Body: body }));
    const source = `${local.bucket}/source-${body}`;
    return local.client.send(new CopyObjectCommand({ Bucket: local.bucket, Key: 'key', CopySource: source, ...conditions }));
  };

  const upload = async (body: string) => {
    const target = { Bucket: local.bucket, Key: 'key' };
    const { UploadId } = await local.client.send(new CreateMultipartUploadCommand(target));
    const { ETag } = await local.client.send(new UploadPartCommand({ ...target, UploadId, PartNumber: 1, Body: body }));
    return { ...target, UploadId, MultipartUpload: { Parts: [{ PartNumber: 1, ETag }] } };
  };

  const uploadAndComplete = async (body: string, conditions: Conditions = {}) =>
    local.client.send(new CompleteMultipartUploadCommand({ ...await upload(body), ...conditions }));

  const stored = () => local.s3.read(local.bucket, 'key').toString();
  const etag = () => local.s3.list(local.bucket, 'key')[0]!.etag;

  describe.each([['PutObject', put], ['CopyObject', copy], ['CompleteMultipartUpload', uploadAndComplete]])('%s', (_name, write) => {
    it('with If-None-Match: * writes where nothing is, and nowhere else', async () => {
      await write('first', { IfNoneMatch: '*' });
      await expectRefusal(write('second', { IfNoneMatch: '*' }), 'PreconditionFailed', 412);
      expect(stored()).toBe('first');
    });

    it('with If-None-Match: * writes again where an object was deleted', async () => {
      await write('first');
      await local.client.send(new DeleteObjectCommand({ Bucket: local.bucket, Key: 'key' }));
      await write('second', { IfNoneMatch: '*' });
      expect(stored()).toBe('second');
    });

    it('with If-Match writes over the object with that ETag, and no other', async () => {
      await write('first');
      const first = etag();
      await write('second', { IfMatch: first });
      expect(stored()).toBe('second');
      await expectRefusal(write('third', { IfMatch: first }), 'PreconditionFailed', 412);
      expect(stored()).toBe('second');
    });

    it('with If-Match takes the ETag without its quotes too', async () => {
      await write('first');
      await write('second', { IfMatch: etag().replaceAll('"', '') });
      expect(stored()).toBe('second');
    });

    it('with If-Match finds no object to compare where there is none', async () => {
      await expectRefusal(write('first', { IfMatch: '"5d41402abc4b2a76b9719d911017c592"' }), 'NoSuchKey', 404);
      expect(local.s3.list(local.bucket, 'key')).toEqual([]);
    });

    it('without a condition replaces what is there', async () => {
      await write('first');
      await write('second');
      expect(stored()).toBe('second');
    });

    it('takes no other conditions', async () => {
      await expectRefusal(write('first', { IfNoneMatch: '"5d41402abc4b2a76b9719d911017c592"' }), 'NotImplemented', 501);
      await expectRefusal(write('first', { IfNoneMatch: '*', IfMatch: '"5d41402abc4b2a76b9719d911017c592"' }), 'NotImplemented', 501);
      expect(local.s3.list(local.bucket, 'key')).toEqual([]);
    });
  });

  describe('of many clients at once', () => {
    const race = async (writers: readonly ((body: string, conditions: Conditions) => Promise<unknown>)[], conditions: Conditions) => {
      const outcomes = await Promise.allSettled(writers.map((write, index) => write(`writer-${index}`, conditions)));
      const winners = outcomes.flatMap(({ status }, index) => (status === 'fulfilled' ? [`writer-${index}`] : []));
      const losers = outcomes.flatMap((outcome) => (outcome.status === 'rejected' ? [outcome.reason.name] : []));
      return { winners, losers };
    };

    it.each([['If-None-Match', true], ['If-Match', false]])('exactly one wins by %s, and the others know that they lost', async (_name, absent) => {
      for (let round = 0; round < 4; round++) {
        if (!absent) await put('before');
        const writers = Array.from({ length: 18 }, (_, index) => [put, copy, uploadAndComplete][index % 3]!);
        const { winners, losers } = await race(writers, absent ? { IfNoneMatch: '*' } : { IfMatch: etag() });
        expect(winners).toEqual([stored()]);
        expect(losers).toEqual(Array.from({ length: 17 }, () => 'PreconditionFailed'));
        await local.client.send(new DeleteObjectCommand({ Bucket: local.bucket, Key: 'key' }));
      }
    });

    it('the first to finish wins, not the first to begin', async () => {
      const url = `${local.s3.endpoint}/${local.bucket}/key`;
      const begin = async (body: string) => {
        const sent = request(url, { method: 'PUT', headers: { 'if-none-match': '*', 'content-length': body.length } });
        await new Promise((resolve) => sent.write(body.slice(0, 3), resolve));
        return {
          finish: async () => {
            sent.end(body.slice(3));
            const [reply] = await once(sent, 'response');
            reply.resume();
            return reply.statusCode as number;
          },
        };
      };
      const first = await begin('begun first');
      const second = await begin('begun second');
      expect(await second.finish()).toBe(200);
      expect(await first.finish()).toBe(412);
      expect(stored()).toBe('begun second');
    });

    it('a body that is cut short is not written', async () => {
      local.s3.resetTraffic();
      const sent = request(`${local.s3.endpoint}/${local.bucket}/key`, { method: 'PUT', headers: { 'content-length': 10 } });
      const closed = new Promise((resolve) => sent.on('error', () => undefined).on('close', resolve));
      await new Promise((resolve) => sent.write('half', resolve));
      sent.destroy();
      await closed;
      await put('whole', { IfNoneMatch: '*' });
      expect(stored()).toBe('whole');
      expect(local.s3.traffic().PutObject?.requests).toBe(1);
    });
  });

  it('a refused CompleteMultipartUpload leaves the upload to be completed', async () => {
    const pending = await upload('uploaded');
    await put('in the way');
    await expectRefusal(local.client.send(new CompleteMultipartUploadCommand({ ...pending, IfNoneMatch: '*' })), 'PreconditionFailed', 412);
    await local.client.send(new CompleteMultipartUploadCommand({ ...pending, IfMatch: etag() }));
    expect(stored()).toBe('uploaded');
  });
});
