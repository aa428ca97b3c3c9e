import { Aws, Fn, Stack } from 'aws-cdk-lib';
import { Annotations, Match } from 'aws-cdk-lib/assertions';
import * as s3 from 'aws-cdk-lib/aws-s3';
import {
  BucketDestinationOptions, ChunkCache, Compression, ImportDestination, IntegrityCheck, OnEmpty, OutputFormat, PaginatedImport,
  PrefixDestinationOptions,
} from '../../src';
import { DESTINATION_PLACEHOLDERS } from '../../src/protocol/destination-key';
import { DestinationReference } from '../../src/protocol/import-file';
import { environmentOf, flat, functionOf, importStack, ImportStack, logicalIdOf, propertiesOf, statementsOf, TestStack } from './kit';

const bucket = s3.Bucket.fromBucketName(new Stack(), 'Published', 'published');

/** What the definition gives to Initialize, with tokens in angle brackets. */
function givenDestination({ template, orders }: ImportStack): DestinationReference {
  const definition = JSON.parse(flat(propertiesOf(template, orders.stateMachine).DefinitionString));
  return definition.States.Initialize.Parameters.Payload.destination;
}

/** The keys of the destination that Persist may upload to. */
function uploadsOf(synthesized: ImportStack): string[] {
  return allowedKeys(synthesized, 's3:AbortMultipartUpload');
}

/** The keys of the destination with which Persist may do this. */
function allowedKeys({ template, orders, stack }: ImportStack, action: string): string[] {
  const destination = `<${logicalIdOf(stack.bucket)}>`;
  return statementsOf(template, functionOf(orders.paginatedImport, 'Persist').role!)
    .filter(({ Action }) => [Action].flat().includes(action))
    .flatMap(({ Resource }): string[] => [flat(Resource)].flat())
    .filter((arn) => arn.startsWith(destination))
    .map((arn) => arn.slice(destination.length));
}

describe('a key is refused that', () => {
  test.each([
    ['is empty', '', 'key is empty; write a key such as \'orders/{date}/{importId}.jsonl\' instead'],
    ['ends with a slash', 'orders/{importId}/', 'key \'orders/{importId}/\' ends with a slash, which makes an object without a name; write a key such as '],
    ['starts with a slash', '/orders.jsonl', 'key \'/orders.jsonl\' starts with a slash, which S3 treats as an empty folder name; write \'orders.jsonl\' instead'],
    ['holds a *', 'orders/*.jsonl', 'contains * or ?, which are wildcards in permissions; write one without them instead'],
    ['holds a ?', 'orders/?.jsonl', 'contains * or ?'],
    ['has an unknown placeholder', 'orders/{day}.jsonl', 'key has the unknown placeholder {day}; write one of {importId}, {executionName}, {date}, {yyyy}, {MM}, {dd}, {HH} instead'],
    ['has a placeholder in the wrong case', 'orders/{mm}.jsonl', 'key has the unknown placeholder {mm}'],
    ['has a lone opening brace', 'orders/{date.jsonl', 'has a brace outside a placeholder'],
    ['has a lone closing brace', 'orders/date}.jsonl', 'has a brace outside a placeholder'],
    ['has braces around a token', `orders/{${Aws.REGION}}.jsonl`, 'has a brace outside a placeholder'],
    ['has the name of a manifest', 'orders/_{date}.manifest.json', 'key \'orders/_{date}.manifest.json\' is named like a manifest, and another import\'s manifest may have the same key; write a name without the underscore before it instead'],
    ['is too long', 'o'.repeat(1010), 'key makes keys of 1025 bytes with the manifest\'s suffix, more than S3\'s 1024; write one that is 1 bytes shorter instead'],
    ['is too long in bytes', 'ö'.repeat(600), 'key makes keys of 1200 bytes'],
    ['is too long when it is filled in', `{importId}${'o'.repeat(990)}`, 'key makes keys of 1026 bytes'],
    ['is too long with the longest name of an execution', `{executionName}${'o'.repeat(935)}`, 'key makes keys of 1030 bytes with the manifest\'s suffix'],
  ])('%s', (_name, key, message) => {
    expect(() => ImportDestination.toBucket(bucket, { key })).toThrow(message);
    expect(() => ImportDestination.toBucket(bucket, { key })).toThrow(/^ImportDestination\.toBucket: key .*; write .* instead$/);
  });
});

