import { join } from 'node:path';
import { ForeignServer, imported, ORDERS } from './kit';
import { startProcess } from './server-process';

/** OData 4: https://www.npmjs.com/package/simple-odata-server. In its own process, since it declares names that jest injects. */

const SERVER = join(__dirname, 'odata-server.mts');

let server: ForeignServer;
beforeAll(async () => {
  const orders = JSON.stringify(ORDERS.map(({ id, ...order }) => ({ _id: id, ...order })));
  server = await startProcess((port) => [process.execPath, SERVER, port, orders], __dirname);
});
afterAll(async () => server.close());

test.each([10, 7, 25, 100])('$skip and $top, with $count, in pages of %i', async (pageSize) => {
  const records = await imported({
    url: `${server.url}/orders`,
    query: { $count: true, $orderby: '_id' },
    pagination: { style: 'offset', offset: { query: '$skip' }, limit: { query: '$top' } },
    records: '$.value',
    total: { body: '$[\'@odata.count\']' },
  }, pageSize, ({ _id: id, ...order }: { readonly _id: string }) => ({ id, ...order }));
  expect(records).toEqual(ORDERS);
});
