import { Answer, numbered, Received } from '../source/http/kit';
import { GalleryApi } from './kit';

/**
 * Issues of a repository at GitHub: the `Link` header; limits by 403 or 429.
 *
 * https://docs.github.com/en/rest/using-the-rest-api/using-pagination-in-the-rest-api
 * https://docs.github.com/en/rest/using-the-rest-api/rate-limits-for-the-rest-api
 * https://docs.github.com/en/rest/issues/issues#list-repository-issues
 */

const MAX_PER_PAGE = 100;
const ISSUES = numbered(230);
const INPUT = { owner: 'octocat', repository: 'Spoon-Knife' };
const SECOND_PAGE = ({ query }: Received): boolean => query.page === '2';

let api: GalleryApi;
beforeEach(async () => { api = await GalleryApi.start('github-issues', { GITHUB_TOKEN: 'ghp_1' }, answer); });
afterEach(async () => api.close());

function answer({ url, query, headers }: Received): Answer {
  if (headers.authorization !== 'Bearer ghp_1') return { status: 401, body: { message: 'Bad credentials' } };
  if (headers['user-agent'] === undefined || headers['x-github-api-version'] !== '2022-11-28') return { status: 403, body: { message: 'Headers are missing' } };
  if (!url.startsWith('/repos/octocat/Spoon-Knife/issues?')) return { status: 404, body: { message: 'Not Found' } };
  const issues = query.sort === 'created' && query.direction === 'asc' ? ISSUES : [...ISSUES].reverse(); // by default, the newest first
  const page = Number(query.page ?? 1);
  const size = Math.min(MAX_PER_PAGE, Number(query.per_page ?? 30));
  return { body: issues.slice((page - 1) * size, page * size), headers: linksOf(query, page, Math.ceil(ISSUES.length / size)) };
}

/** There is no link to the page that would come after the last one. */
function linksOf(query: Received['query'], page: number, lastPage: number): Record<string, string> {
  const link = (number: number, rel: string): string => {
    const parameters = new URLSearchParams({ ...query, page: String(number) });
    return `<${api.origin}/repos/octocat/Spoon-Knife/issues?${parameters.toString()}>; rel="${rel}"`;
  };
  const links = [...page > 1 ? [link(page - 1, 'prev'), link(1, 'first')] : [], ...page < lastPage ? [link(page + 1, 'next'), link(lastPage, 'last')] : []];
  return { link: links.join(', ') };
}

test.each([100, 30, 500])('every issue comes once, in pages of %i', async (pageSize) => {
  expect((await api.import({ pageSize, input: INPUT })).records).toEqual(ISSUES);
  expect(api.received[0]!.query.per_page).toBe(String(pageSize));
  expect(api.received.map(({ query }) => query.state)).toEqual(api.received.map(() => 'all'));
});

test.each([403, 429])('a limit with Retry-After is waited for: %i', async (status) => {
  api.answerOnce({ status, headers: { 'retry-after': '60' }, body: { message: 'Please wait a few minutes.' } }, SECOND_PAGE);
  expect(await api.import({ pageSize: 100, input: INPUT })).toEqual({ records: ISSUES, waits: [60], retries: 0 });
});

test('the primary rate limit is waited for until its reset', async () => {
  const reset = Date.UTC(2026, 10, 30) / 1000 + 900;
  const headers = { 'x-ratelimit-remaining': '0', 'x-ratelimit-reset': String(reset) };
  api.answerOnce({ status: 403, headers, body: { message: 'API rate limit exceeded for user ID 1.' } }, SECOND_PAGE);
  const { records, waits } = await api.import({ pageSize: 100, input: INPUT });

  expect(records).toEqual(ISSUES);
  expect(waits).toEqual([900]);
});

test('a secondary rate limit without a header is followed by a pause', async () => {
  api.answerOnce({ status: 403, body: { message: 'You have exceeded a secondary rate limit.' } }, SECOND_PAGE);
  expect(await api.import({ pageSize: 100, input: INPUT })).toEqual({ records: ISSUES, waits: [0.5], retries: 0 });
});

test('another 403 fails at once', async () => {
  api.answerOnce({ status: 403, body: { message: 'Resource not accessible by personal access token' } });
  await expect(api.import({ pageSize: 100, input: INPUT })).rejects.toThrow(/answered 403 Forbidden: .*Resource not accessible/);
  expect(api.received).toHaveLength(1);
});

test('a repository that is not there fails at once', async () => {
  await expect(api.import({ pageSize: 100, input: { ...INPUT, repository: 'Forks' } })).rejects.toThrow(/404 Not Found/);
});
