import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readArguments, RunArguments } from '../../../src/local/cli/arguments';
import { OPTIONS, USAGE } from '../../../src/local/cli/usage';

const FIXTURES = join(__dirname, '..', '..', 'integration', 'fixtures');
const SOURCE = join(FIXTURES, 'orders.source.ts');

const ENVIRONMENT = {
  HOME: '/home/me', API_TOKEN: 'secret', AWS_PROFILE: 'production', AWS_ACCESS_KEY_ID: 'AKIA', NODE_OPTIONS: '--inspect', AWS_REGION: 'eu-west-1',
};

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'arguments-'));
});
afterAll(() => rmSync(folder, { recursive: true }));

function read(...args: string[]): RunArguments {
  return readArguments(['run', SOURCE, '--page-size', '25', ...args], ENVIRONMENT) as RunArguments;
}

function usageError(message: string): Error {
  return expect.objectContaining({ name: 'UsageError', message }) as Error;
}

test('what is written is one file of JSON Lines, named after the source, unless asked otherwise', () => {
  expect(read()).toEqual({
    command: 'run',
    source: SOURCE,
    pageSize: 25,
    output: { format: { name: 'jsonl' }, compression: 'none' },
    out: join(process.cwd(), 'orders.jsonl'),
    force: false,
    input: {},
    guards: {},
    environment: { HOME: '/home/me', API_TOKEN: 'secret' },
    json: false,
  });
});

test.each([
  [['--format', 'jsonl'], 'jsonl', 'none', 'orders.jsonl'],
  [['--format', 'json'], 'json', 'none', 'orders.json'],
  [['--format', 'csv'], 'csv', 'none', 'orders.csv'],
  [['--gzip'], 'jsonl', 'gzip', 'orders.jsonl.gz'],
  [['--format', 'csv', '--gzip'], 'csv', 'gzip', 'orders.csv.gz'],
  [['--format=csv', '--gzip', '--out=all.txt'], 'csv', 'gzip', 'all.txt'],
])('%j: format, compression and the file\'s name', (args, name, compression, out) => {
  expect(read(...args)).toMatchObject({ output: { format: { name }, compression }, out: join(process.cwd(), out) });
});

test.each([
  [[], { name: 'csv', unknownColumns: 'fail' }],
  [['--columns', 'id, total'], { name: 'csv', columns: ['id', 'total'], unknownColumns: 'fail' }],
  [['--columns', 'id', '--unknown-columns', 'drop'], { name: 'csv', columns: ['id'], unknownColumns: 'drop' }],
])('%j: a CSV\'s columns', (args, format) => {
  expect(read('--format', 'csv', ...args).output.format).toEqual(format);
});

test.each([
  ['0', 0], ['-5', -5], ['false', false], ['null', null], ['""', ''], ['[]', []], ['{"since":"2026-01-01"}', { since: '2026-01-01' }],
])('--input %s', (text, input) => {
  expect(read('--input', text).input).toEqual(input);
});

test('guards are given to the steps as the constructs give them', () => {
  const args = ['--short-pages', 'allow', '--repeated-pages', 'allow', '--max-empty-pages', '7', '--non-finite-numbers', 'null', '--on-total-mismatch', 'warn'];
  expect(read(...args).guards).toEqual({
    PAGINATED_IMPORT_SHORT_PAGES: 'allow',
    PAGINATED_IMPORT_REPEATED_PAGES: 'allow',
    PAGINATED_IMPORT_MAX_EMPTY_PAGES: '7',
    PAGINATED_IMPORT_NON_FINITE_NUMBERS: 'null',
    PAGINATED_IMPORT_ON_TOTAL_MISMATCH: 'warn',
  });
});

test('--input @ reads a file', () => {
  const file = join(folder, 'input.json');
  writeFileSync(file, '\uFEFF{"since": "2026-01-01"}\n');
  expect(read('--input', `@${file}`).input).toEqual({ since: '2026-01-01' });
});

describe('--env', () => {
  test('passes variables on by name, or sets them', () => {
    const { environment } = read('--env', 'AWS_PROFILE', '--env', 'API_TOKEN=other', '--env', 'EMPTY=', '--env=SUM=1=1', '--env', 'MINUS=-1');
    expect(environment).toEqual({ HOME: '/home/me', AWS_PROFILE: 'production', API_TOKEN: 'other', EMPTY: '', SUM: '1=1', MINUS: '-1' });
  });

  test('passes keys on without the session token that stands in for a Lambda function\'s', () => {
    expect(read('--env', 'AWS_ACCESS_KEY_ID').environment).toMatchObject({ AWS_ACCESS_KEY_ID: 'AKIA', AWS_SESSION_TOKEN: '' });
    expect(read('--env', 'AWS_ACCESS_KEY_ID', '--env', 'AWS_SESSION_TOKEN=t').environment).toMatchObject({ AWS_SESSION_TOKEN: 't' });
  });

  test.each([
    ['NOT_SET', '--env NOT_SET: the variable is not set in this shell; set it, or write --env NOT_SET=value'],
    ['=secret', '--env has no variable name; write --env NAME or --env NAME=value'],
    ['my secret', '--env has no variable name; write --env NAME or --env NAME=value'],
    ['AWS_ENDPOINT_URL_S3=https://s3.amazonaws.com', '--env AWS_ENDPOINT_URL_S3: the run itself sets this variable; leave it out'],
    ['PAGINATED_IMPORT_PAGE_SIZE=1', '--env PAGINATED_IMPORT_PAGE_SIZE: the run itself sets this variable; leave it out'],
  ])('%s is refused, without its value', (text, message) => {
    expect(() => read('--env', text)).toThrow(usageError(message));
  });
});

