import { Size } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import * as sfn from 'aws-cdk-lib/aws-stepfunctions';
import { ImportDestination, OutputOptions, PaginatedImport } from 'cdk-paginated-import';
import type { ImportResult } from '../../src/protocol/machine-state';
import { flat, functionOf, logicalIdOf, Properties, statementsOf, StepName } from '../construct/kit';
import type { SizesInput } from './fixtures/sizes.source';
import { handlerOf, importIdOf, ImportsStack, S3Request, TestCloud } from './kit';

/** What the steps ask of S3 is what their roles allow: the local S3 server itself checks no permissions. */

const MIB = 1024 * 1024;

/** Chunks that S3 copies, with small ones between and after them: what S3 joins first, and what is read and uploaded. */
const INPUT: SizesInput = { sizes: [6 * MIB, MIB, 6 * MIB, MIB] };

const EVERYTHING: OutputOptions = { tags: { team: 'orders' }, latestKey: 'latest/orders.json' };

let stack: ImportsStack;
let template: Template;
let cloud: TestCloud;
const imports: Record<string, PaginatedImport> = {};
beforeAll(async () => {
  cloud = await TestCloud.start((started) => {
    stack = started;
    const props = { fetchPage: handlerOf('sizes.source.ts'), pageSize: 1, chunkSize: Size.bytes(1) };
    const machine = (id: string, destination: ImportDestination, beforePersist?: sfn.IChainable): void => {
      imports[id] = stack.machine(id, { ...props, destination, beforePersist }).paginatedImport;
    };
    machine('Fixed', stack.destination('orders/latest.jsonl'));
    machine('Object', stack.destination('orders/{importId}.jsonl', EVERYTHING), new sfn.Pass(stack, 'Check'));
    machine('Parts', ImportDestination.toPrefix(stack.bucket, { prefix: 'parts/{importId}', ...EVERYTHING }));
  });
  template = Template.fromStack(stack);
});
afterAll(async () => cloud?.[Symbol.asyncDispose]());

/** An action on a resource, as IAM is asked for it. */
interface Access {
  readonly step: StepName;
  readonly action: string;
  /** Object or bucket, by logical id. */
  readonly resource: string;
  /** Of a listing. */
  readonly prefix?: string;
  /** Name of the header with the condition of a write. */
  readonly condition?: string;
}

/** The actions that S3 asks IAM for. https://docs.aws.amazon.com/AmazonS3/latest/userguide/using-with-s3-policy-actions.html */
function accessesOf(step: StepName, request: S3Request): Access[] {
  const { operation, bucket, key, headers, query } = request;
  const condition = ['if-none-match', 'if-match'].find((header) => headers[header] !== undefined);
  const on = (action: string, ...keys: string[]): Access[] => keys.map((each) => ({ step, action, resource: `${idOf(bucket)}/${each}`, condition }));
  switch (operation) {
    case 'GetObject':
    case 'HeadObject': return on('s3:GetObject', key);
    case 'PutObject':
    case 'CreateMultipartUpload': return [...on('s3:PutObject', key), ...headers['x-amz-tagging'] === undefined ? [] : on('s3:PutObjectTagging', key)];
    case 'UploadPart':
    case 'CompleteMultipartUpload': return on('s3:PutObject', key);
    case 'CopyObject':
    case 'UploadPartCopy': return [
      ...accessesOf(step, { ...request, operation: 'PutObject' }),
      { step, action: 's3:GetObject', resource: sourceOf(headers['x-amz-copy-source'] as string) },
    ];
    case 'AbortMultipartUpload': return on('s3:AbortMultipartUpload', key);
    case 'ListParts': return on('s3:ListMultipartUploadParts', key);
    case 'DeleteObjects': return on('s3:DeleteObject', ...[...request.body().toString().matchAll(/<Key>(.*?)<\/Key>/g)].map((match) => match[1]!));
    case 'ListObjectsV2': return [{ step, action: 's3:ListBucket', resource: idOf(bucket), prefix: query.prefix }];
    default: throw new Error(`No step is known to ask for ${operation}.`);
  }
}

function idOf(bucket: string): string {
  return `<${logicalIdOf(bucket === cloud.local.bucketName('Cache') ? stack.cacheBucket : stack.bucket)}>`;
}

