import { App, CfnParameter } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as kms from 'aws-cdk-lib/aws-kms';
import * as s3 from 'aws-cdk-lib/aws-s3';
import * as cxapi from 'aws-cdk-lib/cx-api';
import { ChunkCache, ImportDestination, PaginatedImportStateMachine } from '../../src';
import { functionOf, importStack, logicalIdOf, Properties, statementsOf, TestStack } from './kit';

/** The policies that lie beside roles, each with the actions that it allows. */
function policiesOf(template: Template): { readonly [logicalId: string]: string[] } {
  const policies = Object.entries(template.findResources('AWS::IAM::Policy')) as [string, Properties][];
  return Object.fromEntries(policies.map(([id, { Properties: { PolicyDocument: { Statement } } }]) => (
    [id, Statement.flatMap(({ Action }: Properties) => Action)]
  )));
}

function machineIn(stack: TestStack, props: Parameters<TestStack['props']>[0] = {}): PaginatedImportStateMachine {
  return new PaginatedImportStateMachine(stack, 'Orders', stack.props(props));
}

test('roles hold their permissions themselves', () => {
  expect(policiesOf(importStack().template)).toEqual({});
});

/** A key whose policy must name whoever uses it: it does not trust the account's own policies. */
function distrustfulKey(stack: TestStack): kms.IKey {
  const statement = { Effect: 'Allow', Principal: { AWS: 'arn:aws:iam::123456789012:role/admin' }, Action: 'kms:*', Resource: '*' };
  return kms.Key.fromCfnKey(new kms.CfnKey(stack, 'Key', { keyPolicy: { Statement: [statement] } }));
}

/** The roles that the policy of that key names. */
function namedBy(template: Template): string[] {
  return template.toJSON().Resources.Key.Properties.KeyPolicy.Statement.flatMap(({ Principal: { AWS: by } }: Properties) => by['Fn::GetAtt']?.[0] ?? []);
}

test('what users grant lies beside the role', () => {
  const stack = new TestStack();
  const orders = machineIn(stack);
  new kms.Key(stack, 'Key').grantDecrypt(orders.fetchFunction);
  const template = Template.fromStack(stack);
  expect(Object.values(policiesOf(template))).toEqual([['kms:Decrypt']]);
  expect(statementsOf(template, orders.fetchFunction.role!).flatMap(({ Action }) => Action)).toEqual(expect.arrayContaining(['kms:Decrypt', 's3:GetObject']));
});

test('what users grant to the machine lies beside its role', () => {
  const stack = new TestStack();
  const orders = machineIn(stack);
  orders.stateMachine.addToRolePolicy(new iam.PolicyStatement({ actions: ['sns:Publish'], resources: ['arn:aws:sns:eu-west-1:123456789012:topic'] }));
  expect(Object.values(policiesOf(Template.fromStack(stack)))).toEqual([['sns:Publish']]);
});

test('permissions on a bucket whose key has to name the role lie beside the role: the two would depend on each other', () => {
  const stack = new TestStack();
  const cache = new s3.Bucket(stack, 'Cache', { encryptionKey: distrustfulKey(stack) });
  const orders = machineIn(stack, { chunkCache: ChunkCache.fromBucket(cache, { prefix: 'cache' }) });
  const template = Template.fromStack(stack); // which refuses cycles
  expect(Object.keys(policiesOf(template))).toHaveLength(4);
  expect(namedBy(template)).toContain(logicalIdOf(functionOf(orders.paginatedImport, 'CleanUp').role!));
});

test('so they do where the app names the role in the key\'s policy afterwards', () => {
  const stack = new TestStack();
  const encryptionKey = new kms.Key(stack, 'Key');
  const orders = machineIn(stack, { chunkCache: ChunkCache.fromBucket(new s3.Bucket(stack, 'Cache', { encryptionKey }), { prefix: 'cache' }) });
  encryptionKey.addToResourcePolicy(new iam.PolicyStatement({ actions: ['kms:Decrypt'], resources: ['*'], principals: [orders.fetchFunction.role!] }));
  expect(Object.keys(policiesOf(Template.fromStack(stack)))).toEqual([expect.stringContaining('FunctionsFetchRoleDefaultPolicy')]);
});

test('the use of other keys is held by the role', () => {
  const stack = new TestStack();
  machineIn(stack, { chunkCache: ChunkCache.fromBucket(new s3.Bucket(stack, 'Cache', { encryption: s3.BucketEncryption.KMS }), { prefix: 'cache' }) });
  expect(policiesOf(Template.fromStack(stack))).toEqual({});
});

test('permissions that are too long for half of a role lie beside it, where CDK splits them', () => {
  const stack = new TestStack();
  const [prefix, key] = ['c'.repeat(900), `${'k'.repeat(900)}/{importId}.jsonl`];
  machineIn(stack, { chunkCache: ChunkCache.fromBucket(new s3.Bucket(stack, 'Cache'), { prefix }), destination: ImportDestination.toBucket(stack.bucket, { key }) });
  const template = Template.fromStack(stack);
  const persist = Object.keys(policiesOf(template)).filter((id) => id.includes('Persist'));
  expect(persist).toHaveLength(1);
  const roles = Object.values(template.findResources('AWS::IAM::Role'));
  expect(roles).toHaveLength(6);
  expect(roles.filter(({ Properties: { Policies = [] } }) => JSON.stringify(Policies).length >= 6000)).toEqual([]);
});

test('an app may bring the roles: then the permissions are theirs', () => {
  const app = new App();
  const roles = ['Initialize', 'Fetch', 'Persist', 'CleanUp'].map((step) => [`Stack/Orders/Import/Functions/${step}/Role`, `orders-${step}`]);
  iam.Role.customizeRoles(app, { usePrecreatedRoles: Object.fromEntries(roles) });
  const stack = new TestStack(app);
  machineIn(stack);
  expect(JSON.stringify(policyReportOf(app))).toContain('s3:DeleteObject');
  Template.fromStack(stack).resourceCountIs('AWS::IAM::Role', 0);
});

/** What CDK writes for whoever makes the roles. */
function policyReportOf(app: App): unknown {
  const { directory } = app.synth();
  // eslint-disable-next-line @typescript-eslint/no-require-imports
  return require(`${directory}/iam-policy-report.json`);
}

test('the flag that gives each statement of a function a policy of its own does not multiply them', () => {
  const app = new App({ context: { [cxapi.LAMBDA_CREATE_NEW_POLICIES_WITH_ADDTOROLEPOLICY]: true } });
  const stack = new TestStack(app);
  machineIn(stack);
  // CDK's own, for X-Ray.
  expect(Object.values(policiesOf(Template.fromStack(stack))).map((actions) => actions[0])).toEqual(Array.from({ length: 4 }, () => 'xray:PutTraceSegments'));
});

test('a prefix that is a parameter of the template is held by the role too', () => {
  const stack = new TestStack();
  const { valueAsString: prefix } = new CfnParameter(stack, 'Prefix');
  machineIn(stack, { chunkCache: ChunkCache.fromBucket(new s3.Bucket(stack, 'Cache'), { prefix }) });
  expect(policiesOf(Template.fromStack(stack))).toEqual({});
});
