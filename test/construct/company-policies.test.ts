import { App, Aspects, Duration, Tags } from 'aws-cdk-lib';
import { Match, Template } from 'aws-cdk-lib/assertions';
import * as events from 'aws-cdk-lib/aws-events';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import * as logs from 'aws-cdk-lib/aws-logs';
import * as s3 from 'aws-cdk-lib/aws-s3';
import * as sqs from 'aws-cdk-lib/aws-sqs';
import * as sfn from 'aws-cdk-lib/aws-stepfunctions';
import {
  ChunkCache, ImportDestination, PaginatedImport, PaginatedImportProps, PaginatedImportStateMachine, PaginatedImportStateMachineProps,
} from '../../src';
import { flat, logicalIdOf, Properties, TestStack } from './kit';

/** An import with all that it can create. */
function wholeImport(stack: TestStack, props: Partial<PaginatedImportStateMachineProps> = {}): PaginatedImportStateMachine {
  const schedule = events.Schedule.rate(Duration.days(1));
  return new PaginatedImportStateMachine(stack, 'Orders', { ...stack.props({ beforePersist: new sfn.Pass(stack, 'Check') }), schedule, ...props });
}

function propertiesOfAll(stack: TestStack, type: string): Properties[] {
  return Object.values(Template.fromStack(stack).findResources(type)).map(({ Properties: properties }) => properties);
}

describe('what a company puts on every resource', () => {
  test('a permissions boundary is on every role', () => {
    const stack = new TestStack();
    iam.PermissionsBoundary.of(stack).apply(iam.ManagedPolicy.fromManagedPolicyName(stack, 'Boundary', 'company-boundary'));
    wholeImport(stack);
    const roles = propertiesOfAll(stack, 'AWS::IAM::Role');
    expect(roles).toHaveLength(8);
    roles.forEach(({ PermissionsBoundary: boundary }) => expect(flat(boundary)).toMatch(/:policy\/company-boundary$/));
  });

  test('an aspect sets properties of every role, function and log group, before or after the import is made', () => {
    const change = {
      visit: (node: unknown) => {
        if (node instanceof iam.CfnRole) node.path = '/company/';
        if (node instanceof lambda.CfnFunction) node.codeSigningConfigArn = 'arn:aws:lambda:eu-west-1:123456789012:code-signing-config:csc-1';
        if (node instanceof logs.CfnLogGroup) node.retentionInDays = 400;
      },
    };
    for (const isBefore of [true, false]) {
      const stack = new TestStack();
      if (isBefore) Aspects.of(stack).add(change);
      wholeImport(stack);
      if (!isBefore) Aspects.of(stack).add(change);
      expect(propertiesOfAll(stack, 'AWS::IAM::Role').map(({ Path }) => Path)).toEqual(Array(8).fill('/company/'));
      expect(propertiesOfAll(stack, 'AWS::Lambda::Function').map(({ CodeSigningConfigArn }) => CodeSigningConfigArn)).toEqual(Array(5).fill(expect.any(String)));
      expect(propertiesOfAll(stack, 'AWS::Logs::LogGroup').map(({ RetentionInDays }) => RetentionInDays)).toEqual([400, 400]);
    }
  });

  test('an aspect sees the permissions that roles hold themselves', () => {
    const stack = new TestStack();
    wholeImport(stack);
    const seen = new Set<string>();
    Aspects.of(stack).add({
      visit: (node) => {
        if (node instanceof iam.CfnRole && JSON.stringify(stack.resolve(node.policies)).includes('"Own"')) seen.add(node.node.path);
      },
    });
    Template.fromStack(stack);
    expect(seen.size).toBe(8);
  });

  test('tags are on every resource that takes them', () => {
    const stack = new TestStack();
    Tags.of(stack).add('cost-center', '4711');
    wholeImport(stack);
    for (const type of ['AWS::IAM::Role', 'AWS::Lambda::Function', 'AWS::Logs::LogGroup', 'AWS::StepFunctions::StateMachine', 'AWS::S3::Bucket']) {
      propertiesOfAll(stack, type).forEach(({ Tags: tags }) => expect(tags).toContainEqual({ Key: 'cost-center', Value: '4711' }));
    }
  });
});

