import * as jsonServer from 'json-server';
import { KeysetPagination } from '../../src/protocol/http-settings';
import { ForeignServer, imported, ORDERS, serve } from './kit';

/** json-server 0.17: https://www.npmjs.com/package/json-server/v/0.17.4 */

let server: ForeignServer;
beforeAll(async () => {
  const app = jsonServer.create();
  app.use(jsonServer.router({ orders: ORDERS }));
  server = await serve(app);
});
afterAll(async () => server.close());

test.each([10, 7, 25, 100])('the Link header, in pages of %i', async (pageSize) => {
  const records = await imported({ url: `${server.url}/orders?_page=1`, pagination: { style: 'link-header', size: { query: '_limit' } } }, pageSize);
  expect(records).toEqual(ORDERS);
});

test.each([10, 25])('page numbers, with the total in a header, in pages of %i', async (pageSize) => {
  const records = await imported({
    url: `${server.url}/orders`,
    pagination: { style: 'page', page: { query: '_page' }, size: { query: '_limit' } },
    total: { header: 'X-Total-Count' },
  }, pageSize);
  expect(records).toEqual(ORDERS);
});

test('offset and limit', async () => {
  const records = await imported({
    url: `${server.url}/orders?_sort=number`,
    pagination: { style: 'offset', offset: { query: '_start' }, limit: { query: '_limit' } },
  }, 10);
  expect(records).toEqual(ORDERS);
});

test('a parameter that includes the last value is refused, unless the settings say so', async () => {
  const url = `${server.url}/orders?_sort=number`;
  const pagination: KeysetPagination = { style: 'keyset', field: '$.number', send: { query: 'number_gte' }, size: { query: '_limit' } };

  await expect(imported({ url, pagination }, 10)).rejects.toThrow('Set inclusive to true');
  expect(await imported({ url, pagination: { ...pagination, inclusive: true } }, 10)).toEqual(ORDERS);
});
