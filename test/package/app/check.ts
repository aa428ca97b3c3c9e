import * as assert from 'node:assert';
import * as path from 'node:path';
import { App, Stack } from 'aws-cdk-lib';
import * as s3 from 'aws-cdk-lib/aws-s3';
import { FetchPageHandler, ImportDestination, PaginatedImportStateMachine } from 'cdk-paginated-import';
import { LocalCloud } from 'cdk-paginated-import/local';

/** What the README tells, in an app in TypeScript that has the packed package only: synthesizes, and runs the handler in process. */
async function main(): Promise<void> {
  const app = new App();
  const stack = new Stack(app, 'Consumer');
  new PaginatedImportStateMachine(stack, 'Orders', {
    fetchPage: FetchPageHandler.fromEntry(path.join(__dirname, 'orders.source.ts')),
    pageSize: 25,
    destination: ImportDestination.toBucket(new s3.Bucket(stack, 'Bucket'), { key: 'orders/{date}/{importId}.jsonl' }),
  });
  const cloud = await LocalCloud.start({ assembly: app.synth() });
  const { status, output } = await cloud.startExecution('Consumer/Orders').result();
  assert.strictEqual(status, 'SUCCEEDED');
  const { bucket, key, records } = output as unknown as { bucket: string; key: string; records: number };
  assert.strictEqual(records, 101);
  const ids = cloud.s3.read(bucket, key).toString().trim().split('\n').map((line) => (JSON.parse(line) as { id: number }).id);
  assert.deepStrictEqual(ids, Array.from({ length: 101 }, (_, id) => id));
  await cloud.stop();
  console.log('TypeScript, handler in process: 101 records in order');
}

main().catch((error: unknown) => {
  console.error(error);
  process.exitCode = 1;
});
