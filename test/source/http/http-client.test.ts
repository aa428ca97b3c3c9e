import { HttpErrorAction } from '../../../src/protocol/http-settings';
import { defineSource, httpSource, linkOf } from '../../../src/source';
import { clientOf, HttpClientForHandlers, HttpClientSettings } from '../../../src/source/http/define-http-client';
import { numbered, requestFor, Script, ScriptedServer, TestTools } from './kit';

/** What authors of handlers may use of the engine. */

let server: ScriptedServer;
let answer: Script;
let tools: TestTools;

beforeAll(async () => { server = await ScriptedServer.start((request, response) => answer(request, response)); });
afterAll(async () => server.close());
beforeEach(() => {
  server.received.length = 0;
  tools = new TestTools();
  tools.secrets.T = 'hunter2';
});

function client(settings: Partial<HttpClientSettings> = {}): HttpClientForHandlers {
  const auth = { kind: 'bearer', token: { environment: 'T' } } as const;
  return clientOf({ baseUrl: `${server.origin}/v2`, privateNetwork: true, auth, ...settings }, tools);
}

const PAGE = requestFor();

describe('a client', () => {
  test('sends what is asked for, with its credentials', async () => {
    answer = () => ({ body: { items: [1], big: null } });
    const response = await client({ headers: { Accept: 'application/json' } }).send(PAGE, {
      url: '/orders?deep=1', query: { limit: 5, after: undefined }, headers: { 'X-Trace': 't' },
    });

    expect(response.body()).toEqual({ items: [1], big: null });
    expect(response).toMatchObject({ status: 200, isEnd: false });
    expect(server.received).toMatchObject([{
      method: 'GET', url: '/v2/orders?deep=1&limit=5', headers: { 'accept': 'application/json', 'x-trace': 't', 'authorization': 'Bearer hunter2' },
    }]);
  });

  test('posts a body, without looking for placeholders in it', async () => {
    answer = () => ({ body: [] });
    await client().send(PAGE, { url: 'orders', body: { note: '{input.secret}' } });

    expect(server.received).toMatchObject([{ method: 'POST', url: '/v2/orders', body: '{"note":"{input.secret}"}', headers: { 'content-type': 'application/json' } }]);
  });

  test.each<[number, string]>([[429, 'RetryLaterError'], [503, 'Error'], [403, 'NonRetryableError'], [413, 'NonRetryableError']])('tells the import what %d means', async (status, name) => {
    answer = () => ({ status, body: { message: 'no hunter2' } });
    const failed = client().send(PAGE, { url: 'orders' });

    await expect(failed).rejects.toMatchObject({ name });
    await expect(failed).rejects.not.toThrow('hunter2');
  });

  test('says that it is the end where a status or a rule says so', async () => {
    answer = () => ({ status: 404, body: '<html>', headers: { 'content-type': 'text/html' } });

    expect(await client({ endStatuses: [404] }).send(PAGE, { url: 'orders' })).toMatchObject({ isEnd: true });
    expect(await client({ errors: [{ statuses: [404], action: HttpErrorAction.END }] }).send(PAGE, { url: 'orders' })).toMatchObject({ isEnd: true });
  });

  test('does not leave its origin', async () => {
    await expect(client().send(PAGE, { url: 'https://evil.example.com/x' })).rejects.toThrow('The source leads to https://evil.example.com');
    expect(server.received).toEqual([]);
  });

  test('sends no credentials to another origin that is listed', async () => {
    const other = await ScriptedServer.start(() => ({ body: [] }));
    try {
      await client({ origins: [other.origin] }).send(PAGE, { url: `${other.origin}/file` });

      expect(other.received[0]!.headers).not.toHaveProperty('authorization');
    } finally {
      await other.close();
    }
  });

  test('keeps to a rate, also across pages', async () => {
    answer = () => ({ body: [] });
    const rated = client({ rateLimit: { perSecond: 2 } });
    for (let page = 0; page < 3; page++) await rated.send(PAGE, { url: 'orders' });

    expect(tools.waits).toEqual([500, 500, 500]);
  });

  test.each<[string, object, string]>([
    ['no address', { baseUrl: 'api.example.com' }, 'url is another text'],
    ['a setting of pages', { records: '$.data', recods: 1 }, 'recods is not a setting'],
  ])('refuses %s', (_, settings, message) => {
    expect(() => client(settings)).toThrow(message);
  });
});

test('a link of a response, relative or not', () => {
  const url = new URL('https://api.example.com/orders?page=1');

  expect(linkOf({ url, headers: { link: '<?page=2>; rel="next"' } })).toBe('https://api.example.com/orders?page=2');
  expect(linkOf({ url, headers: { link: '<https://a.example.com/>; rel=prev' } }, 'prev')).toBe('https://a.example.com/');
  expect(linkOf({ url, headers: {} })).toBeNull();
});

describe('a source by settings, with code', () => {
  const HERE = { privateNetwork: true, pagination: { style: 'single' } } as const;

  test('may find the records by code', async () => {
    answer = ({ query }) => ({ body: { rows: numbered(3).map(({ id }) => [id]), next: query.page === undefined ? 2 : null } });
    const source = httpSource({
      url: server.origin, privateNetwork: true, pagination: { style: 'token', token: { body: '$.next' }, send: { query: 'page' } },
    }, {
      records: ({ rows }: { readonly rows: number[][] }, { status }) => rows.map(([id]) => ({ id, status })),
    });

    expect(await source.fetchPage(requestFor())).toMatchObject({
      records: [{ id: 0, status: 200 }, { id: 1 }, { id: 2 }], nextPageToken: 2,
    });
  });

  test('fails where the code finds none', async () => {
    answer = () => ({ body: {} });
    const source = httpSource({ ...HERE, url: server.origin }, { records: () => undefined });

    await expect(source.fetchPage(requestFor())).rejects.toMatchObject({ name: 'NonRetryableError' });
  });

  test('may be called by a handler', async () => {
    answer = () => ({ body: numbered(2) });
    const orders = httpSource({ ...HERE, url: server.origin });
    const source = defineSource({ fetchPage: async (request) => orders.fetchPage(request) });

    expect(await source.fetchPage(requestFor())).toMatchObject({ records: numbered(2) });
  });
});
