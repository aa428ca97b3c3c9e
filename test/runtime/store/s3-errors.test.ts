import { once } from 'node:events';
import { createServer } from 'node:http';
import { AddressInfo } from 'node:net';
import { Intervention } from '../../../src/local/s3/interceptor';
import { startLocalS3 } from '../../../src/local/s3/local-s3';
import { BucketNotFoundError, StoreAccessError, StoreRefusedError, StoreUnavailableError } from '../../../src/protocol/errors';
import { writeOnce } from '../../../src/runtime/log/write-once';
import { S3Store } from '../../../src/runtime/store/s3-store';
import { testWorld } from '../../kit/test-world';

// Real requests, on machines under other load.
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

  /** Intercepts all requests, and counts them. */
  function meet(intervention: Intervention): { requests: number } {
    const met = { requests: 0 };
    stop = s3.intercept(() => { met.requests += 1; return intervention; });
    return met;
  }

  const refuse = (code: string, status: number): Intervention => ({ kind: 'fail', code, status });

  async function failureOf(work: () => Promise<unknown>): Promise<Error> {
    return work().then(() => { throw new Error('it did not fail'); }, (error: Error) => error);
  }

  test('by code, status, ids and message', async () => {
    meet(refuse('AccessDenied', 403));
    const error = await failureOf(() => store.read('key'));

    expect(error).toBeInstanceOf(StoreAccessError);
    expect(error.message).toMatch(/^S3 denied GetObject on s3:\/\/bucket\/key \(AccessDenied, HTTP 403, request id \w+, extended request id \w+: Injected AccessDenied\)\. Check/);
  });

  test('of a request whose reply has no body, by status and ids', async () => {
    meet(refuse('AccessDenied', 403));

    expect((await failureOf(() => store.inspect('key'))).message).toMatch(/HeadObject on s3:\/\/bucket\/key \(HTTP 403, request id \w+, extended request id \w+\)\. Check/);
  });

  test('if the bucket is missing', async () => {
    const error = await failureOf(() => storeOf('no-such-bucket').read('key'));

    expect(error).toBeInstanceOf(BucketNotFoundError);
    expect(error.message).toMatch(/^The bucket no-such-bucket does not exist \(NoSuchBucket, HTTP 404, request id .*\)\. Anyone may take the name of a deleted bucket, .* If it is the destination, /);
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

    expect((await failureOf(() => store.delete(['key']))).message).toMatch(/^S3 denied DeleteObjects on s3:\/\/bucket\/key \(AccessDenied, HTTP 200, request id \w+.*: No\)\. Check/);
  });

  test.each([
    ['KMS.DisabledException', 400], ['KMS.NotFoundException', 400], ['KMS.KMSInvalidStateException', 400], ['KeyTooLongError', 400], ['NotImplemented', 501],
    ['InvalidObjectState', 403], ['IllegalLocationConstraintException', 400], ['AccessControlListNotSupported', 400],
    ['MetadataTooLarge', 400], ['InvalidBucketOwnerAWSAccountID', 400], ['InvalidArgument', 400], ['InvalidRequest', 400],
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

describe('a bucket of another region is refused with both regions', () => {
  const HEADERS = { 'x-amz-bucket-region': 'eu-west-1', 'x-amz-request-id': 'R1', 'content-type': 'application/xml' };
  const before = process.env.AWS_REGION;
  beforeAll(() => { process.env.AWS_REGION = 'us-east-1'; });
  afterAll(() => {
    if (before === undefined) delete process.env.AWS_REGION;
    else process.env.AWS_REGION = before;
  });

  /** Runs with a store whose every request is answered so. */
  async function answered(
    status: number, body: string, headers: Readonly<Record<string, string>>, work: (store: S3Store) => Promise<void>,
  ): Promise<void> {
    const server = createServer((request, response) => {
      request.resume();
      response.writeHead(status, headers);
      response.end(request.method === 'HEAD' ? undefined : body);
    });
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    const endpoint = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    await work(new S3Store(BUCKET, { client: { endpoint, region: 'us-east-1', credentials: { accessKeyId: 'id', secretAccessKey: 'key' } } })).finally(() => {
      server.close();
      server.closeAllConnections();
    });
  }

  const REDIRECT = '<Error><Code>PermanentRedirect</Code><Message>Use the endpoint.</Message><Endpoint>bucket.s3-eu-west-1.amazonaws.com</Endpoint></Error>';
  const WRONG_REGION = '<Error><Code>AuthorizationHeaderMalformed</Code><Message>the region is wrong</Message><Region>eu-west-1</Region></Error>';

  test.each<[string, number, string, Readonly<Record<string, string>>]>([
    ['that redirects', 301, REDIRECT, HEADERS],
    ['that expects another signature, as regions that must be enabled do', 400, WRONG_REGION, HEADERS],
  ])('one %s', async (_what, status, body, headers) => {
    await answered(status, body, headers, async (store) => {
      for (const work of [() => store.read('key'), () => store.inspect('key'), () => store.writeIf('key', TEXT, 'absent')]) {
        await expect(work()).rejects.toThrow(StoreRefusedError);
        await expect(work()).rejects.toMatchObject({ bucketRegion: 'eu-west-1', functionRegion: 'us-east-1' });
        await expect(work()).rejects.toThrow(
          new RegExp(`HTTP ${status}, request id R1.* The bucket is in eu-west-1, the functions run in us-east-1: both must be in the same region\\.`),
        );
      }
    });
  });

  test('but not one of the same region, whose name S3 tells as well', async () => {
    await answered(400, '<Error><Code>KMS.DisabledException</Code><Message>disabled</Message></Error>', { ...HEADERS, 'x-amz-bucket-region': 'us-east-1' }, async (store) => {
      const error = await store.read('key').then(() => undefined, (thrown: Error) => thrown);

      expect(error).toBeInstanceOf(StoreRefusedError);
      expect(error!.message).not.toContain('us-east-1');
    });
    await answered(400, '', { ...HEADERS, 'x-amz-bucket-region': 'us-east-1' }, async (store) => {
      await expect(store.inspect('key')).rejects.toThrow(StoreUnavailableError);
    });
  });
});
