import { nearName } from '../../protocol/near-name';
import { GivenKind, givenKindOf } from './given-kind';
import { Kind, Kinds, RequiredKind } from './kinds';

/**
 * Users of JavaScript have no compiler to point out a wrong kind, and an error from deep inside does not help them. So everything from
 * outside is checked first.
 */

type Table = { readonly [name: string]: Kind };

type Given = { readonly [name: string]: unknown };

/**
 * Refuses options with a value of a wrong kind or a missing required value.
 *
 * @param where the construct with its path, or the factory that was called
 * @param path prefix of the names in messages, such as "fetchFunction."
 */
export function checkOptions<Props>(where: string, given: Props, kinds: Kinds<Props>, path = ''): void {
  const table: Table = kinds;
  const values = given as Given;
  for (const [name, kind] of Object.entries(table)) {
    const value = values[name];
    if (value !== undefined) checkKind(where, `${path}${name}`, value, kind);
    else if (isRequired(kind)) throw missing(where, path, name, values, table);
  }
}

/**
 * Refuses a value of a wrong kind. Checks each member of lists and maps.
 *
 * @param property its name, for the message
 */
export function checkKind(where: string, property: string, value: unknown, kind: Kind): void {
  if (!kind.accepts(value)) throw wrongKind(where, property, value, kind);
  const { members } = kind;
  if (members === undefined) return;
  if (Array.isArray(value)) value.forEach((member: unknown, index) => checkKind(where, `${property}[${index}]`, member, members));
  else Object.entries(value as Given).forEach(([name, member]) => checkKind(where, `${property}.${name}`, member, members));
}

/**
 * Names that do nothing, each close to the name of a property that was not given. Other unknown names are left alone: an app may spread a
 * larger configuration into its options, and jsii passes names without a value.
 *
 * @returns a sentence for each
 */
export function slipsIn<Props>(where: string, given: Props, kinds: Kinds<Props>, path = ''): string[] {
  const table: Table = kinds;
  const values = given as Given;
  return unknownNames(values, table).flatMap((unknown) => {
    const meant = nearName(unknown, absentNames(values, table));
    return meant === undefined ? [] : [`${path}${unknown} is not a property of ${where} and does nothing: did you mean ${path}${meant}?`];
  });
}

function isRequired(kind: Kind): boolean {
  return (kind as Partial<RequiredKind>).isRequired === true;
}

function missing(where: string, path: string, name: string, given: Given, table: Table): Error {
  const slip = unknownNames(given, table).find((unknown) => nearName(unknown, [name]) !== undefined);
  if (slip !== undefined) return new Error(`${where}: ${path}${name} is missing, and ${path}${slip} is not a property; write ${path}${name}`);
  return wrongKind(where, `${path}${name}`, undefined, table[name]!);
}

function wrongKind(where: string, property: string, value: unknown, kind: Kind): Error {
  const given = givenKindOf(value);
  const remedy = kind.remedies?.[given] ?? kind.remedy;
  if (given === GivenKind.MISSING) return new Error(`${where}: ${property} is missing; write ${remedy.replace(/,$/, '')}`);
  const leftOut = given === GivenKind.NULL && !isRequired(kind) ? `${remedy.replace(/,$/, '')}, or leave it out,` : remedy;
  return new Error(`${where}: ${property} is ${given}${isOneOfMany(given, kind) ? ' that is not one of its choices' : ''}; write ${leftOut} instead`);
}

/** Whether it has the right type but a wrong value. */
function isOneOfMany(given: GivenKind, { isChoice }: Kind): boolean {
  return isChoice === true && (given === GivenKind.STRING || given === GivenKind.NUMBER);
}

function unknownNames(given: Given, table: Table): string[] {
  return Object.keys(given).filter((name) => !Object.hasOwn(table, name) && given[name] !== undefined);
}

function absentNames(given: Given, table: Table): string[] {
  return Object.keys(table).filter((name) => given[name] === undefined);
}
