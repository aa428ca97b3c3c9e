import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ForeignServer, imported, ORDERS } from './kit';
import { startProcess } from './server-process';

/** json-server 1, which answers requests beyond the last page with the last page: https://www.npmjs.com/package/json-server */

const COMMAND = join(__dirname, '../../node_modules/json-server-1/lib/bin.js');

let folder: string;
let server: ForeignServer;
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'json-server-'));
  writeFileSync(join(folder, 'db.json'), JSON.stringify({ orders: ORDERS }));
  server = await startProcess((port) => [process.execPath, COMMAND, 'db.json', '--host', '127.0.0.1', '--port', port], folder);
});
afterAll(async () => {
  await server.close();
  rmSync(folder, { recursive: true });
});

test.each([10, 7, 25, 100])('page numbers, with the number of pages, in pages of %i', async (pageSize) => {
  const records = await imported({
    url: `${server.url}/orders`,
    pagination: { style: 'page', page: { query: '_page' }, size: { query: '_per_page' } },
    records: '$.data',
    end: { totalPages: { body: '$.pages' } },
    total: { body: '$.items' },
  }, pageSize);
  expect(records).toEqual(ORDERS);
});

test('the number of the next page as a token', async () => {
  const records = await imported({
    url: `${server.url}/orders`,
    pagination: { style: 'token', token: { body: '$.next' }, send: { query: '_page' }, size: { query: '_per_page' }, first: 1 },
  }, 10);
  expect(records).toEqual(ORDERS);
});
