import { MAX_EMPTY_PAGES } from '../../protocol/defaults';
import { ExitCode } from './exit-code';

/** An option of the command line. `value` is the placeholder for its value; options without one are switches. */
export interface Option {
  readonly name: string;
  readonly value?: string;
  readonly short?: string;
  /** May be given more than once. */
  readonly repeatable?: boolean;
  readonly help: readonly string[];
}

export const OPTIONS = [
  { name: 'page-size', value: 'N', help: ['records per page, as the source gets it (required)'] },
  { name: 'format', value: 'F', help: ['jsonl (JSON Lines), json (one array) or csv (default: jsonl)'] },
  { name: 'columns', value: 'A,B', help: ['columns of the CSV, in order (default: the fields of the first record)'] },
  { name: 'unknown-columns', value: 'U', help: ['fields that are not columns of the CSV: fail or drop (default: fail)'] },
  { name: 'gzip', help: ['compress the file'] },
  { name: 'out', value: 'FILE', help: ['the file to write; its manifest is written next to it', '(default: <name of the source>.<format>, and .gz after --gzip)'] },
  { name: 'force', help: ['replace files that exist'] },
  { name: 'input', value: 'JSON', help: ['input of the execution, or @FILE to read it from a file (default: {})'] },
  {
    name: 'env',
    value: 'NAME',
    repeatable: true,
    help: ['pass an environment variable on to the source, or set it: NAME=value. All are passed on except AWS_*,', 'which must be named. May be repeated'],
  },
  { name: 'short-pages', value: 'C', help: ['pages by offset with fewer records than requested, and more after them: fail or allow', '(default: fail)'] },
  { name: 'repeated-pages', value: 'C', help: ['pages with the same records as the page before: fail or allow (default: fail)'] },
  { name: 'max-empty-pages', value: 'N', help: [`empty pages in a row (default: ${MAX_EMPTY_PAGES})`] },
  { name: 'non-finite-numbers', value: 'C', help: ['NaN and Infinity in records: fail, or write null (default: fail)'] },
  { name: 'on-total-mismatch', value: 'C', help: ['a source total that differs from the number of records: fail or warn (default: fail)'] },
  { name: 'json', help: ['print the result as one line of JSON'] },
  { name: 'help', short: 'h', help: ['show this'] },
  { name: 'version', short: 'v', help: ['show the version of this package'] },
] as const satisfies readonly Option[];

export type OptionName = typeof OPTIONS[number]['name'];

const HELP_COLUMN = 24;

export const USAGE = `Usage: cdk-paginated-import run <source file> --page-size N [options]

Runs a source on this computer, through the state machine and the Lambda code that would be deployed, and writes its records to a file.
The source is a module, or a JSON file with the settings of a source without code (docs/sources.md).

${OPTIONS.map(described).join('\n')}

The source's log output and the progress go to standard error. The import lives in memory: a run that fails or is interrupted writes
no file, and leaves nothing to resume.

Exit codes: ${ExitCode.SUCCEEDED} the file is written, ${ExitCode.FAILED} the import failed, ${ExitCode.WRONG_USAGE} wrong usage, `
  + `${ExitCode.SIGINT} interrupted (Ctrl-C), ${ExitCode.SIGTERM} terminated, ${ExitCode.SIGHUP} terminal closed.`;

function described({ name, value, short, help }: Option): string {
  const names = `  ${short === undefined ? '' : `-${short}, `}--${name}${value === undefined ? '' : ` ${value}`}`;
  return [`${names.padEnd(HELP_COLUMN)}${help[0]}`, ...help.slice(1).map((line) => ' '.repeat(HELP_COLUMN) + line)].join('\n');
}
