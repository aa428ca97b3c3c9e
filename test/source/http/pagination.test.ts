import { HttpPagination, HttpSettings, OffsetAdvance } from '../../../src/protocol/http-settings';
import { Answer, numbered, Received, recordsOf, ScriptedServer, sourceAt } from './kit';

const ALL = numbered(25);

/** A style, and a server that pages so. */
interface Case {
  readonly name: string;
  readonly pagination: HttpPagination;
  readonly more?: Partial<HttpSettings>;
  readonly answer: (request: Received) => Answer;
}

function slice(from: number, count: number): readonly unknown[] {
  return ALL.slice(from, from + count);
}

const size = { query: 'limit' };

const CASES: Case[] = [
  {
    name: 'offset and limit',
    pagination: { style: 'offset', offset: { query: 'offset' }, limit: size },
    answer: ({ query }) => ({ body: slice(Number(query.offset), Number(query.limit)) }),
  },
  {
    name: 'offset and limit, in a body that is posted',
    pagination: { style: 'offset', offset: { body: '/page/offset' }, limit: { body: '/page/limit' } },
    answer: ({ body }) => {
      const { page } = JSON.parse(body) as { page: { offset: number; limit: number } };
      return { body: { data: slice(page.offset, page.limit) } };
    },
  },
  {
    name: 'an offset that grows by what came, at a server that caps',
    pagination: { style: 'offset', offset: { query: 'skip' }, limit: size, advance: OffsetAdvance.RECEIVED },
    answer: ({ query }) => ({ body: slice(Number(query.skip), Math.min(4, Number(query.limit))) }),
  },
  {
    name: 'page numbers from 1, with a total',
    pagination: { style: 'page', page: { query: 'page' }, size },
    more: { total: { body: '$.total' } },
    answer: ({ query }) => ({ body: { items: slice((Number(query.page) - 1) * 10, 10), total: 25 } }),
  },
  {
    name: 'page numbers from 0, in the path, with a number of pages',
    pagination: { style: 'page', page: { path: 'page' }, first: 0 },
    more: { end: { totalPages: { header: 'X-Total-Pages' } } },
    answer: ({ url }) => ({ body: slice(Number(url.slice(1)) * 10, 10), headers: { 'x-total-pages': '3' } }),
  },
  {
    name: 'a token in the body',
    pagination: { style: 'token', token: { body: '$.next' }, send: { query: 'cursor' }, size },
    answer: ({ query }) => tokenBody(Number(query.cursor ?? 0), Number(query.limit)),
  },
  {
    name: 'a token in a header, sent as a header, with a first one and a flag',
    pagination: { style: 'token', token: { header: 'X-Next' }, send: { header: 'X-After' }, first: '0' },
    more: { end: { hasMore: { body: '$.more' } } },
    answer: ({ headers }) => {
      const from = Number(headers['x-after']);
      return { body: { rows: slice(from, 10), more: from + 10 < 25 }, headers: { 'x-next': String(from + 10) } };
    },
  },
  {
    name: 'a relative link in the body',
    pagination: { style: 'next-link', link: { body: '$.links.next' }, size },
    answer: ({ query }) => {
      const from = Number(query.from ?? 0);
      return { body: { data: slice(from, 10), links: from + 10 < 25 ? { next: `?from=${from + 10}&limit=10` } : {} } };
    },
  },
  {
    name: 'the Link header',
    pagination: { style: 'link-header' },
    answer: ({ query }) => {
      const page = Number(query.page ?? 1);
      const links = [...page < 3 ? [`</?page=${page + 1}>; title="a, b"; rel="next last"`] : [], '</?page=1>; rel=first'];
      return { body: slice((page - 1) * 10, 10), headers: { link: links.join(', ') } };
    },
  },
  {
    name: 'a field of the last record',
    pagination: { style: 'keyset', field: '$.id', send: { query: 'after' }, size },
    answer: ({ query }) => ({ body: slice(query.after === undefined ? 0 : Number(query.after) + 1, 10) }),
  },
  {
    name: 'windows of time',
    pagination: {
      style: 'time-window', from: { query: 'from' }, to: { query: 'to' }, start: '{input.since}', end: '1970-01-01T00:00:25Z', windowSeconds: 4, size,
    },
    answer: ({ query }) => {
      const [from, to] = [Date.parse(query.from!) / 1000, Date.parse(query.to!) / 1000];
      return { body: slice(from, to - from) };
    },
  },
  {
    name: 'GraphQL',
    pagination: { style: 'graphql', query: '{ orders }', variables: { status: 'open' }, pageInfo: '$.data.orders.pageInfo' },
    more: { records: '$.data.orders.edges[*].node' },
    answer: ({ body }) => {
      const { variables } = JSON.parse(body) as { variables: { after?: number; first: number; status: string } };
      const { after = 0, first, status } = variables;
      const from = Number(after);
      const edges = status === 'open' ? slice(from, first).map((node) => ({ node })) : [];
      return { body: { data: { orders: { edges, pageInfo: { hasNextPage: from + first < 25, endCursor: String(from + first) } } } } };
    },
  },
  {
    name: 'a single page',
    pagination: { style: 'single' },
    answer: () => ({ body: { hits: ALL } }),
  },
];

function tokenBody(from: number, limit: number): Answer {
  return { body: { items: slice(from, limit), next: from + limit < 25 ? from + limit : null } };
}

describe('every record comes once, in order', () => {
  test.each(CASES)('$name', async ({ pagination, more = {}, answer }) => {
    const server = await ScriptedServer.start(answer);
    const path = pagination.style === 'page' && pagination.page.path !== undefined ? '/{page}' : '/';
    try {
      const source = sourceAt({ url: `${server.origin}${path}`, pagination, ...more });

      expect(await recordsOf(source, { input: { since: '1970-01-01T00:00:00Z' } })).toEqual(ALL);
    } finally {
      await server.close();
    }
  });
});
