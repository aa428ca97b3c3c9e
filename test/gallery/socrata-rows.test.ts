import { Answer, Received } from '../source/http/kit';
import { GalleryApi } from './kit';

/**
 * Rows of a data set at a Socrata portal: offset and limit; a status that asks for patience.
 *
 * https://dev.socrata.com/docs/paging
 * https://dev.socrata.com/docs/response-codes
 * https://dev.socrata.com/docs/app-tokens
 */

const ROWS = Array.from({ length: 30 }, (_, index) => ({ station: `S${index}`, rides: String(index * 100) }));
const INPUT = { dataset: '5neh-572f' };
const IS_FOLLOWING = ({ query }: Received): boolean => query.$offset !== '0';

let api: GalleryApi;
beforeEach(async () => { api = await GalleryApi.start('socrata-rows', { SOCRATA_APP_TOKEN: 'app1' }, answer); });
afterEach(async () => api.close());

/** Without an order, pages are not in any. */
function answer({ url, query, headers }: Received): Answer {
  if (headers['x-app-token'] !== 'app1') return { status: 403, body: { code: 'permission_denied', error: true } };
  if (!url.startsWith('/resource/5neh-572f.json?')) return { status: 404, body: { code: 'dataset.missing', error: true } };
  const rows = query.$order === ':id' ? ROWS : [...ROWS].reverse();
  const from = Number(query.$offset ?? 0);
  return { body: rows.slice(from, from + Number(query.$limit ?? 1000)) };
}

test.each([7, 10, 30, 1000])('every row comes once, in pages of %i', async (pageSize) => {
  expect((await api.import({ pageSize, input: INPUT })).records).toEqual(ROWS);
});

test('a response that says "being processed" is no page, and is asked for again', async () => {
  api.answerOnce({ status: 202, body: { message: 'Request processing' } }, IS_FOLLOWING);
  expect(await api.import({ pageSize: 10, input: INPUT })).toEqual({ records: ROWS, waits: [5], retries: 0 });
});

test('too many requests are followed by a pause', async () => {
  api.answerOnce({ status: 429, body: { code: 'too_many_requests', error: true } }, IS_FOLLOWING);
  expect(await api.import({ pageSize: 10, input: INPUT })).toMatchObject({ records: ROWS, waits: [0.5] });
});

test('a data set that is not there fails at once', async () => {
  await expect(api.import({ pageSize: 10, input: { ...INPUT, dataset: 'aaaa-bbbb' } })).rejects.toThrow(/404 Not Found: .*dataset.missing/);
});
