import { createHash, createHmac } from 'node:crypto';
import { AwsSignatureAuth, HttpSettings } from '../../../../src/protocol/http-settings';
import { AwsSignature } from '../../../../src/source/http/auth/aws-signature';
import { Secrets } from '../../../../src/source/http/auth/secrets';
import { HttpSource } from '../../../../src/source/http/http-source';
import { Answer, Received, requestFor, ScriptedServer, TestTools } from '../kit';

const KEY = 'wJalrXUtnFEMI/K7MDENG';
const before = { ...process.env };
let server: ScriptedServer;
let answer: (request: Received) => Answer;
let tools: TestTools;

beforeAll(async () => { server = await ScriptedServer.start((request) => answer(request)); });
afterAll(async () => {
  process.env = before;
  await server.close();
});
beforeEach(() => {
  process.env = { ...before, AWS_ACCESS_KEY_ID: 'AKIDEXAMPLE', AWS_SECRET_ACCESS_KEY: KEY, AWS_SESSION_TOKEN: 'session/1', AWS_REGION: 'eu-west-1' };
  server.received.length = 0;
  tools = new TestTools();
  answer = () => ({ body: [] });
});

function sourceWith(settings: Partial<HttpSettings> = {}, auth: Partial<AwsSignatureAuth> = {}): HttpSource {
  return new HttpSource({
    url: `${server.origin}/stage/orders`, pagination: { style: 'single' }, privateNetwork: true, auth: { kind: 'aws-signature', service: 'execute-api', ...auth }, ...settings,
  }, tools);
}

/**
 * The signature that a service computes of what it has received, by its documentation and not by the signer:
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-create-signed-request.html
 */
function expectedSignature({ method, url, headers, body }: Received): string {
  const [, scope, names] = /Credential=AKIDEXAMPLE\/(\S+), SignedHeaders=(\S+),/.exec(headers.authorization!)!;
  const [path, query = ''] = url.split('?') as [string, string?];
  const canonical = [
    method,
    path.split('/').map(strict).join('/'),
    query.split('&').map((pair) => pair.split('=').map((part) => strict(decodeURIComponent(part))).join('=')).sort().join('&'),
    ...names!.split(';').map((name) => `${name}:${String(headers[name]).trim()}`),
    '',
    names,
    createHash('sha256').update(body).digest('hex'),
  ].join('\n');
  const text = ['AWS4-HMAC-SHA256', headers['x-amz-date'], scope, createHash('sha256').update(canonical).digest('hex')].join('\n');
  const key = scope!.split('/').reduce<string | Buffer>((inner, part) => createHmac('sha256', inner).update(part).digest(), `AWS4${KEY}`);
  return createHmac('sha256', key).update(text).digest('hex');
}

