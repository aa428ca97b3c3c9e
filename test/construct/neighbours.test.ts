import { Annotations, App, Aws, Stack, Stage } from 'aws-cdk-lib';
import { Annotations as Found, Match } from 'aws-cdk-lib/assertions';
import * as s3 from 'aws-cdk-lib/aws-s3';
import { ChunkCache, ImportDestination, PaginatedImport, PaginatedImportProps, PaginatedImportStateMachine } from '../../src';
import { TestStack } from './kit';

/** Two imports of one app that get into each other's way. */

type Props = Partial<PaginatedImportProps>;

/** The package's warnings of a stack, each with its construct. */
function warningsOf(stack: Stack): string[] {
  return Found.fromStack(stack).findWarning('*', Match.stringLikeRegexp('cdk-paginated-import:')).map(({ id, entry: { data } }) => `${id}: ${String(data)}`);
}

/** The warnings of two imports in one stack. */
function warningsOfTwo(first: (stack: TestStack) => Props, second: (stack: TestStack) => Props): string[] {
  const stack = new TestStack();
  new PaginatedImport(stack, 'First', stack.props(first(stack)));
  new PaginatedImport(stack, 'Second', stack.props(second(stack)));
  return warningsOf(stack);
}

const toKey = (key: string, latestKey?: string) => ({ bucket }: TestStack) => (
  { destination: ImportDestination.toBucket(bucket, { key, latestKey }) }
);
const toPrefix = (prefix: string, latestKey?: string) => ({ bucket }: TestStack) => (
  { destination: ImportDestination.toPrefix(bucket, { prefix, latestKey }) }
);
const toNamed = (id: string, key: string) => (stack: TestStack) => (
  { destination: ImportDestination.toBucket(s3.Bucket.fromBucketAttributes(stack, id, { bucketName: 'orders', encryptionKey: undefined }), { key }) }
);

describe('the same destination', () => {
  test('is warned of, at the second import, with both', () => {
    expect(warningsOfTwo(toKey('orders/latest.jsonl'), toKey('orders/latest.jsonl'))).toEqual([
      expect.stringContaining('/Stack/Second: Publishes to \'orders/latest.jsonl\' of the same bucket as Stack/First. Each would replace the other\'s object. Give each '
        + 'its own key, or add {importId} to the key.'),
    ]);
    expect(warningsOfTwo(toKey('orders/latest.jsonl'), toKey('orders/latest.jsonl'))[0]).toContain('[ack: cdk-paginated-import:sharedDestination]');
  });

  test.each<[string, (stack: TestStack) => Props, (stack: TestStack) => Props]>([
    ['with the same placeholders', toKey('orders/{date}.jsonl'), toKey('orders/{date}.jsonl')],
    ['with the same tokens', toKey(`${Aws.REGION}/orders.jsonl`), toKey(`${Aws.REGION}/orders.jsonl`)],
    ['of pointers', toPrefix('a/{importId}', 'latest.json'), toPrefix('b/{importId}', 'latest.json')],
    ['of an object and a pointer', toKey('orders/latest.json'), toPrefix('a/{importId}', 'orders/latest.json')],
    ['of a bucket by its name', toNamed('One', 'orders.jsonl'), toNamed('Other', 'orders.jsonl')],
  ])('is warned of: %s', (_name, first, second) => {
    expect(warningsOfTwo(first, second).filter((warning) => warning.includes('of the same bucket as Stack/First'))).toHaveLength(1);
  });

  test.each<[string, (stack: TestStack) => Props, (stack: TestStack) => Props]>([
    ['keys that differ', toKey('orders/latest.jsonl'), toKey('items/latest.jsonl')],
    ['keys with the id of an import', toKey('orders/{importId}.jsonl'), toKey('orders/{importId}.jsonl')],
    ['keys with the name of an execution', toKey('orders/{executionName}.jsonl'), toKey('orders/{executionName}.jsonl')],
    ['prefixes, which have the id of an import', toPrefix('orders/{importId}'), toPrefix('orders/{importId}')],
    ['a key beneath the prefix of another', toPrefix('orders/{importId}'), toKey('orders/{date}/all.jsonl')],
    ['buckets that differ', toKey('orders.jsonl'), (stack) => (
      { destination: ImportDestination.toBucket(new s3.Bucket(stack, 'Another'), { key: 'orders.jsonl' }) })],
  ])('is not: %s', (_name, first, second) => {
    expect(warningsOfTwo(first, second)).toEqual([]);
  });

  test('is warned of in two stacks of one app', () => {
    const app = new App();
    const [one, other] = [new TestStack(app, 'One'), new TestStack(app, 'Other')];
    for (const stack of [one, other]) new PaginatedImportStateMachine(stack, 'Orders', stack.props(toKey('orders.jsonl')(one)));
    expect(warningsOf(one)).toEqual([]);
    expect(warningsOf(other)).toEqual([expect.stringContaining('/Other/Orders/Import: Publishes to \'orders.jsonl\' of the same bucket as One/Orders.')]);
  });

  test('is none in two stages, each with a bucket of its own', () => {
    const app = new App();
    const stacks = ['Test', 'Production'].map((id) => new TestStack(new Stage(app, id), 'Stack'));
    for (const stack of stacks) new PaginatedImportStateMachine(stack, 'Orders', stack.props(toKey('orders.jsonl')(stack)));
    expect(stacks.flatMap((stack) => Found.fromStack(stack).findWarning('*', Match.anyValue()))).toEqual([]);
  });

  test('is none in two apps of one process', () => {
    const stacks = [new TestStack(), new TestStack()];
    for (const stack of stacks) new PaginatedImport(stack, 'Orders', stack.props(toNamed('Named', 'orders.jsonl')(stack)));
    expect(stacks.flatMap(warningsOf).filter((warning) => warning.includes('sharedDestination'))).toEqual([]);
  });

  test('is fine where it is meant so, as for two machines of which one runs', () => {
    const stack = new TestStack();
    new PaginatedImport(stack, 'First', stack.props(toKey('orders.jsonl')(stack)));
    const second = new PaginatedImport(stack, 'Second', stack.props(toKey('orders.jsonl')(stack)));
    Annotations.of(second).acknowledgeWarning('cdk-paginated-import:sharedDestination');
    expect(warningsOf(stack)).toEqual([]);
  });
});

