import { join } from 'node:path';
import { readArguments, RunArguments, USAGE, UsageError } from '../../../src/local/cli/arguments';

const SOURCE = join(__dirname, '..', '..', 'integration', 'fixtures', 'orders.source.ts');

function read(...args: string[]): RunArguments {
  return readArguments(['run', SOURCE, '--page-size', '25', ...args]) as RunArguments;
}

test('what is written is one file of JSON Lines, named after the source, unless asked otherwise', () => {
  expect(read()).toEqual({
    command: 'run',
    source: SOURCE,
    pageSize: 25,
    output: { format: { name: 'jsonl' }, compression: 'none' },
    out: join(process.cwd(), 'orders.jsonl'),
    input: {},
    json: false,
  });
});

test.each([
  [['--format', 'jsonl'], 'jsonl', 'none', 'orders.jsonl'],
  [['--format', 'json'], 'json', 'none', 'orders.json'],
  [['--format', 'csv'], 'csv', 'none', 'orders.csv'],
  [['--gzip'], 'jsonl', 'gzip', 'orders.jsonl.gz'],
  [['--format', 'csv', '--gzip'], 'csv', 'gzip', 'orders.csv.gz'],
  [['--format', 'csv', '--gzip', '--out', 'all.txt'], 'csv', 'gzip', 'all.txt'],
])('%j: format, compression and the file\'s name', (args, name, compression, out) => {
  expect(read(...args)).toMatchObject({ output: { format: { name }, compression }, out: join(process.cwd(), out) });
});

test.each([
  [['fetch'], 'there is no command fetch; write: run'],
  [['run'], 'no source file is given; write: run <source file> --page-size N'],
  [['run', SOURCE, 'other.ts', '--page-size', '25'], 'one source file is enough; leave out other.ts'],
  [['run', '/no/such.ts', '--page-size', '25'], 'the source file /no/such.ts does not exist; give the path of your fetch-page module'],
  [['run', SOURCE], '--page-size is missing; give the number of records per page, such as --page-size 25'],
  [['run', SOURCE, '--page-size', '0'], '--page-size is 0; give a whole number of 1 or more'],
  [['run', SOURCE, '--page-size', '25', '--format', 'parquet'], '--format is parquet; give one of jsonl, json, csv'],
  [['run', SOURCE, '--page-size', '25', '--format', 'CSV'], '--format is CSV; give one of jsonl, json, csv'],
  [['run', SOURCE, '--page-size', '25', '--input', '{'], '--input is not JSON'],
  [['run', SOURCE, '--page-size', '25', '--zip'], 'Unknown option \'--zip\''],
])('%j is refused, with what to write', (args, message) => {
  expect(() => readArguments(args)).toThrow(UsageError);
  expect(() => readArguments(args)).toThrow(message);
});

test.each([[[]], [['--help']], [['run', '-h']]])('%j shows every option', (args) => {
  expect(readArguments(args)).toEqual({ command: 'help' });
  ['--page-size', '--format', '--gzip', '--out', '--input', '--json', '--help'].forEach((option) => expect(USAGE).toContain(option));
});
