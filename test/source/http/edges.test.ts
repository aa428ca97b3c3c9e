import { HttpErrorAction, HttpPagination, HttpSettings } from '../../../src/protocol/http-settings';
import { HttpSource } from '../../../src/source/http/http-source';
import { numbered, recordsOf, requestFor, Script, ScriptedServer, sourceAt, TestTools } from './kit';

/** Answers that are neither right nor plainly wrong. */

let server: ScriptedServer;
let answer: Script;
let tools: TestTools;

beforeAll(async () => { server = await ScriptedServer.start((request, response) => answer(request, response)); });
afterAll(async () => server.close());
beforeEach(() => {
  server.received.length = 0;
  tools = new TestTools();
});

function source(pagination: HttpPagination, settings: Partial<HttpSettings> = {}): HttpSource {
  return sourceAt({ url: `${server.origin}/orders`, pagination, ...settings }, tools);
}

const TOKEN: HttpPagination = { style: 'token', token: { body: '$.next' }, send: { query: 'page' } };
const SINGLE: HttpPagination = { style: 'single' };

describe('a status that is the end needs no body', () => {
  test.each<[string, HttpPagination]>([
    ['token', TOKEN],
    ['link', { style: 'next-link', link: { body: '$.next' } }],
    ['keyset', { style: 'keyset', field: '$.id', send: { query: 'page' } }],
    ['GraphQL', { style: 'graphql', query: '{ a }', pageInfo: '$.info' }],
  ])('by %s', async (_, pagination) => {
    answer = ({ query, body }) => (query.page === undefined && !body.includes('after')
      ? { body: { data: numbered(2), next: '?page=2', info: { hasNextPage: true, endCursor: 'x' } } }
      : { status: 404, headers: { 'content-type': 'text/html' }, body: '<html>' });

    expect(await recordsOf(source(pagination, { records: '$.data', end: { statuses: [404] } }))).toEqual(numbered(2));
  });
});

describe('a wildcard', () => {
  test.each<[string, string, unknown]>([
    ['of nodes', '$.edges[*].node', { edges: [{ node: 1 }, { node: 2 }] }],
    ['of lists', '$.groups[*].items[*]', { groups: [{ items: [1] }, { items: [] }, { items: [2] }] }],
    ['of values', '$.byId.*', { byId: { a: 1, b: 2 } }],
  ])('%s finds each element', async (_, records, body) => {
    answer = () => ({ body });

    expect(await recordsOf(source(SINGLE, { records }))).toEqual([1, 2]);
  });

  test.each<[string, string, unknown]>([
    ['of nodes', '$.edges[*].node', { edges: [] }],
    ['of lists', '$.groups[*].items[*]', { groups: [] }],
    ['of empty lists', '$.groups[*].items[*]', { groups: [{ items: [] }, { items: [] }] }],
    ['of a filter', '$.items[?@.kind == "a"]', { items: [{ kind: 'b' }] }],
    ['of a filter in elements', '$.items[?@.kind == "a"].rows[*]', { items: [{ kind: 'b' }] }],
  ])('%s may find none', async (_, records, body) => {
    answer = () => ({ body });

    expect(await recordsOf(source(SINGLE, { records }))).toEqual([]);
  });

  test.each<[string, string, unknown, string]>([
    ['an element without the field', '$.edges[*].node', { edges: [{ node: 1 }, {}, { node: 3 }] }, '1 of 3 elements of $.edges have nothing at .node'],
    ['an element without its list', '$.groups[*].items[*]', { groups: [{ items: [1] }, {}] }, '1 of 2 elements of $.groups have nothing at .items'],
    ['an element whose list is none', '$.groups[*].items[*]', { groups: [{ items: [1] }, { items: 'x' }] }, 'There is no list at $.groups[*].items, but a string'],
  ])('%s fails', async (_, records, body, message) => {
    answer = () => ({ body });

    await expect(source(SINGLE, { records }).fetchPage(requestFor())).rejects.toMatchObject({
      name: 'NonRetryableError', message: expect.stringContaining(message) as string,
    });
  });

  test('that misses elements is let through where the settings say so', async () => {
    answer = () => ({ body: { groups: [{ items: [1] }, {}] } });

    expect(await recordsOf(source(SINGLE, { records: '$.groups[*].items[*]', end: { missingRecords: true } }))).toEqual([1]);
  });

  test('whose list is not there fails', async () => {
    answer = () => ({ body: { errors: [] } });

    await expect(source(SINGLE, { records: '$.edges[*].node' }).fetchPage(requestFor())).rejects.toMatchObject({
      message: expect.stringContaining('has nothing at $.edges[*].node') as string,
    });
  });
});

