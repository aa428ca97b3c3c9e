import { Json } from './definition';

/**
 * The library finds no value at the path `$` when that value is 0, false, null or an empty string. Such a value is put beside the
 * context object, and its paths are made to lead there.
 */
export const ROOT_KEY = 'Root';

export function isFalsy(value: Json): boolean {
  return !value;
}

/** Whether a path means the whole value, as none does. */
export function isRoot(path: string | null | undefined): path is '$' | undefined {
  return path === undefined || path === '$';
}

/**
 * A payload template, or rules of a Choice state, whose paths find a falsy value.
 *
 * @param keys keys whose values are paths, besides those that end in `.$`
 */
export function rooted<T>(template: T, value: Json, keys: readonly string[] = []): T {
  if (!isFalsy(value) || typeof template !== 'object' || template === null) return template;
  if (Array.isArray(template)) return template.map((item: unknown) => rooted(item, value, keys)) as T;
  const isPath = (key: string): boolean => key.endsWith('.$') || keys.includes(key);
  return Object.fromEntries(Object.entries(template).map(([key, entry]: [string, unknown]) =>
    [key, isPath(key) && typeof entry === 'string' ? rootedPath(entry) : rooted(entry, value, keys)])) as T;
}

/** Of a path, or a call of intrinsic functions with paths in it; texts in quotes stay. */
function rootedPath(path: string): string {
  return path.replace(/'(?:[^'\\]|\\.)*'|\$\$|\$(?![.[$])/g, (found) => found === '$' ? `$$.${ROOT_KEY}` : found);
}
