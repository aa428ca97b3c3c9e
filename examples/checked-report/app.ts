import * as path from 'node:path';
import { App, Duration, Stack } from 'aws-cdk-lib';
import * as events from 'aws-cdk-lib/aws-events';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import * as s3 from 'aws-cdk-lib/aws-s3';
import * as tasks from 'aws-cdk-lib/aws-stepfunctions-tasks';
import { Compression, FetchPageHandler, ImportDestination, OnEmpty, OutputFormat, PaginatedImportStateMachine } from 'cdk-paginated-import';

/** A daily report as a compressed CSV. A Python function checks it before it replaces yesterday's. */
const app = new App();
const stack = new Stack(app, 'CheckedReport');
const bucket = new s3.Bucket(stack, 'Bucket', { blockPublicAccess: s3.BlockPublicAccess.BLOCK_ALL, enforceSSL: true });

const check = new lambda.Function(stack, 'Check', {
  runtime: lambda.Runtime.PYTHON_3_13,
  handler: 'check.handler',
  code: lambda.Code.fromAsset(__dirname, { exclude: ['*', '!check.py'] }),
  timeout: Duration.minutes(1),
});

const report = new PaginatedImportStateMachine(stack, 'Orders', {
  fetchPage: FetchPageHandler.fromEntry(path.join(__dirname, 'orders.source.ts')),
  pageSize: 25,
  destination: ImportDestination.toBucket(bucket, {
    key: 'reports/orders.csv.gz',
    format: OutputFormat.csv({ columns: ['id', 'customer', 'total'] }),
    compression: Compression.GZIP,
    onEmpty: OnEmpty.FAIL,
  }),
  beforePersist: new tasks.LambdaInvoke(stack, 'CheckOrders', { lambdaFunction: check }),
  schedule: events.Schedule.rate(Duration.days(1)),
});
report.grantReadSummary(check);
