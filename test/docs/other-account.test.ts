import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { App, Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import * as kms from 'aws-cdk-lib/aws-kms';
import * as s3 from 'aws-cdk-lib/aws-s3';
import { FetchPageHandler, ImportDestination, PaginatedImportStateMachine, Pagination } from 'cdk-paginated-import';
import { Properties, statementsOfRole } from '../construct/kit';

/** The policies that another account needs, against what the roles of an import may do there. */

const DOCUMENT = readFileSync(join(__dirname, '../../docs/company-policies.md'), 'utf8');
const OTHER = '444455556666';

function policyIn(name: string): Properties[] {
  return JSON.parse(new RegExp(`^\`\`\`json ${name}\\n([^]*?)^\`\`\``, 'm').exec(DOCUMENT)![1]!) as Properties[];
}

function listOf<T>(value: T | readonly T[]): readonly T[] {
  return Array.isArray(value) ? value : [value as T];
}

/** Each action with each resource, and the condition on what is listed or through which service. */
function permissions(statements: readonly Properties[]): Set<string> {
  return new Set(statements.flatMap(({ Action, Resource, Condition = {} }) => listOf<string>(Action).flatMap((action) => (
    listOf<unknown>(Resource).map((resource) => `${action} on ${nameOf(resource)}${JSON.stringify(Condition.StringLike ?? Condition.StringEquals?.['kms:ViaService'] ?? '')}`)
  ))));
}

function nameOf(resource: unknown): string {
  if (typeof resource === 'string') return resource.startsWith('arn:aws:kms') ? '*' : resource;
  return (resource as Properties)['Fn::Join'][1].map((piece: unknown) => (typeof piece === 'string' ? piece : 'aws')).join('');
}

function rolesStatements(): Properties[] {
  const stack = new Stack(new App(), 'Stack', { env: { account: '111122223333', region: 'eu-west-1' } });
  const bucket = s3.Bucket.fromBucketAttributes(stack, 'Published', { bucketName: 'published', account: OTHER, region: 'eu-west-1' });
  const encryptionKey = kms.Key.fromKeyArn(stack, 'Key', `arn:aws:kms:eu-west-1:${OTHER}:key/1234`);
  new PaginatedImportStateMachine(stack, 'Orders', {
    fetchPage: FetchPageHandler.http({ url: 'https://api.example.com/orders', pagination: Pagination.linkHeader() }),
    pageSize: 25,
    destination: ImportDestination.toBucket(bucket, { key: 'orders/{date}/{importId}.jsonl', encryptionKey }),
  });
  const template = Template.fromStack(stack);
  return Object.keys(template.findResources('AWS::IAM::Role')).flatMap((id) => statementsOfRole(template, id));
}

test('the bucket policy allows what the roles need, and nothing else', () => {
  const needed = rolesStatements().filter(({ Condition }) => Condition?.StringEquals?.['aws:ResourceAccount'] === OTHER);

  expect(needed.length).toBeGreaterThan(4);
  expect(permissions(policyIn('bucket-policy'))).toEqual(permissions(needed));
});

test('the key policy allows what the roles need, and nothing else', () => {
  const needed = rolesStatements().filter(({ Action }) => listOf<string>(Action).some((action) => action.startsWith('kms:')));

  expect(needed.length).toBeGreaterThan(1);
  expect(permissions(policyIn('key-policy'))).toEqual(permissions(needed));
});