describe('a key is allowed that', () => {
  test.each([
    ['has every placeholder', `orders/${DESTINATION_PLACEHOLDERS.map((name) => `{${name}}`).join('/')}.jsonl`],
    ['is the same for every run', 'orders/latest.jsonl'],
    ['is as long as S3 allows', 'o'.repeat(1009)],
    ['has tokens, whose text looks like a placeholder', `${Aws.ACCOUNT_ID}/orders/{date}.jsonl`],
    ['is a token as a whole', Fn.importValue('OrdersKey')],
  ])('%s', (_name, key) => {
    expect(() => ImportDestination.toBucket(bucket, { key })).not.toThrow();
  });
});

describe('the key of a manifest is refused that', () => {
  test.each([
    ['is empty', 'o.jsonl', '', 'manifestKey is empty; write a key such as \'manifests/{date}/{importId}.json\' instead'],
    ['starts with a slash', 'o.jsonl', '/m.json', 'manifestKey \'/m.json\' starts with a slash'],
    ['ends with a slash', 'o.jsonl', 'm/', 'manifestKey \'m/\' ends with a slash; write a key such as \'m/orders.json\' instead'],
    ['holds a *', 'o.jsonl', 'm*.json', 'manifestKey \'m*.json\' contains * or ?'],
    ['is the object\'s', 'o.jsonl', 'o.jsonl', 'manifestKey \'o.jsonl\' is the key of the object itself; write another key instead'],
    ['has an unknown placeholder', 'o.jsonl', 'm/{day}.json', 'manifestKey has the unknown placeholder {day}'],
    ['is shared by objects of their own', 'o/{importId}.jsonl', 'm.json',
      'manifestKey \'m.json\' has different placeholders than the key \'o/{importId}.jsonl\', so imports would share one of the two but not the other; '
      + 'write one with {importId}, as in the key, instead'],
    ['is one of many for one object', 'o.jsonl', 'm/{importId}.json', 'write one with no placeholder, as in the key, instead'],
    ['differs where the key does not', 'o/{date}.jsonl', 'm/{date}/{HH}.json', 'write one with {date}, as in the key, instead'],
    ['is too long', 'o.jsonl', 'm'.repeat(1025), 'manifestKey makes keys of 1025 bytes, more than S3\'s 1024; write one that is 1 bytes shorter instead'],
  ])('%s', (_name, key, manifestKey, message) => {
    expect(() => ImportDestination.toBucket(bucket, { key, manifestKey })).toThrow(message);
    expect(() => ImportDestination.toBucket(bucket, { key, manifestKey })).toThrow(/^ImportDestination\.toBucket: manifestKey .*; write .* instead$/);
  });

  test('is the pointer\'s', () => {
    expect(() => ImportDestination.toBucket(bucket, { key: 'o.jsonl', manifestKey: 'm.json', latestKey: 'm.json' }))
      .toThrow('latestKey \'m.json\' is the key of the manifest; write another key instead');
  });
});

