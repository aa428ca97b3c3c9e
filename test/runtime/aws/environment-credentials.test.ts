import { createHash, createHmac } from 'node:crypto';
import { createServer, type IncomingHttpHeaders, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { HeadBucketCommand, S3Client, type S3ClientConfig } from '@aws-sdk/client-s3';
import { defaultProvider } from '../../../src/runtime/aws/environment-credentials';

const NAMES = ['AWS_ACCESS_KEY_ID', 'AWS_SECRET_ACCESS_KEY', 'AWS_SESSION_TOKEN'];

let before: NodeJS.ProcessEnv;

beforeEach(() => {
  before = { ...process.env };
  NAMES.forEach((name) => delete process.env[name]);
});

afterEach(() => {
  process.env = before;
});

test('reads the environment when called, not when created', async () => {
  const provide = defaultProvider();
  setCredentials('first');
  await provide();
  setCredentials('second');

  await expect(provide()).resolves.toEqual({ accessKeyId: 'second-id', secretAccessKey: 'second-key', sessionToken: 'second-token' });
});

test('treats an empty session token as absent', async () => {
  setCredentials('user');
  process.env.AWS_SESSION_TOKEN = '';

  await expect(defaultProvider()()).resolves.toEqual({ accessKeyId: 'user-id', secretAccessKey: 'user-key', sessionToken: undefined });
});

test.each(['AWS_ACCESS_KEY_ID', 'AWS_SECRET_ACCESS_KEY'])('names the variables, not their values, when %s is missing', async (name) => {
  setCredentials('partial');
  delete process.env[name];

  const error = await defaultProvider()().catch((thrown: Error) => thrown) as Error;

  expect(error.message).toContain('set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY');
  expect(error.message).not.toContain('partial');
});

test('the SDK signs requests with them', async () => {
  setCredentials('role');

  const headers = await headersOfOneRequest({ credentials: defaultProvider(), region: 'eu-west-1' });

  expect(headers['x-amz-security-token']).toBe('role-token');
  expect(headers.authorization).toContain('Credential=role-id/');
  expect(headers.authorization).toContain(`Signature=${signatureOf(headers, 'role-key')}`);
});

function setCredentials(name: string): void {
  Object.assign(process.env, { AWS_ACCESS_KEY_ID: `${name}-id`, AWS_SECRET_ACCESS_KEY: `${name}-key`, AWS_SESSION_TOKEN: `${name}-token` });
}

/** Of `HEAD /bucket/`, as they arrive. */
async function headersOfOneRequest(config: S3ClientConfig): Promise<IncomingHttpHeaders> {
  const received: IncomingHttpHeaders[] = [];
  const server = createServer(({ headers }, response) => {
    received.push(headers);
    response.end();
  });
  const client = new S3Client({ ...config, endpoint: await urlOf(server) });
  try {
    await client.send(new HeadBucketCommand({ Bucket: 'bucket' }));
  } finally {
    client.destroy();
    server.close();
  }
  return received[0]!;
}

/** Signature version 4, implemented once more from its definition. */
function signatureOf(headers: IncomingHttpHeaders, secretAccessKey: string): string {
  const [, scope, signedHeaders] = /Credential=[^/]+\/([^,]+), SignedHeaders=([^,]+)/.exec(headers.authorization!)!;
  const lines = signedHeaders!.split(';').map((name) => `${name}:${headers[name]}`);
  const request = ['HEAD', '/bucket/', '', ...lines, '', signedHeaders, headers['x-amz-content-sha256']].join('\n');
  const toSign = ['AWS4-HMAC-SHA256', headers['x-amz-date'], scope, createHash('sha256').update(request).digest('hex')].join('\n');
  const key = scope!.split('/').reduce<string | Buffer>((each, part) => hmac(each, part), `AWS4${secretAccessKey}`);
  return hmac(key, toSign).toString('hex');
}

function hmac(key: string | Buffer, text: string): Buffer {
  return createHmac('sha256', key).update(text).digest();
}

function urlOf(server: Server): Promise<string> {
  return new Promise((resolve) => {
    server.listen(0, '127.0.0.1', () => resolve(`http://127.0.0.1:${(server.address() as AddressInfo).port}`));
  });
}
