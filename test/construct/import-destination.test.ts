import { Aws, Fn, Stack } from 'aws-cdk-lib';
import { Annotations, Match } from 'aws-cdk-lib/assertions';
import * as s3 from 'aws-cdk-lib/aws-s3';
import { ImportDestination, IntegrityCheck, PaginatedImport } from '../../src';
import { DESTINATION_PLACEHOLDERS } from '../../src/protocol/destination-key';
import { IntegrityCheck as IntegrityCheckValue } from '../../src/protocol/environment';
import { environmentOf, flat, functionOf, importStack, statementsOf, TestStack } from './kit';

const bucket = s3.Bucket.fromBucketName(new Stack(), 'Published', 'published');

describe('a key is refused that', () => {
  test.each([
    ['is empty', '', 'key is empty; write a key such as \'orders/{date}/{importId}.jsonl\' instead'],
    ['starts with a slash', '/orders.jsonl', 'key \'/orders.jsonl\' starts with a slash, which S3 takes as an empty folder name; write \'orders.jsonl\' instead'],
    ['holds a *', 'orders/*.jsonl', 'holds * or ?, which are wildcards in permissions; write a key without them instead'],
    ['holds a ?', 'orders/?.jsonl', 'holds * or ?'],
    ['has an unknown placeholder', 'orders/{day}.jsonl', 'key has the unknown placeholder {day}; write one of {importId}, {date}, {yyyy}, {MM}, {dd}, {HH} instead'],
    ['has a placeholder in the wrong case', 'orders/{mm}.jsonl', 'key has the unknown placeholder {mm}'],
    ['has a lone opening brace', 'orders/{date.jsonl', 'has a brace that belongs to no placeholder'],
    ['has a lone closing brace', 'orders/date}.jsonl', 'has a brace that belongs to no placeholder'],
    ['has braces around a token', `orders/{${Aws.REGION}}.jsonl`, 'has a brace that belongs to no placeholder'],
    ['is too long', 'o'.repeat(1011), 'key makes keys of 1025 bytes with the manifest\'s suffix, more than S3\'s 1024; write a key that is 1 bytes shorter instead'],
    ['is too long in bytes', 'ö'.repeat(600), 'key makes keys of 1214 bytes'],
    ['is too long when it is filled in', `{importId}${'o'.repeat(990)}`, 'key makes keys of 1040 bytes'],
  ])('%s', (_name, key, message) => {
    expect(() => ImportDestination.toBucket(bucket, { key })).toThrow(message);
    expect(() => ImportDestination.toBucket(bucket, { key })).toThrow(/^ImportDestination\.toBucket: key .*; write .* instead$/);
  });
});

describe('a key is allowed that', () => {
  test.each([
    ['has every placeholder', `orders/${DESTINATION_PLACEHOLDERS.map((name) => `{${name}}`).join('/')}.jsonl`],
    ['is the same for every run', 'orders/latest.jsonl'],
    ['is as long as S3 allows', 'o'.repeat(1010)],
    ['has tokens, whose text looks like a placeholder', `${Aws.ACCOUNT_ID}/orders/{date}.jsonl`],
    ['is a token as a whole', Fn.importValue('OrdersKey')],
  ])('%s', (_name, key) => {
    expect(() => ImportDestination.toBucket(bucket, { key })).not.toThrow();
  });
});

test('a key with tokens is confined to what stands before the first placeholder, tokens included', () => {
  const synthesized = importStack((stack) => ({
    destination: ImportDestination.toBucket(stack.bucket, { key: `raw/${Aws.REGION}/orders/{date}/${Aws.ACCOUNT_ID}.jsonl` }),
  }));
  const statements = statementsOf(synthesized.template, functionOf(synthesized.orders.paginatedImport, 'Persist').role!);
  const uploads = statements.find(({ Action }) => Action.includes('s3:AbortMultipartUpload'))!;
  expect(flat(uploads.Resource)).toMatch(/^<Destination\w+>\/raw\/<AWS::Region>\/orders\/\*$/);
  expect(flat(environmentOf(synthesized, 'Initialize').PAGINATED_IMPORT_DESTINATION_KEY)).toBe('raw/<AWS::Region>/orders/{date}/<AWS::AccountId>.jsonl');
});

