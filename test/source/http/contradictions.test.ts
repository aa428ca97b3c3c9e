import { HttpPagination, HttpSettings, OffsetAdvance } from '../../../src/protocol/http-settings';
import { HttpSource } from '../../../src/source/http/http-source';
import { numbered, recordsOf, requestFor, Script, ScriptedServer, sourceAt } from './kit';

/** Sources whose signs of the end contradict what came with them: none of them may end an import, or add a record twice, silently. */

let server: ScriptedServer;
let answer: Script;

beforeAll(async () => { server = await ScriptedServer.start((request, response) => answer(request, response)); });
afterAll(async () => server.close());
beforeEach(() => { server.received.length = 0; });

function source(pagination: HttpPagination, settings: Partial<HttpSettings> = {}): HttpSource {
  return sourceAt({ url: `${server.origin}/orders`, pagination, ...settings });
}

const MORE: Partial<HttpSettings> = { end: { hasMore: { body: '$.more' } } };

const RECEIVED: HttpPagination = { style: 'offset', offset: { query: 'skip' }, advance: OffsetAdvance.RECEIVED };
const KEYSET: HttpPagination = { style: 'keyset', field: '$.id', send: { query: 'after' }, size: { query: 'limit' } };
const WINDOW: HttpPagination = {
  style: 'time-window', from: { query: 'from' }, to: { query: 'to' }, start: '2026-01-01T00:00:00Z', end: '2026-01-02T00:00:00Z', windowSeconds: 3600,
};

describe('a page without records, and a flag that there is more', () => {
  test.each<[string, HttpPagination, unknown]>([
    ['an offset that grows by what came', RECEIVED, 40],
    ['a field of the last record', KEYSET, 40],
  ])('%s', async (_, pagination, pageToken) => {
    answer = () => ({ body: { data: [], more: true } });

    await expect(source(pagination, MORE).fetchPage(requestFor({ pageToken: pageToken as number, pageNumber: 5 }))).rejects.toMatchObject({
      name: 'NonRetryableError',
      message: 'The source says that there are more pages, but this one has no records, and the next one is asked for by those. '
        + 'If an empty page is the end, leave end.hasMore out',
    });
  });

  test('a status that is the end counts more than the flag', async () => {
    answer = () => ({ status: 404, body: { more: true } });
    const asked = source(KEYSET, { end: { hasMore: { body: '$.more' }, statuses: [404] } });

    expect(await asked.fetchPage(requestFor({ pageToken: 40, pageNumber: 5 }))).toMatchObject({ records: [], nextPageToken: null });
  });
});

describe('a number of pages', () => {
  const PAGES: Partial<HttpSettings> = { end: { totalPages: { body: '$.pages' } } };
  const TOKEN: HttpPagination = { style: 'token', token: { body: '$.next' }, send: { query: 'after' }, size: { query: 'limit' } };
  const all = numbered(100);

  test.each<[string, HttpPagination]>([['a token', TOKEN], ['an offset that grows by what came', { ...RECEIVED, limit: { query: 'limit' } } as HttpPagination]])(
    'does not end pages by %s, which may have become smaller', async (_, pagination) => {
      answer = ({ query }) => {
        const [from, limit] = [Number(query.after ?? query.skip ?? 0), Number(query.limit)];
        if (limit > 5 && server.received.length < 3) return { status: 413 };
        const next = from + limit < all.length ? from + limit : null;
        return { body: { data: all.slice(from, from + limit), next, pages: Math.ceil(all.length / limit) } };
      };

      expect(await recordsOf(source(pagination, PAGES))).toEqual(all);
    },
  );

  test('does not end a page by offset that was put together from smaller ones', async () => {
    answer = ({ query }) => {
      const [from, limit] = [Number(query.skip), Number(query.limit)];
      if (limit > 60) return { status: 413 };
      return { body: { data: all.slice(from, from + limit), pages: Math.ceil(all.length / limit) } };
    };

    const pagination: HttpPagination = { style: 'offset', offset: { query: 'skip' }, limit: { query: 'limit' } };
    expect(await recordsOf(source(pagination, PAGES), { pageSize: 64 })).toEqual(all);
  });

  test('that does not fit is left to the import, which warns', async () => {
    answer = () => ({ body: { data: numbered(3), next: null, pages: 9 } });

    expect(await source(TOKEN, PAGES).fetchPage(requestFor())).toMatchObject({ nextPageToken: null, totalPages: 9 });
  });
});