describe('the dead letter queue of the schedule', () => {
  test('gets the events that start no import, and may be sent to by the schedule alone', () => {
    const stack = new TestStack();
    const queue = new sqs.Queue(stack, 'NotStarted');
    wholeImport(stack, { scheduleDeadLetterQueue: queue });
    const template = Template.fromStack(stack);
    template.hasResourceProperties('AWS::Events::Rule', { Targets: [Match.objectLike({ DeadLetterConfig: { Arn: { 'Fn::GetAtt': [logicalIdOf(queue), 'Arn'] } } })] });
    template.hasResourceProperties('AWS::SQS::QueuePolicy', {
      PolicyDocument: { Statement: [Match.objectLike({ Action: 'sqs:SendMessage', Condition: { ArnEquals: { 'aws:SourceArn': Match.anyValue() } } })] },
    });
  });

  test('is refused without a schedule', () => {
    const stack = new TestStack();
    expect(() => wholeImport(stack, { scheduleDeadLetterQueue: new sqs.Queue(stack, 'NotStarted'), schedule: undefined }))
      .toThrow('PaginatedImportStateMachine (Stack/Orders): scheduleDeadLetterQueue is given without a schedule; write schedule as well instead');
  });

  test('is refused as the ARN of one', () => {
    const stack = new TestStack();
    expect(() => wholeImport(stack, { scheduleDeadLetterQueue: 'arn:aws:sqs:eu-west-1:123456789012:queue' as unknown as sqs.IQueue }))
      .toThrow('scheduleDeadLetterQueue is a string; write an sqs.IQueue such as new sqs.Queue(');
  });
});

describe('a directory bucket', () => {
  const NAME = 'orders--euw1-az1--x-s3';
  const MESSAGE = `bucket '${NAME}' is a directory bucket, which lists keys in no order and takes other permissions; write a general purpose bucket instead`;
  const bucket = s3.Bucket.fromBucketName(new TestStack(new App()), 'Directory', NAME);

  test.each<[string, () => unknown]>([
    ['ChunkCache.fromBucket', () => ChunkCache.fromBucket(bucket, { prefix: 'cache' })],
    ['ImportDestination.toBucket', () => ImportDestination.toBucket(bucket, { key: 'orders/latest.jsonl' })],
    ['ImportDestination.toPrefix', () => ImportDestination.toPrefix(bucket, { prefix: 'orders/{importId}' })],
  ])('is refused by %s', (where, make) => {
    expect(make).toThrow(`${where}: ${MESSAGE}`);
  });

  test('is one by the end of its name only', () => {
    expect(() => ChunkCache.fromBucket(s3.Bucket.fromBucketName(new TestStack(), 'Other', 'orders--x-s3-archive'), { prefix: 'cache' })).not.toThrow();
  });
});

describe('a bucket in another region', () => {
  const stackIn = (region?: string): TestStack => new TestStack(new App(), 'Stack', { env: { region } });
  const bucketIn = (stack: TestStack, region?: string): s3.IBucket => (
    s3.Bucket.fromBucketAttributes(stack, 'Elsewhere', { bucketName: 'elsewhere', region }));
  const uses: Readonly<Record<string, (bucket: s3.IBucket) => Partial<PaginatedImportProps>>> = {
    'ChunkCache.fromBucket': (bucket) => ({ chunkCache: ChunkCache.fromBucket(bucket, { prefix: 'cache' }) }),
    'ImportDestination.toBucket': (bucket) => ({ destination: ImportDestination.toBucket(bucket, { key: 'orders/latest.jsonl' }) }),
    'ImportDestination.toPrefix': (bucket) => ({ destination: ImportDestination.toPrefix(bucket, { prefix: 'orders/{importId}' }) }),
  };

  test.each(Object.keys(uses))('is refused: %s', (where) => {
    const stack = stackIn('eu-west-1');
    const props = stack.props(uses[where]!(bucketIn(stack, 'us-east-2')));

    expect(() => new PaginatedImport(stack, 'Orders', props)).toThrow(
      `${where}: bucket is in us-east-2, and the import in eu-west-1; write a bucket in the region of the import instead`);
  });

  test.each<[string, string | undefined, string | undefined]>([
    ['the same region', 'eu-west-1', 'eu-west-1'],
    ['a region that synth does not know', undefined, 'us-east-2'],
    ['a bucket of which nothing is said', 'eu-west-1', undefined],
  ])('is not: %s', (_what, here, there) => {
    for (const use of Object.values(uses)) {
      const stack = stackIn(here);
      expect(() => new PaginatedImport(stack, 'Orders', stack.props(use(bucketIn(stack, there))))).not.toThrow();
    }
  });
});
