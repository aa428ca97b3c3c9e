import { types } from 'node:util';
import { looksLikeName, withArticle } from './value-names';

/**
 * What somebody else's code has thrown: anything at all, such as a proxy that throws again when it is looked at.
 */

/** `instanceof`, which asks a proxy for its prototype. */
export function isInstance<Type>(thrown: unknown, type: Class<Type>): thrown is Type {
  return !types.isProxy(thrown) && type[Symbol.hasInstance](thrown);
}

/** Also one that is abstract, or whose constructor is not public. */
interface Class<Type> {
  readonly prototype: Type;
  [Symbol.hasInstance](value: unknown): boolean;
}

/** Its kind as messages name it. Its own message may hold data. */
export function thrownKind(thrown: unknown): string {
  try {
    const { name } = thrown as { readonly name?: unknown };
    return typeof name === 'string' && looksLikeName(name) ? withArticle(name) : 'a value';
  } catch {
    return 'a value';
  }
}

/** Whether the stack was not enough. */
export function isTooDeep(thrown: unknown): boolean {
  return isInstance(thrown, RangeError) && thrown.message === 'Maximum call stack size exceeded';
}

/** Whether a text would have been longer than V8 allows. */
export function isTooLong(thrown: unknown): boolean {
  return isInstance(thrown, RangeError) && thrown.message === 'Invalid string length';
}
