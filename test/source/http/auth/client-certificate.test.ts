import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { TLSSocket } from 'node:tls';
import { HttpClientCertificate, HttpSettings } from '../../../../src/protocol/http-settings';
import { HttpSource } from '../../../../src/source/http/http-source';
import { Answer, Received, requestFor, ScriptedServer, TestTools } from '../kit';

/** Against a server that asks for a certificate of the authority in the folder `certificates`. */

function pem(name: string): string {
  return readFileSync(join(__dirname, 'certificates', `${name}.pem`), 'utf8');
}

const AUTHORITY = pem('authority');
const SERVER = { cert: pem('server'), key: pem('server.key'), ca: AUTHORITY };

let server: ScriptedServer;
let tools: TestTools;
let answer: (request: Received, client: string) => Answer;
/** Who the clients are, request by request, by their certificates. */
let clients: string[];

beforeAll(async () => {
  server = await ScriptedServer.start((request, response) => {
    const name = (response.socket as TLSSocket).getPeerCertificate().subject.CN as string;
    clients.push(name);
    return answer(request, name);
  }, { ...SERVER, requestCert: true, rejectUnauthorized: true });
});
afterAll(async () => server.close());
beforeEach(() => {
  server.received.length = 0;
  clients = [];
  tools = new TestTools();
  Object.assign(tools.secrets, { certificate: pem('client'), key: pem('client.key'), token: 'T0ken' });
  answer = () => ({ body: [] });
});

function sourceWith(settings: Partial<HttpSettings> = {}, certificate: Partial<HttpClientCertificate> = {}): HttpSource {
  const clientCertificate = { certificate: { secretArn: 'certificate' }, key: { secretArn: 'key' }, ca: AUTHORITY, ...certificate };
  return new HttpSource({ url: `${server.origin}/orders`, pagination: { style: 'single' }, privateNetwork: true, clientCertificate, ...settings }, tools);
}

async function failureOf(source: HttpSource): Promise<Error> {
  return source.fetchPage(requestFor()).then(() => { throw new Error('it did not fail'); }, (error: Error) => error);
}

test('a certificate is shown, alone or beside other credentials', async () => {
  await sourceWith().fetchPage(requestFor());
  await sourceWith({ auth: { kind: 'bearer', token: { secretArn: 'token' } } }).fetchPage(requestFor());

  expect(clients).toEqual(['client', 'client']);
  expect(server.received.map(({ headers: { authorization } }) => authorization)).toEqual([undefined, 'Bearer T0ken']);
});

test('a key may be encrypted', async () => {
  Object.assign(tools.secrets, { key: pem('client.encrypted-key'), phrase: 'hunter2' });
  await sourceWith({}, { passphrase: { secretArn: 'phrase' } }).fetchPage(requestFor());

  expect(clients).toEqual(['client']);
});

test('it is shown where tokens come from, too', async () => {
  answer = ({ url }) => ({ body: url === '/token' ? { access_token: 'A' } : [] });
  const tokenUrl = `${server.origin}/token`;
  await sourceWith({ auth: { kind: 'client-credentials', tokenUrl, clientId: 'shop', clientSecret: { secretArn: 'token' } } }).fetchPage(requestFor());

  expect(server.received.map(({ url }, index) => `${url} ${clients[index]}`)).toEqual(['/token client', '/orders client']);
});

test('it is not shown to another origin', async () => {
  const shown: string[] = [];
  const other = await ScriptedServer.start((_, response) => {
    shown.push(JSON.stringify((response.socket as TLSSocket).getPeerCertificate()));
    return { body: [{ id: 1 }] };
  }, { ...SERVER, requestCert: true, rejectUnauthorized: false });
  answer = () => ({ status: 302, headers: { location: `${other.origin}/file` } });
  try {
    // The certificate and the trust in the test's authority go together: this failure means that neither was used.
    await expect(sourceWith({ origins: [other.origin] }).fetchPage(requestFor())).rejects.toThrow('self-signed certificate in certificate chain');
    expect(clients).toEqual(['client']);
    expect(shown).toEqual([]);
  } finally {
    await other.close();
  }
});

test('it is read once for many pages, which share connections', async () => {
  const read = jest.spyOn(tools, 'readSecret');
  const ports = new Set<number | undefined>();
  const counting = await ScriptedServer.start((_, response) => {
    ports.add(response.socket?.remotePort);
    return { body: [] };
  }, { ...SERVER, requestCert: true });
  try {
    const source = sourceWith({ url: counting.origin });
    for (let page = 0; page < 3; page++) await source.fetchPage(requestFor());

    expect(ports.size).toBe(1);
    expect(read).toHaveBeenCalledTimes(2);
  } finally {
    await counting.close();
  }
});

test('after a 401 it is read again', async () => {
  answer = (_, client) => {
    Object.assign(tools.secrets, { certificate: pem('renewed'), key: pem('renewed.key') });
    return client === 'client' ? { status: 401 } : { body: [] };
  };
  await sourceWith().fetchPage(requestFor());

  expect(clients).toEqual(['client', 'renewed']);
});

test('after a failed handshake the next attempt reads it again', async () => {
  Object.assign(tools.secrets, { certificate: pem('stranger'), key: pem('stranger.key') });
  const source = sourceWith();
  const failure = await failureOf(source);
  Object.assign(tools.secrets, { certificate: pem('client'), key: pem('client.key') });
  await source.fetchPage(requestFor());

  expect(failure.name).toBe('Error');
  expect(clients).toEqual(['client']);
});

test.each<[string, Partial<HttpClientCertificate>]>([
  ['of an authority that is not trusted', { ca: undefined }],
  ['of another authority than the one that is given', { ca: pem('stranger') }],
])('a server %s is sent nothing', async (_, certificate) => {
  await failureOf(sourceWith({}, certificate));

  expect(clients).toEqual([]);
});

test.each<[string, Record<string, string>, Partial<HttpClientCertificate>?]>([
  ['a certificate that is none', { certificate: 'hunter2' }],
  ['a key that is none', { key: 'hunter2' }],
  ['a key without its line breaks', { key: pem('client.key').replaceAll('\n', '\\n') }],
  ['another certificate\'s key', { key: pem('stranger.key') }],
  ['an encrypted key without its passphrase', { key: pem('client.encrypted-key') }],
  ['a wrong passphrase', { key: pem('client.encrypted-key'), phrase: 'hunter3' }, { passphrase: { secretArn: 'phrase' } }],
])('%s fails at once, and is not shown', async (_, secrets, certificate = {}) => {
  Object.assign(tools.secrets, secrets);

  expect(await failureOf(sourceWith({}, certificate))).toMatchObject({
    name: 'NonRetryableError',
    message: expect.stringMatching(/^The client certificate cannot be used \(\w+\): certificate and key must be PEM with its line breaks, the key/) as string,
  });
  expect(clients).toEqual([]);
});

test('a refusal shows none of its lines', async () => {
  answer = () => ({ status: 403, body: { message: `bad ${tools.secrets.key}` } });

  expect((await failureOf(sourceWith())).message).toBe(`GET ${server.origin}/orders answered 403 Forbidden: {"message":"bad [secret]"}`);
});
