import { Answer, Received } from '../source/http/kit';
import { GalleryApi } from './kit';

/**
 * Records of a table in Airtable: a token named `offset`, absent on the last page.
 *
 * https://support.airtable.com/docs/getting-started-with-airtables-web-api
 * https://support.airtable.com/docs/managing-api-call-limits-in-airtable
 * https://airtable.com/developers/web/api/list-records
 */

const RECORDS = Array.from({ length: 25 }, (_, index) => ({ id: `rec${String(index).padStart(14, '0')}`, fields: { Name: `row ${index}` } }));
const INPUT = { base: 'app1', table: 'Price list' };
const MAX_SIZE = 100;
const PAUSE_MILLISECONDS = 30_000;
const IS_FOLLOWING = ({ query }: Received): boolean => query.offset !== undefined;
const LIMITED: Answer = { status: 429, body: { errors: [{ error: 'RATE_LIMIT_REACHED', message: 'Rate limit exceeded. Please try again later' }] } };

let api: GalleryApi;
/** The offset whose request is the one too many. */
let refuseFrom: number | undefined;
let refusedUntil: number;
beforeEach(async () => {
  refuseFrom = undefined;
  refusedUntil = 0;
  api = await GalleryApi.start('airtable-records', { AIRTABLE_TOKEN: 'pat1' }, answer);
});
afterEach(async () => api.close());

function answer({ url, query, headers }: Received): Answer {
  if (headers.authorization !== 'Bearer pat1') return refusal(401, 'AUTHENTICATION_REQUIRED');
  if (!url.startsWith('/v0/app1/Price%20list?')) return refusal(404, 'TABLE_NOT_FOUND');
  const size = Math.min(MAX_SIZE, Number(query.pageSize ?? MAX_SIZE));
  const from = query.offset === undefined ? 0 : Number(/^itr1\/(\d+)$/.exec(query.offset)![1]);
  if (from === refuseFrom) {
    refuseFrom = undefined;
    refusedUntil = api.time + PAUSE_MILLISECONDS;
  }
  if (api.time < refusedUntil) return LIMITED;
  return { body: { records: RECORDS.slice(from, from + size), ...from + size < RECORDS.length ? { offset: `itr1/${from + size}` } : {} } };
}

function refusal(status: number, type: string): Answer {
  return { status, body: { error: { type } } };
}

test.each([10, 5, 25, 100])('every record comes once, in pages of %i', async (pageSize) => {
  expect((await api.import({ pageSize, input: INPUT })).records).toEqual(RECORDS);
  expect(api.pauses).toEqual(api.received.map(() => 250));
});

test('after too many requests, it asks less and less often until the 30 seconds are over', async () => {
  refuseFrom = 20;
  const { records, waits } = await api.import({ pageSize: 10, input: INPUT });

  expect(records).toEqual(RECORDS);
  expect(waits.length).toBeLessThan(10);
});

test('a token that has expired fails at once: the next import starts anew', async () => {
  api.answerOnce(refusal(422, 'LIST_RECORDS_ITERATOR_NOT_AVAILABLE'), IS_FOLLOWING);
  await expect(api.import({ pageSize: 10, input: INPUT })).rejects.toThrow(/422 Unprocessable Entity: .*LIST_RECORDS_ITERATOR_NOT_AVAILABLE/);
});