function strict(text: string): string {
  return encodeURIComponent(text).replace(/[!'()*]/g, (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`);
}

function signatureOf({ headers }: Received): string {
  return /Signature=(\w+)/.exec(headers.authorization!)![1]!;
}

test.each<[string, Partial<HttpSettings>]>([
  ['a plain request', {}],
  ['a body that has placeholders and a page', {
    body: { text: 'Überweisung {input.name}' }, pagination: { style: 'offset', offset: { body: '/offset' }, limit: { body: '/limit' } },
  }],
  ['a query with everything that is escaped', { query: { q: 'a b+c*~(\'!)', z: '/?=&ü', a: '' } }],
])('%s is signed as it is sent', async (_, settings) => {
  await sourceWith(settings).fetchPage(requestFor({ input: { name: 'Özil' } }));
  const [received] = server.received as [Received];

  expect(signatureOf(received)).toBe(expectedSignature(received));
  expect(received.headers['x-amz-security-token']).toBe('session/1');
});

test('a path with escapes is signed as it is sent', async () => {
  await sourceWith({ url: `${server.origin}/a%20b/{input.name}` }).fetchPage(requestFor({ input: { name: 'x y/z' } }));
  const [received] = server.received as [Received];

  expect(received.url).toBe('/a%20b/x%20y%2Fz');
  expect(signatureOf(received)).toBe(expectedSignature(received));
});

test('headers that a proxy may change are not signed', async () => {
  await sourceWith({ headers: { 'X-Amz-Target': 'Orders' } }).fetchPage(requestFor());

  expect(server.received[0]!.headers.authorization).toContain('SignedHeaders=host;x-amz-content-sha256;x-amz-date;x-amz-security-token;x-amz-target,');
});

test('each attempt is signed anew, with the credentials of that moment', async () => {
  const source = sourceWith();
  await source.fetchPage(requestFor());
  tools.time += 600_000;
  Object.assign(process.env, { AWS_ACCESS_KEY_ID: 'AKIDLATER' });
  delete process.env.AWS_SESSION_TOKEN;
  await source.fetchPage(requestFor());
  const [first, second] = server.received as [Received, Received];

  expect([first, second].map(({ headers }) => headers['x-amz-date'])).toEqual(['20261130T000000Z', '20261130T001000Z']);
  expect(second.headers.authorization).toContain('Credential=AKIDLATER/');
  expect(second.headers['x-amz-security-token']).toBeUndefined();
});

test('a redirect is signed for where it leads', async () => {
  answer = ({ url }) => (url === '/stage/orders' ? { status: 307, headers: { location: '/other' } } : { body: [] });
  await sourceWith().fetchPage(requestFor());

  expect(server.received.map(signatureOf)).toEqual(server.received.map(expectedSignature));
});

describe('the region', () => {
  async function regionFor(url: string, auth: Partial<AwsSignatureAuth> = {}): Promise<string | undefined> {
    const secrets = new Secrets(tools.readSecret, tools.now);
    const signer = new AwsSignature({ kind: 'aws-signature', service: 's', ...auth }, { ...tools, secrets });
    const { headers: { authorization } } = await signer.apply({ method: 'GET', url: new URL(url), headers: {}, body: undefined });
    return /Credential=AKIDEXAMPLE\/\d+\/([^/]+)/.exec(authorization!)?.[1];
  }

  test.each([
    ['https://abc.execute-api.eu-central-1.amazonaws.com/x', 'eu-central-1'],
    ['https://search-a.us-gov-west-1.es.amazonaws.com/', 'us-gov-west-1'],
    ['https://abc.lambda-url.ap-southeast-2.on.aws/', 'ap-southeast-2'],
    ['https://abc.execute-api.cn-north-1.amazonaws.com.cn/', 'cn-north-1'],
    ['https://iam.amazonaws.com/', 'eu-west-1'],
    ['https://api.us-east-1.example.com/', 'eu-west-1'],
  ])('of %s is %s', async (url, region) => {
    expect(await regionFor(url)).toBe(region);
  });

  test('may be set', async () => {
    expect(await regionFor('https://abc.execute-api.eu-central-1.amazonaws.com/x', { region: 'us-east-1' })).toBe('us-east-1');
  });

  test('must be known', async () => {
    delete process.env.AWS_REGION;
    delete process.env.AWS_DEFAULT_REGION;

    await expect(regionFor('https://api.example.com/')).rejects.toMatchObject({
      name: 'NonRetryableError', message: 'The region of the source is not known: set region in auth, or AWS_REGION',
    });
  });
});

test('without credentials the variables are named', async () => {
  delete process.env.AWS_ACCESS_KEY_ID;

  await expect(sourceWith().fetchPage(requestFor())).rejects.toThrow('No AWS credentials in the environment: set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY.');
  expect(server.received).toEqual([]);
});

test('a refusal shows neither key, session nor signature', async () => {
  answer = ({ headers }) => ({ status: 403, body: { message: `${KEY} ${headers['x-amz-security-token']} ${headers.authorization}` } });
  const failure = await sourceWith().fetchPage(requestFor()).catch((error: unknown) => String(error));

  expect(failure).toMatch(/\[secret\] \[secret\] AWS4-HMAC-SHA256 .*Signature=\[secret\]/);
});
