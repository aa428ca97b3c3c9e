import { HttpAuth, HttpSettings } from '../../../../src/protocol/http-settings';
import { HttpSource } from '../../../../src/source/http/http-source';
import { Answer, Received, recordsOf, requestFor, ScriptedServer, Script, TestTools } from '../kit';

let server: ScriptedServer;
let answer: Script;
const tools = new TestTools();

beforeAll(async () => { server = await ScriptedServer.start((request, response) => answer(request, response)); });
afterAll(async () => server.close());
beforeEach(() => {
  server.received.length = 0;
  answer = () => ({ body: [{ id: 1 }] });
  Object.assign(tools.secrets, { token: 'T0ken-1', user: 'ada', password: 'pass:word', client: 'id 1', clientSecret: 's&cret', pair: '{"key":"k-9"}' });
});

function sourceWith(auth: HttpAuth, settings: Partial<HttpSettings> = {}): HttpSource {
  return new HttpSource({ url: `${server.origin}/orders?x=1`, pagination: { style: 'single' }, privateNetwork: true, auth, ...settings }, tools);
}

function clientCredentials(): HttpAuth {
  return { kind: 'client-credentials', tokenUrl: `${server.origin}/token`, clientId: { environment: 'client' }, clientSecret: { environment: 'clientSecret' }, scope: 'a b' };
}

const TOKEN: HttpAuth = { kind: 'bearer', token: { secretArn: 'token' } };

test.each<[string, HttpAuth, Partial<Received>]>([
  ['bearer', TOKEN, { headers: { authorization: 'Bearer T0ken-1' } }],
  ['a key in a header', { kind: 'api-key', key: { secretArn: 'pair', field: 'key' }, send: { header: 'X-Key' } }, { headers: { 'x-key': 'k-9' } }],
  ['a key in the query', { kind: 'api-key', key: { parameterName: 'token' }, send: { query: 'key' } }, { url: '/orders?x=1&key=T0ken-1' }],
  ['basic', { kind: 'basic', user: { secretArn: 'user' }, password: { secretArn: 'password' } }, { headers: { authorization: 'Basic YWRhOnBhc3M6d29yZA==' } }],
  ['basic without a password', { kind: 'basic', user: 'ada' }, { headers: { authorization: 'Basic YWRhOg==' } }],
])('%s', async (_, auth, expected) => {
  await recordsOf(sourceWith(auth));

  expect(server.received).toHaveLength(1);
  expect(server.received[0]).toMatchObject(expected);
});

test('a secret is read once for many pages, and again after a 401', async () => {
  const source = sourceWith(TOKEN);
  await source.fetchPage(requestFor());
  tools.secrets.token = 'T0ken-2';
  await source.fetchPage(requestFor());
  answer = ({ headers }) => (headers.authorization === 'Bearer T0ken-2' ? { body: [] } : { status: 401 });
  await source.fetchPage(requestFor());

  expect(server.received.map(({ headers: { authorization } }) => authorization)).toEqual(['Bearer T0ken-1', 'Bearer T0ken-1', 'Bearer T0ken-1', 'Bearer T0ken-2']);
});

test('credentials that are refused twice fail the import at once', async () => {
  answer = () => ({ status: 401, body: { error: 'expired' } });

  await expect(sourceWith(TOKEN).fetchPage(requestFor())).rejects.toMatchObject({
    name: 'NonRetryableError', message: `GET ${server.origin}/orders answered 401 Unauthorized: {"error":"expired"}`,
  });
  expect(server.received).toHaveLength(2);
});

