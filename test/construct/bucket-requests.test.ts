import * as kms from 'aws-cdk-lib/aws-kms';
import * as s3 from 'aws-cdk-lib/aws-s3';
import { BucketRequestOptions, ChunkCache, ImportDestination, ServerSideEncryption } from '../../src';
import { environmentOf, importStack, ImportStack, StepName, TestStack } from './kit';

const STEPS: readonly StepName[] = ['Initialize', 'Fetch', 'Persist', 'CleanUp'];
const KEY = 'arn:aws:kms:eu-west-1:123456789012:key/1234';

function keyIn(stack: TestStack): kms.IKey {
  return kms.Key.fromKeyArn(stack, 'Key', KEY);
}

function requestsIn(synthesized: ImportStack, variable: 'CACHE' | 'DESTINATION'): unknown[] {
  return STEPS.map((step) => environmentOf(synthesized, step)[`PAGINATED_IMPORT_${variable}_REQUESTS`]);
}

test('the functions that write to a destination know what its requests need', () => {
  const requests = { serverSideEncryption: ServerSideEncryption.KMS, bucketKeyEnabled: true, requesterPays: true };
  const synthesized = importStack((stack) => ({
    destination: ImportDestination.toPrefix(stack.bucket, { prefix: 'orders/{importId}/', encryptionKey: keyIn(stack), requests }),
  }));
  const text = JSON.stringify({ ...requests, encryptionKeyArn: KEY });

  expect(requestsIn(synthesized, 'DESTINATION')).toEqual([text, undefined, text, undefined]);
  expect(requestsIn(synthesized, 'CACHE')).toEqual([undefined, undefined, undefined, undefined]);
});

test('all functions know what the requests to a cache need', () => {
  const requests = { serverSideEncryption: ServerSideEncryption.S3_MANAGED };
  const synthesized = importStack((stack) => ({ chunkCache: ChunkCache.fromBucket(new s3.Bucket(stack, 'Cache'), { prefix: 'cache', requests }) }));

  expect(requestsIn(synthesized, 'CACHE')).toEqual(Array(4).fill(JSON.stringify(requests)));
});

test.each<[string, BucketRequestOptions, string]>([
  ['a bucket key without KMS', { bucketKeyEnabled: true }, 'requests.bucketKeyEnabled is given without KMS encryption'],
  ['a KMS key for keys of S3', { serverSideEncryption: ServerSideEncryption.S3_MANAGED },
    'requests.serverSideEncryption is S3_MANAGED, which uses no KMS key, but encryptionKey is given'],
  ['an encryption that is none', { serverSideEncryption: 'rot13' as never }, 'requests.serverSideEncryption is a string that is not one of its choices'],
])('%s is refused', (_, requests, message) => {
  const destination = (stack: TestStack): ImportDestination => ImportDestination.toBucket(stack.bucket, { key: 'orders.jsonl', encryptionKey: keyIn(stack), requests });
  const chunkCache = (stack: TestStack): ChunkCache => ChunkCache.fromBucket(stack.bucket, { prefix: 'cache', encryptionKey: keyIn(stack), requests });

  expect(() => importStack((stack) => ({ destination: destination(stack) }))).toThrow(`ImportDestination.toBucket: ${message}`);
  expect(() => importStack((stack) => ({ chunkCache: chunkCache(stack) }))).toThrow(`ChunkCache.fromBucket: ${message}`);
});