describe('a manifest', () => {
  const patternsOf = (key: string, manifestKey?: string): string[] => (
    allowedKeys(importStack((stack) => ({ destination: ImportDestination.toBucket(stack.bucket, { key, manifestKey }) })), 's3:PutObject').reverse()
  );

  test.each([
    ['beside an object of one key', 'o/latest.jsonl', undefined, ['/o/latest.jsonl', '/o/_latest.jsonl.manifest.json']],
    ['beside an object without a folder', 'latest.jsonl', undefined, ['/latest.jsonl', '/_latest.jsonl.manifest.json']],
    ['beside objects whose names are placeholders', 'o/{importId}', undefined, ['/o/*']],
    ['beside objects whose names begin alike', 'o/daily-{date}.jsonl', undefined, ['/o/daily-*', '/o/_daily-*']],
    ['beside objects in folders of their own', 'o/{date}/orders.jsonl', undefined, ['/o/*']],
    ['beside an object in a folder that is a token', `${Aws.REGION}/o.jsonl`, undefined, ['/<AWS::Region>/o.jsonl', '/<AWS::Region>/_o.jsonl.manifest.json']],
    ['beside an object that is a token', Aws.STACK_NAME, undefined, ['/<AWS::StackName>', '/_<AWS::StackName>.manifest.json']],
    ['elsewhere', 'o/latest.jsonl', 'manifests/o.json', ['/o/latest.jsonl', '/manifests/o.json']],
    ['elsewhere, one for each object', 'o/{date}.jsonl', 'manifests/{date}.json', ['/o/*', '/manifests/*']],
  ])('%s may be written, and nothing else', (_where, key, manifestKey, patterns) => {
    expect(patternsOf(key, manifestKey)).toEqual(patterns);
  });

  test('has the key that Initialize is told, tokens and placeholders included', () => {
    const told = (key: string, manifestKey?: string): string => givenDestination(
      importStack((stack) => ({ destination: ImportDestination.toBucket(stack.bucket, { key, manifestKey }) })),
    ).manifestKey;

    expect(told(`raw/${Aws.REGION}/{date}/${Aws.ACCOUNT_ID}.jsonl`)).toBe('raw/<AWS::Region>/{date}/_<AWS::AccountId>.jsonl.manifest.json');
    expect(told('o/{date}.jsonl', `${Aws.REGION}/{date}.json`)).toBe('<AWS::Region>/{date}.json');
  });

  test('of several objects lies among them', () => {
    const synthesized = importStack((stack) => ({ destination: ImportDestination.toPrefix(stack.bucket, { prefix: 'o/{importId}' }) }));

    expect(givenDestination(synthesized).manifestKey).toBe('o/{importId}/_manifest.json');
    expect(allowedKeys(synthesized, 's3:PutObject')).toEqual(['/o/*']);
  });
});

describe('a prefix is refused that', () => {
  test.each([
    ['is empty', '', 'prefix is empty; write a prefix such as \'orders/{date}/{importId}\' instead'],
    ['starts with a slash', '/{importId}', 'prefix \'/{importId}\' starts with a slash, which S3 treats as an empty folder name; write \'{importId}\' instead'],
    ['is a slash', '/', 'starts with a slash, which S3 treats as an empty folder name; write \'orders/{date}/{importId}\' instead'],
    ['holds a *', 'orders/*/{importId}', 'contains * or ?, which are wildcards in permissions; write one without them instead'],
    ['has an unknown placeholder', 'orders/{day}/{importId}', 'prefix has the unknown placeholder {day}; write one of {importId}, {executionName}, {date}'],
    ['has a lone brace', 'orders/{importId}/}', 'has a brace outside a placeholder'],
    ['has no {importId}', 'orders/{date}', 'prefix \'orders/{date}\' has no {importId}, without which the objects of two imports would mix; write \'orders/{date}/{importId}/\' instead'],
    ['has an {importId} around a token only', `orders/${Aws.REGION}/{executionName}/`, 'has no {importId}'],
    ['is too long', `{importId}/${'o'.repeat(968)}`, 'prefix makes keys of 1025 bytes with the names of the objects below it, more than S3\'s 1024; write one that is 1 bytes shorter instead'],
  ])('%s', (_name, prefix, message) => {
    expect(() => ImportDestination.toPrefix(bucket, { prefix })).toThrow(message);
    expect(() => ImportDestination.toPrefix(bucket, { prefix })).toThrow(/^ImportDestination\.toPrefix: prefix .*; write .* instead$/);
  });

  test('is too long with the extension of its format', () => {
    const prefix = `{importId}/${'o'.repeat(967)}`;
    expect(() => ImportDestination.toPrefix(bucket, { prefix })).not.toThrow();
    expect(() => ImportDestination.toPrefix(bucket, { prefix, compression: Compression.GZIP })).toThrow('prefix makes keys of 1027 bytes');
  });
});

