import { NonFiniteNumbers, RepeatedPages, ShortPages, TotalMismatch } from '../../protocol/choices';
import { EnvironmentVariable } from '../../protocol/environment';
import { CommandLine } from './command-line';
import { OptionName } from './usage';
import { oneOf, positiveInteger } from './values';

/** The guards that can be chosen, each with its option and the variable that the constructs set for it. */
const CHOICES = [
  { option: 'short-pages', variable: EnvironmentVariable.SHORT_PAGES, values: Object.values(ShortPages) },
  { option: 'repeated-pages', variable: EnvironmentVariable.REPEATED_PAGES, values: Object.values(RepeatedPages) },
  { option: 'non-finite-numbers', variable: EnvironmentVariable.NON_FINITE_NUMBERS, values: Object.values(NonFiniteNumbers) },
  { option: 'on-total-mismatch', variable: EnvironmentVariable.ON_TOTAL_MISMATCH, values: Object.values(TotalMismatch) },
] as const satisfies readonly { option: OptionName; variable: string; values: readonly string[] }[];

/**
 * The guards on the command line, as environment variables of the steps' functions. Others keep their deployed default.
 *
 * @throws UsageError
 */
export function importGuards(line: CommandLine): Readonly<Record<string, string>> {
  const chosen = CHOICES.filter(({ option }) => line.has(option))
    .map(({ option, variable, values }) => [variable, oneOf(option, line.value(option)!, values)] as const);
  const emptyPages = line.value('max-empty-pages');
  return {
    ...Object.fromEntries(chosen),
    ...emptyPages !== undefined && { [EnvironmentVariable.MAX_EMPTY_PAGES]: String(positiveInteger('max-empty-pages', emptyPages)) },
  };
}
