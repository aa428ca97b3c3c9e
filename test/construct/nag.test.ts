import * as path from 'node:path';
import { App, Duration, Stack } from 'aws-cdk-lib';
import * as ec2 from 'aws-cdk-lib/aws-ec2';
import * as events from 'aws-cdk-lib/aws-events';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import * as s3 from 'aws-cdk-lib/aws-s3';
import * as sfn from 'aws-cdk-lib/aws-stepfunctions';
import { AwsSolutionsChecks } from 'cdk-nag';
import { FlightsStack } from '../../examples/flights/flights-stack';
import { ChunkCache, FetchPageHandler, ImportDestination, PaginatedImportStateMachine } from '../../src';
import { FIXTURES, TestStack } from './kit';

/** cdk-nag's findings that are not acknowledged: rule and construct. */
function findings(app: App): string[] {
  app.synth();
  return new AwsSolutionsChecks(app).validateScope(app).violations
    .flatMap(({ ruleName, violatingResources }) => violatingResources.map(({ constructPath }) => `${ruleName} ${constructPath}`));
}

function withImport(build: (stack: TestStack, app: App) => void): string[] {
  const app = new App();
  build(new TestStack(app), app);
  return findings(app);
}

test('an import with a bucket of its own and a schedule has no findings', () => {
  expect(withImport((stack) => new PaginatedImportStateMachine(stack, 'Orders', {
    ...stack.props(),
    fetchPage: FetchPageHandler.fromEntry(path.join(FIXTURES, 'orders.source.ts')),
    schedule: events.Schedule.rate(Duration.days(1)),
  }))).toEqual([]);
});

test('nor has one that uses buckets of another stack, and a function of its own', () => {
  expect(withImport((stack, app) => {
    const data = new Stack(app, 'Data');
    const bucket = new s3.Bucket(data, 'Bucket', { enforceSSL: true, serverAccessLogsPrefix: 'access-logs/' });
    const fn = new lambda.Function(stack, 'Fn', {
      runtime: lambda.Runtime.NODEJS_24_X,
      handler: 'index.handler',
      code: lambda.Code.fromInline('exports.handler = () => []'),
      role: new iam.Role(stack, 'FnRole', { assumedBy: new iam.ServicePrincipal('lambda.amazonaws.com') }),
    });
    new PaginatedImportStateMachine(stack, 'Orders', stack.props({
      fetchPage: FetchPageHandler.fromFunction(fn),
      chunkCache: ChunkCache.fromBucket(bucket, { prefix: 'cache' }),
      destination: ImportDestination.toBucket(bucket, { key: 'orders/{date}.jsonl' }),
    }));
  })).toEqual([]);
});

test('nor has one that uses imported buckets', () => {
  expect(withImport((stack) => new PaginatedImportStateMachine(stack, 'Orders', stack.props({
    chunkCache: ChunkCache.fromBucket(s3.Bucket.fromBucketName(stack, 'Cache', 'cache')),
    destination: ImportDestination.toBucket(s3.Bucket.fromBucketName(stack, 'Published', 'published'), { key: 'orders/{date}.jsonl' }),
  })))).toEqual([]);
});

test('nor has one that publishes all that there is, and whose summary is read', () => {
  expect(withImport((stack) => {
    const reader = new lambda.Function(stack, 'Reader', {
      runtime: lambda.Runtime.NODEJS_24_X,
      handler: 'index.handler',
      code: lambda.Code.fromInline('exports.handler = () => {}'),
      role: new iam.Role(stack, 'ReaderRole', { assumedBy: new iam.ServicePrincipal('lambda.amazonaws.com') }),
    });
    const orders = new PaginatedImportStateMachine(stack, 'Orders', stack.props({
      destination: ImportDestination.toPrefix(stack.bucket, { prefix: 'orders/{importId}', tags: { team: 'orders' }, latestKey: 'orders/_latest.json' }),
      beforePersist: new sfn.Pass(stack, 'Check'),
    }));
    orders.grantReadSummary(reader);
  })).toEqual([]);
});

test('nor has one in a VPC, but for the VPC itself', () => {
  const found = withImport((stack) => {
    const vpc = new ec2.Vpc(stack, 'Vpc', { natGateways: 0 });
    new PaginatedImportStateMachine(stack, 'Orders', stack.props({
      fetchFunction: { vpc, vpcSubnets: { subnetType: ec2.SubnetType.PRIVATE_ISOLATED } },
    }));
  });
  expect(found.filter((finding) => !finding.includes('/Vpc/'))).toEqual([]);
});

test('the example that the demo runs has none', () => {
  const app = new App();
  new FlightsStack(app, 'Flights', { apiUrl: 'https://api.example.com' });
  expect(findings(app)).toEqual([]);
});

test('a wildcard that is added later is still reported', () => {
  const found = withImport((stack) => {
    const orders = new PaginatedImportStateMachine(stack, 'Orders', stack.props());
    orders.fetchFunction.addToRolePolicy(new iam.PolicyStatement({ actions: ['secretsmanager:*'], resources: ['arn:aws:secretsmanager:eu-west-1:123456789012:secret:*'] }));
  });
  expect(found).toEqual([
    expect.stringMatching(/^AwsSolutions-IAM5\[Action::secretsmanager:\*\] .*Functions\/Fetch\/Role/),
    expect.stringMatching(/^AwsSolutions-IAM5\[Resource::arn:aws:secretsmanager.*\] .*Functions\/Fetch\/Role/),
  ]);
});
