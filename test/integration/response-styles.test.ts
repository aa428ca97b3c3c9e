import { mkdirSync, readdirSync } from 'node:fs';
import { crc32 } from 'node:zlib';
import { Duration } from 'aws-cdk-lib';
import type { OrdersInput } from './fixtures/orders.source';
import { orders, TestCloud } from './kit';

/** The whole machine with the handler in the fetch function: each style of answering, pauses, and imports of any size. */

let cloud: TestCloud;
beforeAll(async () => {
  cloud = await TestCloud.start((stack) => {
    stack.machine('Orders');
    stack.machine('Impatient', { maxWait: Duration.seconds(20) });
    stack.machine('Large', { pageSize: 1000 });
  });
});
afterAll(async () => cloud?.[Symbol.asyncDispose]());

const ONE_ROUND = ['Initialize', 'Fetch', 'PersistOrContinue', 'Persist', 'PersistOrCleanUp', 'CleanUp'];

test.each<[OrdersInput['style'], number, number]>([
  ['offset', 25, 4], // the fourth page is the empty one that ends it
  ['flag', 25, 3],
  ['token', 25, 4], // the second page is empty and has a token
])('the answers of style %s are imported in order, each record once', async (style, count, pages) => {
  const { output, entered } = await cloud.import('Orders', { count, style });
  expect(cloud.records(output)).toEqual(orders(count));
  expect(output).toMatchObject({ outcome: 'published', records: count, pages, bytes: cloud.local.s3.read(output.bucket, output.key).byteLength });
  expect(entered).toEqual(ONE_ROUND);
});

test('the manifest describes the object, page by page range', async () => {
  const { output } = await cloud.import('Orders', { count: 25, style: 'flag' });
  const manifest = cloud.manifest(output);
  const { importId, key, bytes } = output;
  expect(manifest).toMatchObject({ importId, key, records: 25, pages: 3, bytes, sourceTotal: 25, pageSize: 10 });
  expect(manifest.crc32).toBe(crc32Of(cloud.local.s3.read(output.bucket, output.key)));
  expect(manifest.chunks).toEqual([expect.objectContaining({ offset: 0, bytes, records: 25, firstPage: 1, lastPage: 3 })]);
});

test.each([
  ['answers with', false],
  ['throws', true],
])('a handler that %s the wish for a pause gets it from a Wait state', async (_, throwsPauses) => {
  const pauses = cloud.unusedPath();
  mkdirSync(pauses);
  const { output, entered, events } = await cloud.import('Orders', { count: 25, style: 'flag', pauses, throwsPauses });
  expect(cloud.records(output)).toEqual(orders(25));
  expect(entered.filter((state) => state === 'Wait')).toHaveLength(3);
  expect(events.filter(({ type }) => type === 'WaitStarted').map(({ seconds }) => seconds)).toEqual([30, 30, 30]);
});

test.each([
  ['answers with', false],
  ['throws', true],
])('a handler that %s the wish for a short pause gets it in the same invocation', async (_, throwsPauses) => {
  const pauses = cloud.unusedPath();
  mkdirSync(pauses);
  const { output, entered } = await cloud.import('Orders', { count: 25, style: 'flag', pauses, throwsPauses, pauseSeconds: 0.01 });
  expect(cloud.records(output)).toEqual(orders(25));
  expect(readdirSync(pauses).sort()).toEqual(['1', '2', '3']);
  expect(entered).toEqual(ONE_ROUND);
});

test('a wish for a longer pause than maxWait ends the import, and says where to go on', async () => {
  const pauses = cloud.unusedPath();
  mkdirSync(pauses);
  const { result } = await cloud.run('Impatient', { count: 25, pauses });
  expect(result).toMatchObject({ status: 'FAILED', error: 'MaxWaitExceededError' });
  expect(result.cause).toMatch(/30 s more before page 1,.*maxWait is 20 s.*resumeFrom/);
});

test.each(['offset', 'flag', 'token'] as const)('a source of style %s without a record makes an empty object', async (style) => {
  const { output } = await cloud.import('Orders', { count: 0, style });
  expect(output).toMatchObject({ outcome: 'published', records: 0, bytes: 0 });
  expect(cloud.records(output)).toEqual([]);
  expect(cloud.manifest(output)).toMatchObject({ records: 0, bytes: 0, chunks: [] });
});

test('the number of state transitions follows from time, not from the number of pages', async () => {
  const { output, entered } = await cloud.import('Large', { count: 200_000, style: 'flag' });
  expect(output).toMatchObject({ records: 200_000, pages: 200 });
  expect(cloud.manifest(output).chunks.length).toBeGreaterThan(3);
  expect(entered).toEqual(ONE_ROUND);
  expect(entered.length).toBeLessThanOrEqual(12);
  const ids = cloud.records(output).map((record) => (record as { readonly id: number }).id);
  expect(ids.findIndex((id, index) => id !== index)).toBe(-1);
});

test('what is left of an import is its log', async () => {
  const { output } = await cloud.import('Orders', { count: 25 });
  const left = cloud.cachedOf(output.importId);
  expect(left.filter((key) => key.includes('/data/'))).toEqual([]);
  expect(left).toContain(`${cloud.folderOf(output.importId)}/published.json`);
});

function crc32Of(bytes: Buffer): string {
  const checksum = Buffer.alloc(4);
  checksum.writeUInt32BE(crc32(bytes));
  return checksum.toString('base64');
}
