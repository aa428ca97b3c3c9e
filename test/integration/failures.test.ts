import { Size } from 'aws-cdk-lib';
import * as s3 from 'aws-cdk-lib/aws-s3';
import { ChunkCache, ImportDestination } from 'cdk-paginated-import';
import type { Interceptor, Intervention } from 'cdk-paginated-import/local';
import { failureOf, importIdOf, orders, TestCloud } from './kit';

/** What goes wrong around the handler: functions that die, buckets that are not there or refuse, replies that are lost. */

let cloud: TestCloud;
beforeAll(async () => {
  cloud = await TestCloud.start((stack) => {
    const missing = s3.Bucket.fromBucketName(stack, 'Missing', 'no-such-bucket');
    // Every page is a chunk of its own.
    stack.machine('Orders', { chunkSize: Size.bytes(1), destination: stack.destination('orders/latest.jsonl') });
    stack.machine('Large', { destination: stack.destination('orders/large.jsonl') });
    stack.machine('Small', { chunkSize: Size.bytes(1), fetchFunction: { memorySize: 128 } });
    stack.machine('ToMissing', { destination: ImportDestination.toBucket(missing, { key: 'orders/latest.jsonl' }) });
    stack.machine('OverMissing', { chunkCache: ChunkCache.fromBucket(missing, { prefix: 'cache' }) });
  });
});
afterAll(async () => cloud?.[Symbol.asyncDispose]());

type Request = Parameters<Interceptor>[0];

const DENIED: Intervention = { kind: 'fail', code: 'AccessDenied', status: 403 };

/** Runs something while each request that is meant is interfered with. */
async function interfering<T>(intervention: Intervention, isMeant: (request: Request) => boolean, work: () => Promise<T>): Promise<T> {
  const remove = cloud.local.s3.intercept((request) => (isMeant(request) ? intervention : undefined));
  return work().finally(remove);
}

test('a function that dies is invoked again, and neither loses nor doubles a record', async () => {
  const { output, events } = await cloud.import('Orders', { count: 45, crash: cloud.unusedPath() });
  expect(events.filter(({ type }) => type === 'TaskFailed').map(({ error }) => error)).toEqual(['Runtime.ExitError']);
  expect(output).toMatchObject({ records: 45, pages: 6 });
  expect(cloud.records(output)).toEqual(orders(45));
});

test('a function that runs out of memory is invoked again, and neither loses nor doubles a record', async () => {
  const { output, events } = await cloud.import('Small', { count: 45, exhaust: cloud.unusedPath() });
  expect(events.filter(({ type }) => type === 'TaskFailed').map(({ error }) => error)).toEqual(['Runtime.OutOfMemory']);
  expect(output).toMatchObject({ records: 45, pages: 6 });
  expect(cloud.records(output)).toEqual(orders(45));
});

test('the replies to writes get lost, and each write counts once', async () => {
  const interrupted = new Set<string>();
  const isFirstWrite = ({ operation, key }: Request): boolean => {
    const isWrite = operation === 'PutObject' && !key.includes('/data/');
    return isWrite && !interrupted.has(key) && Boolean(interrupted.add(key));
  };
  const { output } = await interfering({ kind: 'drop-reply' }, isFirstWrite, async () => cloud.import('Orders', { count: 45, label: 'lost replies' }));
  const prefix = cloud.folderOf(output.importId);
  expect([...interrupted]).toEqual(expect.arrayContaining([
    `${prefix}/import.json`, `${prefix}/commits/00000000.json`, output.key, output.manifestKey, `${prefix}/published.json`,
  ]));
  expect(cloud.records(output)).toEqual(orders(45, 'lost replies'));
  const log = cloud.cached(`${prefix}/commits/`).map((key) => cloud.cachedFile(key));
  expect(log.map(({ index }) => index)).toEqual(log.map((_, index) => index));
  expect(cloud.cached(`${prefix}/data/`)).toEqual([]);
});

