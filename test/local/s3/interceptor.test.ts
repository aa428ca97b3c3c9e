import { setTimeout as delay } from 'node:timers/promises';
import { CompleteMultipartUploadCommand, GetObjectCommand, ListObjectsV2Command, PutObjectCommand } from '@aws-sdk/client-s3';
import { InterceptedRequest, Interceptor } from '../../../src/local/s3/interceptor';
import { clientOf, expectNoReply, expectRefusal, useLocalS3 } from './local-s3.fixture';

describe('interceptors of the local S3 server', () => {
  const local = useLocalS3();
  const installed: (() => void)[] = [];

  const intercept = (interceptor: Interceptor) => installed.push(local.s3.intercept(interceptor));
  const put = async (body: string, key = 'key') => local.client.send(new PutObjectCommand({ Bucket: local.bucket, Key: key, Body: body }));
  const isStored = () => local.s3.list(local.bucket).length > 0;

  afterEach(() => installed.splice(0).forEach((remove) => remove()));

  it('see each request with operation, bucket, key and size, and let it through', async () => {
    const seen: InterceptedRequest[] = [];
    intercept((request) => {
      seen.push(request);
      return undefined;
    });
    await put('body', 'a key/ü');
    await local.client.send(new ListObjectsV2Command({ Bucket: local.bucket, Prefix: 'a' }));
    await local.client.send(new CompleteMultipartUploadCommand({
      Bucket: local.bucket, Key: 'key', UploadId: 'none', MultipartUpload: { Parts: [{ PartNumber: 1, ETag: '"x"' }] },
    })).catch(() => undefined);
    expect(seen).toMatchObject([
      { operation: 'PutObject', method: 'PUT', bucket: local.bucket, key: 'a key/ü', bytes: 4 },
      { operation: 'ListObjectsV2', method: 'GET', bucket: local.bucket, key: '', query: { prefix: 'a' }, bytes: 0 },
      { operation: 'CompleteMultipartUpload', method: 'POST', bucket: local.bucket, key: 'key', query: { uploadId: 'none' } },
    ]);
    expect(isStored()).toBe(true);
  });

  it('see what is in the body of a request', async () => {
    const bodies: string[] = [];
    intercept((request) => {
      bodies.push(request.body().toString());
      return undefined;
    });
    await put('body');
    await local.client.send(new ListObjectsV2Command({ Bucket: local.bucket }));
    expect(bodies).toEqual(['body', '']);
  });

  it('fail a request that is then not applied', async () => {
    intercept(() => ({ kind: 'fail', code: 'ConditionalRequestConflict', status: 409 }));
    await expectRefusal(put('body'), 'ConditionalRequestConflict', 409);
    expect(isStored()).toBe(false);
  });

  it('cut the connection of a request that is then not applied', async () => {
    intercept(() => ({ kind: 'cut' }));
    await expectNoReply(put('body'));
    expect(isStored()).toBe(false);
  });

  it('apply a request and drop its reply', async () => {
    intercept(() => ({ kind: 'drop-reply' }));
    await expectNoReply(put('body'));
    expect(local.s3.read(local.bucket, 'key').toString()).toBe('body');
  });

  it('apply a request long after its client was cut off', async () => {
    let release = () => {};
    const until = new Promise<void>((resolve) => (release = resolve));
    intercept(({ bytes }) => (bytes === 6 ? { kind: 'cut-then-apply', until } : undefined));
    await expectNoReply(put('zombie'));
    await put('retry');
    expect(local.s3.read(local.bucket, 'key').toString()).toBe('retry');
    release();
    await waitUntil(() => local.s3.read(local.bucket, 'key').toString() === 'zombie');
  });

  it('hold a request back while others overtake it', async () => {
    let release = () => {};
    const overtaken = new Promise<void>((resolve) => (release = resolve));
    intercept(async ({ bytes }) => {
      if (bytes === 4) await overtaken;
      return undefined;
    });
    const slow = put('slow');
    await put('faster');
    release();
    await slow;
    expect(local.s3.read(local.bucket, 'key').toString()).toBe('slow');
  });

  it('hold back the reply to a request that was applied', async () => {
    let release = () => {};
    const until = new Promise<void>((resolve) => (release = resolve));
    intercept(({ operation }) => (operation === 'PutObject' ? { kind: 'hold-reply', until } : undefined));
    let replied = false;
    const held = put('body').then(() => (replied = true));
    await waitUntil(isStored);
    await local.client.send(new GetObjectCommand({ Bucket: local.bucket, Key: 'key' }));
    expect(replied).toBe(false);
    release();
    await held;
  });

  it('give another reply to a request that was applied', async () => {
    intercept(() => ({ kind: 'replace-reply', status: 503, body: '<Error><Code>SlowDown</Code><Message>Injected</Message></Error>' }));
    await expectRefusal(put('body'), 'SlowDown', 503);
    expect(isStored()).toBe(true);
  });

  it('put an error in the body of a 200, which the SDK raises by its name', async () => {
    intercept(() => ({ kind: 'replace-reply', status: 200, body: '<Error><Code>InternalError</Code><Message>Injected</Message></Error>' }));
    const reply = local.client.send(new CompleteMultipartUploadCommand({
      Bucket: local.bucket, Key: 'key', UploadId: 'any', MultipartUpload: { Parts: [{ PartNumber: 1, ETag: '"x"' }] },
    }));
    await expect(reply).rejects.toMatchObject({ name: 'InternalError' });
  });

  it('are asked in turn until one has something to say, and no more once they are removed', async () => {
    intercept(() => undefined);
    const remove = local.s3.intercept(() => ({ kind: 'fail', code: 'First', status: 400 }));
    intercept(() => ({ kind: 'fail', code: 'Second', status: 400 }));
    await expectRefusal(put('body'), 'First', 400);
    remove();
    await expectRefusal(put('body'), 'Second', 400);
  });

  it('that throw make the request fail with their message', async () => {
    intercept(() => {
      throw new Error('a bug in the test');
    });
    await expect(put('body')).rejects.toMatchObject({ name: 'InternalError', message: 'a bug in the test' });
    expect(isStored()).toBe(false);
  });

  it('leave a connection that they do not touch alone', async () => {
    intercept(({ key }) => (key === 'cut' ? { kind: 'cut' } : undefined));
    const other = clientOf(local.s3);
    try {
      const [cut, kept] = await Promise.allSettled([put('x', 'cut'), other.send(new PutObjectCommand({ Bucket: local.bucket, Key: 'kept', Body: 'x' }))]);
      expect([cut.status, kept.status]).toEqual(['rejected', 'fulfilled']);
    } finally {
      other.destroy();
    }
  });
});

async function waitUntil(condition: () => boolean): Promise<void> {
  while (!condition()) await delay(5);
}