function sourceOf(copySource: string): string {
  const [bucket, ...key] = decodeURIComponent(copySource).replace(/^\//, '').split('/');
  return `${idOf(bucket!)}/${key.join('/')}`;
}

/** Runs an import, and tells what each of its steps has asked of S3. */
async function watched(id: string, input: object): Promise<{ readonly accesses: readonly Access[]; readonly output: ImportResult }> {
  const accesses: Access[] = [];
  let step: StepName = 'Initialize';
  const remove = cloud.local.s3.intercept((request) => void accesses.push(...accessesOf(step, request)));
  const execution = cloud.local.startExecution(`${id}/StateMachine`, input, {
    onEvent: ({ type, state }) => {
      if (type === 'TaskStateEntered') step = state as StepName;
    },
  });
  const { status, cause, output } = await execution.result().finally(remove);
  if (status !== 'SUCCEEDED') throw new Error(cause);
  return { accesses, output: output as unknown as ImportResult };
}

function isAllowed(id: string, { step, action, resource, prefix, condition }: Access): boolean {
  return statementsOf(template, functionOf(imports[id]!, step).role!).some(({ Action, Resource, Condition }: Properties) => {
    const prefixes: string[] | undefined = Condition?.StringLike?.['s3:prefix'];
    const headers = Object.keys(Condition?.Null ?? {}).map((name) => name.replace('s3:', ''));
    return [Action].flat().includes(action)
      && [flat(Resource)].flat().some((pattern: string) => isLike(resource, pattern))
      && (prefixes === undefined || [prefixes].flat().some((pattern) => isLike(prefix!, pattern)))
      && headers.every((header) => header === condition);
  });
}

/** As IAM compares: `*` is any characters. */
function isLike(text: string, pattern: string): boolean {
  return new RegExp(`^${pattern.split('*').map((literal) => literal.replace(/[.+^${}()|[\]\\]/g, '\\$&')).join('.*')}$`, 's').test(text);
}

function expectAllowed(id: string, accesses: readonly Access[]): void {
  expect(accesses.filter((access) => !isAllowed(id, access))).toEqual([]);
}

const actionsOf = (accesses: readonly Access[], isMeant: (access: Access) => boolean): string[] =>
  [...new Set(accesses.filter(isMeant).map(({ action }) => action))].sort();

test('of an import to one key, which replaces the object that is there', async () => {
  await cloud.import('Fixed', INPUT);
  const { accesses } = await watched('Fixed', INPUT);
  expectAllowed('Fixed', accesses);
  expect(actionsOf(accesses, ({ resource }) => resource.includes('/folds/'))).toEqual(['s3:DeleteObject', 's3:GetObject', 's3:PutObject']);
});

test('of an import with tags, a pointer, and states before it is published', async () => {
  const { accesses } = await watched('Object', INPUT);
  expectAllowed('Object', accesses);
  expect(actionsOf(accesses, ({ step }) => step === 'Summarize')).toEqual(['s3:GetObject', 's3:ListBucket', 's3:PutObject']);
  expect(actionsOf(accesses, ({ resource }) => resource.endsWith('/latest/orders.json'))).toEqual(['s3:GetObject', 's3:PutObject', 's3:PutObjectTagging']);
});

test('of an import of several objects', async () => {
  const { accesses } = await watched('Parts', INPUT);
  expectAllowed('Parts', accesses);
  expect(actionsOf(accesses, ({ resource, prefix }) => `${resource}/${prefix}`.includes('part-')))
    .toEqual(['s3:GetObject', 's3:ListBucket', 's3:PutObject', 's3:PutObjectTagging']);
});

test.each(['Fixed', 'Object', 'Parts'])('of %s, an import without records', async (id) => {
  const { accesses } = await watched(id, { sizes: [] });
  expectAllowed(id, accesses);
});

test.each(['Fixed', 'Object', 'Parts'])('of %s, an import that is resumed when it has ended', async (id) => {
  const { output: { importId } } = await watched(id, INPUT);
  const { accesses, output } = await watched(id, { resumeFrom: importId });
  expect(output.importId).toBe(importId);
  expectAllowed(id, accesses);
});

test.each<[string, (request: S3Request) => boolean]>([
  ['Object', ({ operation, key }) => operation === 'CompleteMultipartUpload' && key.startsWith('orders/')],
  ['Parts', ({ operation, key }) => operation === 'PutObject' && key.endsWith('_manifest.json')],
])('of %s, an import that is resumed when it was published by half', async (id, isMeant) => {
  const run = await cloud.denying(isMeant, async () => cloud.run(id, INPUT));
  const { accesses, output } = await watched(id, { resumeFrom: importIdOf(run) });
  expect(output).toMatchObject({ importId: importIdOf(run), outcome: 'published' });
  expectAllowed(id, accesses);
});

test('a permission that is lacking would be seen', () => {
  const access: Access = { step: 'Persist', action: 's3:GetObject', resource: `${idOf(cloud.local.bucketName('Destination'))}/orders/latest.jsonl` };
  expect(isAllowed('Fixed', access)).toBe(true);
  expect(isAllowed('Fixed', { ...access, step: 'Fetch' })).toBe(false);
  expect(isAllowed('Fixed', { ...access, action: 's3:DeleteObject' })).toBe(false);
  expect(isAllowed('Fixed', { ...access, resource: `${access.resource}.bak` })).toBe(false);
  const slot = cloud.cached().find((key) => key.startsWith(`cache/${imports.Fixed!.seriesName}/`) && key.includes('/commits/'));
  const write: Access = { step: 'Fetch', action: 's3:PutObject', resource: `${idOf(cloud.local.bucketName('Cache'))}/${slot}` };
  expect(isAllowed('Fixed', { ...write, condition: 'if-none-match' })).toBe(true);
  expect(isAllowed('Fixed', write)).toBe(false);
  const listing: Access = { step: 'Persist', action: 's3:ListBucket', resource: idOf(cloud.local.bucketName('Destination')), prefix: 'orders/latest.jsonl' };
  expect(isAllowed('Fixed', listing)).toBe(true);
  expect(isAllowed('Fixed', { ...listing, prefix: 'other/' })).toBe(false);
});
