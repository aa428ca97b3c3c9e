import { Answer, Received } from '../source/http/kit';
import { GalleryApi } from './kit';

/**
 * Monitoring locations of the USGS on the map, as GeoJSON by OGC API - Features: a link among several in the body.
 *
 * https://api.waterdata.usgs.gov/docs/ogcapi/
 * https://api.waterdata.usgs.gov/docs/ogcapi/keys/
 * https://docs.ogc.org/is/17-069r4/17-069r4.html
 * https://api.data.gov/docs/developer-manual/
 */

const PATH = '/ogcapi/v0/collections/monitoring-locations/items';
const INPUT = { state: 'New York' };
const FEATURES = Array.from({ length: 25 }, (_, index) => ({
  type: 'Feature', id: `USGS-${index}`, geometry: { type: 'Point', coordinates: [-74 - index / 10, 42.5] }, properties: { state_name: 'New York' },
}));
const IS_FOLLOWING = ({ query }: Received): boolean => query.offset !== undefined;

let api: GalleryApi;
beforeEach(async () => { api = await GalleryApi.start('usgs-monitoring-locations', { USGS_API_KEY: 'key1' }, answer); });
afterEach(async () => api.close());

function answer({ url, query, headers }: Received): Answer {
  if (headers['x-api-key'] !== 'key1') return { status: 403, body: { error: { code: 'API_KEY_INVALID' } } };
  if (!url.startsWith(`${PATH}?`) || query.state_name !== 'New York') return { status: 400, body: { code: 'InvalidParameterValue' } };
  if (query.f !== 'json') return { headers: { 'content-type': 'text/html' }, body: '<!DOCTYPE html>' };
  const limit = Number(query.limit ?? 10);
  const from = Number(query.offset ?? 0);
  const features = FEATURES.slice(from, from + limit);
  const linkTo = (offset: number): string => `${api.origin}${PATH}?${new URLSearchParams({ ...query, offset: String(offset) }).toString()}`;
  const links = [
    { rel: 'self', type: 'application/geo+json', href: linkTo(from) },
    { rel: 'alternate', type: 'text/html', href: `${api.origin}${PATH}?f=html` },
    ...from + limit < FEATURES.length ? [{ rel: 'next', type: 'application/geo+json', href: linkTo(from + limit) }] : [],
  ];
  return { body: { type: 'FeatureCollection', numberReturned: features.length, features, links } };
}

test.each([10, 5, 25, 100])('every location comes once, in pages of %i', async (pageSize) => {
  expect((await api.import({ pageSize, input: INPUT })).records).toEqual(FEATURES);
  expect(api.received[0]!.query.limit).toBe(String(pageSize));
});

test('too many requests are followed by a pause: the headers do not say how long', async () => {
  const headers = { 'x-ratelimit-limit': '1000', 'x-ratelimit-remaining': '0' };
  api.answerOnce({ status: 429, headers, body: { error: { code: 'OVER_RATE_LIMIT' } } }, IS_FOLLOWING);
  expect(await api.import({ pageSize: 10, input: INPUT })).toEqual({ records: FEATURES, waits: [0.5], retries: 0 });
});

test('a key that is not valid fails at once', async () => {
  api.answerOnce({ status: 403, body: { error: { code: 'API_KEY_INVALID' } } });
  await expect(api.import({ pageSize: 10, input: INPUT })).rejects.toThrow(/403 Forbidden: .*API_KEY_INVALID/);
});