describe('OAuth 2.0 client credentials', () => {
  let granted = 0;
  const grant = (): Answer => ({ body: { access_token: `granted-${++granted}`, expires_in: 600 } });
  beforeEach(() => { granted = 0; });

  test('are exchanged for a token, which serves until it expires', async () => {
    answer = ({ url }) => (url === '/token' ? grant() : { body: [] });
    const source = sourceWith(clientCredentials());
    await source.fetchPage(requestFor());
    tools.time += 539_000;
    await source.fetchPage(requestFor());
    tools.time += 2_000;
    await source.fetchPage(requestFor());

    const [token] = server.received;
    expect(token).toMatchObject({ method: 'POST', body: 'grant_type=client_credentials&scope=a+b' });
    expect(token!.headers.authorization).toBe(`Basic ${Buffer.from('id+1:s%26cret').toString('base64')}`);
    expect(server.received.map(({ url, headers }) => (url === '/token' ? 'token' : headers.authorization)))
      .toEqual(['token', 'Bearer granted-1', 'Bearer granted-1', 'token', 'Bearer granted-2']);
  });

  test('are exchanged once for pages that are asked for at the same time', async () => {
    answer = ({ url }) => (url === '/token' ? grant() : { body: [] });
    const source = sourceWith(clientCredentials());
    await Promise.all([1, 2, 3].map(async () => source.fetchPage(requestFor())));

    expect(granted).toBe(1);
  });

  test('are exchanged again when the token is refused', async () => {
    answer = ({ url, headers }) => (url === '/token' ? grant() : headers.authorization === 'Bearer granted-2' ? { body: [] } : { status: 401 });
    await sourceWith(clientCredentials()).fetchPage(requestFor());

    expect(granted).toBe(2);
  });

  test.each<[string, Answer, string, string]>([
    ['a refusal', { status: 401, body: { error: 'invalid_client', error_description: 's&cret' } }, 'NonRetryableError',
      'refused the client\'s credentials with status 401 (invalid_client)'],
    ['a passing failure', { status: 503 }, 'Error', 'answered 503'],
    ['an answer without a token', { body: {} }, 'NonRetryableError', 'answered without an access_token'],
    ['an answer that is not JSON', { body: '<html>' }, 'NonRetryableError', 'answered without an access_token'],
  ])('%s is told without secrets', async (_, given, name, message) => {
    answer = () => given;

    await expect(sourceWith(clientCredentials()).fetchPage(requestFor())).rejects.toMatchObject({ name, message: `${server.origin}/token ${message}` });
  });
});

describe('a message has no secret', () => {
  test.each<[string, HttpAuth, (request: Received) => string]>([
    ['as it is', TOKEN, ({ headers }) => `bad header ${headers.authorization}`],
    ['in a URL', { kind: 'api-key', key: { secretArn: 'clientSecret' }, send: { query: 'key' } }, ({ url }) => `bad URL ${url}`],
    ['in base64', { kind: 'basic', user: { secretArn: 'user' }, password: { secretArn: 'password' } }, ({ headers }) => `bad header ${headers.authorization}`],
  ])('%s', async (_, auth, echo) => {
    answer = (request) => ({ status: 400, body: { message: echo(request) } });
    const failure = await sourceWith(auth).fetchPage(requestFor()).catch((error: unknown) => String(error));

    expect(failure).toContain('[secret]');
    for (const secret of ['T0ken-1', 's&cret', 's%26cret', 'ada', 'pass', 'YWRhOnBhc3M6d29yZA']) expect(failure).not.toContain(secret);
  });
});

test('a message is cut between words, after its secrets are gone', async () => {
  answer = ({ headers }) => ({ status: 400, body: `${'x '.repeat(140)}"${headers.authorization} a-cursor-of-the-source"` });
  const failure = await sourceWith(TOKEN).fetchPage(requestFor()).catch((error: unknown) => String(error));

  expect(failure).toMatch(/ x "Bearer \[secret\] \.\.\.$/);
});

describe('credentials go to the source\'s own origin only', () => {
  let other: ScriptedServer;
  beforeAll(async () => { other = await ScriptedServer.start(() => ({ body: [{ id: 2 }] })); });
  afterAll(async () => other.close());

  test('not along with a redirect to another origin that is listed', async () => {
    answer = () => ({ status: 302, headers: { location: `${other.origin}/file` } });
    const records = await recordsOf(sourceWith(TOKEN, { origins: [other.origin] }));

    expect(records).toEqual([{ id: 2 }]);
    expect(server.received[0]!.headers.authorization).toBe('Bearer T0ken-1');
    expect(other.received.map(({ headers: { authorization } }) => authorization)).toEqual([undefined]);
  });

  test('nothing at all goes to one that is not listed', async () => {
    other.received.length = 0;
    answer = () => ({ status: 302, headers: { location: `${other.origin}/file` } });

    await expect(sourceWith(TOKEN).fetchPage(requestFor())).rejects.toMatchObject({
      name: 'NonRetryableError',
      message: `The source leads to ${other.origin}, which is not its own origin ${server.origin}; if that is right, add it to origins`,
    });
    expect(other.received).toEqual([]);
  });
});

test.each([
  ['a field of a secret that is no object', { secretArn: 'token', field: 'x' }, 'The secret is no JSON object, so it has no field x'],
  ['a field that is not there', { secretArn: 'pair', field: 'x' }, 'The secret has no field x with a text'],
])('%s is refused', async (_, token, message) => {
  await expect(sourceWith({ kind: 'bearer', token }).fetchPage(requestFor())).rejects.toMatchObject({ name: 'NonRetryableError', message });
});
