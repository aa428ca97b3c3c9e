import { AddressInfo, createServer, Server } from 'node:net';
import { deflateSync, gzipSync, brotliCompressSync } from 'node:zlib';
import { HttpErrorAction, HttpPagination, HttpSettings } from '../../../src/protocol/http-settings';
import { HttpSource } from '../../../src/source/http/http-source';
import { Answer, numbered, recordsIn, recordsOf, requestFor, Script, ScriptedServer, sourceAt, TestTools } from './kit';

/** Servers that mislead, fail, or attack. */

let server: ScriptedServer;
let answer: Script;
let tools: TestTools;

beforeAll(async () => { server = await ScriptedServer.start((request, response) => answer(request, response)); });
afterAll(async () => server.close());
beforeEach(() => {
  server.received.length = 0;
  tools = new TestTools();
});

const OFFSET: HttpPagination = { style: 'offset', offset: { query: 'offset' }, limit: { query: 'limit' } };

function source(settings: Partial<HttpSettings> = {}): HttpSource {
  return sourceAt({ url: `${server.origin}/orders?secret=1`, pagination: { style: 'single' }, ...settings }, tools);
}

function answering(given: Answer): HttpSource {
  answer = () => given;
  return source();
}

interface Failure {
  readonly name: string;
  readonly message: string;
  readonly retryAfterSeconds?: number;
}

async function failureOf(asked: HttpSource, request = requestFor()): Promise<Failure> {
  return asked.fetchPage(request).then(() => { throw new Error('it did not fail'); }, (error: Failure) => error);
}

describe('where a source leads', () => {
  test.each([
    ['a link to another origin', 'https://evil.example.com/next', 'https://evil.example.com'],
    ['a link to the metadata service', 'http://169.254.169.254/latest/meta-data', 'http://169.254.169.254'],
    ['a link without encryption', 'http://127.0.0.1:1/', 'http://127.0.0.1:1'],
    ['a link to another scheme', 'file:///etc/passwd', 'null'],
  ])('%s is not followed', async (_, link, origin) => {
    answer = () => ({ body: { data: [{ id: 1 }], next: link } });
    const asked = source({ pagination: { style: 'next-link', link: { body: '$.next' } } });
    const page = await asked.fetchPage(requestFor()) as { nextPageToken: string };

    expect(await failureOf(asked, requestFor({ pageToken: page.nextPageToken, pageNumber: 2 }))).toMatchObject({
      name: 'NonRetryableError', message: `The source leads to ${origin}, which is not its own origin ${server.origin}; if that is right, add it to origins`,
    });
    expect(server.received).toHaveLength(1);
  });

  test.each(['127.0.0.1', '10.1.2.3', '172.16.0.1', '192.168.1.1', '169.254.169.254', '[::1]', '[::ffff:127.0.0.1]', '[fd00::1]', '[fe80::1]',
    '[64:ff9b::a9fe:a9fe]', '2130706433', '0x7f.1', '017700000001', '127.1', 'localhost'])('%s is refused', async (host) => {
    const asked = new HttpSource({ url: `http://${host}:${new URL(server.origin).port}/`, pagination: { style: 'single' } }, tools);
    const { name, message } = await failureOf(asked);

    expect({ name, message }).toEqual({
      name: 'NonRetryableError',
      message: expect.stringMatching(/has an address in a loopback, link-local or private range, to which requests are not sent; if the source is there, set privateNetwork to true$/),
    });
    expect(server.received).toEqual([]);
  });

  test('redirects in a circle end', async () => {
    answer = () => ({ status: 302, headers: { location: '/orders' } });

    expect(await failureOf(source())).toMatchObject({ name: 'NonRetryableError', message: `${server.origin} redirects more than 5 times` });
    expect(server.received).toHaveLength(6);
  });

  test('a redirect on the same origin is followed, a body with it where the status says so', async () => {
    answer = ({ url, method, body }) => (url.startsWith('/orders') ? { status: 307, headers: { location: 'new' } } : { body: [{ method, body }] });

    expect(await recordsOf(source({ body: { a: 1 } }))).toEqual([{ method: 'POST', body: '{"a":1}' }]);
  });
});

