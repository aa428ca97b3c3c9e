import { Annotations as Warnings, App, AspectPriority, Aspects, Duration, Stack } from 'aws-cdk-lib';
import { Annotations, Match, Template } from 'aws-cdk-lib/assertions';
import * as s3 from 'aws-cdk-lib/aws-s3';
import { ChunkCache, PaginatedImport, PaginatedImportProps } from '../../src';
import { environmentOf, flat, importStack, logicalIdOf, Properties, TestStack } from './kit';

describe('the bucket of its own', () => {
  test('is private, encrypted, without versions, and emptied after the maximum age', () => {
    const { template, orders } = importStack();
    const bucket = template.toJSON().Resources[logicalIdOf(orders.cacheBucket)];
    expect(bucket).toMatchObject({
      DeletionPolicy: 'RetainExceptOnCreate',
      UpdateReplacePolicy: 'Retain',
      Properties: {
        BucketEncryption: { ServerSideEncryptionConfiguration: [{ ServerSideEncryptionByDefault: { SSEAlgorithm: 'AES256' } }] },
        PublicAccessBlockConfiguration: {
          BlockPublicAcls: true, BlockPublicPolicy: true, IgnorePublicAcls: true, RestrictPublicBuckets: true,
        },
        LifecycleConfiguration: {
          Rules: [{
            Id: 'ExpireImports', Status: 'Enabled', ExpirationInDays: 2 * 7 + 14 + 1, AbortIncompleteMultipartUpload: { DaysAfterInitiation: 1 },
          }],
        },
      },
    });
    expect(bucket.Properties).not.toHaveProperty('VersioningConfiguration');
  });

  test('refuses whatever does not come over TLS', () => {
    const { template, orders } = importStack();
    template.hasResourceProperties('AWS::S3::BucketPolicy', {
      Bucket: { Ref: logicalIdOf(orders.cacheBucket) },
      PolicyDocument: { Statement: Match.arrayWith([Match.objectLike({ Effect: 'Deny', Condition: { Bool: { 'aws:SecureTransport': 'false' } } })]) },
    });
  });

  test('refuses to replace what is written once, whoever asks', () => {
    const { template, orders } = importStack();
    const id = logicalIdOf(orders.cacheBucket);
    const [{ Properties: { PolicyDocument } }] = Object.values(template.findResources('AWS::S3::BucketPolicy', { Properties: { Bucket: { Ref: id } } })) as [Properties];
    const { Resource, ...rest } = PolicyDocument.Statement.find(({ Sid }: Properties) => Sid === 'WrittenOnce');

    expect(rest).toEqual({ Sid: 'WrittenOnce', Effect: 'Deny', Principal: { AWS: '*' }, Action: 's3:PutObject', Condition: { Null: { 's3:if-none-match': 'true' } } });
    expect(flat(Resource)).toEqual(['import.json', 'published.json', 'commits/*', 'uploads/*'].map((key) => `<${id}>/Stack-Orders-EEDB7941/*/${key}`));
  });

  test.each([[Duration.days(30), 75], [Duration.seconds(1), 16], [Duration.days(365), 745]])('outlives an import with a timeout of %s', (timeout, days) => {
    const { template, orders } = importStack(() => ({ timeout }));
    const [rule] = template.toJSON().Resources[logicalIdOf(orders.cacheBucket)].Properties.LifecycleConfiguration.Rules;
    expect(rule.ExpirationInDays).toBe(days);
  });
});

describe('a given bucket', () => {
  test('is used with its prefix, however its slashes are written', () => {
    const synthesized = importStack((stack) => ({ chunkCache: ChunkCache.fromBucket(new s3.Bucket(stack, 'Shared'), { prefix: '/imports/orders/' }) }));
    for (const step of ['Initialize', 'Fetch', 'Persist', 'CleanUp'] as const) {
      expect(environmentOf(synthesized, step)).toMatchObject({
        PAGINATED_IMPORT_CACHE_BUCKET: { Ref: expect.stringMatching(/^Shared/) }, PAGINATED_IMPORT_CACHE_PREFIX: 'imports/orders',
      });
    }
    synthesized.template.resourceCountIs('AWS::S3::Bucket', 2);
  });

  test.each([
    ['imports/*', 'prefix \'imports/*\' contains a wildcard or a brace; write a literal prefix, such as \'imports/orders\', instead'],
    ['imports/?', 'contains a wildcard or a brace'],
    ['imports/{date}', 'contains a wildcard or a brace'],
    ['imports//orders', 'prefix \'imports//orders\' has an empty part; write \'imports/orders\' instead'],
    ['', 'prefix is missing, and the bucket may have other objects; write { prefix: \'import-cache\' }, or { dedicated: true } if only imports use the bucket, instead'],
    ['/', 'prefix is missing'],
  ])('is refused with the prefix %s', (prefix, message) => {
    const bucket = s3.Bucket.fromBucketName(new Stack(), 'Shared', 'shared');
    expect(() => ChunkCache.fromBucket(bucket, { prefix })).toThrow(message);
  });

  test('is refused if its longest key, the name of the series included, is too long for S3', () => {
    const chunkCache = (prefix: string): Partial<PaginatedImportProps> => ({ chunkCache: ChunkCache.fromBucket(s3.Bucket.fromBucketName(new Stack(), 'Shared', 'shared'), { prefix }), seriesName: 's'.repeat(64) });
    expect(() => importStack(() => chunkCache('x'.repeat(862)))).not.toThrow();
    expect(() => importStack(() => chunkCache('x'.repeat(863)))).toThrow('prefix makes keys of 1025 bytes, more than S3\'s 1024; write a prefix that is 1 bytes shorter instead');
  });
});

