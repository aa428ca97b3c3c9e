import { detectSource } from '../../../src/local/detect/detect-source';
import { Finding, Proposal } from '../../../src/local/detect/proposal';
import { checkHttpSettings } from '../../../src/protocol/http-check/check-http-settings';
import { HttpSettings } from '../../../src/protocol/http-settings';
import { Answer, Received, recordsOf, ScriptedServer, sourceAt, TestTools } from '../../source/http/kit';

/** One scripted server per style. The proposal must be right, and read every record. */

const RECORDS = Array.from({ length: 23 }, (_, index) => ({ id: `r${index}`, name: `record ${index}` }));
const USUAL = 10;

let server: ScriptedServer;
let answer: (request: Received) => Answer;
beforeAll(async () => { server = await ScriptedServer.start((request) => answer(request)); });
afterAll(async () => server.close());
beforeEach(() => { server.received.length = 0; });

async function detect(path: string, headers: readonly (readonly [string, string])[] = []): Promise<Proposal> {
  const request = { url: `${server.origin}${path}`, headers, privateNetwork: true, signal: new AbortController().signal };
  return detectSource(request, new TestTools());
}

function unsure({ findings }: Proposal): string[] {
  return findings.filter(({ isSure }: Finding) => !isSure).map(({ setting }) => setting);
}

/** The records of a page, and where the next one begins; `undefined` after the last one. */
function slice(from: number, size: number): { readonly page: typeof RECORDS; readonly next: number | undefined } {
  return { page: RECORDS.slice(from, from + size), next: from + size < RECORDS.length ? from + size : undefined };
}

function sizeIn({ query }: Received, name: string): number {
  return Number(query[name] ?? USUAL);
}

interface Style {
  readonly name: string;
  readonly path: string;
  readonly script: (request: Received) => Answer;
  /** What the proposal has. */
  readonly expected: Partial<HttpSettings>;
  /** Settings of which it is not sure. */
  readonly unsure?: readonly string[];
}

