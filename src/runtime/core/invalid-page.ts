import { InvalidPageError, PageContext } from '../../protocol/errors';

/**
 * How a page is refused: with kinds and numbers, never with what the source gave, which may be a record or a secret.
 */

/** What a field's name looks like, and no id, address or key. */
const FIELD_NAME = /^[A-Za-z][A-Za-z_]{0,39}$/;

export function refuse(page: PageContext, problem: string, expected: string): never {
  throw new InvalidPageError(page, problem, expected);
}

/** Refuses a record that JSON cannot carry. */
export function refuseRecord(page: PageContext, index: number, record: unknown): never {
  refuse(page, `records[${index}] is ${describe(record)}, which JSON cannot carry`, 'a value without BigInts, cycles or functions');
}

/** The kind of a value, never the value. Numbers and booleans are shown. */
export function describe(value: unknown): string {
  if (value === undefined || value === null || typeof value === 'boolean' || typeof value === 'number') return String(value);
  if (typeof value === 'object') return Array.isArray(value) ? 'an array' : 'an object';
  return `a ${typeof value}`;
}

/** Whether a field's name may be shown: an object may be keyed by customer. */
export function looksLikeName(field: string): boolean {
  return FIELD_NAME.test(field);
}

/** The value as JSON, or `undefined` where JSON cannot carry it. */
export function toJson(value: unknown): string | undefined {
  try {
    return JSON.stringify(value) as string | undefined;
  } catch {
    return undefined;
  }
}
