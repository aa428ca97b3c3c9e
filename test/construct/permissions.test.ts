import { isDeepStrictEqual } from 'node:util';
import { App, Stack } from 'aws-cdk-lib';
import { Match, Template } from 'aws-cdk-lib/assertions';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as kms from 'aws-cdk-lib/aws-kms';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import * as s3 from 'aws-cdk-lib/aws-s3';
import * as sfn from 'aws-cdk-lib/aws-stepfunctions';
import { ChunkCache, FetchPageHandler, ImportDestination, PaginatedImportProps, PaginatedImportStateMachine } from '../../src';
import { flat, functionOf, importStack, ImportStack, logicalIdOf, Properties, statementsOf, StepName, TestStack } from './kit';

/** The condition of every statement about S3: see the test of it. */
const IN_OWN_ACCOUNT = { 'aws:ResourceAccount': { Ref: 'AWS::AccountId' } };

/** What a step may do, in one line per statement: actions, resources, conditions but for the account. Without logs and traces. */
function allowed({ template, orders }: ImportStack, step: StepName): string[] {
  return linesOf(statementsOf(template, functionOf(orders.paginatedImport, step).role!));
}

function linesOf(statements: readonly Properties[]): string[] {
  return statements
    .map(({ Action, Resource, Condition }) => [
      [Action].flat().join(' '), [flat(Resource)].flat().join(' '), ...conditionOf(Condition),
    ].join(' on '))
    .filter((line) => !line.startsWith('logs:') && !line.startsWith('xray:'));
}

function conditionOf({ StringEquals, ...others }: Properties = {}): string[] {
  const rest = isDeepStrictEqual(StringEquals, IN_OWN_ACCOUNT) ? others : { ...others, ...StringEquals && { StringEquals } };
  return Object.keys(rest).length === 0 ? [] : [JSON.stringify(rest)];
}

const ONCE = 'on {"Null":{"s3:if-none-match":"false"}}';

