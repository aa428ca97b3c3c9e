import { Answer, Received } from '../source/http/kit';
import { GalleryApi } from './kit';

/**
 * Contacts at HubSpot: a token in `paging.next.after`.
 *
 * https://developers.hubspot.com/docs/api-reference/crm-contacts-v3/guide
 * https://developers.hubspot.com/docs/developer-tooling/platform/usage-guidelines
 */

const CONTACTS = Array.from({ length: 25 }, (_, index) => ({ id: String(index + 1), properties: { email: `${index}@example.com` } }));
const IS_FOLLOWING = ({ query }: Received): boolean => query.after !== undefined;

let api: GalleryApi;
beforeEach(async () => { api = await GalleryApi.start('hubspot-contacts', { HUBSPOT_TOKEN: 'pat-1' }, answer); });
afterEach(async () => api.close());

function answer({ query, headers }: Received): Answer {
  if (headers.authorization !== 'Bearer pat-1') return { status: 401, body: { status: 'error', category: 'INVALID_AUTHENTICATION' } };
  const limit = Number(query.limit ?? 10);
  if (limit > 100) return { status: 400, body: { status: 'error', category: 'VALIDATION_ERROR' } };
  const from = Number(query.after ?? 0);
  const after = String(from + limit);
  const paging = { next: { after, link: `${api.origin}/crm/v3/objects/contacts?after=${after}` } };
  return { body: { results: CONTACTS.slice(from, from + limit), ...from + limit < CONTACTS.length ? { paging } : {} } };
}

function limited(policyName: string): Answer {
  return { status: 429, body: { status: 'error', message: 'You have reached your limit.', errorType: 'RATE_LIMIT', policyName } };
}

test.each([10, 5, 25, 100])('every contact comes once, in pages of %i', async (pageSize) => {
  expect((await api.import({ pageSize })).records).toEqual(CONTACTS);
  expect(api.pauses).toEqual(api.received.map(() => 200));
});

test('a limit of seconds is followed by a pause', async () => {
  api.answerOnce(limited('TEN_SECONDLY_ROLLING'), IS_FOLLOWING);
  expect(await api.import({ pageSize: 10 })).toEqual({ records: CONTACTS, waits: [0.5], retries: 0 });
});

test('the limit of a day fails at once: it lasts until midnight', async () => {
  api.answerOnce(limited('DAILY'), IS_FOLLOWING);
  await expect(api.import({ pageSize: 10 })).rejects.toThrow(/429 Too Many Requests: .*"policyName":"DAILY"/);
});

test('a page that is too large fails at once', async () => {
  await expect(api.import({ pageSize: 101 })).rejects.toThrow(/400 Bad Request: .*VALIDATION_ERROR/);
});
