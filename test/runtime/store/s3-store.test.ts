import { S3Client } from '@aws-sdk/client-s3';
import { InterceptedRequest, Intervention } from '../../../src/local/s3/interceptor';
import { startLocalS3 } from '../../../src/local/s3/local-s3';
import { IntegrityCheck } from '../../../src/protocol/choices';
import { CHUNK_BYTES } from '../../../src/protocol/defaults';
import { BucketNotFoundError, StoreAccessError, StoreRefusedError, StoreUnavailableError } from '../../../src/protocol/errors';
import { ObjectStore } from '../../../src/runtime/ports/object-store';
import { S3StoreOptions } from '../../../src/runtime/store/s3-requests';
import { S3Store } from '../../../src/runtime/store/s3-store';
import { checksumOf, keysOf, placed, put, randomBytes, readText, sourceOf, text } from '../../contract/object-store.contract';

// Real requests, on machines under other load.
jest.setTimeout(60_000);

/** Time-outs for requests that never get a reply. */
const IMPATIENT = { requestTimeout: 200, throwOnRequestTimeout: true };

const BUCKET = 'bucket';

describe('the store over S3, on the wire', () => {
  let s3: Awaited<ReturnType<typeof startLocalS3>>;
  let store: ObjectStore;
  let stopIntercepting: (() => void)[] = [];

  beforeAll(async () => {
    s3 = await startLocalS3();
    s3.createBucket(BUCKET);
    store = storeWith();
  });
  beforeEach(async () => {
    await store.delete(s3.list(BUCKET).map(({ key }) => key));
    s3.resetTraffic();
  });
  afterEach(() => {
    stopIntercepting.forEach((stop) => stop());
    stopIntercepting = [];
  });
  afterAll(async () => s3.close());

  function local() {
    return { endpoint: s3.endpoint, region: s3.region, credentials: s3.credentials };
  }

  function storeWith({ client, ...options }: S3StoreOptions = {}): S3Store {
    return new S3Store(BUCKET, { ...options, client: { ...local(), ...client } });
  }

  /** Intercepts the first `times` requests of an operation, and returns all of its requests. */
  function meet(operation: string, intervention?: Intervention, times = Infinity): InterceptedRequest[] {
    const requests: InterceptedRequest[] = [];
    stopIntercepting.push(s3.intercept((request) => {
      if (request.operation !== operation) return undefined;
      requests.push(request);
      return requests.length <= times ? intervention : undefined;
    }));
    return requests;
  }

  /** Returns a function that completes an upload of one part. */
  async function uploadOf(key: string, content: Buffer): Promise<() => ReturnType<ObjectStore['completeUpload']>> {
    const upload = { key, uploadId: await store.createUpload(key, {}) };
    const part = placed(await store.writePart(upload, 1, [content], checksumOf(content)));
    return () => store.completeUpload(upload, [part], { bytes: content.byteLength, crc32: checksumOf(content) }, 'absent');
  }

  describe('conditional writes make one attempt', () => {
    const never = new Promise<void>(() => {});

    test.each<[title: string, intervention: Intervention, outcome: string, applied: boolean]>([
      ['409 ConditionalRequestConflict', { kind: 'fail', code: 'ConditionalRequestConflict', status: 409 }, 'conflict', false],
      ['409 OperationAborted', { kind: 'fail', code: 'OperationAborted', status: 409 }, 'conflict', false],
      ['412', { kind: 'fail', code: 'PreconditionFailed', status: 412 }, 'refused', false],
      ['500', { kind: 'fail', code: 'InternalError', status: 500 }, 'unknown', false],
      ['503 SlowDown', { kind: 'fail', code: 'SlowDown', status: 503 }, 'unknown', false],
      ['400 RequestTimeout', { kind: 'fail', code: 'RequestTimeout', status: 400 }, 'unknown', false],
      ['429', { kind: 'fail', code: 'TooManyRequestsException', status: 429 }, 'unknown', false],
      ['a cut connection', { kind: 'cut' }, 'unknown', false],
      ['a lost reply', { kind: 'drop-reply' }, 'unknown', true],
      ['503 after the write', { kind: 'replace-reply', status: 503, body: '' }, 'unknown', true],
      ['an unreadable 502', { kind: 'replace-reply', status: 502, body: '<html>Bad Gateway' }, 'unknown', true],
      ['no reply', { kind: 'hold-reply', until: never }, 'unknown', true],
    ])('%s', async (_, intervention, outcome, applied) => {
      const requests = meet('PutObject', intervention);
      const impatient = storeWith({ client: { requestHandler: IMPATIENT } });
      expect(await impatient.writeIf('slot', text('mine'), 'absent')).toBe(outcome);
      expect(requests).toHaveLength(1);
      expect(s3.list(BUCKET)).toHaveLength(applied ? 1 : 0);
    });

    test.each<[title: string, intervention: Intervention, outcome: string, applied: boolean]>([
      ['409', { kind: 'fail', code: 'ConditionalRequestConflict', status: 409 }, 'conflict', false],
      ['404 NoSuchKey', { kind: 'fail', code: 'NoSuchKey', status: 404 }, 'refused', false],
      ['503', { kind: 'fail', code: 'SlowDown', status: 503 }, 'unknown', false],
      ['a lost reply', { kind: 'drop-reply' }, 'unknown', true],
      ['an error in a 200', { kind: 'replace-reply', status: 200, body: errorBody('InternalError') }, 'unknown', true],
      ['a refusal in a 200', { kind: 'replace-reply', status: 200, body: errorBody('PreconditionFailed') }, 'refused', true],
      ['a conflict in a 200', { kind: 'replace-reply', status: 200, body: errorBody('ConditionalRequestConflict') }, 'conflict', true],
      ['a corrupt object in a 200', { kind: 'replace-reply', status: 200, body: errorBody('BadDigest') }, 'corrupt', true],
      ['a 200 without a body', { kind: 'replace-reply', status: 200, body: '' }, 'unknown', true],
      ['a 200 cut in its body', { kind: 'replace-reply', status: 200, body: '<CompleteMultipartUploadResult><Buck' }, 'unknown', true],
    ])('completing: %s', async (_, intervention, outcome, applied) => {
      const complete = await uploadOf('out', text('mine'));
      const requests = meet('CompleteMultipartUpload', intervention);
      expect(await complete()).toBe(outcome);
      expect(requests).toHaveLength(1);
      expect(s3.list(BUCKET)).toHaveLength(applied ? 1 : 0);
    });

    test('an abandoned one can still be applied, much later', async () => {
      let arrive = () => {};
      meet('PutObject', { kind: 'cut-then-apply', until: new Promise<void>((resolve) => { arrive = resolve; }) }, 1);
      expect(await store.writeIf('slot', text('early'), 'absent')).toBe('unknown');
      expect(await store.read('slot')).toBeUndefined();
      arrive();
      await until(async () => await store.read('slot') !== undefined);
      expect(await store.writeIf('slot', text('late'), 'absent')).toBe('refused');
    });

    test('a refusal for another reason is an error, not an outcome', async () => {
      meet('PutObject', { kind: 'fail', code: 'InvalidRequest', status: 400 });
      await expect(store.writeIf('slot', text('mine'), 'absent')).rejects.toThrow(StoreRefusedError);
    });
  });

  describe('everything else is retried', () => {
    const content = randomBytes(300_000, 1);
    const pieces = [content.subarray(0, 100_000), content.subarray(100_000, 100_001), content.subarray(100_001)];

    test.each<[string, Intervention]>([
      ['500', { kind: 'fail', code: 'InternalError', status: 500 }],
      ['a cut connection', { kind: 'cut' }],
      ['a lost reply', { kind: 'drop-reply' }],
    ])('writes after %s, with the whole body again', async (_, intervention) => {
      const requests = meet('PutObject', intervention, 2);
      expect(await store.write('chunk', pieces, checksumOf(content))).toMatchObject({ bytes: 300_000, crc32: checksumOf(content) });
      expect(requests.map(({ bytes }) => bytes)).toEqual([300_000, 300_000, 300_000]);
      expect(s3.read(BUCKET, 'chunk').equals(content)).toBe(true);
    });

    test('parts, with the whole body again', async () => {
      const upload = { key: 'out', uploadId: await store.createUpload('out', {}) };
      const requests = meet('UploadPart', { kind: 'cut' }, 1);
      expect(await store.writePart(upload, 1, pieces, checksumOf(content))).toMatchObject({ bytes: 300_000, crc32: checksumOf(content) });
      expect(requests.map(({ bytes }) => bytes)).toEqual([300_000, 300_000]);
    });

    test('copies after an error in a 200', async () => {
      await put(store, 'source', content);
      const upload = { key: 'out', uploadId: await store.createUpload('out', {}) };
      const requests = meet('UploadPartCopy', { kind: 'replace-reply', status: 200, body: errorBody('InternalError') }, 1);
      const part = await store.copyPart(upload, 1, await sourceOf(store, 'source'));
      expect(part).toMatchObject({ bytes: 300_000, crc32: checksumOf(content) });
      expect(requests).toHaveLength(2);
    });

    test('reads whose bytes do not match the checksum', async () => {
      await put(store, 'key', text('right'));
      const requests = meet('GetObject', { kind: 'replace-reply', status: 200, body: 'wrong' }, 1);
      expect(await readText(store, 'key')).toBe('right');
      expect(requests).toHaveLength(2);
      meet('GetObject', { kind: 'replace-reply', status: 200, body: 'wrong' });
      await expect(store.read('key')).rejects.toThrow(StoreUnavailableError);
    });

    test('five times at most', async () => {
      const requests = meet('PutObject', { kind: 'fail', code: 'InternalError', status: 500 });
      await expect(store.write('chunk', pieces, checksumOf(content))).rejects.toThrow(
        /^S3 did not complete PutObject on s3:\/\/bucket\/chunk \(InternalError, .*\)\. The step is retried; if it still fails, redrive the execution\.$/,
      );
      expect(requests).toHaveLength(5);
    });
  });

  describe('refusals', () => {
    const upload = { key: 'key', uploadId: 'id' };
    const part = { partNumber: 1, etag: '"e"', bytes: 1 };

    // What needs an object to exist is asked for again when a listing says that it does.
    test.each<[operation: string, requests: number, call: (on: ObjectStore) => Promise<unknown>]>([
      ['GetObject', 2, (on) => on.read('key')],
      ['HeadObject', 2, (on) => on.inspect('key')],
      ['PutObject', 1, (on) => put(on, 'key', text('a'))],
      ['PutObject', 1, (on) => on.writeIf('key', text('a'), 'absent')],
      ['PutObject', 2, (on) => on.writeIf('key', text('a'), { etag: '"e"' })],
      ['ListObjectsV2', 1, (on) => keysOf(on, 'key')],
      ['DeleteObjects', 1, (on) => on.delete(['key'])],
      ['CreateMultipartUpload', 1, (on) => on.createUpload('key', {})],
      ['UploadPartCopy', 2, (on) => on.copyPart(upload, 1, { bucket: BUCKET, key: 'key', etag: '"e"', bytes: 1 })],
      ['CopyObject', 2, (on) => on.copy('key', { bucket: BUCKET, key: 'key', etag: '"e"', bytes: 1 }, {})],
      ['UploadPart', 1, (on) => on.writePart(upload, 1, [text('a')], checksumOf(text('a')))],
      ['ListParts', 1, (on) => on.listParts(upload)],
      ['CompleteMultipartUpload', 1, (on) => on.completeUpload(upload, [part], { bytes: 1 }, 'absent')],
      ['AbortMultipartUpload', 1, (on) => on.abortUpload(upload)],
    ])('403 on %s is an error that names bucket and key (%d requests)', async (operation, count, call) => {
      await put(store, 'key', text('there'));
      const requests = meet(operation, { kind: 'fail', code: 'AccessDenied', status: 403 });
      const error = await call(store).then(() => undefined, (thrown: unknown) => thrown);
      expect(error).toBeInstanceOf(StoreAccessError);
      expect((error as Error).message).toContain('s3://bucket/key');
      expect(requests).toHaveLength(count);
    });

    test('403 on what is absent is an error if the listing is denied, too', async () => {
      stopIntercepting.push(s3.intercept(({ operation }) => ['GetObject', 'ListObjectsV2'].includes(operation) ? { kind: 'fail', code: 'AccessDenied', status: 403 } : undefined));
      await expect(store.read('nothing')).rejects.toThrow(StoreAccessError);
    });

    test('403 on an object that comes between the two answers is none', async () => {
      const stop = s3.intercept(async ({ operation }) => {
        if (operation !== 'GetObject') return undefined;
        stop();
        await put(store, 'late', text('there'));
        return { kind: 'fail', code: 'AccessDenied', status: 403 };
      });
      await expect(store.read('late')).resolves.toEqual(new Uint8Array(text('there')));
    });

    test('403 on what is absent is no other key that begins with it', async () => {
      await put(store, 'key-and-more', text('there'));
      meet('GetObject', { kind: 'fail', code: 'AccessDenied', status: 403 });
      await expect(store.read('key-')).resolves.toBeUndefined();
    });

    test('403 on a copy names the source too', async () => {
      meet('UploadPartCopy', { kind: 'fail', code: 'AccessDenied', status: 403 });
      const copy = store.copyPart(upload, 1, { bucket: 'elsewhere', key: 'source', etag: '"e"', bytes: 1 });
      await expect(copy).rejects.toThrow('UploadPartCopy from s3://elsewhere/source');
    });

    test('a missing bucket is named, even if the reply has no body', async () => {
      const missing = new S3Store('missing', { client: local() });
      await expect(missing.inspect('key')).rejects.toThrow(BucketNotFoundError);
      await expect(missing.inspect('key')).rejects.toThrow('The bucket missing does not exist (NoSuchBucket, ');
    });

    test('a missing source bucket of a copy is named', async () => {
      const body = '<Error><Code>NoSuchBucket</Code><Message>None</Message><BucketName>elsewhere</BucketName></Error>';
      meet('UploadPartCopy', { kind: 'replace-reply', status: 404, body });
      const copy = store.copyPart(upload, 1, { bucket: 'elsewhere', key: 'source', etag: '"e"', bytes: 1 });
      await expect(copy).rejects.toThrow('The bucket elsewhere does not exist (NoSuchBucket, ');
    });

    test('an object created between the two requests of inspect is found', async () => {
      await put(store, 'key', text('12345'));
      meet('HeadObject', { kind: 'fail', code: 'NotFound', status: 404 });
      expect(await store.inspect('key')).toMatchObject({ bytes: 5 });
    });

    test('undeleted keys in the body of a success are an error', async () => {
      const error = '<Error><Key>kept</Key><Code>AccessDenied</Code><Message>Access Denied</Message></Error>';
      meet('DeleteObjects', { kind: 'replace-reply', status: 200, body: `<DeleteResult>${error}</DeleteResult>` });
      await expect(store.delete(['gone', 'kept'])).rejects.toThrow(/^S3 denied DeleteObjects on s3:\/\/bucket\/kept \(AccessDenied, HTTP 200, request id \w+.*: Access Denied\)\. Check/);
    });

    test('keys that cannot be deleted yet are a retryable error', async () => {
      const error = '<Error><Key>kept</Key><Code>InternalError</Code><Message>Try again</Message></Error>';
      meet('DeleteObjects', { kind: 'replace-reply', status: 200, body: `<DeleteResult>${error}</DeleteResult>` });
      await expect(store.delete(['gone', 'kept'])).rejects.toThrow(StoreUnavailableError);
    });
  });

  describe('requests', () => {
    test('carry the CRC32 that the caller has, and are neither chunked nor hashed', async () => {
      const requests = ['PutObject', 'UploadPart'].map((operation) => meet(operation));
      await uploadOf('out', text('part'));
      await put(store, 'key', text('chunk'));
      await store.writeIf('slot', text('record'), 'absent');
      expect(requests.flat().map(({ headers }) => headers)).toEqual(['chunk', 'record', 'part'].map((content) => expect.objectContaining({
        'content-length': String(content.length),
        'x-amz-checksum-crc32': checksumOf(text(content)),
        'x-amz-content-sha256': 'UNSIGNED-PAYLOAD',
      })));
      for (const { headers } of requests.flat()) {
        const unwanted = ['expect', 'transfer-encoding', 'x-amz-trailer', 'content-encoding'];
        expect(Object.keys(headers).filter((name) => unwanted.includes(name))).toEqual([]);
      }
    });

    test('announce the whole object', async () => {
      const [created, completed] = [meet('CreateMultipartUpload'), meet('CompleteMultipartUpload')];
      const complete = await uploadOf('out', text('whole'));
      await complete();
      expect(created[0]!.headers).toMatchObject({ 'x-amz-checksum-algorithm': 'CRC32', 'x-amz-checksum-type': 'FULL_OBJECT' });
      expect(completed[0]!.headers).toMatchObject({
        'x-amz-mp-object-size': '5',
        'x-amz-checksum-crc32': checksumOf(text('whole')),
        'x-amz-checksum-type': 'FULL_OBJECT',
        'if-none-match': '*',
      });
    });

    test('have no checksums in uploads to a store that compares sizes and ETags', async () => {
      const plain = storeWith({ integrityCheck: IntegrityCheck.SIZES_AND_ETAGS });
      const requests = ['CreateMultipartUpload', 'UploadPart', 'CompleteMultipartUpload'].map((operation) => meet(operation));
      const upload = { key: 'out', uploadId: await plain.createUpload('out', {}) };
      const part = placed(await plain.writePart(upload, 1, [text('abc')], checksumOf(text('abc'))));
      expect(part).toEqual({ partNumber: 1, etag: '"900150983cd24fb0d6963f7d28e17f72"', bytes: 3 });
      expect(await plain.listParts(upload)).toEqual([part]);
      expect(await plain.completeUpload(upload, [part], { bytes: 3 }, 'absent')).toBe('done');
      const names = requests.flat().flatMap(({ headers }) => Object.keys(headers));
      expect(names.filter((name) => /checksum|mp-object-size/.test(name))).toEqual([]);
      expect(await readText(plain, 'out')).toBe('abc');
    });

    test('percent-encode tags completely, since a plus sign may be read literally', async () => {
      const requests = ['PutObject', 'CreateMultipartUpload', 'CopyObject'].map((operation) => meet(operation));
      const properties = { tags: [{ key: 'cost center', value: 'a b+c' }, { key: 'team', value: 'x=y&z' }] };
      await store.writeIf('source', text('source'), 'absent', properties);
      await store.createUpload('out', properties);
      await store.copy('copy', await sourceOf(store, 'source'), properties);
      expect(requests.flat().map(({ headers }) => headers['x-amz-tagging'])).toEqual(Array(3).fill('cost%20center=a%20b%2Bc&team=x%3Dy%26z'));
    });

    test('have more time the more they send', async () => {
      const { requestHandler } = new S3Client({}).config;
      const timeouts: (number | undefined)[] = [];
      const recording: typeof requestHandler = Object.assign(Object.create(requestHandler) as typeof requestHandler, {
        handle: (request: Parameters<typeof requestHandler.handle>[0], options?: { readonly requestTimeout?: number }) => {
          timeouts.push(options?.requestTimeout);
          return requestHandler.handle(request, options);
        },
      });
      const patient = storeWith({ client: { requestHandler: recording } });
      const upload = { key: 'out', uploadId: await patient.createUpload('out', {}) };
      timeouts.length = 0;

      for (const bytes of [1, CHUNK_BYTES, 4 * CHUNK_BYTES]) {
        const content = Buffer.alloc(bytes);
        await put(patient, 'chunk', content);
        await patient.writePart(upload, 1, [content], checksumOf(content));
        // A manifest of very many chunks.
        await patient.writeIf('manifest', content, 'absent');
      }

      // Requests up to the size of a chunk keep the client's time-out.
      expect(timeouts).toEqual([...Array<undefined>(6).fill(undefined), 240_000, 240_000, 240_000]);
    });

    test('delete a thousand keys each', async () => {
      const requests = meet('DeleteObjects');
      await store.delete(Array.from({ length: 2_001 }, (_, index) => `key-${index}`));
      expect(requests).toHaveLength(3);
      await store.delete([]);
      expect(requests).toHaveLength(3);
    });

    test('run as many at once as Persist needs', async () => {
      let waiting = 0;
      let release = () => {};
      const all = new Promise<void>((resolve) => { release = resolve; });
      stopIntercepting.push(s3.intercept(async () => {
        waiting += 1;
        if (waiting === 32) release();
        await all;
        return undefined;
      }));
      await Promise.all(Array.from({ length: 32 }, async (_, index) => put(store, `key-${index}`, text('.'))));
      expect(waiting).toBe(32);
    });
  });

  test('nothing is ever logged', async () => {
    const methods = ['log', 'info', 'warn', 'error', 'debug'] as const;
    const spies = methods.map((method) => jest.spyOn(console, method).mockImplementation(() => {}));
    meet('PutObject', { kind: 'fail', code: 'InternalError', status: 500 });
    meet('GetObject', { kind: 'fail', code: 'AccessDenied', status: 403 });
    await store.write('chunk', [text('a')], checksumOf(text('a'))).catch(() => {});
    await store.writeIf('slot', text('a'), 'absent');
    await store.read('key').catch(() => {});
    // The SDK warns of requests that wait for a connection.
    const narrow = storeWith({ client: { requestHandler: { httpAgent: { maxSockets: 1 }, socketAcquisitionWarningTimeout: 1 } } });
    stopIntercepting.push(s3.intercept(() => new Promise((resolve) => { setTimeout(() => resolve(undefined), 20); })));
    await Promise.all(Array.from({ length: 8 }, async () => keysOf(narrow, '')));
    expect(spies.flatMap((spy) => spy.mock.calls)).toEqual([]);
    spies.forEach((spy) => spy.mockRestore());
  });
});

function errorBody(code: string): string {
  return `<?xml version="1.0" encoding="UTF-8"?>\n<Error><Code>${code}</Code><Message>Injected</Message></Error>`;
}

async function until(condition: () => Promise<boolean>): Promise<void> {
  while (!await condition()) await new Promise((resolve) => setTimeout(resolve, 5));
}