describe('too many requests', () => {
  test.each<[string, Answer, number]>([
    ['429 with seconds', { status: 429, headers: { 'retry-after': '17' } }, 17],
    ['429 with a date', { status: 429, headers: { 'retry-after': new Date(Date.now() + 3_600_000).toUTCString() } }, 3600],
    ['429 with no hint', { status: 429, headers: { 'retry-after': '0' } }, 0.5],
    ['429 with nonsense', { status: 429, headers: { 'retry-after': 'soon' } }, 0.5],
    ['429 with nothing', { status: 429 }, 0.5],
    ['429 with a reset', { status: 429, headers: { 'x-ratelimit-remaining': '0', 'x-ratelimit-reset': '45' } }, 45],
    ['503 with seconds', { status: 503, headers: { 'retry-after': '9' } }, 9],
  ])('%s becomes a wait', async (_, given, seconds) => {
    const { name, retryAfterSeconds } = await failureOf(answering(given));

    expect(name).toBe('RetryLaterError');
    // HTTP dates have whole seconds.
    expect(Math.abs(retryAfterSeconds! - seconds)).toBeLessThan(seconds < 3600 ? 0.001 : 10);
  });

  test('without a rate, the source is asked more and more slowly, and says so', async () => {
    const asked = answering({ status: 429 });
    const waits: number[] = [];
    for (let tries = 0; tries < 9; tries++) {
      const { retryAfterSeconds = 0 } = await failureOf(asked);
      waits.push(retryAfterSeconds);
      tools.time += retryAfterSeconds * 1000;
    }

    expect(waits.map((seconds) => Number(seconds.toFixed(3)))).toEqual([0.5, 0.95, 1.805, 3.429, 6.516, 12.38, 23.523, 44.694, 60]);
    expect(tools.logged[0]).toBe('The source asks for fewer requests: from now on, one every 500 ms. Set rateLimit to what it allows.');
  });

  test.each<[string, Record<string, string>]>([
    ['RateLimit', { ratelimit: '"burst";r=90;t=1, "day";r=0;t=8' }],
    ['the older RateLimit', { ratelimit: 'limit=100, remaining=0, reset=8' }],
    ['RateLimit-Remaining', { 'ratelimit-remaining': '0', 'ratelimit-reset': '8' }],
    ['X-RateLimit-Reset since 1970', { 'x-ratelimit-remaining': '0', 'x-ratelimit-reset': String(Date.UTC(2026, 10, 30) / 1000 + 8) }],
    ['X-RateLimit-Reset in milliseconds', { 'x-ratelimit-remaining': '0', 'x-ratelimit-reset': String(Date.UTC(2026, 10, 30) + 8000) }],
    ['X-Rate-Limit-Reset as a date', { 'x-rate-limit-remaining': '0', 'x-rate-limit-reset': '2026-11-30T00:00:08Z' }],
  ])('a quota that is used up by %s is waited for before the next request', async (_, headers) => {
    answer = () => ({ headers, body: [{ id: 1 }] });
    const asked = source();
    await asked.fetchPage(requestFor());

    expect(await failureOf(asked)).toMatchObject({ name: 'RetryLaterError', retryAfterSeconds: 8 });
    expect(server.received).toHaveLength(1);
  });

  test('a reset in the past is none', async () => {
    answer = () => ({ headers: { 'x-ratelimit-remaining': '0', 'x-ratelimit-reset': '1000000001' }, body: [] });
    const asked = source();
    await asked.fetchPage(requestFor());
    await asked.fetchPage(requestFor());

    expect(tools.waits).toEqual([]);
  });

  test('a reserve is left over', async () => {
    answer = () => ({ headers: { 'ratelimit-remaining': '5', 'ratelimit-reset': '60' }, body: [] });
    const asked = source({ rateLimit: { reserve: 5 } });
    await asked.fetchPage(requestFor());

    expect(await failureOf(asked)).toMatchObject({ name: 'RetryLaterError', retryAfterSeconds: 60 });
  });

  test('a rate spreads requests evenly, from the first one of a process on', async () => {
    answer = () => ({ body: [] });
    const asked = source({ rateLimit: { perSecond: 4, perMinute: 60 } });
    for (let page = 0; page < 3; page++) await asked.fetchPage(requestFor());

    expect(tools.waits).toEqual([1000, 1000, 1000]);
  });
});

