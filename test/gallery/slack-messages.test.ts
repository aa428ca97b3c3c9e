import { Answer, Received } from '../source/http/kit';
import { GalleryApi } from './kit';

/**
 * Messages of a channel in Slack: a cursor, empty on the last page; errors in responses of the status 200.
 *
 * https://docs.slack.dev/reference/methods/conversations.history
 * https://docs.slack.dev/apis/web-api/pagination
 * https://docs.slack.dev/apis/web-api/rate-limits
 */

const MESSAGES = Array.from({ length: 25 }, (_, index) => ({ type: 'message', text: `message ${index}`, ts: `${1_700_000_000 - index}.000100` }));
const INPUT = { channel: 'C1' };
const MAX_LIMIT = 999;
const IS_FOLLOWING = ({ query }: Received): boolean => query.cursor !== undefined;

let api: GalleryApi;
beforeEach(async () => { api = await GalleryApi.start('slack-messages', { SLACK_TOKEN: 'xoxb-1' }, answer); });
afterEach(async () => api.close());

function answer({ query, headers }: Received): Answer {
  if (headers.authorization !== 'Bearer xoxb-1') return failed('invalid_auth');
  if (query.channel !== 'C1') return failed('channel_not_found');
  const limit = Number(query.limit ?? 100);
  if (limit > MAX_LIMIT) return failed('invalid_limit');
  const from = query.cursor === undefined ? 0 : Number(Buffer.from(query.cursor, 'base64').toString());
  const hasMore = from + limit < MESSAGES.length;
  const next = hasMore ? Buffer.from(String(from + limit)).toString('base64') : '';
  return { body: { ok: true, messages: MESSAGES.slice(from, from + limit), has_more: hasMore, response_metadata: { next_cursor: next } } };
}

function failed(error: string): Answer {
  return { body: { ok: false, error } };
}

test.each([10, 5, 25, 999])('every message comes once, in pages of %i', async (pageSize) => {
  expect((await api.import({ pageSize, input: INPUT })).records).toEqual(MESSAGES);
  expect(api.pauses).toEqual(api.received.map(() => 1200));
});

test('too many requests are waited for, as the header says', async () => {
  api.answerOnce({ status: 429, headers: { 'retry-after': '30' }, body: { ok: false, error: 'ratelimited' } }, IS_FOLLOWING);
  expect(await api.import({ pageSize: 10, input: INPUT })).toEqual({ records: MESSAGES, waits: [30], retries: 0 });
});

test('a passing error in a response of the status 200 is tried again', async () => {
  api.answerOnce(failed('internal_error'), IS_FOLLOWING);
  expect(await api.import({ pageSize: 10, input: INPUT })).toEqual({ records: MESSAGES, waits: [], retries: 1 });
});

test('a page that says there are more, but not where, fails instead of ending early', async () => {
  api.answerOnce({ body: { ok: true, messages: MESSAGES.slice(0, 10), has_more: true } });
  await expect(api.import({ pageSize: 10, input: INPUT })).rejects.toThrow('there are more pages, but its response has no token');
});

test('any other error in a response of the status 200 fails at once', async () => {
  await expect(api.import({ pageSize: 10, input: { channel: 'C2' } })).rejects.toThrow(/answered 200 OK: .*channel_not_found/);
  expect(api.received).toHaveLength(1);
});
