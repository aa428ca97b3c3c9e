import * as path from 'node:path';
import { App, Duration, Lazy, Size, Stack } from 'aws-cdk-lib';
import { Annotations, Match } from 'aws-cdk-lib/assertions';
import * as events from 'aws-cdk-lib/aws-events';
import * as kms from 'aws-cdk-lib/aws-kms';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import * as s3 from 'aws-cdk-lib/aws-s3';
import * as scheduler from 'aws-cdk-lib/aws-scheduler';
import * as sfn from 'aws-cdk-lib/aws-stepfunctions';
import * as typed from '../../src';
import { FIXTURES, TestStack } from './kit';

/** What users of JavaScript write, and users of Python who silence their type checker: nothing here is checked before it runs. */
const { ChunkCache, FetchPageHandler, ImportDestination, OutputFormat, PaginatedImport, PaginatedImportStateMachine } = typed as any;

const stack = new TestStack();
const named = s3.Bucket.fromBucketName(stack, 'Named', 'orders');
const SCHEDULE = scheduler.ScheduleExpression.rate(Duration.days(1));
const FUNCTION = lambda.Function.fromFunctionArn(stack, 'Function', 'arn:aws:lambda:eu-west-1:123456789012:function:check');
const DESTINATION = 'ImportDestination.toBucket(bucket, { key: \'orders/{date}/{importId}.jsonl\' })';

