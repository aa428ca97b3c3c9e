import { estimateOf } from '../../../src/local/preview/estimate';
import { previewJson } from '../../../src/local/preview/preview-json';
import { previewText } from '../../../src/local/preview/preview-text';
import { PageReader, PreviewRequest } from '../../../src/local/preview/read-pages';
import { warningsOf } from '../../../src/local/preview/warnings';
import { HttpPagination, HttpSettings } from '../../../src/protocol/http-settings';
import { Answer, numbered, Received, ScriptedServer, TestTools } from '../../source/http/kit';

/** A preview of a scripted server: what it reads, what it says about it, and what it warns of. */

let server: ScriptedServer;
let answer: (request: Received) => Answer;
beforeAll(async () => { server = await ScriptedServer.start((request) => answer(request)); });
afterAll(async () => server.close());
beforeEach(() => { server.received.length = 0; });

const OFFSET: HttpPagination = { style: 'offset', offset: { query: 'offset' }, limit: { query: 'limit' } };
const TOKEN: HttpPagination = { style: 'token', token: { body: '$.next' }, send: { query: 'cursor' }, size: { query: 'limit' } };

function settingsOf(settings: Partial<HttpSettings>): HttpSettings {
  return { url: `${server.origin}/orders`, privateNetwork: true, pagination: OFFSET, ...settings };
}

type Read = Awaited<ReturnType<PageReader['read']>>;

async function read(settings: HttpSettings, request: Partial<PreviewRequest> = {}): Promise<Read> {
  const asked = { settings, pageSize: 10, mostPages: 5, mostRecords: 100, input: {}, signal: new AbortController().signal, ...request };
  return new PageReader(asked, new TestTools()).read();
}

interface Previewed extends Read {
  readonly warnings: Readonly<Record<string, string>>;
}

async function preview(settings: Partial<HttpSettings>, request: Partial<PreviewRequest> = {}): Promise<Previewed> {
  const all = settingsOf(settings);
  const found = await read(all, request);
  return { ...found, warnings: Object.fromEntries(warningsOf(all, found).map(({ name, message }) => [name, message])) };
}

/** A source by offset. */
function slices(count: number, around: (records: object[]) => unknown = (data) => ({ data })): (request: Received) => Answer {
  return ({ query }) => ({ body: around(numbered(count).slice(Number(query.offset), Number(query.offset) + Number(query.limit))) });
}

describe('decisions, with their reasons', () => {
  test.each<[string, Partial<HttpSettings>, (request: Received) => Answer, string[]]>([
    ['an empty page', {}, slices(15), ['next: offset 10 (until an empty page)', 'next: offset 20 (until an empty page)', 'end: empty page']],
    ['a total', { total: { body: '$.total' } }, slices(15, (data) => ({ data, total: 15 })), ['next: offset 10 (10 of 15 records)', 'end: total 15 reached']],
    ['what came', { pagination: { ...OFFSET, advance: 'received' as never } }, ({ query }) => ({ body: numbered(10).slice(Number(query.offset), Number(query.offset) + 6) }),
      ['next: offset 6 (until an empty page)', 'next: offset 10 (until an empty page)', 'end: empty page']],
    ['a flag', { end: { hasMore: { body: '$.more' } } }, ({ query }) => ({ body: { data: numbered(10), more: query.offset === '0' } }),
      ['next: offset 10 ($.more of the body is true)', 'end: $.more of the body is false']],
    ['a number of pages', { pagination: { style: 'page', page: { query: 'p' } }, end: { totalPages: { body: '$.pages' } } }, ({ query }) => ({ body: { data: [{ id: query.p }], pages: 2 } }),
      ['next: page 2 (page 1 of 2)', 'end: page 2 of 2']],
    ['a short page', { end: { shortPage: true } }, slices(4), ['end: short page, 4 of 10 records']],
    ['a token', { pagination: TOKEN }, ({ query }) => ({ body: { data: numbered(3), next: query.cursor === undefined ? 'abc-secret' : null } }),
      ['next: token at $.next of the body', 'end: no token at $.next of the body']],
    ['a link', { pagination: { style: 'link-header' } }, ({ query, url }) => ({ body: numbered(2), headers: { link: query.page === undefined ? `<${url}?page=2>; rel="next"` : '' } }),
      ['next: link with the relation next in the Link header', 'end: no link with the relation next in the Link header']],
    ['the last record', { pagination: { style: 'keyset', field: '$.id', send: { query: 'after' } } }, ({ query }) => ({ body: query.after === undefined ? numbered(2) : [] }),
      ['next: after the last record\'s $.id', 'end: empty page']],
    ['a status', { end: { statuses: [404] } }, ({ query }) => (query.offset === '0' ? { body: numbered(10) } : { status: 404 }),
      ['next: offset 10 (until an empty page)', 'end: a response with the status 404 ends the source']],
    ['GraphQL', { pagination: { style: 'graphql', query: 'query { a }', pageInfo: '$.data.orders.pageInfo' }, records: '$.data.orders.nodes' }, ({ body }) => {
      const hasNextPage = !body.includes('"after"');
      return { body: { data: { orders: { nodes: numbered(2), pageInfo: { hasNextPage, endCursor: 'c' } } } } };
    }, ['next: endCursor at $.data.orders.pageInfo', 'end: hasNextPage at $.data.orders.pageInfo is false']],
    ['windows of time', {
      pagination: { style: 'time-window', from: { query: 'a' }, to: { query: 'b' }, start: '2026-01-01T00:00:00Z', end: '2026-01-01T00:02:00Z', windowSeconds: 60 },
    }, () => ({ body: numbered(2) }), ['next: the window after this one', 'end: the last window']],
    ['one response', { pagination: { style: 'single' } }, () => ({ body: numbered(2) }), ['end: one response is everything']],
  ])('%s', async (_, settings, script, decisions) => {
    answer = script;

    expect((await preview(settings)).pages.map(({ decision }) => decision)).toEqual(decisions);
  });
});

