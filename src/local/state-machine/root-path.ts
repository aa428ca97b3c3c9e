import { JsonValue } from '../../protocol/json';

/**
 * The library finds no value at the path `$` if that value is 0, false, null or an empty string. Such a value is put next to the context
 * object, and its paths are rewritten to point there.
 */
export const ROOT_KEY = 'Root';

export function isFalsy(value: JsonValue): boolean {
  return !value;
}

/** Whether a path, or its absence, means the whole value. */
export function isRoot(path: string | null | undefined): path is '$' | undefined {
  return path === undefined || path === '$';
}

/**
 * Rewrites a payload template, or rules of a Choice state, so that their paths find a falsy value.
 *
 * @param keys more keys whose values are paths, besides those that end in `.$`
 */
export function rooted<T>(template: T, value: JsonValue, keys: readonly string[] = []): T {
  if (!isFalsy(value) || typeof template !== 'object' || template === null) return template;
  if (Array.isArray(template)) return template.map((item: unknown) => rooted(item, value, keys)) as T;
  const isPath = (key: string): boolean => key.endsWith('.$') || keys.includes(key);
  return Object.fromEntries(Object.entries(template).map(([key, entry]: [string, unknown]) =>
    [key, isPath(key) && typeof entry === 'string' ? rootedPath(entry) : rooted(entry, value, keys)])) as T;
}

/** Rewrites a path, or a call of intrinsic functions that contains paths. Quoted text is unchanged. */
function rootedPath(path: string): string {
  return path.replace(/'(?:[^'\\]|\\.)*'|\$\$|\$(?![.[$])/g, (found) => found === '$' ? `$$.${ROOT_KEY}` : found);
}