const STYLES: readonly Style[] = [
  {
    name: 'Link header',
    path: '/repos',
    script: (request) => {
      const [page, size] = [Number(request.query.page ?? 1), sizeIn(request, 'per_page')];
      const { page: body, next } = slice((page - 1) * size, size);
      const link = next === undefined ? '</repos?page=1>; rel="first"' : `</repos?page=${page + 1}&per_page=${size}>; rel="next", </repos?page=1>; rel="first"`;
      return { body, headers: { link, 'x-ratelimit-limit': '60', 'x-ratelimit-remaining': '59', 'x-ratelimit-reset': '3600' } };
    },
    expected: { records: '$', pagination: { style: 'link-header', size: { query: 'per_page' } }, rateLimit: { reserve: 1 } },
    unsure: ['rateLimit'],
  },
  {
    name: 'a token called next_cursor',
    path: '/orders',
    script: (request) => {
      const { page, next } = slice(Number((request.query.cursor ?? 'c0').slice(1)), sizeIn(request, 'limit'));
      return { body: { orders: page, next_cursor: next === undefined ? null : `c${next}` }, headers: { 'ratelimit-policy': '"default";q=300;w=60', 'ratelimit': '"default";r=299;t=60' } };
    },
    expected: {
      records: '$.orders', pagination: { style: 'token', token: { body: '$.next_cursor' }, send: { query: 'cursor' }, size: { query: 'limit' } }, rateLimit: { perMinute: 300 },
    },
  },
  {
    name: 'a token called nextPageToken',
    path: '/files?fields=id,name',
    script: (request) => {
      const { page, next } = slice(Number(request.query.pageToken ?? 0), sizeIn(request, 'pageSize'));
      return { body: { kind: 'list', files: page, ...next === undefined ? {} : { nextPageToken: String(next) } } };
    },
    expected: { records: '$.files', pagination: { style: 'token', token: { body: '$.nextPageToken' }, send: { query: 'pageToken' }, size: { query: 'pageSize' } } },
  },
  {
    name: 'a token at paging.next.after, beside a link',
    path: '/contacts',
    script: (request) => {
      const { page, next } = slice(Number(request.query.after ?? 0), sizeIn(request, 'limit'));
      return { body: { results: page, ...next === undefined ? {} : { paging: { next: { after: String(next), link: `/contacts?after=${next}` } } } } };
    },
    expected: { records: '$.results', pagination: { style: 'token', token: { body: '$.paging.next.after' }, send: { query: 'after' }, size: { query: 'limit' } } },
  },
  {
    name: 'a cursor in metadata that is empty at the end',
    path: '/channels',
    script: (request) => {
      const { page, next } = slice(Number(request.query.cursor ?? 0), sizeIn(request, 'limit'));
      return { body: { ok: true, channels: page, response_metadata: { next_cursor: next === undefined ? '' : String(next) } } };
    },
    expected: {
      records: '$.channels', pagination: { style: 'token', token: { body: '$.response_metadata.next_cursor' }, send: { query: 'cursor' }, size: { query: 'limit' } },
    },
  },
  {
    name: 'a continuation token',
    path: '/items',
    script: (request) => {
      const { page, next } = slice(Number(request.query.continuationToken ?? 0), USUAL);
      return { body: { items: page, continuationToken: next === undefined ? null : String(next) } };
    },
    expected: { records: '$.items', pagination: { style: 'token', token: { body: '$.continuationToken' }, send: { query: 'continuationToken' } } },
    unsure: ['page size'],
  },
  {
    name: 'has_more, and the last id',
    path: '/charges',
    script: (request) => {
      const after = RECORDS.findIndex(({ id }) => id === request.query.starting_after);
      const { page, next } = slice(after + 1, sizeIn(request, 'limit'));
      return { body: { object: 'list', data: page, has_more: next !== undefined } };
    },
    expected: {
      records: '$.data', pagination: { style: 'keyset', field: '$.id', send: { query: 'starting_after' }, size: { query: 'limit' } }, end: { hasMore: { body: '$.has_more' } },
    },
  },
  {
    name: 'offset and limit, with a total',
    path: '/products?offset=0&limit=10',
    script: (request) => ({ body: { products: slice(Number(request.query.offset ?? 0), sizeIn(request, 'limit')).page, total: RECORDS.length } }),
    expected: { records: '$.products', pagination: { style: 'offset', offset: { query: 'offset' }, limit: { query: 'limit' } }, total: { body: '$.total' } },
  },
  {
    name: 'skip and limit, told by the answer alone',
    path: '/users',
    script: (request) => {
      const [skip, limit] = [Number(request.query.skip ?? 0), sizeIn(request, 'limit')];
      return { body: { users: slice(skip, limit).page, total: RECORDS.length, skip, limit } };
    },
    expected: { records: '$.users', pagination: { style: 'offset', offset: { query: 'skip' }, limit: { query: 'limit' } }, total: { body: '$.total' } },
  },
  {
    name: 'page and per_page, with a number of pages',
    path: '/people',
    script: (request) => {
      const [page, size] = [Number(request.query.page ?? 1), sizeIn(request, 'per_page')];
      const { page: data } = slice((page - 1) * size, size);
      return { body: { page, per_page: size, total: RECORDS.length, total_pages: Math.ceil(RECORDS.length / size), data } };
    },
    expected: {
      records: '$.data', pagination: { style: 'page', page: { query: 'page' }, size: { query: 'per_page' } }, end: { totalPages: { body: '$.total_pages' } }, total: { body: '$.total' },
    },
  },
  {
    name: 'page numbers from 0, as Spring has them',
    path: '/books',
    script: (request) => {
      const [number, size] = [Number(request.query.page ?? 0), sizeIn(request, 'size')];
      const { page: content } = slice(number * size, size);
      return { body: { content, number, size, totalElements: RECORDS.length, totalPages: Math.ceil(RECORDS.length / size) } };
    },
    expected: {
      records: '$.content',
      pagination: { style: 'page', page: { query: 'page' }, first: 0, size: { query: 'size' } },
      end: { totalPages: { body: '$.totalPages' } },
      total: { body: '$.totalElements' },
    },
  },
  {
    name: 'CouchDB',
    path: '/db/_all_docs?include_docs=true',
    script: (request) => {
      const skip = Number(request.query.skip ?? 0);
      return { body: { total_rows: RECORDS.length, offset: skip, rows: slice(skip, Number(request.query.limit ?? 1000)).page } };
    },
    expected: { records: '$.rows', pagination: { style: 'offset', offset: { query: 'skip' }, limit: { query: 'limit' } }, total: { body: '$.total_rows' } },
  },
  {
    name: 'OData',
    path: '/odata/Orders',
    script: (request) => {
      const { page, next } = slice(Number(request.query.$skiptoken ?? 0), sizeIn(request, '$top'));
      const link = next === undefined ? {} : { '@odata.nextLink': `${server.origin}/odata/Orders?$skiptoken=${next}&$top=${sizeIn(request, '$top')}` };
      return { body: { '@odata.context': '$metadata#Orders', '@odata.count': RECORDS.length, 'value': page, ...link } };
    },
    expected: { records: '$.value', pagination: { style: 'next-link', link: { body: '$[\'@odata.nextLink\']' }, size: { query: '$top' } }, total: { body: '$[\'@odata.count\']' } },
  },
  {
    name: 'JSON:API',
    path: '/articles',
    script: (request) => {
      const size = Number(request.query['page[size]'] ?? USUAL);
      const { page, next } = slice(Number(request.query['page[after]'] ?? 0), size);
      const link = next === undefined ? null : `/articles?page%5Bafter%5D=${next}&page%5Bsize%5D=${size}`;
      return { body: { data: page, included: [], links: { self: '/articles', next: link }, meta: { total: RECORDS.length } } };
    },
    expected: { records: '$.data', pagination: { style: 'next-link', link: { body: '$.links.next' }, size: { query: 'page[size]' } }, total: { body: '$.meta.total' } },
  },
  {
    name: 'a link and a count in the body, as Django has them',
    path: '/tickets/?status=open',
    script: (request) => {
      const [page, size] = [Number(request.query.page ?? 1), sizeIn(request, 'page_size')];
      const { page: results, next } = slice((page - 1) * size, size);
      const link = next === undefined ? null : `${server.origin}/tickets/?status=open&page=${page + 1}&page_size=${size}`;
      return { body: { count: RECORDS.length, next: link, previous: null, results } };
    },
    expected: { records: '$.results', pagination: { style: 'next-link', link: { body: '$.next' }, size: { query: 'page_size' } }, total: { body: '$.count' } },
  },
  {
    name: 'a plain list by page, that says nothing',
    path: '/posts',
    script: (request) => {
      const size = sizeIn(request, 'limit');
      return { body: slice((Number(request.query.page ?? 1) - 1) * size, size).page };
    },
    expected: { records: '$', pagination: { style: 'page', page: { query: 'page' }, size: { query: 'limit' } } },
    unsure: ['end'],
  },
  {
    name: 'a plain list by _start and _limit, with a total in a header once it is paged',
    path: '/comments',
    script: ({ query: { _start = 0, _limit } }) => {
      if (_limit === undefined) return { body: RECORDS };
      return { body: slice(Number(_start), Number(_limit)).page, headers: { 'x-total-count': String(RECORDS.length) } };
    },
    expected: { records: '$', pagination: { style: 'offset', offset: { query: '_start' }, limit: { query: '_limit' } }, total: { header: 'x-total-count' } },
  },
];

test.each(STYLES.map((style) => [style.name, style] as const))('%s', async (_, { path, script, expected, unsure: expectedUnsure = [] }) => {
  answer = script;
  const proposal = await detect(path);
  const { settings } = proposal;

  expect(settings).toEqual({ url: expect.stringContaining(server.origin), privateNetwork: true, ...expected });
  expect(unsure(proposal)).toEqual(expectedUnsure);
  expect(() => checkHttpSettings('here', settings)).not.toThrow();
  expect(server.received.length).toBeLessThanOrEqual(20);
  expect(await recordsOf(sourceAt({ ...settings, rateLimit: {} }), { pageSize: 7 })).toEqual(RECORDS);
});