test('it stops after the pages, and at 100 records', async () => {
  answer = slices(1000);
  expect((await preview({}, { mostPages: 2 })).pages).toHaveLength(2);
  expect((await preview({}, { pageSize: 60 })).pages).toHaveLength(2);
});

describe('warnings', () => {
  test('a source with everything has none but for the missing encryption', async () => {
    answer = slices(15, (data) => ({ data, total: 15 }));
    expect(Object.keys((await preview({ total: { body: '$.total' } })).warnings)).toEqual(['no-encryption']);
  });

  test('only an empty page ends, and the total that there is is not used', async () => {
    answer = slices(15, (data) => ({ data, meta: { total_count: 15 } }));
    const { warnings } = await preview({});
    expect(warnings['no-stop-rule']).toMatch(/Only an empty page/);
    expect(warnings['no-total']).toMatch(/Set total to \{"body":"\$\.meta\.total_count"\}: \$\.meta\.total_count of the body is 15/);
    expect(warnings['short-pages']).toBeUndefined();
  });

  test('a source that caps its pages', async () => {
    answer = ({ query }) => ({ body: numbered(100).slice(Number(query.offset), Number(query.offset) + 7) });
    expect((await preview({})).warnings['short-pages']).toMatch(/Page 1 has 7 records where 10 were asked for.*Set pagination.advance to "received", or the page size to 7/);
    expect((await preview({ pagination: { ...OFFSET, advance: 'received' as never } })).warnings['short-pages']).toBeUndefined();
  });

  test('a source that ignores the page size, and the offset', async () => {
    answer = () => ({ body: numbered(25) });
    const { warnings } = await preview({}, { mostPages: 2 });
    expect(warnings['page-size-ignored']).toMatch(/Page 1 has 25 records where 10 were asked for/);
    expect(warnings['repeated-records']).toMatch(/25 records of page 2 are the same as on page 1. The source seems to ignore/);
  });

  test('a page size that is not sent, where pages are counted by it', async () => {
    answer = ({ query }) => ({ body: numbered(25, 25 * Number(query.page)) });
    const pagination: HttpPagination = { style: 'page', page: { query: 'page' } };
    expect((await preview({ pagination }, { mostPages: 2 })).warnings['page-size-ignored']).toMatch(/not sent, and page 1 has 25 records, not 10\. Set the page size to 25/);
    expect((await preview({ pagination }, { mostPages: 2, pageSize: 25 })).warnings['page-size-ignored']).toBeUndefined();
  });

  test('a count of the page is no total', async () => {
    answer = slices(100, (data) => ({ data, count: data.length }));
    expect((await preview({}, { mostPages: 2 })).warnings['no-total']).toMatch(/The responses have none that is recognized/);
  });

  test('pages that overlap', async () => {
    answer = ({ query }) => ({ body: numbered(10, Number(query.offset) === 0 ? 0 : 9) });
    expect((await preview({}, { mostPages: 2 })).warnings['repeated-records']).toMatch(/1 record of page 2 are the same as on page 1\. The source may change/);
  });

  test('a full page that leads nowhere', async () => {
    answer = () => ({ body: { data: numbered(10), next_cursor: 'x' } });
    expect((await preview({ pagination: TOKEN })).warnings['full-last-page']).toMatch(/Page 1 is full, with 10 records, and leads nowhere/);
  });

  test('numbers that would be rounded, which are shown as they were sent', async () => {
    answer = ({ query }) => ({ body: query.offset === '0' ? '[{"order":{"ids":[9007199254740993]}}]' : [] });
    const found = await preview({});
    expect(found.warnings['unsafe-numbers']).toMatch(/^\$\.order\.ids\[\*\] has a number/);
    expect(previewJson({ preview: found, estimate: undefined, warnings: [], mostRecords: 100 })).toContain('"records":[{"order":{"ids":[9007199254740993]}}]');
  });

  test('rate headers without a rate limit', async () => {
    answer = (request) => ({ ...slices(5)(request), headers: { 'ratelimit-policy': '"default";q=100;w=60', 'ratelimit': '"default";r=99;t=60' } });
    expect((await preview({})).warnings['no-rate-limit']).toMatch(/sends ratelimit-policy, ratelimit.*set rateLimit to \{ "perMinute": 100 \}/);
    expect((await preview({ rateLimit: { perSecond: 1000 } })).warnings['no-rate-limit']).toBeUndefined();
  });
});

