import { App } from 'aws-cdk-lib';
import { Annotations, Match, Template } from 'aws-cdk-lib/assertions';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as kms from 'aws-cdk-lib/aws-kms';
import * as sfn from 'aws-cdk-lib/aws-stepfunctions';
import { ChunkCache, PaginatedImport, PaginatedImportProps, PaginatedImportStateMachine } from '../../src';
import { flat, functionOf, importStack, ImportStack, logicalIdOf, Properties, propertiesOf, statementsOf, TestStack } from './kit';

const ARN = 'arn:aws:kms:eu-west-1:123456789012:key/1234';
const ACCOUNT = '<AWS::Region>:<AWS::AccountId>';
const MACHINES = `arn:<AWS::Partition>:states:${ACCOUNT}:stateMachine:*`;

/** An import with a key of the app. */
function withKey(props: (stack: TestStack) => Partial<PaginatedImportProps> = () => ({})): ImportStack & { readonly key: string } {
  let key: kms.Key | undefined;
  const synthesized = importStack((stack) => {
    key = new kms.Key(stack, 'Key');
    return { encryptionKey: key, ...props(stack) };
  });
  return { ...synthesized, key: logicalIdOf(key!) };
}

/** Statements about keys, with references in one line. */
function keyLines(statements: readonly Properties[]): string[] {
  return statements.filter(({ Action }) => [Action].flat().join().startsWith('kms:')).map(({ Action, Resource, Condition, Principal }) => {
    const [[context, value]] = Object.entries(Object.values(Condition ?? { none: { none: '' } })[0] as object) as [[string, unknown]];
    const who = Principal === undefined ? '' : `${flat(Principal.Service)} `;
    return `${who}${[Action].flat().join(' ')} on ${flat(Resource)} if ${context} = ${flat(value)}`;
  });
}

/** What the key's policy says, without CDK's own statement. */
function keyPolicy({ template, key }: { readonly template: Template; readonly key: string }): string[] {
  const { Statement } = template.toJSON().Resources[key].Properties.KeyPolicy;
  return keyLines(Statement.filter(({ Action }: Properties) => Action !== 'kms:*'));
}

describe('a key of the app', () => {
  let synthesized: ImportStack & { readonly key: string };
  beforeAll(() => {
    synthesized = withKey();
  });

  test('encrypts the cache, with a bucket key, and the functions may use it through S3', () => {
    const { template, orders, key } = synthesized;
    expect(propertiesOf(template, orders.cacheBucket).BucketEncryption.ServerSideEncryptionConfiguration[0]).toEqual({
      BucketKeyEnabled: true, ServerSideEncryptionByDefault: { SSEAlgorithm: 'aws:kms', KMSMasterKeyID: { 'Fn::GetAtt': [key, 'Arn'] } },
    });
    const lines = keyLines(statementsOf(template, functionOf(orders.paginatedImport, 'Fetch').role!));
    expect(lines).toEqual([`kms:Decrypt kms:GenerateDataKey on <${key}> if kms:ViaService = s3.<AWS::Region>.amazonaws.com`]);
  });

  test('encrypts both log groups, and CloudWatch Logs may use it for groups of this account', () => {
    const { template, key } = synthesized;
    const groups = Object.values(template.findResources('AWS::Logs::LogGroup'));
    expect(groups.map(({ Properties: group }) => group.KmsKeyId)).toEqual([{ 'Fn::GetAtt': [key, 'Arn'] }, { 'Fn::GetAtt': [key, 'Arn'] }]);
    expect(keyPolicy(synthesized)).toEqual([
      'logs.<AWS::Region>.amazonaws.com kms:Encrypt* kms:Decrypt* kms:ReEncrypt* kms:GenerateDataKey* kms:Describe* on * if '
        + `kms:EncryptionContext:aws:logs:arn = arn:<AWS::Partition>:logs:${ACCOUNT}:log-group:*`,
      'delivery.logs.amazonaws.com kms:Decrypt on * if none = ',
    ]);
  });

  test('encrypts both machines, whose roles may use it for machines and to deliver logs, without kms:ViaService', () => {
    const { template, orders, key } = synthesized;
    const { stateMachine, paginatedImport: { continuationStateMachine: child } } = orders;
    const own = [
      `kms:Decrypt kms:GenerateDataKey on <${key}> if kms:EncryptionContext:aws:states:stateMachineArn = ${MACHINES}`,
      `kms:GenerateDataKey on <${key}> if kms:EncryptionContext:SourceArn = arn:<AWS::Partition>:logs:${ACCOUNT}:*`,
    ];
    for (const machine of [stateMachine, child]) {
      expect(propertiesOf(template, machine).EncryptionConfiguration).toEqual({ Type: 'CUSTOMER_MANAGED_KMS_KEY', KmsKeyId: { 'Fn::GetAtt': [key, 'Arn'] } });
      expect(keyLines(statementsOf(template, machine.role))).toEqual(expect.arrayContaining(own));
    }
    expect(keyLines(statementsOf(template, child.role))).toEqual(own);
  });

  test('needs no warning', () => {
    Annotations.fromStack(synthesized.stack).hasNoWarning('*', Match.anyValue());
  });

  test('is not asked to deliver logs that there are not', () => {
    const silent = withKey(() => ({ stateMachineLogLevel: sfn.LogLevel.OFF }));
    expect(keyPolicy(silent)).toEqual([expect.stringMatching(/^logs\./)]);
    expect(keyLines(statementsOf(silent.template, silent.orders.stateMachine.role)).join('\n')).not.toContain('SourceArn');
  });

  test('may serve several imports', () => {
    const stack = new TestStack();
    const encryptionKey = new kms.Key(stack, 'Key');
    for (const id of ['Orders', 'Invoices']) new PaginatedImportStateMachine(stack, id, stack.props({ encryptionKey }));
    expect(keyPolicy({ template: Template.fromStack(stack), key: logicalIdOf(encryptionKey) })).toHaveLength(2);
  });
});

