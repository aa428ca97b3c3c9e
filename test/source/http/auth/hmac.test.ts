import { createHmac } from 'node:crypto';
import { HmacAlgorithm, HmacAuth, HttpSettings, SignatureEncoding, TimeFormat } from '../../../../src/protocol/http-settings';
import { HttpSource } from '../../../../src/source/http/http-source';
import { Answer, Received, requestFor, ScriptedServer, TestTools } from '../kit';

let server: ScriptedServer;
let answer: (request: Received) => Answer;
let tools: TestTools;

beforeAll(async () => { server = await ScriptedServer.start((request) => answer(request)); });
afterAll(async () => server.close());
beforeEach(() => {
  server.received.length = 0;
  tools = new TestTools();
  tools.secrets.key = 'k&y-1';
  answer = () => ({ body: [] });
});

function sourceWith(auth: Partial<HmacAuth> = {}, settings: Partial<HttpSettings> = {}): HttpSource {
  return new HttpSource({
    url: `${server.origin}/orders`,
    pagination: { style: 'single' },
    privateNetwork: true,
    auth: { kind: 'hmac', key: { secretArn: 'key' }, message: '{method}\n{path}\n{query}\n{body}', send: { header: 'X-Signature' }, ...auth },
    ...settings,
  }, tools);
}

/** As the source computes it of what it has received. */
function signed(text: string, algorithm = 'sha256', key = 'k&y-1'): Buffer {
  return createHmac(algorithm, key).update(text).digest();
}

async function received(source: HttpSource): Promise<Received> {
  await source.fetchPage(requestFor({ input: { name: 'Özil {method} $&' } }));
  return server.received[0]!;
}

test.each<[string, Partial<HttpSettings>]>([
  ['a plain request', {}],
  ['a query with escapes', { url: 'ORIGIN/a%20b?q=%20x+y', query: { name: '{input.name}' } }],
  ['a body with what looks like placeholders', { body: { text: '{input.name}', path: '{path} {unknown}' } }],
])('%s is signed as it is sent', async (_, { url = 'ORIGIN/orders', ...settings }) => {
  const request = await received(sourceWith({}, { url: url.replace('ORIGIN', server.origin), ...settings }));
  const [path, query = ''] = request.url.split('?') as [string, string?];

  expect(request.headers['x-signature']).toBe(signed(`${request.method}\n${path}\n${query}\n${request.body}`).toString('hex'));
});

test.each([HmacAlgorithm.SHA1, HmacAlgorithm.SHA256, HmacAlgorithm.SHA512])('by %s in base64', async (algorithm) => {
  const { headers } = await received(sourceWith({ message: '{method}{host}', algorithm, encoding: SignatureEncoding.BASE64 }));

  expect(headers['x-signature']).toBe(signed(`GET${headers.host}`, algorithm).toString('base64'));
});

test.each<[TimeFormat | undefined, string]>([
  [undefined, '1780000000'], [TimeFormat.SECONDS, '1780000000'], [TimeFormat.MILLISECONDS, '1780000000900'], [TimeFormat.ISO, '2026-05-28T20:26:40.900Z'],
])('with the time in %s', async (timestampFormat, time) => {
  tools.time = 1_780_000_000_900;
  const { headers } = await received(sourceWith({ message: '{timestamp}', timestamp: { header: 'X-Time' }, timestampFormat }));

  expect(headers).toMatchObject({ 'x-time': time, 'x-signature': signed(time).toString('hex') });
});

test('in the query: time and nonce are signed with it, the signature comes last and changes nothing before it', async () => {
  const auth: Partial<HmacAuth> = { message: '{query}', send: { query: 'sign' }, timestamp: { query: 'at' }, nonce: { query: 'n' }, encoding: SignatureEncoding.BASE64 };
  const { url } = await received(sourceWith(auth, { url: `${server.origin}/orders?q=a%20b` }));
  const [, query, signature] = /\?(.*)&sign=(.*)$/.exec(url)!;

  expect(query).toMatch(/^q=a%20b&at=\d+&n=[0-9a-f-]{36}$/);
  expect(decodeURIComponent(signature!)).toBe(signed(query!).toString('base64'));
});

test('in a format of its own', async () => {
  const { headers } = await received(sourceWith({ message: '{timestamp}.{nonce}', format: 't={timestamp},n={nonce},v1={signature}' }));
  const [, time, nonce, signature] = /^t=(\d+),n=([0-9a-f-]{36}),v1=(.*)$/.exec(String(headers['x-signature']))!;

  expect(signature).toBe(signed(`${time}.${nonce}`).toString('hex'));
});

test('each attempt is signed anew, and by the key read again after a 401', async () => {
  const source = sourceWith({ message: '{nonce}', nonce: { header: 'X-Nonce' } });
  answer = () => {
    tools.secrets.key = 'k-2';
    return server.received.length === 1 ? { status: 401 } : { body: [] };
  };
  await source.fetchPage(requestFor());
  const [first, second] = server.received.map(({ headers }) => ({ nonce: String(headers['x-nonce']), signature: headers['x-signature'] }));

  expect(first!.nonce).not.toBe(second!.nonce);
  expect(first!.signature).toBe(signed(first!.nonce).toString('hex'));
  expect(second!.signature).toBe(signed(second!.nonce, 'sha256', 'k-2').toString('hex'));
});

test('a redirect is signed for where it leads, without the first signature', async () => {
  answer = ({ url }) => (url.startsWith('/orders') ? { status: 302, headers: { location: '/other?x=1' } } : { body: [] });
  await sourceWith({ message: '{path}?{query}', send: { query: 's' } }).fetchPage(requestFor());

  expect(server.received[1]!.url).toBe(`/other?x=1&s=${signed('/other?x=1').toString('hex')}`);
});

test('a refusal shows neither key nor signature', async () => {
  answer = ({ headers }) => ({ status: 403, body: { message: `k&y-1 k%26y-1 ${headers['x-signature']}` } });

  await expect(sourceWith().fetchPage(requestFor())).rejects.toMatchObject({
    name: 'NonRetryableError', message: `GET ${server.origin}/orders answered 403 Forbidden: {"message":"[secret] [secret] [secret]"}`,
  });
});

test('a key that cannot be read fails before anything is sent', async () => {
  await expect(sourceWith({ key: { secretArn: 'none' } }).fetchPage(requestFor())).rejects.toThrow('no secret none');
  expect(server.received).toEqual([]);
});
