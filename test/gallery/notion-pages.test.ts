import { Answer, Received } from '../source/http/kit';
import { GalleryApi } from './kit';

/**
 * Pages of a data source in Notion: requests by POST, with the cursor in the body.
 *
 * https://developers.notion.com/reference/query-a-data-source
 * https://developers.notion.com/reference/request-limits
 * https://developers.notion.com/guides/data-apis/query-large-data-sources
 */

const PAGES = Array.from({ length: 25 }, (_, index) => ({ object: 'page', id: `59833787-2cf9-4fdf-8782-${String(index).padStart(12, '0')}` }));
const INPUT = { dataSource: 'd1' };

let api: GalleryApi;
beforeEach(async () => { api = await GalleryApi.start('notion-pages', { NOTION_TOKEN: 'ntn_1' }, answer); });
afterEach(async () => api.close());

interface Query {
  readonly start_cursor?: string;
  readonly page_size?: number;
  readonly sorts: readonly unknown[];
}

function queryIn({ body }: Received): Query {
  return JSON.parse(body) as Query;
}

function isFollowing(request: Received): boolean {
  return queryIn(request).start_cursor !== undefined;
}

function answer(request: Received): Answer {
  const { method, url, headers } = request;
  if (headers.authorization !== 'Bearer ntn_1') return refusal(401, 'unauthorized');
  if (headers['notion-version'] === undefined) return refusal(400, 'missing_version');
  if (method !== 'POST' || url !== '/v1/data_sources/d1/query') return refusal(404, 'object_not_found');
  const { start_cursor: cursor, page_size: size = 100 } = queryIn(request);
  if (size > 100) return refusal(400, 'validation_error');
  const from = cursor === undefined ? 0 : PAGES.findIndex(({ id }) => id === cursor);
  const next = PAGES[from + size]?.id ?? null;
  return { body: { object: 'list', results: PAGES.slice(from, from + size), next_cursor: next, has_more: next !== null } };
}

function refusal(status: number, code: string): Answer {
  return { status, body: { object: 'error', status, code } };
}

test.each([10, 5, 25, 100])('every page of the data source comes once, in pages of %i', async (pageSize) => {
  expect((await api.import({ pageSize, input: INPUT })).records).toEqual(PAGES);
  expect(queryIn(api.received[0]!).sorts).toEqual([{ timestamp: 'created_time', direction: 'ascending' }]);
  expect(api.pauses.map(Math.round)).toEqual(api.received.map(() => 333));
});

test.each([[429, 'rate_limited'], [529, 'service_overload']])('%i is waited for, as the header says', async (status, code) => {
  api.answerOnce({ ...refusal(status, code), headers: { 'retry-after': '12' } }, isFollowing);
  expect(await api.import({ pageSize: 10, input: INPUT })).toEqual({ records: PAGES, waits: [12], retries: 0 });
});

test('a query that Notion has cut off fails instead of publishing a part', async () => {
  const cut = { request_status: { type: 'incomplete', incomplete_reason: 'query_result_limit_reached' } };
  api.answerOnce({ body: { object: 'list', results: PAGES.slice(10, 20), next_cursor: null, has_more: false, ...cut } }, isFollowing);
  await expect(api.import({ pageSize: 10, input: INPUT })).rejects.toThrow(/answered 200 OK/);
});

test('a page that says there are more, but not where, fails instead of ending early', async () => {
  api.answerOnce({ body: { object: 'list', results: PAGES.slice(10, 20), next_cursor: null, has_more: true } }, isFollowing);
  await expect(api.import({ pageSize: 10, input: INPUT })).rejects.toThrow('there are more pages, but its response has no token at $.next_cursor');
});

test('a page that is too large fails at once', async () => {
  await expect(api.import({ pageSize: 101, input: INPUT })).rejects.toThrow(/400 Bad Request: .*validation_error/);
});