const RUN = ['run', SOURCE, '--page-size', '25'];

test.each<[string[], string]>([
  [['fetch'], 'unknown command fetch; write run <source file> --page-size N, preview <settings file>, or detect <URL>'],
  [['--json'], 'no command is given; write run <source file> --page-size N, preview <settings file>, or detect <URL>'],
  [['run'], 'no source file is given; write run <source file> --page-size N'],
  [['run', SOURCE, 'other.ts', '--page-size', '25'], 'one source file is enough; leave out other.ts'],
  [['run', '/no/such.ts', '--page-size', '25'], 'the source file /no/such.ts does not exist; give the path of your source'],
  [['run', FIXTURES, '--page-size', '25'], `${FIXTURES} is not a file; give the path of your source in it`],
  [['run', SOURCE], '--page-size is missing; give the number of records per page, such as --page-size 25'],
  [['run', SOURCE, '--page-size'], '--page-size has no value; write --page-size N'],
  [['run', SOURCE, '--page-size', '--json'], '--page-size has no value; write --page-size N'],
  [['run', SOURCE, '--page-size', '0'], '--page-size is 0; give a whole number of 1 or more'],
  [['run', SOURCE, '--page-size', '-5'], '--page-size is -5; give a whole number of 1 or more'],
  [['run', SOURCE, '--page-size=-5'], '--page-size is -5; give a whole number of 1 or more'],
  [['run', SOURCE, '--page-size', '2.5'], '--page-size is 2.5; give a whole number of 1 or more'],
  [['run', SOURCE, '--page-size', ''], '--page-size is empty; give a whole number of 1 or more'],
  [[...RUN, '--pages', '3'], '--pages is for preview, not for run; leave it out'],
  [[...RUN, '--page-size', '30'], '--page-size is given twice; give it once'],
  [[...RUN, '--format', 'parquet'], '--format is parquet; give one of jsonl, json, csv'],
  [[...RUN, '--format', 'CSV'], '--format is CSV; give one of jsonl, json, csv'],
  [[...RUN, '--columns', 'id'], '--columns is for CSV; add --format csv, or leave it out'],
  [[...RUN, '--unknown-columns', 'drop'], '--unknown-columns is for CSV; add --format csv, or leave it out'],
  [[...RUN, '--format', 'csv', '--columns', 'id,,total'], '--columns has an empty name; write names with commas between them, such as --columns id,total'],
  [[...RUN, '--format', 'csv', '--columns', 'id,id'], '--columns has id twice; give each name once'],
  [[...RUN, '--format', 'csv', '--unknown-columns', 'keep'], '--unknown-columns is keep; give one of fail, drop'],
  [[...RUN, '--short-pages', 'no'], '--short-pages is no; give one of fail, allow'],
  [[...RUN, '--repeated-pages', ''], '--repeated-pages is empty; give one of fail, allow'],
  [[...RUN, '--max-empty-pages', '0'], '--max-empty-pages is 0; give a whole number of 1 or more'],
  [[...RUN, '--non-finite-numbers', 'NaN'], '--non-finite-numbers is NaN; give one of fail, null'],
  [[...RUN, '--on-total-mismatch'], '--on-total-mismatch has no value; write --on-total-mismatch C'],
  [[...RUN, '--gzip=yes'], '--gzip takes no value; write --gzip alone'],
  [[...RUN, '--out', ''], '--out is empty; write --out FILE'],
  [[...RUN, '--out', '-'], '--out cannot be standard output, since records and manifest are two files; write --out FILE'],
  [[...RUN, '--input', '{'], '--input is not JSON; write it in quotes, such as --input \'{"since":"2026-01-01"}\''],
  [[...RUN, '--input', ''], '--input is empty; for an empty string, write --input \'""\''],
  [[...RUN, '--input', '@/no/such.json'], '--input: the file /no/such.json does not exist; give the path of a file with JSON in it after the @'],
  [[...RUN, '--input', `@${FIXTURES}`], `--input: the file ${FIXTURES} is a folder; give the path of a file with JSON in it after the @`],
  [[...RUN, '--input', `@${SOURCE}`], `--input: the file ${SOURCE} does not hold JSON; correct it`],
  [[...RUN, '--input', '{"resumeFrom":"7d0f"}'], '--input has resumeFrom, and local runs leave nothing to resume; leave the field out'],
  [[...RUN, '--input', JSON.stringify('x'.repeat(300_000))], '--input has 300002 bytes, and Step Functions takes 262144; give less, such as the address of a file'],
])('%j is refused, with what to write', (args, message) => {
  expect(() => readArguments(args)).toThrow(usageError(message));
});

test.each([['--zip'], ['-z'], ['-5'], ['--no-gzip']])('%s is refused, with the options that there are', (option) => {
  expect(() => readArguments([...RUN, option])).toThrow(usageError(`unknown option ${option}; give one of ${OPTIONS.map(({ name }) => `--${name}`).join(', ')}`));
});

test.each([[[]], [['--help']], [['run', '-h']]])('%j asks for help', (args) => {
  expect(readArguments(args)).toEqual({ command: 'help' });
});

test.each([[['--version']], [['-v']]])('%j asks for the version', (args) => {
  expect(readArguments(args)).toEqual({ command: 'version' });
});

test('the help shows every option, and the exit codes', () => {
  OPTIONS.forEach(({ name }) => expect(USAGE).toContain(`--${name}`));
  ['0', '1', '2', '129', '130', '143'].forEach((code) => expect(USAGE).toMatch(new RegExp(`\\b${code} `)));
  expect(Math.max(...USAGE.split('\n').map(({ length }) => length))).toBeLessThanOrEqual(140);
});