test('each step may do what it does with its own cache, and nothing else', () => {
  const synthesized = importStack();
  const bucket = `<${logicalIdOf(synthesized.orders.cacheBucket)}>`;
  const cache = `${bucket}/Stack-Orders-EEDB7941`;
  const listing = `s3:ListBucket on ${bucket} on {"StringLike":{"s3:prefix":["Stack-Orders-EEDB7941/*"]}}`;
  const destination = `<${logicalIdOf(synthesized.stack.bucket)}>`;
  expect(allowed(synthesized, 'Initialize')).toEqual([
    `s3:GetObject on ${cache}/*/import.json ${cache}/*/published.json ${cache}/*/commits/*`,
    `s3:PutObject on ${cache}/*/import.json ${ONCE}`,
    listing,
    `s3:GetObject on ${destination}/orders/*`,
    `s3:PutObject on ${destination}/orders/* on {"Null":{"s3:if-match":"false"}}`,
    `s3:ListBucket on ${destination} on {"StringLike":{"s3:prefix":["orders/*"]}}`,
  ]);
  expect(allowed(synthesized, 'Fetch')).toEqual([
    'lambda:InvokeFunction on arn:aws:lambda:eu-west-1:123456789012:function:orders',
    `s3:GetObject on ${cache}/*/import.json ${cache}/*/commits/*`,
    `s3:PutObject on ${cache}/*/data/*`,
    `s3:PutObject on ${cache}/*/commits/* ${ONCE}`,
    listing,
  ]);
  expect(allowed(synthesized, 'Persist')).toEqual([
    `s3:GetObject on ${['import.json', 'published.json', 'commits/*', 'data/*', 'folds/*', 'uploads/*'].map((key) => `${cache}/*/${key}`).join(' ')}`,
    `s3:PutObject on ${cache}/*/uploads/* ${cache}/*/published.json ${ONCE}`,
    `s3:PutObject s3:AbortMultipartUpload s3:ListMultipartUploadParts on ${cache}/*/folds/*`,
    listing,
    `s3:GetObject on ${destination}/orders/*`,
    `s3:PutObject s3:AbortMultipartUpload s3:ListMultipartUploadParts on ${destination}/orders/*`,
    `s3:ListBucket on ${destination} on {"StringLike":{"s3:prefix":["orders/*"]}}`,
  ]);
  expect(allowed(synthesized, 'CleanUp')).toEqual([
    `s3:GetObject on ${cache}/*/published.json`,
    `s3:DeleteObject on ${cache}/*/data/* ${cache}/*/folds/*`,
    listing,
  ]);
});

describe('several objects below a prefix', () => {
  test('are written, not uploaded in parts, below what stands before the first placeholder', () => {
    const synthesized = importStack((stack) => ({ destination: ImportDestination.toPrefix(stack.bucket, { prefix: 'orders/{date}/{importId}' }) }));
    const destination = `<${logicalIdOf(synthesized.stack.bucket)}>`;
    expect(allowed(synthesized, 'Persist').slice(-3)).toEqual([
      `s3:GetObject on ${destination}/orders/*`,
      `s3:PutObject on ${destination}/orders/*`,
      `s3:ListBucket on ${destination} on {"StringLike":{"s3:prefix":["orders/*"]}}`,
    ]);
  });
});

describe('tags, and a pointer', () => {
  test('of one object', () => {
    const synthesized = importStack((stack) => ({
      destination: ImportDestination.toBucket(stack.bucket, { key: 'orders/{date}.jsonl', tags: { team: 'orders' }, latestKey: 'latest.json' }),
    }));
    const destination = `<${logicalIdOf(synthesized.stack.bucket)}>`;
    expect(allowed(synthesized, 'Persist').slice(-5)).toEqual([
      `s3:GetObject on ${destination}/orders/* ${destination}/latest.json`,
      `s3:PutObject on ${destination}/latest.json`,
      `s3:PutObject s3:AbortMultipartUpload s3:ListMultipartUploadParts on ${destination}/orders/*`,
      `s3:PutObjectTagging on ${destination}/orders/* ${destination}/latest.json`,
      `s3:ListBucket on ${destination} on {"StringLike":{"s3:prefix":["orders/*","latest.json"]}}`,
    ]);
  });

  test('of several', () => {
    const synthesized = importStack((stack) => ({
      destination: ImportDestination.toPrefix(stack.bucket, { prefix: 'orders/{importId}', tags: { team: 'orders' }, latestKey: 'latest.json' }),
    }));
    const destination = `<${logicalIdOf(synthesized.stack.bucket)}>`;
    expect(allowed(synthesized, 'Persist').slice(-4)).toEqual([
      `s3:GetObject on ${destination}/orders/* ${destination}/latest.json`,
      `s3:PutObject on ${destination}/orders/* ${destination}/latest.json`,
      `s3:PutObjectTagging on ${destination}/orders/* ${destination}/latest.json`,
      `s3:ListBucket on ${destination} on {"StringLike":{"s3:prefix":["orders/*","latest.json"]}}`,
    ]);
  });
});

describe('the summary', () => {
  const summarized = (stack: TestStack): Partial<PaginatedImportProps> => ({ beforePersist: new sfn.Pass(stack, 'Check') });

  test('is written by a step that reads the log and the chunks, and no destination', () => {
    const synthesized = importStack(summarized);
    const bucket = `<${logicalIdOf(synthesized.orders.cacheBucket)}>`;
    const cache = `${bucket}/Stack-Orders-EEDB7941`;
    const listing = `s3:ListBucket on ${bucket} on {"StringLike":{"s3:prefix":["Stack-Orders-EEDB7941/*"]}}`;
    expect(allowed(synthesized, 'Summarize')).toEqual([
      `s3:GetObject on ${cache}/*/import.json ${cache}/*/commits/* ${cache}/*/data/*`,
      `s3:PutObject on ${cache}/*/data/summary-*.json`,
      listing,
    ]);
  });

  test('may be read by whom it is granted to, and nothing else of the cache', () => {
    const stack = new TestStack();
    const cacheKey = kms.Key.fromKeyArn(stack, 'CacheKey', 'arn:aws:kms:eu-west-1:123456789012:key/1234');
    const orders = new PaginatedImportStateMachine(stack, 'Orders', stack.props({
      ...summarized(stack), chunkCache: ChunkCache.fromBucket(new s3.Bucket(stack, 'Shared'), { prefix: 'cache', encryptionKey: cacheKey }),
    }));
    const role = new iam.Role(stack, 'Reader', { assumedBy: new iam.ServicePrincipal('lambda.amazonaws.com') });
    orders.grantReadSummary(role).assertSuccess();
    const [reading] = statementsOf(Template.fromStack(stack), role);
    expect(reading!.Condition).toEqual({ StringEquals: IN_OWN_ACCOUNT });
    expect(linesOf(statementsOf(Template.fromStack(stack), role))).toEqual([
      `s3:GetObject on <${logicalIdOf(orders.cacheBucket)}>/cache/Stack-Orders-EEDB7941/*/data/summary-*.json`,
      `kms:Decrypt on ${cacheKey.keyArn} on {"StringEquals":{"kms:ViaService":{"Fn::Join":["",["s3.",{"Ref":"AWS::Region"},".amazonaws.com"]]}}}`,
    ]);
  });

  test('may be granted to another account, by the bucket\'s own policy', () => {
    const stack = new TestStack();
    const orders = new PaginatedImportStateMachine(stack, 'Orders', stack.props(summarized(stack)));
    orders.grantReadSummary(new iam.AccountPrincipal('210987654321'));
    Template.fromStack(stack).hasResourceProperties('AWS::S3::BucketPolicy', {
      Bucket: { Ref: logicalIdOf(orders.cacheBucket) },
      // Not its condition: older versions of the CDK leave it out of a resource's own policy, which needs none.
      PolicyDocument: { Statement: Match.arrayWith([Match.objectLike({ Action: 's3:GetObject', Effect: 'Allow' })]) },
    });
  });

  test('cannot be granted where there is none', () => {
    const { stack, orders } = importStack();
    const role = new iam.Role(stack, 'Reader', { assumedBy: new iam.ServicePrincipal('lambda.amazonaws.com') });
    expect(() => orders.grantReadSummary(role))
      .toThrow('PaginatedImportStateMachine (Stack/Orders): there is no summary without beforePersist; give that as well');
  });

  test('has a function, which the machine may invoke, only where there are states before publishing', () => {
    const invocations = ({ template, orders }: ImportStack): number =>
      linesOf(statementsOf(template, orders.stateMachine.role)).join('\n').match(/lambda:InvokeFunction/g)!.length;
    const [without, with_] = [importStack(), importStack(summarized)];
    without.template.resourceCountIs('AWS::Lambda::Function', 4);
    with_.template.resourceCountIs('AWS::Lambda::Function', 5);
    expect([invocations(without), invocations(with_)]).toEqual([4, 5]);
  });
});

test('a cache with a prefix confines every step to the series below it, listings included', () => {
  const synthesized = importStack((stack) => ({
    chunkCache: ChunkCache.fromBucket(new s3.Bucket(stack, 'Shared'), { prefix: 'imports/orders/' }), seriesName: 'daily', beforePersist: new sfn.Pass(stack, 'Check'),
  }));
  const cache = `<${logicalIdOf(synthesized.orders.cacheBucket)}>`;
  const series = `${cache}/imports/orders/daily`;
  const listing = `s3:ListBucket on ${cache} on {"StringLike":{"s3:prefix":["imports/orders/daily/*"]}}`;
  expect(allowed(synthesized, 'CleanUp')).toEqual([
    `s3:GetObject on ${series}/*/published.json`,
    `s3:DeleteObject on ${series}/*/data/* ${series}/*/folds/*`,
    listing,
  ]);
  for (const step of ['Initialize', 'Fetch', 'Summarize', 'Persist'] as const) {
    const onCache = allowed(synthesized, step).filter((line) => line.includes(cache));
    expect(onCache).toContain(listing);
    expect(onCache.join(' ').replaceAll(`${series}/*/`, '')).not.toContain(`${cache}/`);
  }
});

test('every permission on a bucket ends with the bucket\'s account: nobody can take over the name of a lost one', () => {
  const elsewhere = '210987654321';
  const { orders, template } = importStack((stack) => ({
    destination: ImportDestination.toBucket(s3.Bucket.fromBucketAttributes(stack, 'Published', { bucketName: 'bucket-elsewhere', account: elsewhere }), {
      key: 'orders/{importId}.jsonl', tags: { team: 'orders' }, latestKey: 'latest.json',
    }),
    beforePersist: new sfn.Pass(stack, 'Check'),
  }));
  const steps = ['Initialize', 'Fetch', 'Summarize', 'Persist', 'CleanUp'] as const;
  const statements = steps.flatMap((step) => statementsOf(template, functionOf(orders.paginatedImport, step).role!))
    .filter(({ Action }: Properties) => [Action].flat().some((action: string) => action.startsWith('s3:')));

  const accounts = statements.map(({ Resource, Condition }: Properties) => [JSON.stringify(Resource).includes('bucket-elsewhere'), Condition.StringEquals['aws:ResourceAccount']]);
  expect(accounts.length).toBeGreaterThan(20);
  const expected = accounts.map(([isPublished]) => [isPublished, isPublished === true ? elsewhere : { Ref: 'AWS::AccountId' }]);
  expect(accounts).toEqual(expected);
  expect(accounts.filter(([isPublished]) => isPublished === true).length).toBeGreaterThan(5);
});

test('a fixed destination key allows that object and its manifest alone', () => {
  const synthesized = importStack((stack) => ({ destination: ImportDestination.toBucket(stack.bucket, { key: 'orders/latest.jsonl' }) }));
  const destination = `<${logicalIdOf(synthesized.stack.bucket)}>`;
  const object = `${destination}/orders/latest.jsonl`;
  const manifest = `${destination}/orders/_latest.jsonl.manifest.json`;
  expect(allowed(synthesized, 'Persist').slice(-4)).toEqual([
    `s3:GetObject on ${object} ${manifest}`,
    `s3:PutObject on ${manifest}`,
    `s3:PutObject s3:AbortMultipartUpload s3:ListMultipartUploadParts on ${object}`,
    `s3:ListBucket on ${destination} on {"StringLike":{"s3:prefix":["orders/latest.jsonl","orders/_latest.jsonl.manifest.json"]}}`,
  ]);
});

describe('KMS', () => {
  const ARN = 'arn:aws:kms:eu-west-1:123456789012:key/1234';

  /** A bucket's key may only be used by S3, for a request of the role. */
  const viaS3 = (region: unknown): string => `on ${JSON.stringify({ StringEquals: { 'kms:ViaService': region } })}`;
  const VIA_S3_HERE = viaS3({ 'Fn::Join': ['', ['s3.', { Ref: 'AWS::Region' }, '.amazonaws.com']] });

  test('the keys of buckets in the app are found; a step that writes nothing may only decrypt', () => {
    const synthesized = importStack((stack) => ({
      chunkCache: ChunkCache.fromBucket(new s3.Bucket(stack, 'Shared', { encryption: s3.BucketEncryption.KMS }), { dedicated: true }),
    }));
    const key = `<${logicalIdOf(synthesized.orders.cacheBucket.encryptionKey!)}>`;
    for (const step of ['Initialize', 'Fetch', 'Persist'] as const) {
      expect(allowed(synthesized, step)).toContain(`kms:Decrypt kms:GenerateDataKey on ${key} ${VIA_S3_HERE}`);
    }
    expect(allowed(synthesized, 'CleanUp')).toContain(`kms:Decrypt on ${key} ${VIA_S3_HERE}`);
  });

  test('the keys of imported buckets are taken from the props, each for its own bucket and that bucket\'s region', () => {
    const synthesized = importStack((stack) => ({
      chunkCache: ChunkCache.fromBucket(s3.Bucket.fromBucketName(stack, 'Cache', 'cache'), {
        dedicated: true, encryptionKey: kms.Key.fromKeyArn(stack, 'CacheKey', ARN),
      }),
      destination: ImportDestination.toBucket(s3.Bucket.fromBucketAttributes(stack, 'Published', { bucketName: 'published', region: 'us-east-2' }), {
        key: 'orders/{importId}.jsonl', encryptionKey: kms.Key.fromKeyArn(stack, 'PublishedKey', `${ARN}5`),
      }),
    }));
    const keysOf = (step: StepName): string[] => allowed(synthesized, step).filter((line) => line.startsWith('kms:'));
    expect(keysOf('Fetch')).toEqual([`kms:Decrypt kms:GenerateDataKey on ${ARN} ${VIA_S3_HERE}`]);
    expect(keysOf('Persist').sort()).toEqual([
      `kms:Decrypt kms:GenerateDataKey on ${ARN} ${VIA_S3_HERE}`,
      `kms:Decrypt kms:GenerateDataKey on ${ARN}5 ${viaS3('s3.us-east-2.amazonaws.com')}`,
    ]);
  });

  /** What the policies of keys say, without CDK's own statement. */
  function keyStatements(stack: Stack): Properties[] {
    const keys = Object.values(Template.fromStack(stack).findResources('AWS::KMS::Key')) as Properties[];
    return keys.flatMap(({ Properties: { KeyPolicy } }) => KeyPolicy.Statement).filter(({ Action }: Properties) => Action !== 'kms:*');
  }

  test('a key of the app leaves it to the roles who may use it', () => {
    const { stack } = importStack((scope) => ({ chunkCache: ChunkCache.fromBucket(new s3.Bucket(scope, 'Shared', { encryption: s3.BucketEncryption.KMS }), { dedicated: true }) }));
    expect(keyStatements(stack)).toEqual([]);
  });

  test('a key in another account lets S3 use it for the account of the import', () => {
    const app = new App();
    const data = new Stack(app, 'Data', { env: { account: '210987654321', region: 'eu-west-1' } });
    const bucket = new s3.Bucket(data, 'Bucket', { bucketName: 'published', encryption: s3.BucketEncryption.KMS });
    const stack = new Stack(app, 'Stack', { env: { account: '123456789012', region: 'eu-west-1' } });
    const orders = new PaginatedImportStateMachine(stack, 'Orders', {
      fetchPage: FetchPageHandler.fromFunction(lambda.Function.fromFunctionArn(stack, 'Handler', 'arn:aws:lambda:eu-west-1:123456789012:function:orders')),
      pageSize: 25,
      destination: ImportDestination.toBucket(bucket, { key: 'orders/{importId}.jsonl' }),
    });
    const Condition = { StringEquals: { 'kms:ViaService': 's3.eu-west-1.amazonaws.com' } };
    const Action = ['kms:Decrypt', 'kms:GenerateDataKey'];
    const persist = functionOf(orders.paginatedImport, 'Persist').role!;
    expect(statementsOf(Template.fromStack(stack), persist)).toContainEqual({ Action, Effect: 'Allow', Resource: '*', Condition });
    const Principal = { AWS: { 'Fn::Join': ['', ['arn:', { Ref: 'AWS::Partition' }, ':iam::123456789012:root']] } };
    expect(keyStatements(data)).toEqual([{ Action, Effect: 'Allow', Principal, Resource: '*', Condition }]);
  });
});

test('no role has a managed policy, and each may write to the functions\' log group only', () => {
  const { template, orders } = importStack();
  const roles = Object.values(template.findResources('AWS::IAM::Role'));
  expect(roles).toHaveLength(6);
  roles.forEach(({ Properties: role }) => expect(role.ManagedPolicyArns).toBeUndefined());
  const groups = (['Initialize', 'Fetch', 'Persist', 'CleanUp'] as const).map((step) => {
    const writing = statementsOf(template, functionOf(orders.paginatedImport, step).role!).filter(({ Action }) => Action.includes('logs:PutLogEvents'));
    expect(writing).toHaveLength(1);
    return flat(writing[0]!.Resource);
  });
  const group = orders.paginatedImport.node.findChild('Functions').node.findChild('Logs');
  expect(new Set(groups)).toEqual(new Set([`<${logicalIdOf(group)}>`]));
});

test('the machine may invoke its functions, and start, watch and stop its continuations', () => {
  const { template, orders } = importStack();
  const lines = linesOf(statementsOf(template, orders.stateMachine.role)).join('\n');
  const child = logicalIdOf(orders.paginatedImport.continuationStateMachine);
  expect(lines).toContain(`states:StartExecution on <${child}>`);
  expect(lines).toMatch(new RegExp(`states:DescribeExecution states:StopExecution on arn:.*:execution:<${child}>\\*`));
  expect(lines.match(/lambda:InvokeFunction/g)).toHaveLength(4);
});

test('the continuation may invoke the fetch function and nothing else', () => {
  const { template, orders } = importStack();
  const { role } = orders.paginatedImport.continuationStateMachine;
  const fetch = `<${logicalIdOf(orders.fetchFunction)}>`;
  expect(linesOf(statementsOf(template, role))).toEqual([`lambda:InvokeFunction on ${fetch} ${fetch}:*`]);
});

test('a bucket of another stack is referred to across the stacks, with no cycle', () => {
  const stack = new TestStack();
  const other = new Stack(stack.node.root as Stack, 'Data');
  const data = new s3.Bucket(other, 'Data');
  new PaginatedImportStateMachine(stack, 'Orders', stack.props({
    destination: ImportDestination.toBucket(data, { key: 'orders/{importId}.jsonl' }), chunkCache: ChunkCache.fromBucket(data, { prefix: 'cache' }),
  }));
  expect(() => Template.fromStack(stack)).not.toThrow();
  expect(Object.keys(Template.fromStack(other).findOutputs('*')).length).toBeGreaterThan(0);
});

test('users can grant the fetch function more', () => {
  const SECRET = 'arn:aws:secretsmanager:eu-west-1:123456789012:secret:api-key';
  const stack = new TestStack();
  const orders = new PaginatedImportStateMachine(stack, 'Orders', stack.props());
  orders.fetchFunction.addToRolePolicy(new iam.PolicyStatement({ actions: ['secretsmanager:GetSecretValue'], resources: [SECRET] }));
  expect(linesOf(statementsOf(Template.fromStack(stack), orders.fetchFunction.role!))).toContain(`secretsmanager:GetSecretValue on ${SECRET}`);
});
