import { types } from 'node:util';
import { NonFiniteNumbers } from '../../protocol/choices';
import { DeployedAdvice } from '../../protocol/errors';
import { isTooDeep, thrownKind } from './thrown';
import { looksLikeName, withArticle } from './value-names';
import { isWellFormed } from './well-formed';

/** Finds what JSON would silently change or lose, and what it cannot carry at all. docs/source-reference.md has the rules. */

/** A value that JSON does not preserve. */
export interface JsonLoss {
  /** Fields and indices on the way to it, outermost first. */
  readonly path: readonly PathStep[];
  /** Its kind, and what would happen to it: never the value. */
  readonly problem: string;
  /** What to give instead. */
  readonly expected: string;
}

export type PathStep = string | number;

/** Finds the first loss in a value, in the order of its JSON. */
export type FindLoss = (value: unknown) => JsonLoss | undefined;

/** Half of a surrogate pair as JSON escapes it; not a literal backslash before such letters, which JSON doubles. */
const LONE_SURROGATE = /(?<!\\)(?:\\\\)*\\ud[89a-f]/;

/** A `null`, or text that looks like one. */
const NULL = /(?:^|[:,[\n])null/;

/**
 * Looks for signs of losses in JSON: a `null` may have been a number, `{}` a Map. It runs for every page, so it must be fast: V8 searches
 * for the first letter of a string, and "u" is rarer than "n".
 *
 * @returns a function that finds the loss in the value behind the JSON, if there is one; `undefined` if there is none
 */
export function lossesBehind(json: string, nonFiniteNumbers: NonFiniteNumbers): FindLoss | undefined {
  const hasLoneSurrogate = json.includes('\\ud') && LONE_SURROGATE.test(json);
  if (!hasLoneSurrogate && !json.includes('{}') && !mayHaveLostNumber(json, nonFiniteNumbers)) return undefined;
  return (value) => !hasLoneSurrogate && isPlain(value, nonFiniteNumbers) ? undefined : findLoss(value, nonFiniteNumbers);
}

function mayHaveLostNumber(json: string, nonFiniteNumbers: NonFiniteNumbers): boolean {
  return nonFiniteNumbers === NonFiniteNumbers.FAIL && json.includes('ull') && NULL.test(json);
}

/** The first loss in a value that has no JSON, or whose JSON is known to lack something. */
export function findLoss(value: unknown, nonFiniteNumbers: NonFiniteNumbers): JsonLoss | undefined {
  try {
    const found = new LossFinder(nonFiniteNumbers).find(value, '');
    found?.path.reverse();
    return found;
  } catch (error) {
    return lossByThrown(error);
  }
}

/** The loss of a value that threw while it was being inspected. */
export function lossByThrown(thrown: unknown): JsonLoss {
  return isTooDeep(thrown) ? loss('is nested more deeply than JSON.stringify can follow', 'fewer levels of arrays and objects') : unreadable(thrown);
}

/** A quick check that a value has no loss, except perhaps in its strings. Most values with a `null` pass it. */
function isPlain(value: unknown, nonFiniteNumbers: NonFiniteNumbers): boolean {
  try {
    return isPlainValue(value, nonFiniteNumbers === NonFiniteNumbers.NULL);
  } catch {
    return false;
  }
}

function isPlainValue(value: unknown, anyNumber: boolean): boolean {
  if (typeof value === 'number') return anyNumber || Number.isFinite(value);
  if (typeof value !== 'object') return typeof value !== 'bigint' && typeof value !== 'function';
  if (value === null) return true;
  if ('toJSON' in value) return types.isDate(value) && Number.isFinite(value.getTime());
  if (Array.isArray(value)) return value.every((item) => isPlainValue(item, anyNumber));
  let isEmpty = true;
  for (const field in value) {
    isEmpty = false;
    if (!isPlainValue((value as Record<string, unknown>)[field], anyNumber)) return false;
  }
  return !isEmpty || isOfNoClass(value);
}

/** An object of a class may keep its data where JSON does not look: a Map, a Promise, private fields. */
export function isOfNoClass(value: object): boolean {
  const prototype = Object.getPrototypeOf(value) as object | null;
  // Not compared with Object.prototype: each realm has its own.
  return prototype === null || Object.getPrototypeOf(prototype) === null;
}

/** A loss whose path is written from the inside out. */
interface FoundLoss extends JsonLoss {
  readonly path: PathStep[];
}

function loss(problem: string, expected: string): FoundLoss {
  return { path: [], problem, expected };
}

/** Walks a value as JSON.stringify does: https://tc39.es/ecma262/#sec-serializejsonproperty */
class LossFinder {
  /** The objects around the current one. */
  private readonly around: object[] = [];

  constructor(private readonly nonFiniteNumbers: NonFiniteNumbers) {}

  public find(given: unknown, key: PathStep): FoundLoss | undefined {
    let value: unknown;
    try {
      value = unboxed(converted(given, key));
    } catch (error) {
      return unreadable(error);
    }
    switch (typeof value) {
      case 'number': return Number.isFinite(value) ? undefined : this.lostNumber(`is ${value}`, 'a finite number');
      case 'bigint': return loss('is a BigInt, which JSON cannot carry', 'a number or a string');
      case 'string': return isWellFormed(value) ? undefined : lossOfText();
      case 'object': return value === null ? this.lostTime(given) : this.findIn(value);
      default: return undefined;
    }
  }

  private lostTime(given: unknown): FoundLoss | undefined {
    return types.isDate(given) && Number.isNaN(given.getTime()) ? this.lostNumber('is an invalid Date', 'a valid Date') : undefined;
  }

  private lostNumber(problem: string, expected: string): FoundLoss | undefined {
    if (this.nonFiniteNumbers === NonFiniteNumbers.NULL) return undefined;
    return loss(`${problem}, which would become null`, `${expected}, or ${DeployedAdvice.NON_FINITE_NUMBERS}`);
  }

  private findIn(value: object): FoundLoss | undefined {
    if (this.around.includes(value)) return loss('refers back to an object that it is part of, and JSON cannot carry a cycle', 'values without cycles');
    this.around.push(value);
    try {
      return Array.isArray(value) ? this.findInItems(value) : this.findInFields(value as Record<string, unknown>);
    } catch (error) {
      return unreadable(error);
    } finally {
      this.around.pop();
    }
  }

  private findInItems(items: readonly unknown[]): FoundLoss | undefined {
    for (let index = 0; index < items.length; index++) {
      const found = this.findAt(items, index);
      if (found !== undefined) return found;
    }
    return undefined;
  }

  private findInFields(fields: Readonly<Record<string, unknown>>): FoundLoss | undefined {
    const lostAll = lossOfAll(fields);
    if (lostAll !== undefined) return lostAll;
    for (const name of Object.keys(fields)) {
      const found = isWellFormed(name) ? this.findAt(fields, name) : lossOfText('has a field whose name');
      if (found !== undefined) return found;
    }
    return undefined;
  }

  private findAt(holder: object, key: PathStep): FoundLoss | undefined {
    let found: FoundLoss | undefined;
    try {
      found = this.find((holder as Record<PathStep, unknown>)[key], key);
    } catch (error) {
      found = unreadable(error);
    }
    found?.path.push(key);
    return found;
  }
}

/** The loss of an object that JSON would write as `{}`, whatever it holds; `undefined` for any other. */
export function lossOfAll(value: object): FoundLoss | undefined {
  if (isOfNoClass(value) || Object.keys(value).length > 0) return undefined;
  return loss(`is ${classOf(value)}, of which JSON keeps nothing`, 'a plain object or an array');
}

/** The loss of a string that is not valid Unicode, such as one cut in the middle of a character. */
export function lossOfText(what: string = ''): FoundLoss {
  return loss(`${what && `${what} `}has half of a surrogate pair, which UTF-8 cannot carry`, 'well-formed text, as toWellFormed() makes it');
}

/** The result of `toJSON`, if the value has it. */
function converted(value: unknown, key: PathStep): unknown {
  if ((typeof value !== 'object' && typeof value !== 'function' && typeof value !== 'bigint') || value === null) return value;
  const { toJSON } = value as { readonly toJSON?: unknown };
  return typeof toJSON === 'function' ? toJSON.call(value, String(key)) as unknown : value;
}

/** The primitive in an object like `new Number(1)`, as JSON unwraps it. */
function unboxed(value: unknown): unknown {
  return types.isBoxedPrimitive(value) && !types.isSymbolObject(value) ? value.valueOf() : value;
}

function unreadable(error: unknown): FoundLoss {
  if (isTooDeep(error)) throw error;
  return loss(`cannot be read: a getter, toJSON or proxy threw ${thrownKind(error)}`, 'a value that can be read');
}

/** The object's class as messages name it. */
function classOf(value: object): string {
  const { name } = (value.constructor as { readonly name?: unknown } | undefined) ?? {};
  return typeof name === 'string' && looksLikeName(name) ? withArticle(name) : 'an object of a class';
}
