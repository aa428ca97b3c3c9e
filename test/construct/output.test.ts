import { Aws, Stack, Token } from 'aws-cdk-lib';
import * as s3 from 'aws-cdk-lib/aws-s3';
import { Compression, CsvOptions, ImportDestination, OutputFormat, OutputOptions, UnknownColumns } from '../../src';
import { OUTPUT_SETTINGS_BYTES } from '../../src/protocol/defaults';
import { InitializeRequest } from '../../src/protocol/machine-state';
import { DEFAULT_OUTPUT, OutputSettings } from '../../src/protocol/output-settings';
import { definitionOf, flat, importStack, propertiesOf, TestStack } from './kit';

/** What is published, and how: as Initialize is given it by the definition. */

const bucket = s3.Bucket.fromBucketName(new Stack(), 'Published', 'published');

/** What the definition gives to Initialize. */
function outputOf(destination: (stack: TestStack) => ImportDestination): OutputSettings {
  const { template, orders } = importStack((stack) => ({ destination: destination(stack) }));
  const field: keyof InitializeRequest = 'output';
  return definitionOf(template, orders.stateMachine).States.Initialize!.Parameters.Payload[field];
}

function objectOutput(options: OutputOptions = {}): OutputSettings {
  return outputOf((stack) => ImportDestination.toBucket(stack.bucket, { key: 'orders/{importId}', ...options }));
}

describe('the output', () => {
  test('is one object of JSON Lines, uncompressed, unless asked otherwise', () => {
    expect(objectOutput()).toEqual(DEFAULT_OUTPUT);
  });

  test('has all that was asked for', () => {
    expect(objectOutput({
      format: OutputFormat.csv({ columns: ['id', '$.total', 'States.Format'], unknownColumns: UnknownColumns.DROP }),
      compression: Compression.GZIP,
      tags: { team: 'orders', kind: '' },
      storageClass: s3.StorageClass.INFREQUENT_ACCESS,
      latestKey: 'latest/orders.json',
    })).toEqual({
      format: { name: 'csv', columns: ['id', '$.total', 'States.Format'], unknownColumns: UnknownColumns.DROP },
      compression: Compression.GZIP,
      layout: 'object',
      tags: [{ key: 'team', value: 'orders' }, { key: 'kind', value: '' }],
      storageClass: 'STANDARD_IA',
      latestKey: 'latest/orders.json',
    } satisfies OutputSettings);
  });

  test('is laid out in parts below a prefix', () => {
    expect(outputOf((stack) => ImportDestination.toPrefix(stack.bucket, { prefix: 'orders/{importId}', format: OutputFormat.jsonArray() })))
      .toEqual({ ...DEFAULT_OUTPUT, format: { name: 'json' }, layout: 'parts' });
  });

  test('has tokens as they are', () => {
    const { template, orders } = importStack((stack) => ({
      destination: ImportDestination.toBucket(stack.bucket, { key: 'orders.jsonl', tags: { stack: Aws.STACK_NAME }, latestKey: `${Aws.REGION}/latest.json` }),
    }));
    const definition = flat(propertiesOf(template, orders.stateMachine).DefinitionString);
    expect(definition).toContain('"tags":[{"key":"stack","value":"<AWS::StackName>"}]');
    expect(definition).toContain('"latestKey":"<AWS::Region>/latest.json"');
  });
});

describe('a CSV', () => {
  test('takes its columns from the first record, and has no others, unless asked otherwise', () => {
    expect(objectOutput({ format: OutputFormat.csv() }).format).toEqual({ name: 'csv', unknownColumns: 'fail' });
  });

  test('keeps the columns that it was given', () => {
    const columns = ['id'];
    const format = OutputFormat.csv({ columns });
    columns.push('late');
    expect(format._bind()).toMatchObject({ columns: ['id'] });
  });

  test.each<[string, unknown, string]>([
    ['none', [], 'columns is an empty list; write at least one name, or leave it out to take the fields of the first record, instead'],
    ['an empty one', ['id', ''], 'columns has an empty name at index 1; write the names of fields instead'],
    ['one twice', ['id', 'total', 'id'], 'columns has \'id\' twice; write each name once instead'],
    ['one that is no string', ['id', 7], 'columns[1] is a number; write a string instead'],
    ['unknown ones', Token.asList({ Ref: 'Columns' }), 'columns is a token, whose columns are not known at synth; write a list of names instead'],
  ])('is refused with the columns: %s', (_name, columns, message) => {
    expect(() => OutputFormat.csv({ columns } as CsvOptions)).toThrow(`OutputFormat.csv: ${message}`);
  });
});

