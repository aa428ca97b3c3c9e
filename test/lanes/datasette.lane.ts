import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { HttpDecoder, HttpErrorAction } from '../../src/protocol/http-settings';
import { ForeignServer, imported, ORDERS } from '../foreign-servers/kit';
import { startProcess } from '../foreign-servers/server-process';

/** Datasette, which publishes SQLite: https://docs.datasette.io/en/stable/json_api.html. For the lane of the same name. */

const FOLDER = process.env.LANE_FOLDER!;
const PROGRAMS = join(FOLDER, 'python', 'bin');
const MOST_ROWS = 10;

const WRITE_DATABASE = `
import json, pathlib, sqlite3, sys
path = pathlib.Path('shop.db')
path.unlink(missing_ok=True)
with sqlite3.connect(path) as database:
    database.execute('CREATE TABLE orders (id TEXT PRIMARY KEY, number INTEGER, customer TEXT)')
    database.executemany('INSERT INTO orders VALUES (:id, :number, :customer)', json.loads(sys.argv[1]))
`;

let server: ForeignServer;
beforeAll(async () => {
  const { status, stderr } = spawnSync(join(PROGRAMS, 'python'), ['-c', WRITE_DATABASE, JSON.stringify(ORDERS)], { cwd: FOLDER, encoding: 'utf8' });
  if (status !== 0) throw new Error(stderr);
  const options = ['--setting', 'max_returned_rows', String(MOST_ROWS)];
  server = await startProcess((port) => [join(PROGRAMS, 'datasette'), 'serve', 'shop.db', '--port', port, ...options], FOLDER);
});
afterAll(async () => server.close());

const SIZE = { query: '_size' };

test.each([10, 7, 5])('a token, in pages of %i', async (pageSize) => {
  const records = await imported({
    url: `${server.url}/shop/orders.json?_shape=objects`,
    pagination: { style: 'token', token: { body: '$.next' }, send: { query: '_next' }, size: SIZE },
    records: '$.rows',
    total: { body: '$.filtered_table_rows_count' },
  }, pageSize);
  expect(records).toEqual(ORDERS);
});

test('a link in the body', async () => {
  const records = await imported({
    url: `${server.url}/shop/orders.json?_shape=objects`,
    pagination: { style: 'next-link', link: { body: '$.next_url' }, size: SIZE },
    records: '$.rows',
  }, 10);
  expect(records).toEqual(ORDERS);
});

test.each([
  ['JSON', '', HttpDecoder.JSON],
  ['JSON Lines', '&_nl=on', HttpDecoder.JSON_LINES],
])('the Link header, with %s', async (_, parameter, decoder) => {
  const records = await imported({
    url: `${server.url}/shop/orders.json?_shape=array${parameter}`, pagination: { style: 'link-header', size: SIZE }, decoder,
  }, 10);
  expect(records).toEqual(ORDERS);
});

test('CSV in one response', async () => {
  const records = await imported({
    url: `${server.url}/shop/orders.csv?_stream=on&_size=max`, pagination: { style: 'single' }, decoder: HttpDecoder.CSV,
  }, 10);
  expect(records).toEqual(ORDERS.map((order) => ({ ...order, number: String(order.number) })));
});

const SQL_URL = '/shop.json?_shape=objects';
const CUT_OFF = { body: '$.truncated', action: HttpErrorAction.FAIL };

test('SQL by offset and limit', async () => {
  const records = await imported({
    url: `${server.url}${SQL_URL}`,
    query: { sql: 'SELECT * FROM orders ORDER BY id LIMIT :limit OFFSET :offset' },
    pagination: { style: 'offset', offset: { query: 'offset' }, limit: { query: 'limit' } },
    records: '$.rows',
    errors: [CUT_OFF],
  }, 10);
  expect(records).toEqual(ORDERS);
});

test('SQL after the last record', async () => {
  const records = await imported({
    url: `${server.url}${SQL_URL}`,
    query: { sql: 'SELECT * FROM orders WHERE id > :after ORDER BY id LIMIT :limit' },
    pagination: { style: 'keyset', field: '$.id', send: { query: 'after' }, size: { query: 'limit' }, first: '' },
    records: '$.rows',
    errors: [CUT_OFF],
  }, 10);
  expect(records).toEqual(ORDERS);
});

test('rows that Datasette cuts off fail, instead of a part being published', async () => {
  await expect(imported({
    url: `${server.url}${SQL_URL}`,
    query: { sql: 'SELECT * FROM orders' },
    pagination: { style: 'single' },
    records: '$.rows',
    errors: [CUT_OFF],
  }, 10)).rejects.toThrow(/answered 200 OK/);
});

test('a page that is larger than Datasette admits fails', async () => {
  await expect(imported({
    url: `${server.url}/shop/orders.json?_shape=objects`,
    pagination: { style: 'token', token: { body: '$.next' }, send: { query: '_next' }, size: SIZE },
  }, MOST_ROWS + 1)).rejects.toThrow(/400 Bad Request: .*_size must be/);
});