describe('bodies', () => {
  const DATA = JSON.stringify([{ id: 1, name: 'Zoë' }]);

  test.each<[string, Answer]>([
    ['gzip', { headers: { 'content-encoding': 'gzip' }, body: gzipSync(DATA) }],
    ['deflate', { headers: { 'content-encoding': 'deflate' }, body: deflateSync(DATA) }],
    ['brotli', { headers: { 'content-encoding': 'br' }, body: brotliCompressSync(DATA) }],
    ['a byte order mark', { body: `\ufeff${DATA}` }],
    ['windows-1252', { headers: { 'content-type': 'application/json; charset=windows-1252' }, body: Buffer.from(DATA, 'latin1') }],
    ['UTF-16', { headers: { 'content-type': 'application/json; charset="utf-16le"' }, body: Buffer.from(DATA, 'utf16le') }],
  ])('%s is read', async (_, given) => {
    expect(await recordsOf(answering(given))).toEqual([{ id: 1, name: 'Zoë' }]);
  });

  test.each<[string, Answer, string]>([
    ['JSON that is cut off', { body: '[{"id": 1}, {"id"' }, 'the body is not JSON: 17 bytes of application/json. It may have been cut off, or be an error page'],
    ['a web page', { headers: { 'content-type': 'text/html' }, body: '<html>' }, 'the response is a web page, not data: perhaps a proxy\'s, or a login'],
    ['gzip that is cut off', { headers: { 'content-encoding': 'gzip' }, body: gzipSync(DATA).subarray(0, 30) }, 'unexpected end of file'],
    ['gzip that is none', { headers: { 'content-encoding': 'gzip' }, body: DATA }, 'incorrect header check'],
    ['an encoding that was not asked for', { headers: { 'content-encoding': 'compress' }, body: DATA }, 'the response has the content encoding compress, which was not asked for'],
    ['invalid UTF-8', { body: Buffer.from('["\xff"]', 'latin1') }, 'the body is not valid UTF-8; if it has another charset, its content type must say so'],
    ['a charset that is none', { headers: { 'content-type': 'application/json; charset=klingon' }, body: Buffer.from('["ü"]') }, 'the body cannot be read as klingon, which its content type says it is'],
  ])('%s fails, and may be retried', async (_, given, message) => {
    expect(await failureOf(answering(given))).toMatchObject({ name: 'Error', message });
  });

  test('a small body that becomes a large one is stopped on the way', async () => {
    answer = () => ({ headers: { 'content-encoding': 'gzip' }, body: gzipSync(Buffer.alloc(64 * 1024 * 1024, 32)) });

    expect(await failureOf(source({ maxResponseBytes: 1000 }))).toMatchObject({
      name: 'NonRetryableError', message: 'the response has more than 1000 bytes: make the pages smaller, or raise maxResponseBytes and the memory of the fetch function',
    });
  });

  test.each<[string, Answer, string]>([
    ['an empty 200', { body: '' }, 'has no list in it: it has no body'],
    ['a 204', { status: 204 }, 'The response (status 204) has no list in it'],
    ['an object without a list', { body: { status: 'ok', count: 3 } }, 'it has the fields status (a string), count (a number)'],
  ])('%s fails, and says what came', async (_, given, message) => {
    const { name, message: told } = await failureOf(answering(given));
    expect(name).toBe('NonRetryableError');
    expect(told).toContain(message);
  });

  test.each<[string, Partial<HttpSettings>, Answer]>([
    ['a status', { end: { statuses: [204, 404] } }, { status: 204 }],
    ['another status', { end: { statuses: [204, 404] } }, { status: 404, body: { message: 'no more' } }],
    ['no list', { end: { missingRecords: true } }, { body: { status: 'ok' } }],
    ['an error in a body', { errors: [{ body: '$.error.code', matches: '^out_of_range$', action: HttpErrorAction.END }] }, { body: { error: { code: 'out_of_range' } } }],
  ])('%s may be the end', async (_, settings, given) => {
    answer = ({ query }) => (query.offset === '0' ? { body: { data: numbered(10) } } : given);

    expect(await recordsOf(source({ pagination: OFFSET, records: '$.data', ...settings }))).toEqual(numbered(10));
  });

  test('two lists that may be the records are named', async () => {
    expect(await failureOf(answering({ body: { data: [], items: [] } }))).toMatchObject({
      name: 'NonRetryableError', message: 'The response has several lists: $.data, $.items; set records to the path of the one with the records',
    });
  });

  test('where the records were found is told', async () => {
    await recordsOf(answering({ body: { tags: ['a'], result: { items: [{ id: 1 }] } } }));

    expect(tools.logged).toEqual(['The records are taken from $.result.items. Set records to this path to make it certain.']);
  });
});

