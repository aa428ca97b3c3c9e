import { types } from 'node:util';
import { looksLikeName, withArticle } from './value-names';

/** Inspects what foreign code has thrown: anything at all, such as a proxy that throws when it is touched. */

/** `instanceof`, but safe for proxies, which it would ask for their prototype. */
export function isInstance<Type>(thrown: unknown, type: Class<Type>): thrown is Type {
  return !types.isProxy(thrown) && type[Symbol.hasInstance](thrown);
}

/** Includes abstract classes and those without a public constructor. */
interface Class<Type> {
  readonly prototype: Type;
  [Symbol.hasInstance](value: unknown): boolean;
}

/** What was thrown, as messages name it. Its own message may contain data. */
export function thrownKind(thrown: unknown): string {
  try {
    const { name } = thrown as { readonly name?: unknown };
    return typeof name === 'string' && looksLikeName(name) ? withArticle(name) : 'a value';
  } catch {
    return 'a value';
  }
}

/** Whether the stack overflowed. */
export function isTooDeep(thrown: unknown): boolean {
  return isInstance(thrown, RangeError) && thrown.message === 'Maximum call stack size exceeded';
}

/** Whether a string would have exceeded V8's maximum length. */
export function isTooLong(thrown: unknown): boolean {
  return isInstance(thrown, RangeError) && thrown.message === 'Invalid string length';
}
