import { Names, Stack, Token } from 'aws-cdk-lib';
import { Construct } from 'constructs';
import { isSeriesName, Series, SERIES_NAME_CHARACTERS } from '../../protocol/series';
import { nameOf, writtenConstruct } from './construct-name';
import { refusal } from './validation';

/** A series, before its cache is known. */
export type SeriesIdentity = Pick<Series, 'name' | 'owner'>;

/**
 * The series of an import's construct.
 *
 * @param given its name, if the user gives one
 */
export function seriesOf(scope: Construct, given: string | undefined): SeriesIdentity {
  return { name: given === undefined ? derivedName(scope) : checkedName(scope, given), owner: ownerOf(scope) };
}

/** Readable, and ends in a hash of the whole path: two constructs of an app never get the same. */
function derivedName(scope: Construct): string {
  return Names.uniqueResourceName(writtenConstruct(scope), { maxLength: SERIES_NAME_CHARACTERS, separator: '-' });
}

function checkedName(scope: Construct, given: string): string {
  const remedy = `up to ${SERIES_NAME_CHARACTERS} letters, digits, dots, underscores and hyphens, such as 'orders',`;
  if (Token.isUnresolved(given)) throw refusal(nameOf(scope), 'seriesName', 'is a token, whose value is not known at synth', `${remedy} as a literal`);
  if (!isSeriesName(given)) throw refusal(nameOf(scope), 'seriesName', `is '${given}'`, `${remedy} beginning with a letter or a digit`);
  return given;
}

/** By the outermost stack: a nested one gets a new name whenever it is created. */
function ownerOf(scope: Construct): string {
  let stack = Stack.of(scope);
  while (stack.nestedStackParent !== undefined) stack = stack.nestedStackParent;
  return `${stack.account}/${stack.region}/${stack.stackName}`;
}