test.each(['orders/{date}/{importId}', 'orders/{date}/{importId}/'])('the prefix %s ends with one slash in the end', (prefix) => {
  const synthesized = importStack((stack) => ({ destination: ImportDestination.toPrefix(stack.bucket, { prefix }) }));
  expect(givenDestination(synthesized).key).toBe('orders/{date}/{importId}/');
});

describe('the key of the pointer is refused that', () => {
  const ofObject = (latestKey: string, key = 'orders/{date}.jsonl'): unknown => ImportDestination.toBucket(bucket, { key, latestKey });
  const ofPrefix = (latestKey: string, prefix = 'orders/{importId}'): unknown => ImportDestination.toPrefix(bucket, { prefix, latestKey });

  test.each([
    ['is empty', '', 'latestKey is empty; write a key such as \'orders/_latest.json\' instead'],
    ['starts with a slash', '/latest.json', 'latestKey \'/latest.json\' starts with a slash'],
    ['holds a *', 'latest/*.json', 'contains * or ?'],
    ['has a placeholder', 'orders/{date}.json', 'latestKey \'orders/{date}.json\' has a placeholder or a brace, and must be the same for every import; write a key without braces instead'],
    ['has a brace', 'orders/latest}.json', 'has a placeholder or a brace'],
    ['is too long', 'o'.repeat(1025), 'latestKey makes keys of 1025 bytes, more than S3\'s 1024; write one that is 1 bytes shorter instead'],
  ])('%s', (_name, latestKey, message) => {
    expect(() => ofObject(latestKey)).toThrow('ImportDestination.toBucket: latestKey');
    expect(() => ofObject(latestKey)).toThrow(message);
    expect(() => ofPrefix(latestKey)).toThrow(message.replace('toBucket', 'toPrefix'));
  });

  test('is that of the object or of its manifest', () => {
    const key = 'orders/latest.jsonl';
    expect(() => ofObject(key, key)).toThrow('latestKey \'orders/latest.jsonl\' is the key of the object itself; write another key instead');
    expect(() => ofObject('orders/_latest.jsonl.manifest.json', key)).toThrow('latestKey \'orders/_latest.jsonl.manifest.json\' is the key of the manifest; write another key instead');
  });

  test('lies among the objects below a prefix, where a table would take it for records', () => {
    const message = 'ImportDestination.toPrefix: latestKey \'orders/latest.json\' is among the objects below \'orders/\', where it would be read as records; '
      + 'write a key outside of it, or one whose name begins with an underscore, such as \'orders/_latest.json\', instead';
    expect(() => ofPrefix('orders/latest.json')).toThrow(message);
    expect(() => ofPrefix('orders/latest.json', 'orders/day-{date}/{importId}')).toThrow(message);
  });

  test.each([
    ['orders/_latest.json', 'orders/{importId}'],
    ['pointers/orders.json', 'orders/{importId}'],
    ['orders-latest.json', 'orders/{importId}'],
    ['latest.json', 'orders-{importId}'],
    ['latest.json', '{importId}'],
  ])('but %s is allowed beside %s', (latestKey, prefix) => {
    expect(() => ofPrefix(latestKey, prefix)).not.toThrow();
  });
});

