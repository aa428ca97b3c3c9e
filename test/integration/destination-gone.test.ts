import * as s3 from 'aws-cdk-lib/aws-s3';
import { ImportDestination } from 'cdk-paginated-import';
import { failureOf, importIdOf, ImportRun, ImportsStack, orders, S3Request, TestCloud } from './kit';

/** The destination's bucket is deleted after the last page was fetched, at whichever request of Persist. */

/** Each over a bucket of its own, which must be empty to be deleted. */
const CASES = [
  { layout: 'object', operation: 'HeadObject' },
  { layout: 'object', operation: 'CreateMultipartUpload' },
  { layout: 'object', operation: 'CompleteMultipartUpload' },
  { layout: 'parts', operation: 'HeadObject' },
  { layout: 'parts', operation: 'ListObjectsV2' },
  { layout: 'parts', operation: 'CopyObject' },
] as const;
type Case = typeof CASES[number];

/** Makes the object one chunk that is copied, and not put at once. */
const LABEL = 'large '.repeat(9_000);

function idOf({ layout, operation }: Case): string {
  return `${layout}${operation}`;
}

function machine(stack: ImportsStack, output: Case): void {
  const bucket = new s3.Bucket(stack, `To${idOf(output)}`);
  const destination = output.layout === 'object'
    ? ImportDestination.toBucket(bucket, { key: 'orders/latest.jsonl' })
    : ImportDestination.toPrefix(bucket, { prefix: 'orders/{importId}' });
  stack.machine(idOf(output), { destination });
}

let cloud: TestCloud;
beforeAll(async () => {
  cloud = await TestCloud.start((stack) => CASES.forEach((output) => machine(stack, output)));
});
afterAll(async () => cloud?.[Symbol.asyncDispose]());

async function deleteBucket(bucket: string): Promise<void> {
  const { status } = await fetch(`${cloud.local.s3.endpoint}/${bucket}`, { method: 'DELETE' });
  expect(status).toBe(204);
}

/** Runs an import whose bucket is gone when the request arrives that is meant. */
async function runWithout(bucket: string, id: string, isMeant: (request: S3Request) => boolean) {
  let isGone = false;
  let hasFetched = false;
  const remove = cloud.local.s3.intercept(async (request) => {
    // Initialize looks at the destination, too.
    hasFetched ||= request.operation === 'PutObject' && request.key.includes('/commits/');
    if (isGone || !hasFetched || request.bucket !== bucket || !isMeant(request)) return undefined;
    isGone = true;
    await deleteBucket(bucket);
    return undefined;
  });
  const run = await cloud.run(id, { count: 25, label: LABEL }).finally(remove);
  expect(isGone).toBe(true);
  return run;
}

function recordsOf({ output: { bucket, key } }: ImportRun): unknown[] {
  const keys = key.endsWith('/') ? cloud.local.s3.list(bucket, `${key}part-`).map((part) => part.key) : [key];
  return keys.flatMap((each) => cloud.records({ bucket, key: each }));
}

describe.each(CASES)('$layout, at $operation', (output) => {
  const id = idOf(output);

  test('the import fails with the bucket\'s name and what to do, the cache stays, and resuming publishes', async () => {
    const bucket = cloud.local.bucketName(`To${id}`);
    const run = await runWithout(bucket, id, ({ operation }) => operation === output.operation);
    expect(run.result).toMatchObject({ status: 'FAILED', error: 'BucketNotFoundError' });
    expect(run.entered).not.toContain('CleanUp');
    expect(failureOf(run).errorMessage).toMatch(new RegExp(`The bucket ${bucket} does not exist \\(NoSuchBucket, .*\\)\\..*redrive the execution`));
    const resumeFrom = importIdOf(run);
    const kept = cloud.cachedOf(resumeFrom);
    expect(kept.filter((key) => key.includes('/data/'))).toHaveLength(1);
    expect(kept).not.toContain(`${cloud.folderOf(resumeFrom)}/published.json`);

    cloud.local.s3.createBucket(bucket);
    const resumed = await cloud.import(id, { resumeFrom });
    expect(resumed.output).toMatchObject({ importId: resumeFrom, outcome: 'published', records: 25 });
    expect(recordsOf(resumed)).toEqual(orders(25, LABEL));
    expect(cloud.cachedOf(resumeFrom, 'data/')).toEqual([]);
  });
});