describe('lifecycle rules of a bucket in the app', () => {
  /** The errors of a synth with one rule on the cache's bucket. The maximum age is 28 days. */
  function errorsOf(rule: s3.LifecycleRule, prefix?: string): string {
    const app = new App();
    const stack = new TestStack(app);
    const bucket = new s3.Bucket(stack, 'Shared');
    new PaginatedImport(stack, 'Orders', stack.props({ chunkCache: ChunkCache.fromBucket(bucket, { prefix, dedicated: prefix === undefined }) }));
    // After the import: rules may be added at any time.
    bucket.addLifecycleRule(rule);
    try {
      app.synth();
    } catch (error) {
      return (error as Error).message;
    }
    return '';
  }

  test('that expire too early are refused, with what to write', () => {
    const message = errorsOf({ id: 'Tidy', expiration: Duration.days(7) });
    expect(message).toContain('The lifecycle rule Tidy of the chunk cache\'s bucket expires objects after 7 days, but an import may be resumed for 28 days');
    expect(message).toContain('write Duration.days(29) or more instead');
  });

  test.each<[string, s3.LifecycleRule, string | undefined]>([
    ['for the whole bucket', { expiration: Duration.days(28) }, 'imports'],
    ['for a prefix above', { expiration: Duration.days(1), prefix: 'imp' }, 'imports'],
    ['for the same prefix', { expiration: Duration.days(1), prefix: 'imports/' }, 'imports'],
    ['for a prefix below', { expiration: Duration.days(1), prefix: 'imports/0' }, 'imports'],
    ['for any prefix of a bucket that is a cache as a whole', { expiration: Duration.days(1), prefix: 'tmp/' }, undefined],
    ['at a date', { expirationDate: new Date('2027-01-01') }, 'imports'],
    ['by archiving', { transitions: [{ storageClass: s3.StorageClass.GLACIER, transitionAfter: Duration.days(3) }] }, 'imports'],
    ['by deep archiving', { transitions: [{ storageClass: s3.StorageClass.DEEP_ARCHIVE, transitionAfter: Duration.days(3) }] }, 'imports'],
  ])('are refused %s', (_name, rule, prefix) => {
    expect(errorsOf(rule, prefix)).toMatch(/The lifecycle rule .* of the chunk cache's bucket/);
  });

  test.each<[string, s3.LifecycleRule]>([
    ['longer than the maximum age', { expiration: Duration.days(29) }],
    ['for other keys', { expiration: Duration.days(1), prefix: 'reports/' }],
    ['for a neighbour with the same beginning', { expiration: Duration.days(1), prefix: 'imports-old/' }],
    ['for tagged objects', { expiration: Duration.days(1), tagFilters: { temporary: 'yes' } }],
    ['disabled', { expiration: Duration.days(1), enabled: false }],
    ['to a class that can be read', { transitions: [{ storageClass: s3.StorageClass.INFREQUENT_ACCESS, transitionAfter: Duration.days(30) }] }],
    ['archiving afterwards', { transitions: [{ storageClass: s3.StorageClass.GLACIER, transitionAfter: Duration.days(29) }] }],
    ['for uploads', { abortIncompleteMultipartUploadAfter: Duration.days(1) }],
  ])('are allowed %s', (_name, rule) => {
    expect(errorsOf(rule, 'imports')).toBe('');
  });
});

describe('a versioned bucket in the app', () => {
  const WARNING = 'The bucket of the chunk cache is versioned, and no lifecycle rule expires the noncurrent versions below imports/';

  function warningsOf(props: s3.BucketProps, change: (stack: TestStack, bucket: s3.Bucket) => void = () => {}): string[] {
    const stack = new TestStack();
    const bucket = new s3.Bucket(stack, 'Shared', props);
    new PaginatedImport(stack, 'Orders', stack.props({ chunkCache: ChunkCache.fromBucket(bucket, { prefix: 'imports' }) }));
    change(stack, bucket);
    return Annotations.fromStack(stack).findWarning('*', Match.stringLikeRegexp('versioned')).map(({ entry }) => String(entry.data));
  }

  test.each<[string, s3.LifecycleRule[]]>([
    ['without rules', []],
    ['whose rule expires current versions only', [{ expiration: Duration.days(60) }]],
    ['whose rule is for other keys', [{ noncurrentVersionExpiration: Duration.days(1), prefix: 'reports/' }]],
    ['whose rule covers a part of the cache', [{ noncurrentVersionExpiration: Duration.days(1), prefix: 'imports/0' }]],
    ['whose rule keeps some versions', [{ noncurrentVersionExpiration: Duration.days(1), noncurrentVersionsToRetain: 1 }]],
    ['whose rule is for large objects', [{ noncurrentVersionExpiration: Duration.days(1), objectSizeGreaterThan: 1_000_000 }]],
    ['whose rule is for tagged objects', [{ noncurrentVersionExpiration: Duration.days(1), tagFilters: { temporary: 'yes' } }]],
    ['whose rule is disabled', [{ noncurrentVersionExpiration: Duration.days(1), enabled: false }]],
  ])('%s keeps deleted chunks: a warning says so', (_name, lifecycleRules) => {
    expect(warningsOf({ versioned: true, lifecycleRules })).toEqual([expect.stringContaining(WARNING)]);
  });

  test.each<[string, s3.LifecycleRule]>([
    ['the whole bucket', { noncurrentVersionExpiration: Duration.days(7) }],
    ['a prefix above', { noncurrentVersionExpiration: Duration.days(1), prefix: 'imp' }],
    ['the prefix', { noncurrentVersionExpiration: Duration.days(1), prefix: 'imports/' }],
  ])('is fine with a rule that expires noncurrent versions of %s, also if it is added later', (_name, rule) => {
    expect(warningsOf({ versioned: true, lifecycleRules: [rule] })).toEqual([]);
    expect(warningsOf({ versioned: true }, (_stack, bucket) => bucket.addLifecycleRule(rule))).toEqual([]);
  });

  test('is seen if an aspect of the app makes it so', () => {
    expect(warningsOf({}, (stack) => Aspects.of(stack).add({
      visit: (node) => {
        if (node instanceof s3.CfnBucket) node.versioningConfiguration = { status: 'Enabled' };
      },
    }, { priority: AspectPriority.MUTATING }))).toEqual([expect.stringContaining(WARNING)]);
  });

  test('may be acknowledged, and one without versions needs no rule', () => {
    expect(warningsOf({ versioned: true }, (stack) => Warnings.of(stack).acknowledgeWarning('cdk-paginated-import:cacheVersions'))).toEqual([]);
    expect(warningsOf({})).toEqual([]);
  });
});

describe('an imported bucket', () => {
  function warningsOf(prefix?: string): Annotations {
    const stack = new TestStack();
    const bucket = s3.Bucket.fromBucketName(stack, 'Shared', 'shared');
    new PaginatedImport(stack, 'Orders', stack.props({ chunkCache: ChunkCache.fromBucket(bucket, { prefix, dedicated: prefix === undefined }) }));
    Template.fromStack(stack);
    return Annotations.fromStack(stack);
  }

  test('is warned of: nothing is known of its lifecycle rules', () => {
    warningsOf('imports').hasWarning('/Stack/Orders', Match.stringLikeRegexp('lifecycle rules.*below imports/ before 28 days.*cacheLifecycle'));
    warningsOf().hasWarning('/Stack/Orders', Match.stringLikeRegexp('archive objects in it before 28 days'));
  });

  test('is warned of: nothing is known of its key', () => {
    warningsOf().hasWarning('/Stack/Orders', Match.stringLikeRegexp('ChunkCache.fromBucket\\(bucket, \\{ ..., encryptionKey \\}\\).*cacheEncryptionKey'));
  });

  test('a warning can be acknowledged', () => {
    const stack = new TestStack();
    const bucket = s3.Bucket.fromBucketName(stack, 'Shared', 'shared');
    const orders = new PaginatedImport(stack, 'Orders', stack.props({ chunkCache: ChunkCache.fromBucket(bucket, { dedicated: true }) }));
    const ids = ['cacheLifecycle', 'cacheEncryptionKey'];
    ids.forEach((id) => Warnings.of(orders).acknowledgeWarning(`cdk-paginated-import:${id}`));
    expect(Annotations.fromStack(stack).findWarning('*', Match.anyValue())).toEqual([]);
  });
});