describe('the guess', () => {
  test('for a known total, one page is enough to know the pages', async () => {
    answer = slices(1000, (data) => ({ data, total: 1000 }));
    const found = await preview({ total: { body: '$.total' } }, { mostPages: 1 });
    const estimate = estimateOf(settingsOf({ total: { body: '$.total' } }), found)!;
    expect(estimate).toMatchObject({ pages: 100, records: 1000, transitions: 6, isWhole: false });
    expect(estimate.seconds).toBeCloseTo(100 * estimate.secondsPerPage);
  });

  test('without a total, 1,000 pages; a rate limit is the slower one', async () => {
    answer = slices(1000);
    const found = await preview({}, { mostPages: 1 });
    const estimate = estimateOf(settingsOf({ rateLimit: { perMinute: 30 } }), found)!;
    expect(estimate).toMatchObject({ pages: 1000, records: undefined, secondsPerPage: 2, seconds: 2000, transitions: 10 });
    expect(estimate.dollars).toBeCloseTo(2000 * 0.0000133334 + 10 * 0.000025 + 6 * 0.0000002);
  });
});

describe('what is shown', () => {
  test('records, pages with their decisions, the guess and the warnings, within the width', async () => {
    answer = slices(15, (data) => ({ data: data.map((each) => ({ ...each, text: 'word '.repeat(30), nested: { a: [1] }, steering: '\u001b[2J\n' })) }));
    const found = await preview({});
    const [estimate, warnings] = [estimateOf(settingsOf({}), found), warningsOf(settingsOf({}), found)];
    const text = previewText({ preview: found, estimate, warnings, mostRecords: 100, width: 80 });
    const lines = text.split('\n');
    expect(lines[0]).toMatch(/^id {2}text +nested +steering/);
    expect(lines[2]).toMatch(/^0 {3}word .*… {2}\{"a":\[1\]\} {2}/);
    expect(text).not.toContain('\u001b');
    expect(Math.max(...lines.slice(0, 17).map(({ length }) => length))).toBeLessThanOrEqual(80);
    expect(text).toMatch(/\n1 +200 +\d+ +\d+ +10 +next: offset 10 \(until an empty page\)\n/);
    expect(text).toContain('The records were found at $.data, which is a guess');
    expect(text).toMatch(/These are all records: about .* of Lambda time .*, 6 state transitions, less than a cent\.\nA guess .*us-east-1/);
    expect(text).toContain('\nWarning: Only an empty page ends the import');
  });
});

test('a failure keeps the pages before it, and shows neither the token nor the secret', async () => {
  answer = ({ query, headers }) => (query.cursor === undefined ? { body: { data: numbered(2), next: 'token-4711' } } : { status: 403, body: { said: `${query.cursor} ${headers.authorization}` } });
  const settings = settingsOf({ pagination: TOKEN, auth: { kind: 'bearer', token: { environment: 'SHOP' } } });
  const tools = new TestTools();
  tools.secrets.SHOP = 'hunter2';
  const request = { settings, pageSize: 10, mostPages: 5, mostRecords: 100, input: {}, signal: new AbortController().signal };
  const { pages, failed } = await new PageReader(request, tools).read();
  expect(pages).toHaveLength(1);
  expect(failed).toMatchObject({ number: 2, message: expect.stringContaining('answered 403 Forbidden') });
  expect(JSON.stringify(failed)).not.toMatch(/hunter2|token-4711/);
});

test('a source that asks for a wait is asked again, and both answers are seen', async () => {
  answer = (request) => (server.received.length === 1 ? { status: 429, headers: { 'retry-after': '1' } } : slices(5)(request));
  const { pages: [first], warnings } = await preview({}, { mostPages: 1 });
  expect(first!.responses.map(({ status }) => status)).toEqual([429, 200]);
  expect(warnings['no-rate-limit']).toMatch(/^The source answers 429, and the settings have no rate limit/);
});

test('a wait of more than a minute ends it', async () => {
  answer = () => ({ status: 429, headers: { 'retry-after': '61' } });
  expect((await preview({})).failed).toMatchObject({ number: 1, message: expect.stringContaining('answered 429') });
});

test('watching changes nothing: the requests are those of the engine alone', async () => {
  answer = slices(15);
  await preview({});
  const watched = server.received.map(({ url }) => url);
  expect(watched).toEqual(['/orders?offset=0&limit=10', '/orders?offset=10&limit=10', '/orders?offset=20&limit=10']);
});
