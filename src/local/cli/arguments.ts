import { basename, resolve } from 'node:path';
import { Compression, UnknownColumns } from '../../protocol/choices';
import { JsonValue } from '../../protocol/json';
import { CsvSettings, fileExtension, FormatName, FormatSettings, OutputSettings } from '../../protocol/output-settings';
import { CommandLine, readCommandLine, requireOptionsOf } from './command-line';
import { DetectArguments, detectArguments } from './detect-arguments';
import { executionInput } from './execution-input';
import { importGuards } from './import-guards';
import { PreviewArguments, previewArguments } from './preview-arguments';
import { sourceEnvironment } from './source-environment';
import { sourceFile } from './source-file';
import { UsageError } from './usage-error';
import { oneOf, positiveInteger } from './values';

const FORMATS: readonly string[] = Object.values(FormatName);
const UNKNOWN_COLUMNS: readonly string[] = Object.values(UnknownColumns);

/** What the user asked for. */
export type Arguments =
  | { readonly command: 'help' | 'version' }
  | RunArguments
  | PreviewArguments
  | DetectArguments;

export interface RunArguments {
  readonly command: 'run';
  /** Absolute path of the module. */
  readonly source: string;
  readonly pageSize: number;
  /** Absolute path. */
  readonly out: string;
  /** Whether existing files may be replaced. */
  readonly force: boolean;
  readonly output: Pick<OutputSettings, 'format' | 'compression'>;
  readonly input: JsonValue;
  /** Variables of the steps' functions for the chosen guards. */
  readonly guards: Readonly<Record<string, string>>;
  /** Variables that the source sees. */
  readonly environment: Readonly<Record<string, string>>;
  readonly json: boolean;
}

type Environment = Readonly<Record<string, string | undefined>>;

const USES = 'run <source file> --page-size N, preview <settings file>, or detect <URL>';

/** @throws UsageError */
export function readArguments(args: readonly string[], environment: Environment = process.env): Arguments {
  const line = readCommandLine(args);
  if (line.has('help') || args.length === 0) return { command: 'help' };
  if (line.has('version')) return { command: 'version' };
  const [command, ...operands] = line.positionals;
  switch (command) {
    case 'run': return runArguments(line, operands, environment);
    case 'preview': return previewArguments(line, operands);
    case 'detect': return detectArguments(line, operands);
    default: throw new UsageError(`${command === undefined ? 'no command is given' : `unknown command ${command}`}; write ${USES}`);
  }
}

function runArguments(line: CommandLine, operands: readonly string[], environment: Environment): RunArguments {
  requireOptionsOf('run', line);
  const source = sourceFile(operands, 'run <source file> --page-size N');
  const output = { format: formatOf(line), compression: line.has('gzip') ? Compression.GZIP : Compression.NONE };
  return {
    command: 'run',
    source,
    pageSize: pageSizeOf(line.value('page-size')),
    out: outOf(line.value('out') ?? `${basename(source).replace(/(\.source|\.http)?\.[^.]+$/, '')}.${fileExtension(output)}`),
    force: line.has('force'),
    output,
    input: executionInput(line.value('input')),
    guards: importGuards(line),
    environment: sourceEnvironment(line.values('env'), environment),
    json: line.has('json'),
  };
}

function pageSizeOf(text: string | undefined): number {
  if (text === undefined) throw new UsageError('--page-size is missing; give the number of records per page, such as --page-size 25');
  return positiveInteger('page-size', text);
}

function outOf(text: string): string {
  if (text === '') throw new UsageError('--out is empty; write --out FILE');
  if (text === '-') throw new UsageError('--out cannot be standard output, since records and manifest are two files; write --out FILE');
  return resolve(text);
}

function formatOf(line: CommandLine): FormatSettings {
  const name = oneOf('format', line.value('format') ?? FormatName.JSON_LINES, FORMATS) as FormatName;
  if (name === FormatName.CSV) return csvOf(line);
  const forCsv = (['columns', 'unknown-columns'] as const).find((option) => line.has(option));
  if (forCsv !== undefined) throw new UsageError(`--${forCsv} is for CSV; add --format csv, or leave it out`);
  return { name };
}

function csvOf(line: CommandLine): CsvSettings {
  const unknownColumns = oneOf('unknown-columns', line.value('unknown-columns') ?? UnknownColumns.FAIL, UNKNOWN_COLUMNS) as UnknownColumns;
  const columns = line.value('columns');
  return { name: FormatName.CSV, unknownColumns, ...columns !== undefined && { columns: columnsOf(columns) } };
}

function columnsOf(text: string): readonly string[] {
  const columns = text.split(',').map((column) => column.trim());
  if (columns.includes('')) throw new UsageError('--columns has an empty name; write names with commas between them, such as --columns id,total');
  const twice = columns.find((column, index) => columns.indexOf(column) !== index);
  if (twice !== undefined) throw new UsageError(`--columns has ${twice} twice; give each name once`);
  return columns;
}
