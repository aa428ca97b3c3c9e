import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { ServiceBroker, ServiceSchema } from 'moleculer';
import DbService from 'moleculer-db';
import ApiService from 'moleculer-web';
import { imported, ORDERS } from './kit';

/** Moleculer's database service, with pages and totals: https://moleculer.services/docs/0.14/moleculer-db */

/** A schema, though its types call it a class. */
const DATABASE = DbService as unknown as ServiceSchema;

const broker = new ServiceBroker({ logger: false });

let url: string;
beforeAll(async () => {
  broker.createService({ name: 'orders', mixins: [DATABASE], settings: { idField: 'id', pageSize: 5, maxPageSize: 10 } });
  const api = broker.createService({
    name: 'api', mixins: [ApiService], settings: { ip: '127.0.0.1', port: 0, routes: [{ path: '/', aliases: { 'REST orders': 'orders' } }] },
  });
  await broker.start();
  await broker.call('orders.insert', { entities: ORDERS });
  url = `http://127.0.0.1:${((api as unknown as { readonly server: Server }).server.address() as AddressInfo).port}/orders?sort=number`;
});
afterAll(async () => broker.stop());

const pagination = { style: 'page', page: { query: 'page' }, size: { query: 'pageSize' } } as const;

test.each([10, 7, 5])('page numbers, with the number of pages, in pages of %i', async (pageSize) => {
  const end = { totalPages: { body: '$.totalPages' } };
  expect(await imported({ url, pagination, records: '$.rows', end, total: { body: '$.total' } }, pageSize)).toEqual(ORDERS);
});

test('page numbers to the first empty page', async () => {
  expect(await imported({ url, pagination, records: '$.rows' }, 10)).toEqual(ORDERS);
});