/** Words of the code inside. A message with one of them is no help to anybody outside. */
const INTERNALS = /_bind|addIncoming|undefined|Cannot read|is not a function|is not iterable|\[object|Given|=>/;

function messageOf(make: () => unknown): string {
  try {
    make();
  } catch (error) {
    return (error as Error).message;
  }
  return 'nothing was thrown';
}

describe('a property of an import is refused that', () => {
  const ENVIRONMENT = 'write { API_URL: \'https://api.example.com\' } instead';
  const cases: [string, Record<string, unknown>, string][] = [
    ['is the path of the handler', { fetchPage: './orders.source.ts' },
      'fetchPage is a string; write FetchPageHandler.fromEntry(path.join(__dirname, \'orders.source.ts\')) instead'],
    ['is the handler itself', { fetchPage: async () => [] },
      'fetchPage is a function; write FetchPageHandler.fromEntry(path.join(__dirname, \'orders.source.ts\')), with the function as the default export of that module, instead'],
    ['is the handler\'s Lambda function', { fetchPage: FUNCTION }, 'fetchPage is a Lambda function; write FetchPageHandler.fromFunction(fn) instead'],
    ['is no handler', { fetchPage: undefined }, 'fetchPage is missing; write FetchPageHandler.fromEntry(path.join(__dirname, \'orders.source.ts\'))'],
    ['is null', { fetchPage: null }, 'fetchPage is null; write FetchPageHandler.fromEntry('],
    ['is no destination', { destination: undefined }, `destination is missing; write ${DESTINATION}`],
    ['is the destination\'s bucket', { destination: stack.bucket }, `destination is a bucket; write ${DESTINATION} instead`],
    ['is the destination\'s address', { destination: 's3://orders/latest.jsonl' }, `destination is a string; write ${DESTINATION} instead`],
    ['is the destination\'s options', { destination: { bucket: stack.bucket, key: 'orders.jsonl' } }, `destination is an object; write ${DESTINATION} instead`],
    ['is no page size', { pageSize: undefined }, 'pageSize is missing; write a whole number such as 25'],
    ['is a page size as text', { pageSize: '25' }, 'pageSize is a string; write a whole number such as 25 instead'],
    ['is a page size of null', { pageSize: null }, 'pageSize is null; write a whole number such as 25 instead'],
    ['is a page size as a token object', { pageSize: Lazy.any({ produce: () => 25 }) }, 'pageSize is a token; write a whole number such as 25 instead'],
    ['is the cache\'s bucket', { chunkCache: named }, 'chunkCache is a bucket; write ChunkCache.fromBucket(bucket, { prefix: \'import-cache\' }) instead'],
    ['is the cache\'s name', { chunkCache: 'cache' }, 'chunkCache is a string; write ChunkCache.fromBucket(bucket, { prefix: \'import-cache\' }) instead'],
    ['is null, and may be left out', { chunkCache: null },
      'chunkCache is null; write ChunkCache.fromBucket(bucket, { prefix: \'import-cache\' }), or leave it out, instead'],
    ['is a time in seconds', { timeout: 3600 }, 'timeout is a number; write a Duration such as Duration.days(7) instead'],
    ['is a time as text', { checkpointInterval: 'PT60S' }, 'checkpointInterval is a string; write a Duration such as Duration.seconds(60) instead'],
    ['is a wait in seconds', { maxWait: 60 }, 'maxWait is a number; write a Duration such as Duration.hours(24) instead'],
    ['is a size where a time is due', { timeout: Size.mebibytes(1) }, 'timeout is a Size; write a Duration such as Duration.days(7) instead'],
    ['is a size in bytes', { chunkSize: 8388608 }, 'chunkSize is a number; write a Size such as Size.mebibytes(8) instead'],
    ['is a time where a size is due', { chunkSize: Duration.days(1) }, 'chunkSize is a Duration; write a Size such as Size.mebibytes(8) instead'],
    ['is a number as text', { maxAttemptsPerPage: '5' }, 'maxAttemptsPerPage is a string; write a whole number such as 5 instead'],
    ['is a big integer', { maxPages: BigInt(5) }, 'maxPages is a bigint; write a whole number such as 20000 instead'],
    ['is a switch where a number is due', { minRecords: true }, 'minRecords is a boolean; write a whole number such as 1 instead'],
    ['is a choice in other letters', { onTotalMismatch: 'WARN' },
      'onTotalMismatch is a string that is not one of its choices; write TotalMismatch.FAIL or TotalMismatch.WARN instead'],
    ['is a choice as a switch', { onTotalMismatch: false }, 'onTotalMismatch is a boolean; write TotalMismatch.FAIL or TotalMismatch.WARN instead'],
    ['is a retention that logs do not have', { logRetention: 29 },
      'logRetention is a number that is not one of its choices; write a member of logs.RetentionDays, such as logs.RetentionDays.ONE_MONTH, instead'],
    ['is a retention as a Duration', { logRetention: Duration.days(30) }, 'logRetention is a Duration; write a member of logs.RetentionDays'],
    ['is a check as a function', { beforePersist: () => true }, 'beforePersist is a function; write a state, such as new tasks.LambdaInvoke(this, \'Check\', { lambdaFunction: fn }), instead'],
    ['is a check\'s Lambda function', { beforePersist: FUNCTION }, 'beforePersist is a Lambda function; write a state, such as new tasks.LambdaInvoke('],
    ['is checks as an array', { beforePersist: [new sfn.Pass(stack, 'One')] }, 'beforePersist is an array; write sfn.Chain.start(first).next(second) instead'],
    ['is options as a number', { fetchFunction: 2048 }, 'fetchFunction is a number; write an object such as { memorySize: 2048 } instead'],
    ['is options as a function', { fetchFunction: FUNCTION }, 'fetchFunction is a Lambda function; write an object such as { memorySize: 2048 } instead'],
    ['is memory as a Size', { fetchFunction: { memorySize: Size.mebibytes(512) } }, 'fetchFunction.memorySize is a Size; write a whole number of MiB such as 2048 instead'],
    ['is memory as text', { fetchFunction: { memorySize: '512' } }, 'fetchFunction.memorySize is a string; write a whole number of MiB such as 2048 instead'],
    ['is a function\'s time in seconds', { fetchFunction: { timeout: 60 } }, 'fetchFunction.timeout is a number; write a Duration such as Duration.minutes(15) instead'],
    ['is variables as a list', { fetchFunction: { environment: ['API_URL'] } }, `fetchFunction.environment is an array; ${ENVIRONMENT}`],
    ['is a variable as a number', { fetchFunction: { environment: { RETRIES: 5 } } }, 'fetchFunction.environment.RETRIES is a number; write a string instead'],
    ['is a variable that is not set', { fetchFunction: { environment: { API_URL: undefined } } }, 'fetchFunction.environment.API_URL is missing; write a string'],
    ['is the id of a VPC for all functions', { vpc: 'vpc-1234' }, 'vpc is a string; write an ec2.IVpc such as ec2.Vpc.fromLookup(this, \'Vpc\', { vpcId }) instead'],
    ['is the ARN of a key', { encryptionKey: 'arn:aws:kms:eu-west-1:123456789012:key/1' }, 'encryptionKey is a string; write a kms.IKey such as'],
    ['is the id of a VPC', { fetchFunction: { vpc: 'vpc-1234' } }, 'fetchFunction.vpc is a string; write an ec2.IVpc such as ec2.Vpc.fromLookup(this, \'Vpc\', { vpcId }) instead'],
    ['is subnets as a list', { fetchFunction: { vpcSubnets: [] } }, 'fetchFunction.vpcSubnets is an array; write an object such as { subnetType: ec2.SubnetType.PRIVATE_WITH_EGRESS } instead'],
    ['is one security group', { fetchFunction: { securityGroups: 'sg-1' } }, 'fetchFunction.securityGroups is a string; write a list of ec2.ISecurityGroup instead'],
    ['is ids of security groups', { fetchFunction: { securityGroups: ['sg-1'] } }, 'fetchFunction.securityGroups[0] is a string; write an ec2.ISecurityGroup instead'],
    ['is layers by their ARNs', { fetchFunction: { layers: ['arn:aws:lambda:eu-west-1:1:layer:tls:1'] } },
      'fetchFunction.layers[0] is a string; write a lambda.ILayerVersion such as lambda.LayerVersion.fromLayerVersionArn(this, \'Layer\', arn) instead'],
    ['is a processor by its name', { fetchFunction: { architecture: 'arm64' } }, 'fetchFunction.architecture is a string; write lambda.Architecture.ARM_64 or lambda.Architecture.X86_64 instead'],
  ];

  test.each(cases)('%s', (_name, props, message) => {
    const scope = new TestStack();
    const given = { ...scope.props(), ...props };
    expect(messageOf(() => new PaginatedImport(scope, 'Orders', given))).toContain(`PaginatedImport (Stack/Orders): ${message}`);
    const refused = messageOf(() => new PaginatedImportStateMachine(new TestStack(), 'Orders', given));
    expect(refused).toContain(`PaginatedImportStateMachine (Stack/Orders): ${message}`);
    expect(refused).not.toMatch(INTERNALS);
  });
});

describe.each([['PaginatedImport', PaginatedImport], ['PaginatedImportStateMachine', PaginatedImportStateMachine]])('the properties of a %s are refused that', (name, Import) => {
  test.each<[string, unknown, string]>([
    ['are missing', undefined, 'props is missing; write { fetchPage, pageSize, destination }'],
    ['are null', null, 'props is null; write { fetchPage, pageSize, destination } instead'],
    ['are the handler alone', FetchPageHandler.fromFunction(FUNCTION), 'props is a FetchPageHandler; write { fetchPage, pageSize, destination } instead'],
    ['are a list', [], 'props is an array; write { fetchPage, pageSize, destination } instead'],
  ])('%s', (_name, props, message) => {
    expect(messageOf(() => new Import(new TestStack(), 'Orders', props))).toBe(`${name} (Stack/Orders): ${message}`);
  });
});

describe('a property of a state machine is refused that', () => {
  const REMEDY = 'write an events.Schedule such as events.Schedule.rate(Duration.days(1)), of aws-cdk-lib/aws-events, instead';
  test.each<[string, Record<string, unknown>, string]>([
    ['is a schedule of EventBridge Scheduler', { schedule: SCHEDULE }, `schedule is a ScheduleExpression of EventBridge Scheduler; ${REMEDY}`],
    ['is a schedule as text', { schedule: 'rate(1 day)' }, `schedule is a string; ${REMEDY}`],
    ['is a schedule as a Duration', { schedule: Duration.days(1) }, `schedule is a Duration; ${REMEDY}`],
    ['is a name as a number', { stateMachineName: 7 }, 'stateMachineName is a number; write a string such as \'orders-import\' instead'],
  ])('%s', (_name, props, message) => {
    const scope = new TestStack();
    expect(messageOf(() => new PaginatedImportStateMachine(scope, 'Orders', { ...scope.props(), ...props })))
      .toBe(`PaginatedImportStateMachine (Stack/Orders): ${message}`);
  });

  test('but a schedule of EventBridge is not', () => {
    const scope = new TestStack();
    expect(() => new PaginatedImportStateMachine(scope, 'Orders', { ...scope.props(), schedule: events.Schedule.cron({ hour: '3' }) })).not.toThrow();
  });
});

describe('FetchPageHandler refuses', () => {
  const MODULE = 'write the path of the source module, best as path.join(__dirname, \'orders.source.ts\')';
  const ENTRY = path.join(FIXTURES, 'orders.source.ts');
  test.each<[string, () => unknown, string]>([
    ['no entry', () => FetchPageHandler.fromEntry(), `FetchPageHandler.fromEntry: entry is missing; ${MODULE}`],
    ['a function as entry', () => FetchPageHandler.fromEntry(() => []), `FetchPageHandler.fromEntry: entry is a function; ${MODULE} instead`],
    ['a URL as entry', () => FetchPageHandler.fromEntry(new URL('file:///orders.source.ts')), `FetchPageHandler.fromEntry: entry is a URL; ${MODULE} instead`],
    ['options as text', () => FetchPageHandler.fromEntry(ENTRY, 'minify'), 'FetchPageHandler.fromEntry: options is a string; write an object such as { minify: true } instead'],
    ['one external package', () => FetchPageHandler.fromEntry(ENTRY, { external: 'sharp' }), 'FetchPageHandler.fromEntry: external is a string; write a list of strings instead'],
    ['a value to define', () => FetchPageHandler.fromEntry(ENTRY, { define: { STAGE: true } }), 'FetchPageHandler.fromEntry: define.STAGE is a boolean; write a string instead'],
    ['a switch as text', () => FetchPageHandler.fromEntry(ENTRY, { minify: 'yes' }), 'FetchPageHandler.fromEntry: minify is a string; write true or false instead'],
    ['a check as text', () => FetchPageHandler.fromEntry(ENTRY, { checkEntry: 'yes' }), 'FetchPageHandler.fromEntry: checkEntry is a string; write true or false instead'],
    ['a check as null', () => FetchPageHandler.fromEntry(ENTRY, { checkEntry: null }),
      'FetchPageHandler.fromEntry: checkEntry is null; write true or false, or leave it out, instead'],
    ['no code', () => FetchPageHandler.fromCode(), 'FetchPageHandler.fromCode: code is missing; write lambda.Code.fromAsset(folder)'],
    ['a folder as code', () => FetchPageHandler.fromCode('dist'), 'FetchPageHandler.fromCode: code is a string; write lambda.Code.fromAsset(folder) instead'],
    ['no function', () => FetchPageHandler.fromFunction(), 'FetchPageHandler.fromFunction: fn is missing; write a lambda.IFunction'],
    ['an ARN', () => FetchPageHandler.fromFunction('arn:aws:lambda:eu-west-1:1:function:f'),
      'FetchPageHandler.fromFunction: fn is a string; write lambda.Function.fromFunctionArn(this, \'Handler\', arn) instead'],
    ['a function of JavaScript', () => FetchPageHandler.fromFunction(async () => []),
      'FetchPageHandler.fromFunction: fn is a function; write FetchPageHandler.fromEntry(path.join(__dirname, \'orders.source.ts\')), with the function as the default export of that module, instead'],
  ])('%s', (_name, make, message) => {
    expect(messageOf(make)).toBe(message);
  });
});

describe('ImportDestination refuses', () => {
  const BUCKET = 'write a bucket such as s3.Bucket.fromBucketName(this, \'Bucket\', name)';
  const factories: [string, string, (bucket?: unknown, options?: unknown) => unknown, object, string][] = [
    ['toBucket', 'key', (...given) => ImportDestination.toBucket(...given), { key: 'orders.jsonl' }, '{ key: \'orders/{date}/{importId}.jsonl\' }'],
    ['toPrefix', 'prefix', (...given) => ImportDestination.toPrefix(...given), { prefix: 'orders/{importId}' }, '{ prefix: \'orders/{date}/{importId}\' }'],
  ];

  describe.each(factories)('%s', (factory, property, make, options, example) => {
    const text = example.slice(example.indexOf('\''), -2);
    const cases: [string, unknown[], string][] = [
      ['without anything', [], `bucket is missing; ${BUCKET}`],
      ['with a name instead of a bucket', ['orders', options], `bucket is a string; ${BUCKET} instead`],
      ['with options alone', [options], `bucket is an object; ${BUCKET} instead`],
      ['with a promise', [Promise.resolve(), options], `bucket is a promise; ${BUCKET} instead`],
      ['without options', [named], `options is missing; write ${example}`],
      ['with text as options', [named, 'orders.jsonl'], `options is a string; write ${example} instead`],
      ['with null as options', [named, null], `options is null; write ${example} instead`],
      ['without its key', [named, {}], `${property} is missing; write ${text}`],
      ['with a number as key', [named, { [property]: 5 }], `${property} is a number; write ${text} instead`],
      ['with null as key', [named, { [property]: null }], `${property} is null; write ${text} instead`],
      ['with a URL as key', [named, { [property]: 's3://orders/today/{importId}' }],
        `${property} 's3://orders/today/{importId}' is a URL; write what follows the bucket, 'today/{importId}', instead`],
      ['with an ARN as key', [named, { [property]: 'arn:aws:s3:::orders/today/{importId}' }],
        `${property} 'arn:aws:s3:::orders/today/{importId}' is an ARN; write what follows the bucket, 'today/{importId}', instead`],
      ['with the URL of a bucket', [named, { [property]: 's3://orders' }], `${property} 's3://orders' is a URL; write ${text} instead`],
      ['with a slash at its start', [named, { [property]: '/orders/{importId}' }],
        `${property} '/orders/{importId}' starts with a slash, which S3 treats as an empty folder name; write 'orders/{importId}' instead`],
      ['with a format as text', [named, { ...options, format: 'csv' }], 'format is a string; write OutputFormat.jsonLines(), OutputFormat.jsonArray() or OutputFormat.csv() instead'],
      ['with a format\'s factory', [named, { ...options, format: OutputFormat.csv }], 'format is a function; write OutputFormat.jsonLines(), '],
      ['with a compression in other letters', [named, { ...options, compression: 'GZIP' }],
        'compression is a string that is not one of its choices; write Compression.NONE or Compression.GZIP instead'],
      ['with compression as a switch', [named, { ...options, compression: true }], 'compression is a boolean; write Compression.NONE or Compression.GZIP instead'],
      ['with tags as a list', [named, { ...options, tags: [{ key: 'team', value: 'orders' }] }], 'tags is an array; write { team: \'orders\' } instead'],
      ['with a tag as a number', [named, { ...options, tags: { year: 2026 } }], 'tags.year is a number; write a string instead'],
      ['with a storage class as text', [named, { ...options, storageClass: 'STANDARD_IA' }],
        'storageClass is a string; write an s3.StorageClass such as s3.StorageClass.INTELLIGENT_TIERING instead'],
      ['with a pointer as a switch', [named, { ...options, latestKey: true }], 'latestKey is a boolean; write \'orders/_latest.json\' instead'],
      ['with a pointer as a URL', [named, { ...options, latestKey: 's3://orders/_latest.json' }],
        'latestKey \'s3://orders/_latest.json\' is a URL; write what follows the bucket, \'_latest.json\', instead'],
      ['with an unknown choice', [named, { ...options, onEmpty: 'ignore' }],
        'onEmpty is a string that is not one of its choices; write OnEmpty.PUBLISH, OnEmpty.SKIP or OnEmpty.FAIL instead'],
      ['with a KMS key\'s ARN', [named, { ...options, encryptionKey: 'arn:aws:kms:eu-west-1:1:key/1' }],
        'encryptionKey is a string; write a kms.IKey such as kms.Key.fromKeyArn(this, \'Key\', arn) instead'],
      ['with a check as a switch', [named, { ...options, integrityCheck: false }],
        'integrityCheck is a boolean; write IntegrityCheck.FULL_OBJECT_CRC32 or IntegrityCheck.SIZES_AND_ETAGS instead'],
    ];

    test.each(cases)('%s', (_name, given, message) => {
      const refused = messageOf(() => make(...given));
      expect(refused).toContain(`ImportDestination.${factory}: ${message}`);
      expect(refused).not.toMatch(INTERNALS);
    });
  });
});

describe('ChunkCache.fromBucket refuses', () => {
  test.each<[string, unknown[], string]>([
    ['nothing', [], 'bucket is missing; write a bucket such as s3.Bucket.fromBucketName(this, \'Bucket\', name)'],
    ['a name', ['cache'], 'bucket is a string; write a bucket such as s3.Bucket.fromBucketName(this, \'Bucket\', name) instead'],
    ['a prefix as options', [named, 'cache'], 'options is a string; write { prefix: \'import-cache\' } instead'],
    ['a prefix that is no text', [named, { prefix: 7 }], 'prefix is a number; write \'import-cache\' instead'],
    ['a prefix of null', [named, { prefix: null }], 'prefix is null; write \'import-cache\', or leave it out, instead'],
    ['a URL', [named, { prefix: 's3://orders/cache' }], 'prefix \'s3://orders/cache\' is a URL; write what follows the bucket, \'cache\', instead'],
    ['a KMS key\'s ARN', [named, { encryptionKey: 'arn' }], 'encryptionKey is a string; write a kms.IKey such as kms.Key.fromKeyArn(this, \'Key\', arn) instead'],
  ])('%s', (_name, given, message) => {
    expect(messageOf(() => ChunkCache.fromBucket(...given))).toBe(`ChunkCache.fromBucket: ${message}`);
  });
});

describe('OutputFormat.csv refuses', () => {
  test.each<[string, unknown, string]>([
    ['columns as options', ['id'], 'options is an array; write { columns: [\'id\', \'total\'] } instead'],
    ['columns as text', { columns: 'id,total' }, 'columns is a string; write [\'id\', \'total\'] instead'],
    ['a column as a number', { columns: ['id', 7] }, 'columns[1] is a number; write a string instead'],
    ['an unknown choice', { unknownColumns: 'DROP' },
      'unknownColumns is a string that is not one of its choices; write UnknownColumns.FAIL or UnknownColumns.DROP instead'],
  ])('%s', (_name, options, message) => {
    expect(messageOf(() => OutputFormat.csv(options))).toBe(`OutputFormat.csv: ${message}`);
  });
});

test('grantReadSummary refuses what cannot be granted anything', () => {
  const scope = new TestStack();
  const orders = new PaginatedImportStateMachine(scope, 'Orders', { ...scope.props(), beforePersist: new sfn.Pass(scope, 'Check') });
  expect(messageOf(() => orders.grantReadSummary('arn:aws:iam::123456789012:role/reader')))
    .toBe('PaginatedImportStateMachine (Stack/Orders): grantee is a string; write an iam.IGrantable such as a lambda.Function or iam.Role.fromRoleArn(this, \'Reader\', arn) instead');
});

describe('a name that is nearly right', () => {
  const refused = (given: object): string => messageOf(() => new PaginatedImport(new TestStack(), 'Orders', given));
  const { pageSize, fetchPage, ...others } = new TestStack().props();

  test('of a property that is needed is named', () => {
    expect(refused({ ...others, fetchPage, pagesize: 25 })).toBe('PaginatedImport (Stack/Orders): pageSize is missing, and pagesize is not a property; write pageSize');
    expect(refused({ ...others, pageSize, fetch_page: fetchPage })).toContain('fetchPage is missing, and fetch_page is not a property; write fetchPage');
    expect(messageOf(() => ImportDestination.toBucket(named, { Key: 'orders.jsonl' }))).toContain('key is missing, and Key is not a property; write key');
  });

  function warnings(given: (scope: TestStack) => object): string[] {
    const scope = new TestStack(new App());
    new PaginatedImportStateMachine(scope, 'Orders', { ...scope.props(), ...given(scope) });
    return Annotations.fromStack(scope).findWarning('*', Match.anyValue()).map(({ entry: { data } }) => String(data));
  }

  test.each<[string, (scope: TestStack) => object, string]>([
    ['in other letters', () => ({ maxpages: 5 }), 'maxpages is not a property of PaginatedImportStateMachine and does nothing: did you mean maxPages?'],
    ['with an underscore', () => ({ max_records: 5 }), 'max_records is not a property of PaginatedImportStateMachine and does nothing: did you mean maxRecords?'],
    ['in the plural', () => ({ timeouts: Duration.days(1) }), 'did you mean timeout?'],
    ['with two letters exchanged', () => ({ chunkSzie: Size.mebibytes(8) }), 'did you mean chunkSize?'],
    ['of the state machine', () => ({ Schedule: events.Schedule.rate(Duration.days(1)) }), 'did you mean schedule?'],
    ['of the function', () => ({ fetchFunction: { memorysize: 512 } }), 'fetchFunction.memorysize is not a property of PaginatedImportStateMachine and does nothing: did you mean fetchFunction.memorySize?'],
    ['of the destination', (scope) => ({ destination: ImportDestination.toBucket(scope.bucket, { key: 'orders.jsonl', tag: {} }) }),
      'tag is not a property of ImportDestination.toBucket and does nothing: did you mean tags?'],
    ['of the format', (scope) => ({ destination: ImportDestination.toBucket(scope.bucket, { key: 'orders.csv', format: OutputFormat.csv({ column: ['id'] }) }) }),
      'column is not a property of OutputFormat.csv and does nothing: did you mean columns?'],
    ['of the cache', (scope) => ({ chunkCache: ChunkCache.fromBucket(scope.bucket, { prefix: 'cache', encryptionkey: new kms.Key(scope, 'Key') }) }),
      'encryptionkey is not a property of ChunkCache.fromBucket and does nothing: did you mean encryptionKey?'],
    ['of the handler', () => ({ fetchPage: FetchPageHandler.fromEntry(path.join(FIXTURES, 'orders.source.ts'), { externals: [] }) }),
      'externals is not a property of FetchPageHandler.fromEntry and does nothing: did you mean external?'],
  ])('of another is warned of: %s', (_name, given, message) => {
    expect(warnings(given)).toEqual([expect.stringContaining(message)]);
  });

  test.each<[string, () => object]>([
    ['names that are near to none, as of a spread configuration', () => ({ apiUrl: 'https://api.example.com', retries: 5, memorySize: 512 })],
    ['names without a value, as jsii gives them', () => ({ maxpages: undefined })],
    ['names beside the right one', () => ({ maxPages: 5, maxpages: 5 })],
    ['keys of the environment', () => ({ fetchFunction: { environment: { TIMEOUT: '5', timeouts: '5' } } })],
  ])('is not warned of: %s', (_name, given) => {
    expect(warnings(given)).toEqual([]);
  });
});

describe('what another copy of the package or of CDK has made is taken', () => {
  test('handlers, destinations, caches and formats', () => {
    jest.isolateModules(() => {
      // eslint-disable-next-line @typescript-eslint/no-require-imports
      const other = require('../../src');
      expect(other.FetchPageHandler).not.toBe(FetchPageHandler);
      const scope = new TestStack();
      expect(() => new PaginatedImport(scope, 'Orders', {
        fetchPage: other.FetchPageHandler.fromFunction(scope.handler),
        pageSize: 25,
        destination: other.ImportDestination.toBucket(scope.bucket, { key: 'orders.csv', format: OutputFormat.csv() }),
        chunkCache: other.ChunkCache.fromBucket(scope.bucket, { prefix: 'cache' }),
      })).not.toThrow();
    });
  });

  test('durations and sizes', () => {
    jest.isolateModules(() => {
      // eslint-disable-next-line @typescript-eslint/no-require-imports
      const other = require('aws-cdk-lib');
      expect(other.Duration).not.toBe(Duration);
      const scope = new TestStack();
      expect(() => new PaginatedImport(scope, 'Orders', {
        ...scope.props(), timeout: other.Duration.days(1), chunkSize: other.Size.mebibytes(16),
      })).not.toThrow();
    });
  });
});

test('tokens are taken where a value may be one', () => {
  const scope = new Stack(new App(), 'Tokens');
  expect(() => ImportDestination.toBucket(named, { key: Lazy.string({ produce: () => 'orders.jsonl' }) })).not.toThrow();
  expect(() => new PaginatedImport(scope, 'Orders', new TestStack(scope, 'Other').props({
    fetchFunction: { environment: { API_URL: Lazy.string({ produce: () => 'https://api.example.com' }) } },
  }))).not.toThrow();
});
