const assert = require('node:assert');
const { App, Stack } = require('aws-cdk-lib');
const lambda = require('aws-cdk-lib/aws-lambda');
const s3 = require('aws-cdk-lib/aws-s3');
const { FetchPageHandler, ImportDestination, PaginatedImportStateMachine } = require('cdk-paginated-import');
const { LocalCloud } = require('cdk-paginated-import/local');
const manifestSchema = require('cdk-paginated-import/manifest.schema.json');

const HANDLER = `exports.handler = async ({ pageToken }) => {
  const page = pageToken ?? 0;
  return { records: [{ page }], nextPageToken: page < 2 ? page + 1 : null };
};`;

/** The same in plain JavaScript, with the handler as a function of its own. */
async function main() {
  const app = new App();
  const stack = new Stack(app, 'Consumer');
  const handler = new lambda.Function(stack, 'Handler', {
    runtime: lambda.Runtime.NODEJS_22_X,
    handler: 'index.handler',
    code: lambda.Code.fromInline(HANDLER),
  });
  new PaginatedImportStateMachine(stack, 'Pages', {
    fetchPage: FetchPageHandler.fromFunction(handler),
    pageSize: 1,
    destination: ImportDestination.toBucket(new s3.Bucket(stack, 'Bucket'), { key: 'pages.jsonl' }),
  });
  const cloud = await LocalCloud.start({ assembly: app.synth() });
  const { status, output, cause } = await cloud.startExecution('Consumer/Pages').result();
  assert.strictEqual(status, 'SUCCEEDED', cause);
  assert.strictEqual(cloud.s3.read(output.bucket, output.key).toString(), '{"page":0}\n{"page":1}\n{"page":2}\n');
  const manifest = JSON.parse(cloud.s3.read(output.bucket, output.manifestKey).toString());
  assert.deepStrictEqual(Object.keys(manifest).filter((field) => !(field in manifestSchema.properties)), []);
  await cloud.stop();
  console.log('JavaScript, handler as a function: 3 records in order');
}

main().catch((error) => {
  console.error(error);
  process.exitCode = 1;
});
