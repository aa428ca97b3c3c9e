import { declaredPath } from './declared-path';
import type { SchemaIssue } from './standard-schema';

/** Says what a schema refuses without quoting the value: an issue's message may, so its place and its kind are told instead. */

/** Maximum issues told. */
const MOST_ISSUES = 10;

/** Matches what the libraries call their kinds of issues, such as `invalid_type` or `minLength`. */
const KIND = /^[a-z]+(?:_[a-z]+)*$/i;
const KIND_CHARACTERS = 40;

/** What is expected may be a literal or a pattern too, which some libraries make from the value. */
const TYPES = new Set([
  'array', 'bigint', 'boolean', 'date', 'function', 'int', 'integer', 'map', 'never', 'null', 'number', 'object', 'Object', 'record', 'set', 'string',
  'symbol', 'tuple', 'undefined', 'Array', 'Date', 'Map', 'Set',
]);

/**
 * @param schema tells the names of fields from the keys of data
 * @param value tells where the indexes of an array are
 */
export function issuesText(issues: readonly SchemaIssue[], schema: unknown, value: unknown): string {
  const texts = issues.slice(0, MOST_ISSUES).map((issue) => {
    const path = declaredPath(issue.path ?? [], schema, value);
    return `${path}${path === '' ? '' : ': '}${kindOf(issue)}`;
  });
  return [...texts, ...issues.length > MOST_ISSUES ? [`${issues.length - MOST_ISSUES} more`] : []].join('; ');
}

/** Standard Schema has no kinds. Libraries name them by `code` (zod, ArkType) or `type` (valibot). */
function kindOf(issue: object): string {
  const { code, type, expected } = issue as { readonly code?: unknown; readonly type?: unknown; readonly expected?: unknown };
  const kind = [code, type].find((name): name is string => typeof name === 'string' && name.length <= KIND_CHARACTERS && KIND.test(name)) ?? 'invalid';
  return typeof expected === 'string' && TYPES.has(expected) ? `${kind}, expected ${expected}` : kind;
}