describe('a destination in the chunk cache', () => {
  function importOf({ destination, cache }: {
    destination: (stack: TestStack) => ImportDestination; cache: (stack: TestStack) => ChunkCache;
  }): () => unknown {
    const stack = new TestStack();
    return () => new PaginatedImport(stack, 'Orders', stack.props({ destination: destination(stack), chunkCache: cache(stack) }));
  }

  const named = (stack: TestStack, id: string): s3.IBucket => s3.Bucket.fromBucketName(stack, id, 'shared');
  const object = (key: string, options: Partial<BucketDestinationOptions> = {}) =>
    (stack: TestStack) => ImportDestination.toBucket(stack.bucket, { key, ...options });
  const prefixed = (prefix: string, options: Partial<PrefixDestinationOptions> = {}) =>
    (stack: TestStack) => ImportDestination.toPrefix(stack.bucket, { prefix, ...options });
  const below = (prefix?: string) => (stack: TestStack) => ChunkCache.fromBucket(stack.bucket, { prefix, dedicated: prefix === undefined });

  test.each<[string, Parameters<typeof importOf>[0], string]>([
    ['an object', { destination: object('cache/{date}.jsonl'), cache: below('cache') }, 'cache/{date}.jsonl'],
    ['objects below a prefix', { destination: prefixed('cache/orders/{importId}'), cache: below('cache/') }, 'cache/orders/{importId}/'],
    ['a pointer', { destination: object('orders.jsonl', { latestKey: 'cache/latest.json' }), cache: below('cache') }, 'cache/latest.json'],
    ['a token', { destination: object(`${Aws.REGION}/orders.jsonl`), cache: below(Aws.REGION) }, '/orders.jsonl'],
    ['buckets of one name', {
      destination: (stack) => ImportDestination.toBucket(named(stack, 'Published'), { key: 'cache/orders.jsonl' }),
      cache: (stack) => ChunkCache.fromBucket(named(stack, 'Shared'), { prefix: 'cache' }),
    }, 'cache/orders.jsonl'],
    ['a bucket that the app makes, imported by its name', {
      destination: (stack) => ImportDestination.toBucket(named(stack, 'Published'), { key: 'cache/orders.jsonl' }),
      cache: (stack) => ChunkCache.fromBucket(new s3.Bucket(stack, 'Shared', { bucketName: 'shared' }), { prefix: 'cache' }),
    }, 'cache/orders.jsonl'],
  ])('is refused: %s', (_name, given, key) => {
    expect(importOf(given)).toThrow(/^PaginatedImport \(Stack\/Orders\): destination publishes to '.*', which lies in the chunk cache: all below '.*\/' in the same bucket; write a key that is not below /);
    expect(importOf(given)).toThrow(`${key}', which lies in the chunk cache`);
  });

  test('is refused where the cache is the same bucket as a whole, with what to write', () => {
    expect(importOf({ destination: object('orders.jsonl'), cache: below() })).toThrow('destination publishes to \'orders.jsonl\', which lies in the chunk cache: '
      + 'all of the same bucket; write a key that is not below the prefix of the cache, or ChunkCache.fromBucket(bucket, { prefix: \'import-cache\' }) as the cache, instead');
  });

  test.each([['orders/cache'], ['orders/day']])('or around it, where a table would take chunks for records, is refused: %s', (prefix) => {
    expect(importOf({ destination: prefixed('orders/day-{date}/{importId}'), cache: below(prefix) })).toThrow(
      `PaginatedImport (Stack/Orders): chunkCache is all below '${prefix}/' in the same bucket, and is among the objects below 'orders/', where its chunks would be read `
      + 'as records; write a prefix outside of it, such as ChunkCache.fromBucket(bucket, { prefix: \'import-cache\' }), instead');
  });

  test.each<[string, Parameters<typeof importOf>[0]]>([
    ['a cache beside the objects of a prefix', { destination: prefixed('orders/{importId}'), cache: below('orders-cache') }],
    ['a cache beside prefixes that lie in no folder', { destination: prefixed('{importId}'), cache: below('cache') }],
    ['a cache below the folder of one object', { destination: object('orders/{date}.jsonl'), cache: below('orders/cache') }],
    ['a neighbour with the same beginning', { destination: object('cached/orders.jsonl'), cache: below('cache') }],
    ['another bucket', { destination: object('cache/orders.jsonl'), cache: (stack) => ChunkCache.fromBucket(new s3.Bucket(stack, 'Cache'), { prefix: 'cache' }) }],
    ['two buckets whose names are drawn', {
      destination: (stack) => ImportDestination.toBucket(new s3.Bucket(stack, 'Published'), { key: 'orders.jsonl' }),
      cache: (stack) => ChunkCache.fromBucket(new s3.Bucket(stack, 'Cache'), { dedicated: true }),
    }],
    ['a bucket of another name', {
      destination: (stack) => ImportDestination.toBucket(named(stack, 'Published'), { key: 'orders.jsonl' }),
      cache: (stack) => ChunkCache.fromBucket(s3.Bucket.fromBucketName(stack, 'Cache', 'cache'), { dedicated: true }),
    }],
  ])('is not: %s', (_name, given) => {
    expect(importOf(given)).not.toThrow();
  });
});

