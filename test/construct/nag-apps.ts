import * as path from 'node:path';
import { App, Duration, Stack } from 'aws-cdk-lib';
import * as ec2 from 'aws-cdk-lib/aws-ec2';
import * as events from 'aws-cdk-lib/aws-events';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import * as s3 from 'aws-cdk-lib/aws-s3';
import * as sfn from 'aws-cdk-lib/aws-stepfunctions';
import { FlightsStack } from '../../examples/flights/flights-stack';
import { ChunkCache, FetchPageHandler, ImportDestination, PaginatedImport, PaginatedImportStateMachine } from '../../src';
import { FIXTURES, TestStack } from './kit';

/** Apps that cdk-nag judges, by what is special about them. The import is always `Orders`, or `Flights` in the example. */
export const APPS: readonly (readonly [string, () => App])[] = [
  ['with a bucket of its own and a schedule', withImport((stack) => {
    new PaginatedImportStateMachine(stack, 'Orders', {
      ...stack.props(),
      fetchPage: FetchPageHandler.fromEntry(path.join(FIXTURES, 'orders.source.ts')),
      schedule: events.Schedule.rate(Duration.days(1)),
    });
  })],
  ['that uses buckets of another stack, and a function of its own', withImport((stack, app) => {
    const data = new Stack(app, 'Data');
    const bucket = new s3.Bucket(data, 'Bucket', { enforceSSL: true, serverAccessLogsPrefix: 'access-logs/' });
    new PaginatedImportStateMachine(stack, 'Orders', stack.props({
      fetchPage: FetchPageHandler.fromFunction(newFunction(stack, 'Fn', '() => []')),
      chunkCache: ChunkCache.fromBucket(bucket, { prefix: 'cache' }),
      destination: ImportDestination.toBucket(bucket, { key: 'orders/{date}.jsonl' }),
    }));
  })],
  ['that uses imported buckets', withImport((stack) => {
    new PaginatedImportStateMachine(stack, 'Orders', stack.props({
      chunkCache: ChunkCache.fromBucket(s3.Bucket.fromBucketName(stack, 'Cache', 'cache'), { dedicated: true }),
      destination: ImportDestination.toBucket(s3.Bucket.fromBucketName(stack, 'Published', 'published'), { key: 'orders/{date}.jsonl' }),
    }));
  })],
  ['that publishes all that there is, and whose summary is read', withImport((stack) => {
    const orders = new PaginatedImportStateMachine(stack, 'Orders', stack.props({
      destination: ImportDestination.toPrefix(stack.bucket, { prefix: 'orders/{importId}', tags: { team: 'orders' }, latestKey: 'orders/_latest.json' }),
      beforePersist: new sfn.Pass(stack, 'Check'),
    }));
    orders.grantReadSummary(newFunction(stack, 'Reader', '() => {}'));
  })],
  ['in a VPC', withImport((stack) => {
    const vpc = new ec2.Vpc(stack, 'Vpc', { natGateways: 0 });
    new PaginatedImportStateMachine(stack, 'Orders', stack.props({ vpc, vpcSubnets: { subnetType: ec2.SubnetType.PRIVATE_ISOLATED } }));
  })],
  ['in a larger machine', withImport((stack) => {
    new PaginatedImport(stack, 'Orders', stack.props());
  })],
  ['that the demo runs', () => {
    const app = new App();
    new FlightsStack(app, 'Flights', { apiUrl: 'https://api.example.com' });
    return app;
  }],
];

export function withImport(build: (stack: TestStack, app: App) => void): () => App {
  return () => {
    const app = new App();
    build(new TestStack(app), app);
    return app;
  };
}

function newFunction(stack: Stack, id: string, handler: string): lambda.Function {
  return new lambda.Function(stack, id, {
    runtime: lambda.Runtime.NODEJS_24_X,
    handler: 'index.handler',
    code: lambda.Code.fromInline(`exports.handler = ${handler}`),
    role: new iam.Role(stack, `${id}Role`, { assumedBy: new iam.ServicePrincipal('lambda.amazonaws.com') }),
  });
}