describe('errors', () => {
  test.each<[number, string]>([[400, 'NonRetryableError'], [403, 'NonRetryableError'], [404, 'NonRetryableError'], [408, 'Error'], [500, 'Error'], [502, 'Error'],
    [503, 'Error'], [504, 'Error'], [501, 'NonRetryableError'], [410, 'NonRetryableError']])('%s is a %s', async (status, name) => {
    expect(await failureOf(answering({ status, body: { message: 'why' } }))).toMatchObject({ name, message: expect.stringMatching(new RegExp(`^GET ${server.origin}/orders answered ${status} [A-Z].*: {"message":"why"}$`)) });
  });

  test.each<[HttpErrorAction, string]>([
    [HttpErrorAction.RETRY, 'Error'], [HttpErrorAction.FAIL, 'NonRetryableError'], [HttpErrorAction.WAIT, 'RetryLaterError'],
  ])('an error inside a 200 may mean %s', async (action, name) => {
    answer = () => ({ headers: { 'x-error': 'yes' }, body: { error: 'busy now', data: [] } });

    expect(await failureOf(source({ errors: [{ statuses: [200], header: 'X-Error', body: '$.error', matches: '^busy', action }] }))).toMatchObject({ name });
    expect(await recordsOf(source({ errors: [{ body: '$.error', matches: '^idle', action }] }))).toEqual([]);
  });

  test('the first rule that holds applies', async () => {
    answer = () => ({ status: 400 });

    expect(await failureOf(source({ errors: [{ statuses: [400], action: HttpErrorAction.RETRY }, { statuses: [400], action: HttpErrorAction.FAIL }] }))).toMatchObject({ name: 'Error' });
  });

  test('GraphQL errors fail', async () => {
    answer = () => ({ body: { errors: [{ message: 'no field x' }], data: null } });
    const asked = source({ pagination: { style: 'graphql', query: '{ a }', pageInfo: '$.data.a.pageInfo' } });

    expect(await failureOf(asked)).toMatchObject({ name: 'NonRetryableError', message: expect.stringContaining('no field x') });
  });
});