describe('what is handed to Initialize', () => {
  const toBucket = (columns: string[], options: OutputOptions = {}) => ImportDestination.toBucket(bucket, { key: 'orders.csv', format: OutputFormat.csv({ columns }), ...options });

  test('is refused where Step Functions would not carry it: 3,000 long columns', () => {
    const columns = Array.from({ length: 3000 }, (_, column) => `column-${column}-${'x'.repeat(90)}`);
    expect(() => toBucket(columns)).toThrow(/^ImportDestination\.toBucket: format makes settings of 3\d{5} bytes, more than 131072: a task's input has at most 262144 bytes, and /);
    expect(() => toBucket(columns)).toThrow('; write fewer or shorter columns, or leave columns out to take the fields of the first record, instead');
  });

  test('may have as much as leaves half of it to the execution\'s input, in bytes', () => {
    const settings = (columns: string[]): OutputSettings => ({ ...DEFAULT_OUTPUT, format: { name: 'csv', unknownColumns: UnknownColumns.FAIL, columns } });
    const longest = OUTPUT_SETTINGS_BYTES - JSON.stringify(settings([''])).length;
    expect(() => toBucket(['c'.repeat(longest)])).not.toThrow();
    expect(() => toBucket(['c'.repeat(longest + 1)])).toThrow(`makes settings of ${OUTPUT_SETTINGS_BYTES + 1} bytes`);
    expect(() => toBucket(['ö'.repeat(longest - 1)])).toThrow('makes settings of');
  });

  test('counts tags too', () => {
    const tags = { ['t'.repeat(128)]: 'v'.repeat(256) };
    const most = (options: OutputOptions): number => {
      let [fits, not] = [0, OUTPUT_SETTINGS_BYTES];
      while (not - fits > 1) {
        const length = Math.floor((fits + not) / 2);
        try {
          toBucket(['c'.repeat(length)], options);
          fits = length;
        } catch {
          not = length;
        }
      }
      return fits;
    };
    expect(most({}) - most({ tags })).toBeGreaterThan(128 + 256);
  });
});

const FACTORIES: readonly [string, (options: OutputOptions) => ImportDestination][] = [
  ['toBucket', (options) => ImportDestination.toBucket(bucket, { key: 'orders.jsonl', ...options })],
  ['toPrefix', (options) => ImportDestination.toPrefix(bucket, { prefix: 'orders/{importId}', ...options })],
];

describe.each(FACTORIES)('of %s', (factory, make) => {
  const elevenTags = Object.fromEntries(Array.from({ length: 11 }, (_, tag) => [`tag-${tag}`, '']));

  test.each<[string, { [key: string]: string }, string]>([
    ['too many', elevenTags, 'tags has 11 tags, and S3 allows 10 for an object; write at most 10 instead'],
    ['one without a name', { '': 'orders' }, 'tags has a tag without a name; write a name of at least 1 character instead'],
    ['one of AWS\'s own', { 'aws:team': 'orders' }, 'tags has \'aws:team\', and names that begin with aws: are reserved for AWS; write another name instead'],
    ['the same in other letters', { 'AWS:team': 'orders' }, 'tags has \'AWS:team\', and names that begin with aws: are reserved for AWS'],
    ['a long name', { ['k'.repeat(129)]: '' }, `tags has the name '${'k'.repeat(129)}' of 129 characters, more than S3's 128; write at most 128 instead`],
    ['a long value', { team: 'v'.repeat(257) }, 'tags has a value of \'team\' of 257 characters, more than S3\'s 256; write at most 256 instead'],
    ['a character in a name', { 'team#': '' }, 'tags has the name \'team#\' with a character that S3 does not allow in tags; write letters, digits, spaces, and any of _ . : / = + - @ instead'],
    ['a character in a value', { team: 'orders & items' }, 'tags has a value of \'team\' with a character that S3 does not allow in tags'],
  ])('tags are refused: %s', (_name, tags, message) => {
    expect(() => make({ tags })).toThrow(`ImportDestination.${factory}: ${message}`);
  });

  test.each<[string, { [key: string]: string }]>([
    ['as many as S3 takes', Object.fromEntries(Object.entries(elevenTags).slice(1))],
    ['as long as S3 takes them, in characters', { ['ö'.repeat(128)]: 'ö'.repeat(256) }],
    ['with every character', { 'Größe 1_.:/=+-@': 'a b_.:/=+-@' }],
    ['tokens', { stack: Aws.STACK_NAME }],
    ['with a neighbour of AWS\'s name', { 'awsome:team': '' }],
  ])('tags are allowed: %s', (_name, tags) => {
    expect(() => make({ tags })).not.toThrow();
  });

  test.each(['OUTPOSTS', 'SNOW', 'EXPRESS_ONEZONE', 'STANDARD-IA', ''])('the storage class "%s" is refused', (value) => {
    expect(() => make({ storageClass: new s3.StorageClass(value) })).toThrow(`ImportDestination.${factory}: storageClass is ${value}, which S3 does not accept for new `
      + 'objects; write one of STANDARD, STANDARD_IA, ONEZONE_IA, INTELLIGENT_TIERING, GLACIER_IR, GLACIER, DEEP_ARCHIVE, REDUCED_REDUNDANCY instead');
  });

  test('every storage class of the CDK is allowed, and one that is a token', () => {
    const classes = Object.values(s3.StorageClass).filter((value): value is s3.StorageClass => value instanceof s3.StorageClass);
    expect(classes.length).toBeGreaterThan(0);
    [...classes, new s3.StorageClass(Aws.STACK_NAME)].forEach((storageClass) => expect(() => make({ storageClass })).not.toThrow());
  });
});
