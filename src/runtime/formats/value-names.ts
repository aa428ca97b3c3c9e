/** Names values and fields in messages: by kind, never by what the source gave, which may be a record or a secret. */

/** Matches a field's name, but no id, address or key. */
const FIELD_NAME = /^[A-Za-z][A-Za-z_]{0,39}$/;

/** The kind of a value, never the value itself, except numbers and booleans. */
export function kindOf(value: unknown): string {
  if (value === undefined || value === null || typeof value === 'boolean' || typeof value === 'number') return String(value);
  if (typeof value === 'object') return Array.isArray(value) ? 'an array' : 'an object';
  return typeof value === 'bigint' ? 'a BigInt' : `a ${typeof value}`;
}

export function withArticle(name: string): string {
  return `${/^[AEIOU]/i.test(name) ? 'an' : 'a'} ${name}`;
}

/** Whether a field's name may be shown: an object may be keyed by customer. */
export function looksLikeName(field: string): boolean {
  return FIELD_NAME.test(field);
}
