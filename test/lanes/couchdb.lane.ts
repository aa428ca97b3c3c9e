import { join } from 'node:path';
import { HttpMethod, OffsetAdvance } from '../../src/protocol/http-settings';
import { ForeignServer, imported, Order, ORDERS } from '../foreign-servers/kit';
import { startProcess } from '../foreign-servers/server-process';

/** CouchDB's protocol: https://docs.couchdb.org/en/stable/api/database/bulk-api.html. For the lane of the same name. */

const FOLDER = process.env.LANE_FOLDER!;
const SERVER = join(__dirname, 'couchdb-server.mts');

let server: ForeignServer;
beforeAll(async () => {
  const orders = JSON.stringify(ORDERS.map(({ id, ...order }) => ({ _id: id, ...order })));
  server = await startProcess((port) => [process.execPath, SERVER, port, FOLDER, orders], FOLDER);
});
afterAll(async () => server.close());

interface Document extends Omit<Order, 'id'> {
  readonly _id: string;
  readonly _rev: string;
}

function orderIn({ _id: id, _rev, ...order }: Document): Order {
  return { id, ...order };
}

test.each([10, 7, 25, 100])('_all_docs by skip and limit, in pages of %i', async (pageSize) => {
  const records = await imported({
    url: `${server.url}/orders/_all_docs?include_docs=true`,
    pagination: { style: 'offset', offset: { query: 'skip' }, limit: { query: 'limit' } },
    records: '$.rows[*].doc',
    total: { body: '$.total_rows' },
  }, pageSize, orderIn);
  expect(records).toEqual(ORDERS);
});

test('_find by skip and limit in the body', async () => {
  const records = await imported({
    url: `${server.url}/orders/_find`,
    method: HttpMethod.POST,
    body: { selector: { _id: { $gt: null } } },
    pagination: { style: 'offset', offset: { body: '/skip' }, limit: { body: '/limit' }, advance: OffsetAdvance.RECEIVED },
    records: '$.docs',
  }, 10, orderIn);
  expect(records).toEqual(ORDERS);
});

test('_find after the last record, by a selector in the body', async () => {
  const records = await imported({
    url: `${server.url}/orders/_find`,
    body: { selector: { _id: { $gt: null } }, sort: ['_id'] },
    pagination: { style: 'keyset', field: '$._id', send: { body: '/selector/_id/$gt' }, size: { body: '/limit' } },
    records: '$.docs',
  }, 10, orderIn);
  expect(records).toEqual(ORDERS);
});
