import { Answer, Received } from '../source/http/kit';
import { GalleryApi } from './kit';

/**
 * Issues in Jira Cloud, by JQL: a token, absent on the last page.
 *
 * https://developer.atlassian.com/cloud/jira/platform/rest/v3/api-group-issue-search/
 * https://developer.atlassian.com/cloud/jira/platform/rate-limiting/
 */

const ISSUES = Array.from({ length: 25 }, (_, index) => ({ id: String(10_000 + index), key: `SHOP-${index + 1}`, fields: { summary: `Issue ${index}` } }));
const INPUT = { site: 'flowers', jql: 'project = SHOP ORDER BY created ASC' };
const AUTHORIZATION = `Basic ${Buffer.from('ada@example.com:at1').toString('base64')}`;
const MOST_ISSUES = 10;
const IS_FOLLOWING = ({ query }: Received): boolean => query.nextPageToken !== undefined;

let api: GalleryApi;
beforeEach(async () => { api = await GalleryApi.start('jira-issues', { JIRA_USER: 'ada@example.com', JIRA_API_TOKEN: 'at1' }, answer); });
afterEach(async () => api.close());

/** A page may have fewer issues than were asked for. */
function answer({ query, headers }: Received): Answer {
  if (headers.authorization !== AUTHORIZATION) return { status: 401, body: 'Client must be authenticated to access this resource.' };
  if (query.jql?.startsWith('project = ') !== true) return { status: 400, body: { errorMessages: ['Unbounded JQL queries are not allowed here.'] } };
  const size = Math.min(MOST_ISSUES, Number(query.maxResults ?? 50));
  const from = Number(query.nextPageToken ?? 0);
  const found = ISSUES.slice(from, from + size);
  const issues = query.fields === '*all' ? found : found.map(({ id }) => ({ id })); // by default, ids only
  return { body: { issues, ...from + size < ISSUES.length ? { nextPageToken: String(from + size) } : {} } };
}

test.each([10, 5, 25, 100])('every issue comes once, in pages of %i', async (pageSize) => {
  expect((await api.import({ pageSize, input: INPUT })).records).toEqual(ISSUES);
  expect(api.received[0]!.query.maxResults).toBe(String(pageSize));
});

test('too many requests are waited for, as the header says', async () => {
  const headers = { 'retry-after': '17', 'x-ratelimit-reset': '2026-11-30T00:00Z', 'ratelimit-reason': 'jira-burst-based' };
  api.answerOnce({ status: 429, headers }, IS_FOLLOWING);
  expect(await api.import({ pageSize: 10, input: INPUT })).toEqual({ records: ISSUES, waits: [17], retries: 0 });
});

test('a server that is busy is waited for, as the header says', async () => {
  api.answerOnce({ status: 503, headers: { 'retry-after': '6' } }, IS_FOLLOWING);
  expect(await api.import({ pageSize: 10, input: INPUT })).toMatchObject({ records: ISSUES, waits: [6] });
});

test('a query without a condition fails at once', async () => {
  await expect(api.import({ pageSize: 10, input: { ...INPUT, jql: 'ORDER BY created' } })).rejects.toThrow(/400 Bad Request: .*Unbounded JQL/);
});