test('a key that is a token as a whole allows that object and its manifest', () => {
  const synthesized = importStack((stack) => ({ destination: ImportDestination.toBucket(stack.bucket, { key: Aws.STACK_NAME }) }));
  const statements = statementsOf(synthesized.template, functionOf(synthesized.orders.paginatedImport, 'Persist').role!);
  const uploads = statements.find(({ Action }) => Action.includes('s3:AbortMultipartUpload'))!;
  expect(flat(uploads.Resource).map((arn: string) => arn.replace(/^<\w+>/, ''))).toEqual(['/<AWS::StackName>', '/<AWS::StackName>.manifest.json']);
});

describe('warnings', () => {
  function warningsOf(destination: (stack: TestStack) => ImportDestination): Annotations {
    const stack = new TestStack();
    new PaginatedImport(stack, 'Orders', stack.props({ destination: destination(stack) }));
    return Annotations.fromStack(stack);
  }

  test('a key that begins with a placeholder grants the whole bucket', () => {
    warningsOf((stack) => ImportDestination.toBucket(stack.bucket, { key: '{date}/orders.jsonl' }))
      .hasWarning('/Stack/Orders', Match.stringLikeRegexp('begins with a placeholder.*every key of the bucket.*destinationKeyWithoutPrefix'));
  });

  test('the KMS key of an imported bucket is not known', () => {
    warningsOf((stack) => ImportDestination.toBucket(s3.Bucket.fromBucketName(stack, 'Published', 'published'), { key: 'orders.jsonl' }))
      .hasWarning('/Stack/Orders', Match.stringLikeRegexp('toBucket\\(bucket, \\{ key, encryptionKey \\}\\).*destinationEncryptionKey'));
  });

  test('there are none for a bucket of the app and a key that begins with a fixed part', () => {
    expect(warningsOf((stack) => ImportDestination.toBucket(stack.bucket, { key: 'orders.jsonl' })).findWarning('*', Match.anyValue())).toEqual([]);
  });
});

test('a key that begins with a placeholder works all the same, on the whole bucket', () => {
  const synthesized = importStack((stack) => ({ destination: ImportDestination.toBucket(stack.bucket, { key: '{date}/orders.jsonl' }) }));
  const statements = statementsOf(synthesized.template, functionOf(synthesized.orders.paginatedImport, 'Persist').role!);
  expect(flat(statements.find(({ Action }) => Action.includes('s3:AbortMultipartUpload'))!.Resource)).toMatch(/>\/\*$/);
  expect(statements.filter(({ Action }) => Action === 's3:ListBucket').every(({ Condition }) => Condition === undefined)).toBe(true);
});

describe('the integrity check', () => {
  test('is S3\'s own unless asked otherwise, and reaches Persist as the protocol writes it', () => {
    const synthesized = importStack((stack) => ({
      destination: ImportDestination.toBucket(stack.bucket, { key: 'orders.jsonl', integrityCheck: IntegrityCheck.SIZES_AND_ETAGS }),
    }));
    expect(environmentOf(synthesized, 'Persist')).toMatchObject({ PAGINATED_IMPORT_INTEGRITY_CHECK: IntegrityCheckValue.SIZES_AND_ETAGS });
    expect(environmentOf(importStack(), 'Persist')).toMatchObject({ PAGINATED_IMPORT_INTEGRITY_CHECK: IntegrityCheckValue.FULL_OBJECT_CRC32 });
  });

  test('has a name for every value of the protocol', () => {
    expect(Object.keys(IntegrityCheck).sort()).toEqual(Object.keys(IntegrityCheckValue).sort());
  });
});
