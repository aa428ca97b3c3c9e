import { Answer, numbered, Received } from '../source/http/kit';
import { GalleryApi } from './kit';

/**
 * Tickets at Zendesk: a link in the body, and a flag.
 *
 * https://developer.zendesk.com/api-reference/introduction/pagination/
 * https://developer.zendesk.com/api-reference/introduction/rate-limits/
 */

const TICKETS = numbered(25);
const INPUT = { subdomain: 'flowers' };
const MAX_SIZE = 100;
const AUTHORIZATION = `Basic ${Buffer.from('ada@example.com/token:zd1').toString('base64')}`;
const IS_FOLLOWING = ({ query }: Received): boolean => query['page[after]'] !== undefined;

let api: GalleryApi;
beforeEach(async () => {
  api = await GalleryApi.start('zendesk-tickets', { ZENDESK_USER: 'ada@example.com/token', ZENDESK_API_TOKEN: 'zd1' }, answer);
});
afterEach(async () => api.close());

function answer({ query, headers }: Received): Answer {
  if (headers.authorization !== AUTHORIZATION) return { status: 401, body: { error: 'Couldn\'t authenticate you' } };
  if (query['page[size]'] === undefined) return { body: { tickets: TICKETS, next_page: null, count: TICKETS.length } }; // offset pagination
  return page(Number(query['page[after]'] ?? 0), Math.min(MAX_SIZE, Number(query['page[size]'])));
}

/** The last page has a link, too: the flag is what counts. */
function page(from: number, size: number): Answer {
  const after = String(from + size);
  const meta = { has_more: from + size < TICKETS.length, after_cursor: after };
  const links = { next: `${api.origin}/api/v2/tickets.json?page%5Bafter%5D=${after}&page%5Bsize%5D=${size}` };
  return { body: { tickets: TICKETS.slice(from, from + size), meta, links } };
}

test.each([10, 5, 25, 500])('every ticket comes once, in pages of %i', async (pageSize) => {
  expect((await api.import({ pageSize, input: INPUT })).records).toEqual(TICKETS);
});

test('too many requests are waited for, as the header says', async () => {
  const headers = { 'retry-after': '93', 'x-rate-limit': '700', 'x-rate-limit-remaining': '0' };
  api.answerOnce({ status: 429, headers, body: 'Number of allowed API requests per minute exceeded' }, IS_FOLLOWING);
  expect(await api.import({ pageSize: 10, input: INPUT })).toEqual({ records: TICKETS, waits: [93], retries: 0 });
});

test('a quota that is used up is waited for before the next request', async () => {
  const spent = { 'ratelimit-limit': '700', 'ratelimit-remaining': '0', 'ratelimit-reset': '41' };
  api.answerOnce({ ...page(0, 10), headers: spent });
  expect(await api.import({ pageSize: 10, input: INPUT })).toEqual({ records: TICKETS, waits: [41], retries: 0 });
});

test('a page that says there are more, but not where, fails instead of ending early', async () => {
  api.answerOnce({ body: { tickets: TICKETS.slice(0, 10), meta: { has_more: true }, links: {} } });
  await expect(api.import({ pageSize: 10, input: INPUT })).rejects.toThrow('there are more pages, but its response has no link at $.links.next');
});
