import { LambdaEndpoint, startLambdaEndpoint } from '../../src/local/lambda/lambda-endpoint';
import { LambdaService } from '../../src/local/lambda/lambda-service';
import { ReplacementFunction } from '../../src/local/lambda/replacement-function';
import { LocalS3, startLocalS3 } from '../../src/local/s3/local-s3';
import { raw, RawRequest, statusOf } from './raw-request.fixture';

let s3: LocalS3;
let lambda: LambdaEndpoint;
let invoked = 0;
beforeAll(async () => {
  s3 = await startLocalS3();
  s3.createBucket('bucket');
  const service = new LambdaService();
  service.add(new ReplacementFunction('count', 'arn:aws:lambda:us-east-1:123456789012:function:count', () => (invoked += 1)));
  lambda = await startLambdaEndpoint(service);
});
afterAll(async () => {
  await s3.close();
  await lambda.close();
});
beforeEach(() => {
  invoked = 0;
  s3.resetTraffic();
});

const INVOKE = { method: 'POST', path: '/2015-03-31/functions/count/invocations', body: '{}' };
const PUT = { method: 'PUT', path: '/bucket/key', body: 'x' };

const SERVERS = [
  ['S3', () => s3.endpoint, PUT, '<Code>AccessDenied</Code>'],
  ['Lambda', () => lambda.url, INVOKE, '"message":"This local server answers'],
] as const;

/** With PORT for the port that the server listens on. */
const FOREIGN_HOSTS = [
  'attacker.example:PORT', 'attacker.example', 'localhost.attacker.example:PORT', '127.0.0.1.attacker.example:PORT', 'notlocalhost:PORT',
  '127.0.0.1:1', '127.0.0.1', 'localhost', 'bucket.localhost:1', '192.168.0.10:PORT', '0.0.0.0:PORT', '[2001:db8::1]:PORT', '[::2]:PORT', '[::]:PORT',
  '::1:PORT', 'attacker@127.0.0.1:PORT', '127.0.0.1:PORT@attacker.example', '127.0.0.1:PORT:1', '127.0.0.1:PORTx', '-', '',
];

describe.each(SERVERS)('the local server of %s', (_name, url, request, refusal) => {
  async function sendTo(more: Partial<RawRequest>): ReturnType<typeof raw> {
    const { port } = new URL(url());
    const headers = Object.entries(more.headers ?? {}).map(([name, value]) => [name, value?.replaceAll('PORT', port) ?? null]);
    return raw(url(), { ...request, ...more, headers: Object.fromEntries(headers) });
  }

  function expectNothingDone(): void {
    expect(invoked).toBe(0);
    expect(s3.traffic()).toEqual({});
  }

  test('listens on the loopback address only', () => {
    expect(new URL(url()).hostname).toBe('127.0.0.1');
  });

  test.each(FOREIGN_HOSTS)('refuses the host "%s"', async (host) => {
    const { status, text } = await sendTo({ headers: { host } });

    expect(status).toBe(403);
    expect(text).toContain(refusal);
    expect(text).toContain('This local server answers only programs on this computer');
    expectNothingDone();
  });

  test('refuses a request without a host', async () => {
    expect(await statusOf(sendTo({ headers: { host: null }, version: '1.0' }))).toBe(403);
    expect(await statusOf(sendTo({ headers: { host: null } }))).toBe(400);
    expectNothingDone();
  });

  test('refuses before it looks at the path', async () => {
    expect(await statusOf(sendTo({ path: '/%zz', headers: { host: 'attacker.example:PORT' } }))).toBe(403);
  });

  test.each([
    [{ origin: 'https://attacker.example' }], [{ origin: 'null' }], [{ origin: 'http://127.0.0.1:PORT' }],
    [{ 'sec-fetch-site': 'cross-site' }], [{ 'sec-fetch-site': 'same-site' }],
  ])('refuses pages in a browser: %j', async (headers) => {
    const { status, text } = await sendTo({ headers });

    expect(status).toBe(403);
    expect(text).toContain('This local server answers only programs on this computer');
    expectNothingDone();
  });

  test.each(['127.0.0.1:PORT', 'localhost:PORT', 'LocalHost:PORT', '127.1.2.3:PORT', '[::1]:PORT'])('answers the host %s', async (host) => {
    expect(await statusOf(sendTo({ headers: { host } }))).toBe(200);
  });
});
