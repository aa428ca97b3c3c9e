import fortune from 'fortune';
import fortuneHttp from 'fortune-http';
import jsonApi from 'fortune-json-api';
import { OffsetAdvance } from '../../src/protocol/http-settings';
import { ForeignServer, imported, Order, ORDERS, serve } from './kit';

/** JSON:API, with relative links, at a server that caps its pages: https://www.npmjs.com/package/fortune-json-api */

const MAX_LIMIT = 10;

const store = fortune({ order: { number: Number, customer: String } });

let server: ForeignServer;
beforeAll(async () => {
  await store.connect();
  await store.create('order', ORDERS);
  const listener = fortuneHttp(store, { serializers: [[jsonApi, { maxLimit: MAX_LIMIT, prefix: '' }]] });
  server = await serve((request, response) => { void listener(request, response); });
});
afterAll(async () => {
  await server.close();
  await store.disconnect();
});

interface Resource {
  readonly id: string;
  readonly attributes: Omit<Order, 'id'>;
}

test.each([10, 7, 100])('links in the body, in pages of %i', async (pageSize) => {
  const records = await imported({
    url: `${server.url}/orders`,
    headers: { Accept: 'application/vnd.api+json' },
    query: { sort: 'number' },
    pagination: { style: 'next-link', link: { body: '$.links.next' }, size: { query: 'page[limit]' } },
    records: '$.data',
    total: { body: '$.meta.count' },
  }, pageSize, ({ id, attributes }: Resource) => ({ id, ...attributes }));
  expect(records).toEqual(ORDERS);
});

test('an offset that grows by what came', async () => {
  const records = await imported({
    url: `${server.url}/orders`,
    headers: { Accept: 'application/vnd.api+json' },
    query: { sort: 'number' },
    pagination: { style: 'offset', offset: { query: 'page[offset]' }, limit: { query: 'page[limit]' }, advance: OffsetAdvance.RECEIVED },
    records: '$.data',
  }, 2 * MAX_LIMIT, ({ id, attributes }: Resource) => ({ id, ...attributes }));
  expect(records).toEqual(ORDERS);
});