describe('ends that do not fit', () => {
  test.each<[string, HttpPagination, Partial<HttpSettings>, unknown, string]>([
    ['more pages, but no token', { style: 'token', token: { body: '$.next' }, send: { query: 'c' } }, { end: { hasMore: { body: '$.more' } } }, { data: [], more: true },
      'The source says that there are more pages, but its response has no token at $.next of the body'],
    ['a flag that is none', { style: 'token', token: { body: '$.next' }, send: { query: 'c' } }, { end: { hasMore: { body: '$.more' } } }, { data: [], more: 'perhaps' },
      'The value at $.more of the body is neither true nor false'],
    ['a total that is none', OFFSET, { total: { body: '$.total' } }, { data: [], total: 'many' }, 'The value at $.total of the body is not a whole number'],
    ['a link that is none', { style: 'next-link', link: { body: '$.next' } }, {}, { data: [], next: 'http://[' }, 'The link at $.next of the body is not a URL'],
    ['a token that is an object', { style: 'token', token: { body: '$.next' }, send: { query: 'c' } }, {}, { data: [], next: {} },
      'The token at $.next of the body is no text and no number; name the field that is one'],
    ['a record without the key', { style: 'keyset', field: '$.id', send: { query: 'after' } }, {}, { data: [{}] },
      'The last record has no text and no number at $.id, by which the next page is asked for'],
    ['no pageInfo', { style: 'graphql', query: '{ a }', pageInfo: '$.pageInfo' }, {}, { data: [] }, 'The response has nothing at $.pageInfo; ask for it in the query'],
    ['no hasNextPage', { style: 'graphql', query: '{ a }', pageInfo: '$.pageInfo' }, {}, { data: [], pageInfo: {} }, '$.pageInfo has no hasNextPage; ask for it in the query'],
  ])('%s', async (_, pagination, settings, body, message) => {
    answer = () => ({ body });

    expect(await failureOf(source({ pagination, ...settings }))).toMatchObject({ name: 'NonRetryableError', message });
  });

  test('a keyset that is not unique', async () => {
    answer = () => ({ body: [{ id: 7 }, { id: 7 }] });
    const asked = source({ pagination: { style: 'keyset', field: '$.id', send: { query: 'after' } } });

    expect(await failureOf(asked, requestFor({ pageToken: 7, pageNumber: 2 }))).toMatchObject({
      name: 'NonRetryableError', message: 'The last records of two pages have the same $.id: records with this value may be missing. Page by a unique field',
    });
  });

  test('a window that is full', async () => {
    answer = () => ({ body: numbered(10) });
    const asked = source({
      pagination: { style: 'time-window', from: { query: 'f' }, to: { query: 't' }, size: { query: 'n' }, start: '2026-01-01T00:00:00Z', windowSeconds: 60 },
    });

    expect(await failureOf(asked)).toMatchObject({ name: 'NonRetryableError', message: expect.stringMatching(/^A window of 60 s has 10 records, as many as were asked for/) });
  });
});