describe('the last page says by hasMore that it is the last where more than a missing token tells', () => {
  const TOKEN: HttpPagination = { style: 'token', token: { body: '$.next' }, send: { query: 'after' } };

  test.each<[string, HttpPagination, Partial<HttpSettings>, unknown, boolean]>([
    ['a missing token alone', TOKEN, {}, { data: numbered(10) }, false],
    ['a missing link alone', { style: 'link-header' }, {}, { data: numbered(10) }, false],
    ['a flag', TOKEN, MORE, { data: numbered(10), more: false }, true],
    ['a status', TOKEN, { end: { statuses: [200] } }, { data: [] }, true],
    ['a single page', { style: 'single' }, {}, { data: numbered(10) }, true],
    ['GraphQL', { style: 'graphql', query: '{ a }', pageInfo: '$.info' }, {}, { data: numbered(10), info: { hasNextPage: false } }, true],
    ['the last window', { ...WINDOW, windowSeconds: 86_400 } as HttpPagination, {}, { data: numbered(10) }, true],
    ['an offset that has reached the total', RECEIVED, { total: { body: '$.total' } }, { data: numbered(10), total: 10 }, true],
  ])('%s', async (_, pagination, settings, body, isSure) => {
    answer = () => ({ body });
    const page = await source(pagination, settings).fetchPage(requestFor()) as { readonly hasMore?: boolean };

    expect(page).toMatchObject({ nextPageToken: null });
    expect(page.hasMore).toBe(isSure ? false : undefined);
  });
});

describe('a keyset', () => {
  const all = numbered(25);

  /** Answers with the records from a value on: the value itself is among them. */
  const from: Script = ({ query }) => ({ body: all.slice(Number(query.after ?? 0)).slice(0, Number(query.limit)) });

  test('whose parameter means "from" and not "after" fails', async () => {
    answer = from;

    await expect(recordsOf(source(KEYSET))).rejects.toMatchObject({
      name: 'NonRetryableError',
      message: 'The page begins with the record by which it was asked for: the parameter means "from", not "after". Set inclusive to true',
    });
  });

  test.each([10, 5, 2, 1])('that is inclusive has each record once, in pages of %d', async (pageSize) => {
    answer = from;

    expect(await recordsOf(source({ ...KEYSET, inclusive: true }), { pageSize })).toEqual(all);
  });

  test('that is inclusive goes on where the record itself was deleted meanwhile', async () => {
    answer = ({ query }) => {
      const left = query.after === undefined ? all : all.filter(({ id }) => id !== 9 && id >= Number(query.after));
      return { body: left.slice(0, 10) };
    };

    expect(await recordsOf(source({ ...KEYSET, inclusive: true }))).toEqual(all);
  });

  test('that is inclusive does not take a page with nothing new for the end while the flag says there is more', async () => {
    answer = ({ query }) => ({ body: { data: all.slice(Number(query.after ?? 0)).slice(0, 1), more: true } });

    await expect(recordsOf(source({ ...KEYSET, inclusive: true }, MORE))).rejects.toMatchObject({ name: 'NonRetryableError' });
  });

  test('may have integers beyond 2^53', async () => {
    const ids = ['9007199254740993', '9007199254740994', '9007199254740995'];
    answer = ({ query }) => ({ body: `[${ids.slice(query.after === undefined ? 0 : ids.indexOf(query.after) + 1).slice(0, 1).map((id) => `{"id":${id}}`).join()}]` });

    expect(await recordsOf(source(KEYSET), { pageSize: 1 })).toHaveLength(3);
    expect(server.received.map(({ query }) => query.after)).toEqual([undefined, ...ids]);
  });
});

describe('a window of time', () => {
  test('whose flag says there is more fails', async () => {
    answer = () => ({ body: { data: numbered(3), more: true } });

    await expect(source(WINDOW, MORE).fetchPage(requestFor())).rejects.toMatchObject({
      name: 'NonRetryableError', message: 'A window of 3600 s has more records than the 3 that came: make the windows shorter, or the pages larger',
    });
  });

  test('with fewer records than its total fails', async () => {
    answer = () => ({ body: { data: numbered(3), total: 4 } });

    await expect(source(WINDOW, { total: { body: '$.total' } }).fetchPage(requestFor())).rejects.toMatchObject({
      name: 'NonRetryableError', message: 'A window of 3600 s has 4 records, of which 3 came: make the windows shorter, or the pages larger',
    });
  });

  test('without records does not end the import, whatever its status', async () => {
    answer = ({ query }) => (query.from === '2026-01-01T05:00:00.000Z' ? { status: 404 } : { body: numbered(1) });

    expect(await recordsOf(source(WINDOW, { end: { statuses: [404] } }))).toHaveLength(23);
  });

  test('has a total of its own, which is not the import\'s', async () => {
    answer = () => ({ body: { data: numbered(3), total: 3 } });

    expect(await source(WINDOW, { total: { body: '$.total' } }).fetchPage(requestFor())).toMatchObject({ total: undefined });
  });
});

test('a single page whose flag says there is more fails', async () => {
  answer = () => ({ body: { data: numbered(3), more: true } });

  await expect(source({ style: 'single' }, MORE).fetchPage(requestFor())).rejects.toMatchObject({
    name: 'NonRetryableError', message: 'The source says that there are more pages, but pagination says that there is one',
  });
});
