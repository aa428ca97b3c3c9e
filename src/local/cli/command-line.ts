import { parseArgs } from 'node:util';
import { Command, Option, OptionName, OPTIONS } from './usage';
import { UsageError } from './usage-error';

/** A parsed command line. */
export interface CommandLine {
  readonly positionals: readonly string[];
  /** Whether an option or switch is given. */
  has(name: OptionName): boolean;
  /** The value of an option, if it is given. */
  value(name: OptionName): string | undefined;
  /** The values of an option that may be repeated. */
  values(name: OptionName): readonly string[];
}

const ALL: readonly Option[] = OPTIONS;

/**
 * Reads options and positionals without checking their values.
 *
 * @throws UsageError
 */
export function readCommandLine(args: readonly string[]): CommandLine {
  // Not strict, so that a negative number is a value and the messages are ours.
  const { tokens, positionals } = parseArgs({ args: [...args], strict: false, tokens: true, options: parserOptions() });
  const given = new Map<string, (string | undefined)[]>();
  for (const token of tokens) {
    if (token.kind !== 'option') continue;
    const option = known(token.name, token.rawName);
    const values = [...given.get(option.name) ?? [], checkedValue(option, token)];
    if (values.length > 1 && !option.repeatable) throw new UsageError(`--${option.name} is given twice; give it once`);
    given.set(option.name, values);
  }
  return {
    positionals,
    has: (name) => given.has(name),
    value: (name) => given.get(name)?.[0],
    values: (name) => (given.get(name) ?? []) as string[],
  };
}

/** @throws UsageError if an option is given that is for another command */
export function requireOptionsOf(command: Command, line: CommandLine): void {
  const other = ALL.find(({ name, commands }) => line.has(name as OptionName) && !commands.includes(command));
  if (other !== undefined) throw new UsageError(`--${other.name} is for ${other.commands.join(' and ')}, not for ${command}; leave it out`);
}

function parserOptions(): Record<string, { type: 'string' | 'boolean'; short?: string }> {
  return Object.fromEntries(ALL.map(({ name, value, short }) => {
    const type = value === undefined ? 'boolean' : 'string';
    return [name, { type, ...short && { short } }];
  }));
}

function known(name: string, rawName: string): Option {
  const option = ALL.find((each) => each.name === name);
  if (option) return option;
  throw new UsageError(`unknown option ${rawName}; give one of ${ALL.map((each) => `--${each.name}`).join(', ')}`);
}

function checkedValue(option: Option, { value, inlineValue }: { value?: string; inlineValue?: boolean }): string | undefined {
  const { name } = option;
  if (option.value === undefined) {
    if (value !== undefined) throw new UsageError(`--${name} takes no value; write --${name} alone`);
    return undefined;
  }
  // The next option instead of a value. A negative number is not an option.
  const isOption = !inlineValue && value !== undefined && /^-[^\d]/.test(value);
  if (value === undefined || isOption) throw new UsageError(`--${name} has no value; write --${name} ${option.value}`);
  return value;
}