test('a key with tokens is confined to what stands before the first placeholder, tokens included', () => {
  const synthesized = importStack((stack) => ({
    destination: ImportDestination.toBucket(stack.bucket, { key: `raw/${Aws.REGION}/orders/{date}/${Aws.ACCOUNT_ID}.jsonl` }),
  }));
  expect(uploadsOf(synthesized)).toEqual(['/raw/<AWS::Region>/orders/*']);
  expect(givenDestination(synthesized).key).toBe('raw/<AWS::Region>/orders/{date}/<AWS::AccountId>.jsonl');
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

  test('so does a key of manifests that begins with one', () => {
    warningsOf((stack) => ImportDestination.toBucket(stack.bucket, { key: 'orders/{date}.jsonl', manifestKey: '{date}.json' }))
      .hasWarning('/Stack/Orders', Match.stringLikeRegexp('manifestKey.*begins with a placeholder.*every key of the bucket.*destinationKeyWithoutPrefix'));
  });

  test('the KMS key of an imported bucket is not known', () => {
    warningsOf((stack) => ImportDestination.toBucket(s3.Bucket.fromBucketName(stack, 'Published', 'published'), { key: 'orders.jsonl' }))
      .hasWarning('/Stack/Orders', Match.stringLikeRegexp('toBucket\\(bucket, \\{ key, encryptionKey \\}\\).*destinationEncryptionKey'));
  });

  test('the KMS key of an imported bucket of several objects is asked for where they are published', () => {
    warningsOf((stack) => ImportDestination.toPrefix(s3.Bucket.fromBucketName(stack, 'Published', 'published'), { prefix: '{importId}' }))
      .hasWarning('/Stack/Orders', Match.stringLikeRegexp('toPrefix\\(bucket, \\{ prefix, encryptionKey \\}\\).*destinationEncryptionKey'));
  });

  const csv = { format: OutputFormat.csv() };
  const gzip = { compression: Compression.GZIP };

  test.each<[string, Partial<BucketDestinationOptions>, string]>([
    ['orders/{date}.jsonl', gzip, 'does not end in .gz, but its object is compressed. End it in .jsonl.gz.*destinationKeyCompression'],
    ['orders/{date}', gzip, 'does not end in .gz'],
    ['orders/{date}.csv', { ...csv, ...gzip }, 'End it in .csv.gz'],
    ['orders/{date}.jsonl.gz', {}, 'ends in .gz, but its object is not compressed. End it in .jsonl'],
    ['orders/{date}.csv', {}, 'has the name of a csv file, but its object is jsonl. End it in .jsonl.*destinationKeyFormat'],
    ['orders/{date}.json', {}, 'has the name of a json file, but its object is jsonl'],
    ['orders/{date}.ndjson', csv, 'has the name of a jsonl file, but its object is csv. End it in .csv'],
    ['orders/{date}.CSV.gz', { format: OutputFormat.jsonArray(), ...gzip }, 'has the name of a csv file, but its object is json. End it in .json.gz'],
  ])('the key %s says something else than what is in the object', (key, options, message) => {
    warningsOf((stack) => ImportDestination.toBucket(stack.bucket, { key, ...options })).hasWarning('/Stack/Orders', Match.stringLikeRegexp(message));
  });

  test.each<[string, Partial<BucketDestinationOptions>]>([
    ['orders/{date}.jsonl.gz', gzip],
    ['orders/{date}.ndjson', {}],
    ['orders/{date}.csv', csv],
    ['orders/{date}.csv.gz', { ...csv, ...gzip }],
    ['orders/{date}.json', { format: OutputFormat.jsonArray() }],
    ['v1.csv/{date}', {}],
    ['orders/{date}.txt', csv],
    [`orders/${Aws.STACK_NAME}`, gzip],
  ])('the key %s does not', (key, options) => {
    expect(warningsOf((stack) => ImportDestination.toBucket(stack.bucket, { key, ...options })).findWarning('*', Match.anyValue())).toEqual([]);
  });

  test('names of several objects are given by the format', () => {
    expect(warningsOf((stack) => ImportDestination.toPrefix(stack.bucket, { prefix: 'orders.csv/{importId}', ...gzip })).findWarning('*', Match.anyValue())).toEqual([]);
  });

  test('there are none for a bucket of the app and a key that begins with a fixed part', () => {
    expect(warningsOf((stack) => ImportDestination.toBucket(stack.bucket, { key: 'orders.jsonl' })).findWarning('*', Match.anyValue())).toEqual([]);
  });
});