describe('a shared cache', () => {
  interface Shared { readonly another?: boolean; readonly seriesName?: string }
  const cached = (prefix?: string, options: Shared = {}) => (stack: TestStack): Props => {
    const shared = stack.node.tryFindChild('Cache') as s3.Bucket | undefined ?? new s3.Bucket(stack, 'Cache');
    const bucket = options.another ? new s3.Bucket(stack, 'Another') : shared;
    return { chunkCache: ChunkCache.fromBucket(bucket, { prefix, dedicated: prefix === undefined }), seriesName: options.seriesName };
  };

  test.each([['cache', 'cache/'], [undefined, undefined]])('of two series with one name is refused: prefixes %s and %s', (first, second) => {
    const seriesName = 'daily';
    expect(() => warningsOfTwo(cached(first, { seriesName }), cached(second, { seriesName }))).toThrow(
      'PaginatedImport (Stack/Second): seriesName is \'daily\', as that of Stack/First, which has the same chunk cache; write another name instead');
  });

  test.each<[string, (stack: TestStack) => Props, (stack: TestStack) => Props]>([
    ['the same prefix', cached('cache'), cached('cache')],
    ['the whole bucket', cached(), cached()],
    ['one name in two buckets', cached('cache', { seriesName: 'daily' }), cached('cache', { seriesName: 'daily', another: true })],
    ['one name below two prefixes', cached('cache/orders', { seriesName: 'daily' }), cached('cache/items', { seriesName: 'daily' })],
  ])('is fine otherwise, as each has a folder of its own: %s', (_name, first, second) => {
    expect(warningsOfTwo(first, second)).toEqual([]);
  });

  test.each<[string, (stack: TestStack) => Props, (stack: TestStack) => Props]>([
    ['prefixes that differ', cached('cache/orders'), cached('cache/items')],
    ['a prefix beneath another', cached('cache'), cached('cache/items')],
    ['buckets that differ', cached('cache'), cached('cache', { another: true })],
    ['buckets of their own', () => ({}), () => ({})],
  ])('is fine: %s', (_name, first, second) => {
    expect(warningsOfTwo(first, second)).toEqual([]);
  });
});
