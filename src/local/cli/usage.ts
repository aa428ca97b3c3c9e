import { MAX_EMPTY_PAGES } from '../../protocol/defaults';
import { ExitCode } from './exit-code';

/** What the command can do. */
export type Command = 'run' | 'preview' | 'detect';

const ALL: readonly Command[] = ['run', 'preview', 'detect'];

/** An option of the command line. `value` is the placeholder for its value; options without one are switches. */
export interface Option {
  readonly name: string;
  /** What it is for. */
  readonly commands: readonly Command[];
  readonly value?: string;
  readonly short?: string;
  /** May be given more than once. */
  readonly repeatable?: boolean;
  readonly help: readonly string[];
}

export const OPTIONS = [
  { name: 'page-size', commands: ['run', 'preview'], value: 'N', help: ['records per page, as the source gets it (required by run; default of preview: 20)'] },
  { name: 'format', commands: ['run'], value: 'F', help: ['jsonl (JSON Lines), json (one array) or csv (default: jsonl)'] },
  { name: 'columns', commands: ['run'], value: 'A,B', help: ['columns of the CSV, in order (default: the fields of the first record)'] },
  { name: 'unknown-columns', commands: ['run'], value: 'U', help: ['fields that are not columns of the CSV: fail or drop (default: fail)'] },
  { name: 'gzip', commands: ['run'], help: ['compress the file'] },
  {
    name: 'out',
    commands: ['run', 'detect'],
    value: 'FILE',
    help: ['the file to write; run writes its manifest next to it (default of run: <name of the source>.<format>, and', '.gz after --gzip; of detect: standard output)'],
  },
  { name: 'force', commands: ['run', 'detect'], help: ['replace files that exist'] },
  { name: 'input', commands: ['run', 'preview'], value: 'JSON', help: ['input of the execution, or @FILE to read it from a file (default: {})'] },
  {
    name: 'env',
    commands: ['run'],
    value: 'NAME',
    repeatable: true,
    help: ['pass an environment variable on to the source, or set it: NAME=value. All are passed on except AWS_*,', 'which must be named. May be repeated'],
  },
  { name: 'short-pages', commands: ['run'], value: 'C', help: ['pages by offset with fewer records than requested, and more after them: fail or allow', '(default: fail)'] },
  { name: 'repeated-pages', commands: ['run'], value: 'C', help: ['pages with the same records as the page before: fail or allow (default: fail)'] },
  { name: 'max-empty-pages', commands: ['run'], value: 'N', help: [`empty pages in a row (default: ${MAX_EMPTY_PAGES})`] },
  { name: 'non-finite-numbers', commands: ['run'], value: 'C', help: ['NaN and Infinity in records: fail, or write null (default: fail)'] },
  { name: 'on-total-mismatch', commands: ['run'], value: 'C', help: ['a source total that differs from the number of records: fail or warn (default: fail)'] },
  { name: 'pages', commands: ['preview'], value: 'N', help: ['pages to read at most; no further page once there are 100 records (default: 5)'] },
  {
    name: 'header',
    commands: ['detect'],
    value: '"N: V"',
    repeatable: true,
    help: ['a header to send. Credentials are used, and not written into the settings. May be repeated'],
  },
  { name: 'private-network', commands: ['detect'], help: ['allow a source in a loopback, link-local or private range'] },
  { name: 'json', commands: ['run', 'preview'], help: ['print the result as one line of JSON'] },
  { name: 'help', commands: ALL, short: 'h', help: ['show this'] },
  { name: 'version', commands: ALL, short: 'v', help: ['show the version of this package'] },
] as const satisfies readonly Option[];

export type OptionName = typeof OPTIONS[number]['name'];

const HELP_COLUMN = 26;

export const USAGE = `Usage: cdk-paginated-import run <source file> --page-size N [options]
       cdk-paginated-import preview <settings file> [options]
       cdk-paginated-import detect <URL> [options]

run: runs a source on this computer, through the state machine and the Lambda code that would be deployed, and writes its records to a
file. The source is a module, or a JSON file with the settings of a source without code (docs/sources.md).
${optionsOf('run')}

preview: reads the first pages of a source without code, shows records and how the pages follow each other, and warns of what would
bite later. Prints records.
${optionsOf('preview')}

detect: asks a source for a page or two, and proposes settings for it.
${optionsOf('detect')}

Every command:
${commonOptions()}

The source's log output and the progress go to standard error. The import lives in memory: a run that fails or is interrupted writes
no file, and leaves nothing to resume.

Exit codes: ${ExitCode.SUCCEEDED} succeeded, ${ExitCode.FAILED} failed, ${ExitCode.WRONG_USAGE} wrong usage, `
  + `${ExitCode.SIGINT} interrupted (Ctrl-C), ${ExitCode.SIGTERM} terminated, ${ExitCode.SIGHUP} terminal closed.`;

function optionsOf(command: Command): string {
  return OPTIONS.filter((option: Option) => option.commands !== ALL && option.commands.includes(command)).map(described).join('\n');
}

function commonOptions(): string {
  return OPTIONS.filter(({ commands }: Option) => commands === ALL).map(described).join('\n');
}

function described({ name, value, short, help }: Option): string {
  const names = `  ${short === undefined ? '' : `-${short}, `}--${name}${value === undefined ? '' : ` ${value}`}`;
  return [`${names.padEnd(HELP_COLUMN)}${help[0]}`, ...help.slice(1).map((line) => ' '.repeat(HELP_COLUMN) + line)].join('\n');
}
