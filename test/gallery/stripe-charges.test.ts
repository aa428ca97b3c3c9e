import { Answer, Received } from '../source/http/kit';
import { GalleryApi } from './kit';

/**
 * Charges at Stripe: after the last record, with a flag for more.
 *
 * https://docs.stripe.com/api/pagination
 * https://docs.stripe.com/rate-limits
 * https://docs.stripe.com/api/errors
 */

const CHARGES = Array.from({ length: 25 }, (_, index) => ({ id: `ch_${String(1000 - index)}`, object: 'charge', amount: index }));
const AFTER_THE_FIRST_PAGE = ({ query }: Received): boolean => query.starting_after === 'ch_991';

let api: GalleryApi;
beforeEach(async () => { api = await GalleryApi.start('stripe-charges', { STRIPE_SECRET_KEY: 'sk_test_1' }, answer); });
afterEach(async () => api.close());

function answer({ query, headers }: Received): Answer {
  if (headers.authorization !== 'Bearer sk_test_1') return refusal(401, 'Invalid API Key provided');
  const limit = Number(query.limit ?? 10);
  if (limit < 1 || limit > 100) return refusal(400, 'Invalid integer for limit');
  const after = query.starting_after;
  const from = after === undefined ? 0 : CHARGES.findIndex(({ id }) => id === after) + 1;
  if (after !== undefined && from === 0) return refusal(400, 'No such charge');
  return { body: { object: 'list', url: '/v1/charges', has_more: from + limit < CHARGES.length, data: CHARGES.slice(from, from + limit) } };
}

function refusal(status: number, message: string): Answer {
  return { status, body: { error: { type: 'invalid_request_error', message } } };
}

test.each([10, 5, 25, 100])('every charge comes once, in pages of %i', async (pageSize) => {
  expect((await api.import({ pageSize })).records).toEqual(CHARGES);
  expect(api.pauses).toEqual(api.received.map(() => 50));
  expect(api.received).toHaveLength(Math.ceil(25 / pageSize)); // has_more saves a request for an empty page
});

test('too many requests are followed by a pause, without a header that says how long', async () => {
  api.answerOnce(refusal(429, 'Too many requests'), AFTER_THE_FIRST_PAGE);
  expect(await api.import({ pageSize: 10 })).toEqual({ records: CHARGES, waits: [0.5], retries: 0 });
});

test('an error of the server is tried again', async () => {
  api.answerOnce(refusal(500, 'Something went wrong'), AFTER_THE_FIRST_PAGE);
  expect(await api.import({ pageSize: 10 })).toMatchObject({ records: CHARGES, retries: 1 });
});

test('a page that is too large fails at once', async () => {
  await expect(api.import({ pageSize: 101 })).rejects.toThrow(/400 Bad Request: .*Invalid integer for limit/);
});
