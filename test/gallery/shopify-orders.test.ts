import { Answer, numbered, Received } from '../source/http/kit';
import { GalleryApi } from './kit';

/**
 * Orders of a shop at Shopify: the `Link` header with a page_info that admits no other parameters.
 *
 * https://shopify.dev/docs/api/admin-rest/usage/pagination
 * https://shopify.dev/docs/api/admin-rest/usage/rate-limits
 */

const ORDERS = numbered(60);
const INPUT = { shop: 'flowers', version: '2026-10' };
const PATH = '/admin/api/2026-10/orders.json';
const MAX_LIMIT = 250;
const IS_FOLLOWING = ({ query }: Received): boolean => query.page_info !== undefined;

let api: GalleryApi;
beforeEach(async () => { api = await GalleryApi.start('shopify-orders', { SHOPIFY_ACCESS_TOKEN: 'shpat_1' }, answer); });
afterEach(async () => api.close());

function answer({ url, query, headers }: Received): Answer {
  if (headers['x-shopify-access-token'] !== 'shpat_1') return { status: 401, body: { errors: 'Invalid API key or access token' } };
  if (!url.startsWith(`${PATH}?`)) return { status: 404, body: { errors: 'Not Found' } };
  const { page_info: info, limit: size = '50', fields: _, ...others } = query;
  if (info !== undefined && Object.keys(others).length > 0) return { status: 400, body: { errors: { page_info: 'Invalid value.' } } };
  if (info === undefined && others.status !== 'any') return { body: { orders: [] } }; // by default, open orders only
  const limit = Math.min(MAX_LIMIT, Number(size));
  const from = info === undefined ? 0 : Number(Buffer.from(info, 'base64url').toString());
  return { body: { orders: ORDERS.slice(from, from + limit) }, headers: linksOf(from, limit) };
}

function linksOf(from: number, limit: number): Record<string, string> {
  const link = (start: number, rel: string): string => {
    const info = Buffer.from(String(start)).toString('base64url');
    return `<${api.origin}${PATH}?page_info=${info}&limit=${limit}>; rel="${rel}"`;
  };
  const links = [...from > 0 ? [link(from - limit, 'previous')] : [], ...from + limit < ORDERS.length ? [link(from + limit, 'next')] : []];
  return links.length === 0 ? {} : { link: links.join(', ') };
}

test.each([50, 7, 60, 250])('every order comes once, in pages of %i', async (pageSize) => {
  expect((await api.import({ pageSize, input: INPUT })).records).toEqual(ORDERS);
  expect(api.pauses).toEqual(api.received.map(() => 500));
  expect(api.received[0]!.query.limit).toBe(String(pageSize));
});

test('too many requests are waited for, as the header says', async () => {
  api.answerOnce({ status: 429, headers: { 'retry-after': '2.0' }, body: { errors: 'Exceeded 2 calls per second for api client.' } }, IS_FOLLOWING);
  expect(await api.import({ pageSize: 50, input: INPUT })).toEqual({ records: ORDERS, waits: [2], retries: 0 });
});

test('a token that is not valid any more fails, after it was read again', async () => {
  const refusal = { status: 401, body: { errors: '[API] Invalid API key or access token' } };
  api.answerOnce(refusal);
  api.answerOnce(refusal);
  await expect(api.import({ pageSize: 50, input: INPUT })).rejects.toThrow(/401 Unauthorized/);
  expect(api.received).toHaveLength(2);
});