test('a key that begins with a placeholder works all the same, on the whole bucket', () => {
  const synthesized = importStack((stack) => ({ destination: ImportDestination.toBucket(stack.bucket, { key: '{date}/orders.jsonl' }) }));
  const statements = statementsOf(synthesized.template, functionOf(synthesized.orders.paginatedImport, 'Persist').role!);
  expect(uploadsOf(synthesized)).toEqual(['/*']);
  expect(statements.filter(({ Action }) => Action === 's3:ListBucket').map(({ Condition }) => Condition.StringLike)).toEqual([
    { 's3:prefix': ['Stack-Orders-EEDB7941/*'] }, undefined,
  ]);
});

describe('the integrity check', () => {
  test('is S3\'s own unless asked otherwise, and reaches Persist as the protocol writes it', () => {
    const synthesized = importStack((stack) => ({
      destination: ImportDestination.toBucket(stack.bucket, { key: 'orders.jsonl', integrityCheck: IntegrityCheck.SIZES_AND_ETAGS }),
    }));
    expect(environmentOf(synthesized, 'Persist')).toMatchObject({ PAGINATED_IMPORT_INTEGRITY_CHECK: IntegrityCheck.SIZES_AND_ETAGS });
    expect(environmentOf(importStack(), 'Persist')).toMatchObject({ PAGINATED_IMPORT_INTEGRITY_CHECK: IntegrityCheck.FULL_OBJECT_CRC32 });
  });
});

describe('an import without records', () => {
  test('is published unless asked otherwise, and the choice reaches Persist as the protocol writes it', () => {
    const synthesized = importStack((stack) => ({
      minRecords: 1, destination: ImportDestination.toBucket(stack.bucket, { key: 'orders.jsonl', onEmpty: OnEmpty.SKIP }),
    }));
    expect(environmentOf(synthesized, 'Persist')).toMatchObject({ PAGINATED_IMPORT_ON_EMPTY: OnEmpty.SKIP, PAGINATED_IMPORT_MIN_RECORDS: '1' });
    expect(environmentOf(importStack(), 'Persist')).toMatchObject({ PAGINATED_IMPORT_ON_EMPTY: OnEmpty.PUBLISH });
  });
});
