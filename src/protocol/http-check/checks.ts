import { nearName } from '../near-name';

/** Checks of values that come from a file or from code without a compiler. Each says what is wrong and what to write instead. */

/** Whether a value is as it should be. */
export interface Check {
  /** What is wrong with a value, with the path of the wrong part; `undefined` if nothing is. */
  readonly problem: (value: unknown, path: string) => string | undefined;
  /** Whether it must be there. */
  readonly isRequired?: boolean;
}

/** A check for each field of an interface. The compiler sees to it that none is missing. */
export type Checks<Fields> = { readonly [name in keyof Fields]-?: Check };

export function required(check: Check): Check {
  return { ...check, isRequired: true };
}

/** Values that are known only when the stack is deployed. The CDK writes them as texts and numbers like these. */
function isToken(value: unknown): boolean {
  return typeof value === 'string' ? value.includes('${Token[') : typeof value === 'number' && value < -1e200;
}

/** @param remedy what to write instead */
export function valueThat(accepts: (value: unknown) => boolean, remedy: string): Check {
  return {
    problem: (value, path) => (isToken(value) || accepts(value) ? undefined : `${path} is ${shown(value)}; write ${remedy} instead`),
  };
}

export function text(remedy: string): Check {
  return valueThat((value) => typeof value === 'string', remedy);
}

/** A text that is not empty, and matches. */
export function textLike(pattern: RegExp, remedy: string): Check {
  return valueThat((value) => typeof value === 'string' && pattern.test(value), remedy);
}

export function wholeNumber(from: number, to: number, example: number): Check {
  return valueThat((value) => Number.isSafeInteger(value) && (value as number) >= from && (value as number) <= to, `a whole number such as ${example}`);
}

export function positive(example: number): Check {
  return valueThat((value) => typeof value === 'number' && value > 0 && value < Infinity, `a number above 0 such as ${example}`);
}

export const SWITCH = valueThat((value) => typeof value === 'boolean', 'true or false');

export const ANYTHING: Check = { problem: () => undefined };

/** One of the values of an enum. */
export function oneOf(choices: { readonly [member: string]: string }): Check {
  const values = Object.values(choices);
  return valueThat((value) => values.includes(value as string), values.map((value) => JSON.stringify(value)).join(' or '));
}

export function listOf(member: Check, remedy: string): Check {
  return {
    problem: (value, path) => {
      if (!Array.isArray(value)) return `${path} is ${shown(value)}; write ${remedy} instead`;
      return first(value.map((item: unknown, index) => () => member.problem(item, `${path}[${index}]`)));
    },
  };
}

/** An object with arbitrary names. */
export function mapOf(member: Check, remedy: string): Check {
  return {
    problem: (value, path) => {
      if (!isObject(value)) return `${path} is ${shown(value)}; write ${remedy} instead`;
      return first(Object.entries(value).map(([name, field]) => () => member.problem(field, `${path}.${name}`)));
    },
  };
}

/** An object with known names. */
export function object<Fields>(checks: Checks<Fields>, remedy: string): Check {
  const table: Readonly<Record<string, Check>> = checks;
  return {
    problem: (value, path) => {
      if (!isObject(value)) return `${path} is ${shown(value)}; write ${remedy} instead`;
      return unknownName(value, table, path) ?? first(Object.entries(table).map(([name, check]) => () => {
        const field = value[name];
        if (field !== undefined) return check.problem(field, `${path}.${name}`);
        return check.isRequired === true ? `${path}.${name} is missing; ${path} is ${remedy}` : undefined;
      }));
    },
  };
}

/** An object with exactly one of its names. */
export function exactlyOne<Fields>(checks: Checks<Fields>, remedy: string, others: readonly (keyof Fields)[] = []): Check {
  const whole = object(checks, remedy);
  const names = Object.keys(checks).filter((name) => !others.includes(name as keyof Fields));
  return {
    problem: (value, path) => {
      const problem = whole.problem(value, path);
      if (problem !== undefined) return problem;
      const given = names.filter((name) => (value as Record<string, unknown>)[name] !== undefined);
      return given.length === 1 ? undefined : `${path} has ${given.length === 0 ? 'none' : 'more than one'} of ${names.join(', ')}; write ${remedy}`;
    },
  };
}

/** An object of one of several kinds, told apart by a field. */
export function kindOf(field: string, kinds: Readonly<Record<string, Check>>): Check {
  const names = Object.keys(kinds).map((name) => `"${name}"`).join(', ');
  return {
    problem: (value, path) => {
      if (!isObject(value)) return `${path} is ${shown(value)}; write an object with ${field} instead`;
      const kind = kinds[String(value[field])];
      return kind === undefined ? `${path}.${field} is ${shown(value[field])}; write one of ${names} instead` : kind.problem(value, path);
    },
  };
}

export function first(problems: readonly (() => string | undefined)[]): string | undefined {
  for (const problem of problems) {
    const found = problem();
    if (found !== undefined) return found;
  }
  return undefined;
}

function unknownName(value: Readonly<Record<string, unknown>>, table: Readonly<Record<string, Check>>, path: string): string | undefined {
  const unknown = Object.keys(value).find((name) => !Object.hasOwn(table, name) && value[name] !== undefined);
  if (unknown === undefined) return undefined;
  const near = nearName(unknown, Object.keys(table).filter((name) => value[name] === undefined));
  return `${path}.${unknown} is not a setting; ${near === undefined ? `there are ${Object.keys(table).join(', ')}` : `did you mean ${path}.${near}?`}`;
}

export function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** A value as messages show it. Texts are not shown: one may be a secret in the wrong place. */
function shown(value: unknown): string {
  if (value === undefined) return 'missing';
  if (value === null) return 'null';
  if (Array.isArray(value)) return 'a list';
  if (typeof value === 'number' || typeof value === 'boolean') return String(value);
  return value === '' ? 'an empty text' : typeof value === 'string' ? 'another text' : 'an object';
}
