import { App, Duration, Stack } from 'aws-cdk-lib';
import * as events from 'aws-cdk-lib/aws-events';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import * as s3 from 'aws-cdk-lib/aws-s3';
import { FetchPageHandler, ImportDestination, PaginatedImportStateMachine } from 'cdk-paginated-import';

/** A daily import whose handler is a separate function, in Python. */
const app = new App();
const stack = new Stack(app, 'PythonHandler');
const bucket = new s3.Bucket(stack, 'Bucket', { blockPublicAccess: s3.BlockPublicAccess.BLOCK_ALL, enforceSSL: true });

const fetchOrders = new lambda.Function(stack, 'FetchOrders', {
  runtime: lambda.Runtime.PYTHON_3_13,
  handler: 'handler.handler',
  code: lambda.Code.fromAsset(__dirname, { exclude: ['*', '!handler.py'] }),
  timeout: Duration.minutes(1),
});

new PaginatedImportStateMachine(stack, 'Orders', {
  fetchPage: FetchPageHandler.fromFunction(fetchOrders),
  pageSize: 25,
  destination: ImportDestination.toBucket(bucket, { key: 'orders/latest.jsonl' }),
  schedule: events.Schedule.rate(Duration.days(1)),
});