describe('smaller pages', () => {
  const ALL = numbered(35);

  test.each<[string, HttpPagination]>([
    ['offset', OFFSET],
    ['token', { style: 'token', token: { body: '$.next' }, send: { query: 'offset' }, size: { query: 'limit' } }],
    ['keyset', { style: 'keyset', field: '$.id', send: { query: 'after' }, size: { query: 'limit' } }],
  ])('by %s, every record comes once where the server refuses more than three', async (_, pagination) => {
    answer = ({ query }) => {
      const limit = Number(query.limit);
      const from = query.after === undefined ? Number(query.offset ?? 0) : Number(query.after) + 1;
      if (limit > 3) return { status: 413 };
      return { body: { data: ALL.slice(from, from + limit), next: from + limit < ALL.length ? from + limit : null } };
    };

    expect(await recordsOf(source({ pagination, records: '$.data' }))).toEqual(ALL);
  });

  test('the borders of pages by offset do not move', async () => {
    answer = ({ query }) => {
      const [offset, limit] = [Number(query.offset), Number(query.limit)];
      return limit > 4 ? { status: 413 } : { body: ALL.slice(offset, offset + limit) };
    };
    const page = await source({ pagination: OFFSET }).fetchPage(requestFor({ offset: 10, pageNumber: 2 }));

    expect(recordsIn(page)).toEqual(ALL.slice(10, 20));
    expect(server.received.map(({ query: { offset, limit } }) => `${offset}+${limit}`)).toEqual(['10+10', '10+5', '10+3', '13+3', '16+3', '19+1']);
  });

  test('pages grow back', async () => {
    let refused = 1;
    answer = ({ query }) => (refused-- > 0 ? { status: 413 } : { body: { data: [{}], next: Number(query.c ?? 0) + 1 } });
    const asked = source({ pagination: { style: 'token', token: { body: '$.next' }, send: { query: 'c' }, size: { query: 'limit' } } });
    for (let page = 0; page < 7; page++) await asked.fetchPage(requestFor());

    expect(server.received.map(({ query }) => query.limit)).toEqual(['10', '5', '5', '5', '5', '5', '10', '10']);
  });

  test('a body that is too large, or takes too long, is asked for in smaller pieces', async () => {
    answer = ({ query }) => ({ body: numbered(Number(query.limit), Number(query.offset)) });

    expect(recordsIn(await source({ pagination: OFFSET, maxResponseBytes: 50 }).fetchPage(requestFor()))).toEqual(numbered(10));
  });

  test.each<[string, HttpPagination]>([
    ['page numbers', { style: 'page', page: { query: 'page' }, size: { query: 'limit' } }],
    ['a single page', { style: 'single' }],
    ['a limit that is not sent', { style: 'offset', offset: { query: 'offset' } }],
  ])('%s cannot be smaller', async (_, pagination) => {
    answer = () => ({ status: 413 });

    expect(await failureOf(source({ pagination }))).toMatchObject({ name: 'NonRetryableError', message: 'The source refuses the page as too large (status 413)' });
    expect(server.received).toHaveLength(1);
  });

  test('a single record that is too large fails', async () => {
    answer = () => ({ status: 413 });

    expect(await failureOf(source({ pagination: OFFSET }))).toMatchObject({ name: 'NonRetryableError' });
    expect(server.received.map(({ query }) => query.limit)).toEqual(['10', '5', '3', '2', '1']);
  });
});

describe('connections', () => {
  let raw: Server;
  let reply: string | undefined;
  beforeAll(async () => {
    raw = createServer((socket) => {
      socket.on('error', () => {});
      socket.once('data', () => {
        if (reply === undefined) socket.destroy();
        else socket.write(reply);
      });
    });
    await new Promise<void>((resolve) => { raw.listen(0, '127.0.0.1', resolve); });
  });
  afterAll(async () => new Promise((resolve) => { raw.close(resolve); }));

  function rawSource(timeouts = {}): HttpSource {
    return sourceAt({ url: `http://127.0.0.1:${(raw.address() as AddressInfo).port}/`, pagination: { style: 'single' }, timeouts }, tools);
  }

  test('that break fail, and may be retried', async () => {
    reply = undefined;

    expect(await failureOf(rawSource())).toMatchObject({ name: 'Error', message: 'socket hang up' });
  });

  test('whose headers never come are given up', async () => {
    reply = 'HTTP/1.1 200 OK\r\nx-slow: ';

    expect(await failureOf(rawSource({ headersSeconds: 0.05 }))).toMatchObject({ name: 'RequestTimeoutError', message: 'the headers took longer than 0.05 s' });
  });

  test('whose body never ends are given up', async () => {
    reply = 'HTTP/1.1 200 OK\r\ncontent-length: 100\r\n\r\n[';

    expect(await failureOf(rawSource({ bodySeconds: 0.05 }))).toMatchObject({ name: 'RequestTimeoutError', message: 'the body took longer than 0.05 s' });
  });

  test('are left when the invocation ends', async () => {
    reply = 'HTTP/1.1 200 OK\r\n';
    const abort = new AbortController();
    setTimeout(() => abort.abort(), 20);

    expect(await failureOf(rawSource(), requestFor({ signal: abort.signal }))).toMatchObject({ name: 'AbortError' });
  });
});