test('a destination bucket that does not exist is named', async () => {
  const run = await cloud.run('ToMissing', { count: 25 });
  expect(run.result).toMatchObject({ status: 'FAILED', error: 'BucketNotFoundError' });
  expect(failureOf(run).errorMessage).toMatch(/The bucket no-such-bucket does not exist \(NoSuchBucket, .*\)\..*redrive the execution/);
  // Before a page is fetched.
  expect(run.entered).toEqual(['Initialize']);
});

test('a cache bucket that does not exist is named, before a page is fetched', async () => {
  const run = await cloud.run('OverMissing', { count: 25 });
  expect(run.result).toMatchObject({ status: 'FAILED', error: 'BucketNotFoundError' });
  expect(failureOf(run).errorMessage).toMatch(/The bucket no-such-bucket does not exist \(NoSuchBucket, .*\)\./);
  expect(run.entered).toEqual(['Initialize']);
});

test('a destination that refuses is named, keeps what it had, and gets it all once it allows', async () => {
  const yesterday = await cloud.import('Orders', { count: 15, label: 'yesterday' });
  const bucket = cloud.local.bucketName('Destination');
  let hasFetched = false;
  const isDenied = (request: Request): boolean => {
    hasFetched ||= request.key.includes('/commits/');
    return hasFetched && request.bucket === bucket && request.method !== 'HEAD';
  };
  const run = await interfering(DENIED, isDenied,
    async () => cloud.run('Orders', { count: 25, label: 'today' }));
  expect(run.result).toMatchObject({ status: 'FAILED', error: 'StoreAccessError' });
  expect(failureOf(run).errorMessage).toContain(`s3://${bucket}/orders/latest.jsonl`);
  expect(cloud.records(yesterday.output)).toEqual(orders(15, 'yesterday'));

  const { output } = await cloud.import('Orders', { resumeFrom: importIdOf(run) });
  expect(cloud.records(output)).toEqual(orders(25, 'today'));
});

/** Makes the object one chunk that is copied, and not put at once. */
const LARGE_LABEL = 'large '.repeat(9_000);

test.each<[string, (request: Request) => boolean, string?]>([
  ['reading a commit record', ({ operation, key }) => operation === 'GetObject' && key.includes('/commits/')],
  ['writing a commit record', ({ operation, key }) => operation === 'PutObject' && key.includes('/commits/')],
  ['writing a chunk', ({ operation, key }) => operation === 'PutObject' && key.includes('/data/')],
  ['listing the log', ({ operation, query }) => operation === 'ListObjectsV2' && query.prefix!.includes('/commits/')],
  ['writing the object', ({ operation, key, headers }) => operation === 'PutObject' && key === 'orders/latest.jsonl' && headers['if-match'] !== '"no-object"'],
  ['creating the upload', ({ operation }) => operation === 'CreateMultipartUpload', LARGE_LABEL],
  ['copying a part', ({ operation }) => operation.startsWith('UploadPart'), LARGE_LABEL],
  ['completing the upload', ({ operation }) => operation === 'CompleteMultipartUpload', LARGE_LABEL],
  ['writing the manifest', ({ operation, key }) => operation === 'PutObject' && key.endsWith('.manifest.json')],
  ['writing the marker', ({ operation, key }) => operation === 'PutObject' && key.endsWith('published.json')],
])('%s is denied: a configuration error that is never taken for an absent file', async (_, isMeant, label = 'denied') => {
  let denied = 0;
  const id = label === LARGE_LABEL ? 'Large' : 'Orders';
  const run = await interfering(DENIED, (request) => isMeant(request) && ++denied > 0, async () => cloud.run(id, { count: 25, label }));
  expect(denied).toBeGreaterThan(0);
  expect(run.result).toMatchObject({ status: 'FAILED', error: 'StoreAccessError' });
  expect(failureOf(run).errorMessage).toMatch(/^S3 denied .* on s3:\/\/.*Check the bucket's policy.*redrive the execution/);

  const { output } = await cloud.import(id, { resumeFrom: importIdOf(run) });
  expect(cloud.records(output)).toEqual(orders(25, label));
});
