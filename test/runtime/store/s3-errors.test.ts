import { once } from 'node:events';
import { createServer } from 'node:http';
import { AddressInfo } from 'node:net';
import { Intervention } from '../../../src/local/s3/interceptor';
import { startLocalS3 } from '../../../src/local/s3/local-s3';
import { BucketNotFoundError, StoreAccessError, StoreRefusedError, StoreUnavailableError } from '../../../src/protocol/errors';
import { writeOnce } from '../../../src/runtime/log/write-once';
import { S3Store } from '../../../src/runtime/store/s3-store';
import { testWorld } from '../../kit/test-world';

// Real requests, on machines that do other things meanwhile.
jest.setTimeout(60_000);

const BUCKET = 'bucket';
const TEXT = Buffer.from('text');
const CRC32 = 'O6nuLg==';

describe('an error of the store says what S3 answered', () => {
  let s3: Awaited<ReturnType<typeof startLocalS3>>;
  let store: S3Store;
  let stop = (): void => {};

  beforeAll(async () => {
    s3 = await startLocalS3();
    s3.createBucket(BUCKET);
    store = storeOf(BUCKET);
  });
  afterEach(() => stop());
  afterAll(async () => s3.close());

  function storeOf(bucket: string): S3Store {
    return new S3Store(bucket, { client: { endpoint: s3.endpoint, region: s3.region, credentials: s3.credentials } });
  }

  /** Meets all requests, and counts them. */
  function meet(intervention: Intervention): { requests: number } {
    const met = { requests: 0 };
    stop = s3.intercept(() => { met.requests += 1; return intervention; });
    return met;
  }

  const refuse = (code: string, status: number): Intervention => ({ kind: 'fail', code, status });

  async function failureOf(work: () => Promise<unknown>): Promise<Error> {
    return work().then(() => { throw new Error('it did not fail'); }, (error: Error) => error);
  }

  test('by its code, status, ids and words', async () => {
    meet(refuse('AccessDenied', 403));
    const error = await failureOf(() => store.read('key'));

    expect(error).toBeInstanceOf(StoreAccessError);
    expect(error.message).toMatch(/^S3 denied GetObject on s3:\/\/bucket\/key \(AccessDenied, HTTP 403, request id \w+, extended request id \w+: Injected AccessDenied\)\. Check/);
  });

  test('of a request whose reply has no body, by status and ids', async () => {
    meet(refuse('AccessDenied', 403));

    expect((await failureOf(() => store.inspect('key'))).message).toMatch(/HeadObject on s3:\/\/bucket\/key \(HTTP 403, request id \w+, extended request id \w+\)\. Check/);
  });

  test('where the bucket is missing', async () => {
    const error = await failureOf(() => storeOf('no-such-bucket').read('key'));

    expect(error).toBeInstanceOf(BucketNotFoundError);
    expect(error.message).toMatch(/^The bucket no-such-bucket does not exist \(NoSuchBucket, HTTP 404, request id .*\)\. If it is the destination, create it again/);
  });

  test('after its last attempt', async () => {
    const met = meet(refuse('SlowDown', 503));
    const error = await failureOf(() => store.write('key', [TEXT], CRC32));

    expect(error).toBeInstanceOf(StoreUnavailableError);
    expect(error.message).toMatch(/^S3 did not complete PutObject on s3:\/\/bucket\/key \(SlowDown, HTTP 503, request id .*: Injected SlowDown\)\. The step is retried/);
    expect(met.requests).toBe(5);
  });

  test('or why it did not answer, and how often', async () => {
    meet({ kind: 'cut' });

    expect((await failureOf(() => store.read('key'))).message).toMatch(/^S3 did not complete GetObject on s3:\/\/bucket\/key \(.*(socket hang up|ECONNRESET).* in 5 attempts\)\. The step/);
  });

  test('of a slot that stays open, by the answer to the last conditional write', async () => {
    stop = s3.intercept(({ operation }) => operation === 'PutObject' ? refuse('InternalError', 500) : undefined);
    const error = await failureOf(() => writeOnce(store, 'slot', TEXT, testWorld()));

    expect(error).toBeInstanceOf(StoreUnavailableError);
    expect(error.message).toMatch(/the conditional PutObject on s3:\/\/bucket\/slot \(InternalError, HTTP 500, request id /);
  });

  test('of keys that are not deleted, each in a reply that is a success', async () => {
    stop = s3.intercept(() => ({
      kind: 'replace-reply', status: 200, body: '<DeleteResult><Error><Key>key</Key><Code>AccessDenied</Code><Message>No</Message></Error></DeleteResult>',
    }));

    expect((await failureOf(() => store.delete(['key']))).message).toMatch(/^S3 denied DeleteObjects on s3:\/\/bucket\/key \(AccessDenied: No\)\. Check/);
  });

  test.each([
    ['KMS.DisabledException', 400], ['KMS.NotFoundException', 400], ['KMS.KMSInvalidStateException', 400], ['KeyTooLongError', 400], ['NotImplemented', 501],
    ['InvalidObjectState', 403], ['IllegalLocationConstraintException', 400],
  ])('what no retry mends fails at once: %s', async (code, status) => {
    const met = meet(refuse(code, status));
    for (const work of [() => store.write('key', [TEXT], CRC32), () => store.writeIf('key', TEXT, 'absent')]) {
      met.requests = 0;
      const error = await failureOf(work);

      expect(error).toBeInstanceOf(StoreRefusedError);
      expect(error.message).toMatch(new RegExp(`PutObject on s3://bucket/key \\(${code.replace('.', '\\.')}, HTTP ${status}, request id .*and would refuse it again`));
      expect(met.requests).toBe(1);
    }
  });
});

test('a bucket of another region is refused with the region', async () => {
  const server = createServer((request, response) => {
    request.resume();
    response.writeHead(301, { 'x-amz-bucket-region': 'eu-west-1', 'x-amz-request-id': 'R1', 'content-type': 'application/xml' });
    response.end(request.method === 'HEAD' ? undefined : '<Error><Code>PermanentRedirect</Code><Message>Use the endpoint.</Message><Endpoint>bucket.s3-eu-west-1.amazonaws.com</Endpoint></Error>');
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const endpoint = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const store = new S3Store(BUCKET, { client: { endpoint, region: 'us-east-1', credentials: { accessKeyId: 'id', secretAccessKey: 'key' } } });
  try {
    for (const work of [() => store.read('key'), () => store.inspect('key'), () => store.writeIf('key', TEXT, 'absent')]) {
      await expect(work()).rejects.toThrow(StoreRefusedError);
      await expect(work()).rejects.toThrow(/HTTP 301, request id R1.* The bucket is in eu-west-1, and must be in the region of the functions\./);
    }
  } finally {
    server.close();
    server.closeAllConnections();
  }
});