test('a 429 beside a quota that is not used up waits by pace, not until the quota\'s reset', async () => {
  const reset = String(tools.time / 1000 + 3600);
  answer = () => ({ status: 429, headers: { 'x-ratelimit-remaining': '4000', 'x-ratelimit-reset': reset } });

  await expect(source(SINGLE).fetchPage(requestFor())).rejects.toMatchObject({ name: 'RetryLaterError', retryAfterSeconds: 0.5 });
});

test('a total of none on a page behind others is not believed', async () => {
  answer = ({ query }) => ({ body: query.page === undefined ? { data: numbered(2), total: 2, next: 'x' } : { data: [], total: 0 } });
  const asked = source(TOKEN, { total: { body: '$.total' } });

  expect(await asked.fetchPage(requestFor())).toMatchObject({ total: 2 });
  expect(await asked.fetchPage(requestFor({ pageToken: 'x', pageNumber: 2 }))).toMatchObject({ records: [], total: undefined });
});

describe('a 202', () => {
  test('is no page: the source asks to come again', async () => {
    answer = () => ({ status: 202, body: { data: [] } });

    await expect(source(SINGLE).fetchPage(requestFor())).rejects.toMatchObject({ name: 'RetryLaterError' });
    expect(tools.logged.join()).not.toContain('fewer requests');
  });

  test('is waited for as it says', async () => {
    answer = () => ({ status: 202, headers: { 'retry-after': '30' } });

    await expect(source(SINGLE).fetchPage(requestFor())).rejects.toMatchObject({ retryAfterSeconds: 30 });
  });

  test('is a page where a rule says so', async () => {
    answer = () => ({ status: 202, body: numbered(2) });

    expect(await recordsOf(source(SINGLE, { errors: [{ statuses: [202], action: HttpErrorAction.ACCEPT }] }))).toEqual(numbered(2));
  });
});

test('a value of the input that makes no address fails at once, and is not shown', async () => {
  const asked = sourceAt({ url: 'http://{input.shop}.example.com/', pagination: SINGLE }, tools);

  await expect(asked.fetchPage(requestFor({ input: { shop: 'a/secret' } }))).rejects.toMatchObject({
    name: 'NonRetryableError', message: 'url is no address with the values of its placeholders {input.shop}: correct the execution\'s input',
  });
});

describe('a flag that says that a page is the last one', () => {
  const LAST: Partial<HttpSettings> = { end: { lastPage: { body: '$.last' } } };

  test.each<[string, HttpPagination]>([
    ['page', { style: 'page', page: { query: 'page' } }],
    ['token', TOKEN],
  ])('ends pages by %s', async (_, pagination) => {
    answer = ({ query }) => {
      const page = Number(query.page ?? 1);
      return { body: { data: numbered(10, page * 10), last: page === 3, next: page + 1 } };
    };

    expect(await recordsOf(source(pagination, LAST))).toEqual(numbered(30, 10));
  });

  test('that denies it, without a token, fails', async () => {
    answer = () => ({ body: { data: numbered(1), last: false } });

    await expect(source(TOKEN, LAST).fetchPage(requestFor())).rejects.toMatchObject({ name: 'NonRetryableError' });
  });
});

describe('a rule for a header', () => {
  const RULE = { header: 'X-Reason', matches: '^busy', action: HttpErrorAction.WAIT };

  test.each([['busy now', 'RetryLaterError'], ['closed', 'NonRetryableError']])('looks at its value: %s', async (reason, name) => {
    answer = () => ({ status: 403, headers: { 'x-reason': reason } });

    await expect(source(SINGLE, { errors: [RULE] }).fetchPage(requestFor())).rejects.toMatchObject({ name });
  });
});

test('a first token may come from the input', async () => {
  answer = ({ query }) => ({ body: { data: [query.page], next: null } });

  expect(await recordsOf(source({ ...TOKEN, first: '{input.after}' }), { input: { after: 'x/1' } as object })).toEqual(['x/1']);
});
