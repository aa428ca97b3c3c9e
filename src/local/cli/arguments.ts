import { existsSync } from 'node:fs';
import { basename, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { Compression, fileExtension, FileKind, FormatName } from '../../protocol/output-settings';

const FORMATS: readonly string[] = Object.values(FormatName);

export const USAGE = `Usage: cdk-paginated-import run <source file> --page-size N [options]

Runs a fetch-page module on this computer, through the state machine and the Lambda code that would be deployed.

  --page-size N   records per page, as the module gets it (required)
  --format F      what is written: jsonl (JSON Lines), json (one array), or csv, whose columns are the fields of the first record
                  (default: jsonl)
  --gzip          compress it
  --out FILE      where it is written; the manifest lies beside it (default: <source file's name>.<format>, and .gz after --gzip)
  --input JSON    input of the execution, as the module gets it (default: {})
  --json          print the result as one line of JSON
  --help          show this

The module sees the environment variables of this process, but for AWS_*. The import lives in memory: nothing can be resumed once it has
ended.`;

/** What the user asked for. */
export type Arguments =
  | { readonly command: 'help' }
  | RunArguments;

export interface RunArguments {
  readonly command: 'run';
  /** Absolute path of the module. */
  readonly source: string;
  readonly pageSize: number;
  /** Absolute path. */
  readonly out: string;
  readonly output: FileKind;
  readonly input: unknown;
  readonly json: boolean;
}

/** Something is wrong with the command line; the message says what to write instead. */
export class UsageError extends Error {}

/** @throws UsageError */
export function readArguments(args: readonly string[]): Arguments {
  const { values, positionals } = parse(args);
  if (values.help || args.length === 0) return { command: 'help' };
  const [command, source, ...more] = positionals;
  if (command !== 'run') throw new UsageError(`${command === undefined ? 'no command is given' : `there is no command ${command}`}; write: run`);
  if (source === undefined) throw new UsageError('no source file is given; write: run <source file> --page-size N');
  if (more.length > 0) throw new UsageError(`one source file is enough; leave out ${more.join(' ')}`);
  if (!existsSync(source)) throw new UsageError(`the source file ${resolve(source)} does not exist; give the path of your fetch-page module`);
  const output: FileKind = { format: { name: formatOf(values.format) }, compression: values.gzip ? Compression.GZIP : Compression.NONE };
  return {
    command,
    source: resolve(source),
    pageSize: pageSizeOf(values['page-size']),
    out: resolve(values.out ?? `${basename(source).replace(/(\.source)?\.[^.]+$/, '')}.${fileExtension(output)}`),
    output,
    input: inputOf(values.input),
    json: values.json ?? false,
  };
}

function parse(args: readonly string[]) {
  try {
    return parseArgs({
      args: [...args],
      allowPositionals: true,
      options: {
        'page-size': { type: 'string' },
        'format': { type: 'string' },
        'gzip': { type: 'boolean' },
        'out': { type: 'string' },
        'input': { type: 'string' },
        'json': { type: 'boolean' },
        'help': { type: 'boolean', short: 'h' },
      },
    });
  } catch (error) {
    throw new UsageError((error as Error).message);
  }
}

function pageSizeOf(text: string | undefined): number {
  if (text === undefined) throw new UsageError('--page-size is missing; give the number of records per page, such as --page-size 25');
  const value = Number(text);
  if (Number.isSafeInteger(value) && value > 0) return value;
  throw new UsageError(`--page-size is ${text}; give a whole number of 1 or more`);
}

function formatOf(text: string = FormatName.JSON_LINES): FormatName {
  if (FORMATS.includes(text)) return text as FormatName;
  throw new UsageError(`--format is ${text}; give one of ${FORMATS.join(', ')}`);
}

function inputOf(text: string | undefined): unknown {
  if (text === undefined) return {};
  try {
    return JSON.parse(text);
  } catch {
    throw new UsageError('--input is not JSON; write it in quotes, such as --input \'{"since":"2026-01-01"}\'');
  }
}
