import * as path from 'node:path';
import { App, Stack } from 'aws-cdk-lib';
import * as s3 from 'aws-cdk-lib/aws-s3';
import * as sfn from 'aws-cdk-lib/aws-stepfunctions';
import { Compression, FetchPageHandler, ImportDestination, PaginatedImport } from 'cdk-paginated-import';

/** A custom machine that runs an import per tenant, five at a time, into objects that Athena and Spark can read in parallel. */
const app = new App();
const stack = new Stack(app, 'Tenants');
const bucket = new s3.Bucket(stack, 'Bucket', { blockPublicAccess: s3.BlockPublicAccess.BLOCK_ALL, enforceSSL: true });

const invoices = new PaginatedImport(stack, 'Invoices', {
  fetchPage: FetchPageHandler.fromEntry(path.join(__dirname, 'invoices.source.ts')),
  pageSize: 100,
  destination: ImportDestination.toPrefix(bucket, { prefix: 'invoices/{date}/{importId}', compression: Compression.GZIP }),
});

const eachTenant = new sfn.Map(stack, 'EachTenant', { itemsPath: '$.tenants', maxConcurrency: 5 });
eachTenant.itemProcessor(invoices);

new sfn.StateMachine(stack, 'StateMachine', { definitionBody: sfn.DefinitionBody.fromChainable(eachTenant) });