test('a larger machine may wait for the encrypted machine that continues the import, and read no others', () => {
  const stack = new TestStack();
  const orders = new PaginatedImport(stack, 'Orders', stack.props({ encryptionKey: kms.Key.fromKeyArn(stack, 'Key', ARN) }));
  const machine = new sfn.StateMachine(stack, 'Larger', { definitionBody: sfn.DefinitionBody.fromChainable(orders) });
  const template = Template.fromStack(stack);
  expect(keyLines(statementsOf(template, machine.role))).toEqual([
    `kms:Decrypt on ${ARN} if kms:EncryptionContext:aws:states:stateMachineArn = <${logicalIdOf(orders.continuationStateMachine)}>`,
  ]);
  expect(propertiesOf(template, machine)).not.toHaveProperty('EncryptionConfiguration');
});

test('an imported key cannot be changed: a warning says so', () => {
  const { stack } = importStack((scope) => ({ encryptionKey: kms.Key.fromKeyArn(scope, 'Key', ARN) }));
  Annotations.fromStack(stack).hasWarning('/Stack/Orders/Import', Match.stringLikeRegexp('encryptionKey is imported, and CDK cannot change its policy.*encryptionKeyPolicy'));
});

describe('ChunkCache.own', () => {
  const keyOf = ({ template, orders }: ImportStack): unknown => propertiesOf(template, orders.cacheBucket)
    .BucketEncryption.ServerSideEncryptionConfiguration[0].ServerSideEncryptionByDefault.KMSMasterKeyID;

  test('without options is the default', () => {
    expect(importStack(() => ({ chunkCache: ChunkCache.own() })).template.toJSON()).toEqual(importStack().template.toJSON());
    const synthesized = withKey(() => ({ chunkCache: ChunkCache.own() }));
    expect(keyOf(synthesized)).toEqual({ 'Fn::GetAtt': [synthesized.key, 'Arn'] });
  });

  test('takes a key of its own, and nothing else has one', () => {
    const synthesized = importStack((stack) => ({ chunkCache: ChunkCache.own({ encryptionKey: kms.Key.fromKeyArn(stack, 'Key', ARN) }) }));
    expect(keyOf(synthesized)).toBe(ARN);
    synthesized.template.resourcePropertiesCountIs('AWS::Logs::LogGroup', { KmsKeyId: Match.anyValue() }, 0);
    synthesized.template.resourcePropertiesCountIs('AWS::StepFunctions::StateMachine', { EncryptionConfiguration: Match.anyValue() }, 0);
  });

  test('takes another key than the import', () => {
    expect(keyOf(withKey((stack) => ({ chunkCache: ChunkCache.own({ encryptionKey: kms.Key.fromKeyArn(stack, 'CacheKey', ARN) }) })))).toBe(ARN);
  });

  test('lets readers of the summary decrypt it', () => {
    const stack = new TestStack(new App());
    const orders = new PaginatedImportStateMachine(stack, 'Orders', stack.props({
      encryptionKey: kms.Key.fromKeyArn(stack, 'Key', ARN), beforePersist: new sfn.Pass(stack, 'Check'),
    }));
    const reader = new iam.Role(stack, 'Reader', { assumedBy: new iam.ServicePrincipal('lambda.amazonaws.com') });
    orders.grantReadSummary(reader);
    expect(keyLines(statementsOf(Template.fromStack(stack), reader))).toEqual([`kms:Decrypt on ${ARN} if kms:ViaService = s3.<AWS::Region>.amazonaws.com`]);
  });

  test.each<[unknown, string]>([
    [{ encryptionKey: ARN }, 'ChunkCache.own: encryptionKey is a string; write a kms.IKey such as kms.Key.fromKeyArn(this, \'Key\', arn) instead'],
    ['key', 'ChunkCache.own: options is a string; write { encryptionKey } instead'],
  ])('refuses %j', (options, message) => {
    expect(() => ChunkCache.own(options as object)).toThrow(message);
  });
});
