import { Answer, Received } from '../source/http/kit';
import { GalleryApi } from './kit';

/**
 * Packages at crates.io: a relative link in the body, which is there also if the next page is empty.
 *
 * https://crates.io/data-access
 * https://github.com/rust-lang/crates.io/blob/main/src/controllers/krate/search.rs
 * https://github.com/rust-lang/crates.io/blob/main/src/controllers/helpers/pagination.rs
 */

const CRATES = Array.from({ length: 30 }, (_, index) => ({ id: `crate-${String(index).padStart(3, '0')}`, max_version: '1.0.0' }));
const INPUT = { userAgent: 'our-import (ada@example.com)' };
const IS_FOLLOWING = ({ query }: Received): boolean => query.seek !== undefined;

let api: GalleryApi;
beforeEach(async () => { api = await GalleryApi.start('crates-io', {}, answer); });
afterEach(async () => api.close());

/** A full page has a link, a short one has none. The total of an empty page is 0. */
function answer({ url, query, headers }: Received): Answer {
  if (headers['user-agent'] !== INPUT.userAgent) return refusal(403, 'We require that all requests include a User-Agent header.');
  if (!url.startsWith('/api/v1/crates?')) return refusal(404, 'Not Found');
  const size = Number(query.per_page ?? 10);
  if (size > 100) return refusal(400, 'cannot request more than 100 items');
  const after = query.seek === undefined ? '' : Buffer.from(query.seek, 'base64url').toString();
  const crates = CRATES.filter(({ id }) => id > after).slice(0, size);
  const seek = Buffer.from(crates.at(-1)?.id ?? '').toString('base64url');
  const next = crates.length < size ? null : `?${new URLSearchParams({ ...query, seek }).toString()}`;
  return { body: { crates, meta: { total: crates.length === 0 ? 0 : CRATES.length, next_page: next, prev_page: null } } };
}

function refusal(status: number, detail: string): Answer {
  return { status, body: { errors: [{ detail }] } };
}

test.each([7, 10, 30, 100])('every crate comes once, in pages of %i', async (pageSize) => {
  expect((await api.import({ pageSize, input: INPUT })).records).toEqual(CRATES);
  expect(api.pauses).toEqual(api.received.map(() => 1000));
  expect(api.received[0]!.query.per_page).toBe(String(pageSize));
  expect(api.received.every(({ query }) => query.sort === 'alphabetical')).toBe(true);
});

test('too many requests are waited for, as the header says', async () => {
  api.answerOnce({ status: 429, headers: { 'retry-after': '8' } }, IS_FOLLOWING);
  expect(await api.import({ pageSize: 10, input: INPUT })).toEqual({ records: CRATES, waits: [8], retries: 0 });
});

test('a name that crates.io does not accept fails at once', async () => {
  await expect(api.import({ pageSize: 10, input: { userAgent: 'curl' } })).rejects.toThrow(/403 Forbidden: .*User-Agent/);
});
