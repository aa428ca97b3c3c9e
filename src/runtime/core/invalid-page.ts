import { InvalidPageError, PageContext } from '../../protocol/errors';
import type { JsonLoss, PathStep } from './json-loss';

/**
 * How a page is refused: with kinds and numbers, never with what the source gave, which may be a record or a secret.
 */

/** What a field's name looks like, and no id, address or key. */
const FIELD_NAME = /^[A-Za-z][A-Za-z_]{0,39}$/;

/** Steps of a path that are shown. */
const PATH_STEPS_SHOWN = 8;

export function refuse(page: PageContext, problem: string, expected: string): never {
  throw new InvalidPageError(page, problem, expected);
}

/** Refuses what a record has in it. */
export function refuseLoss(page: PageContext, index: number, { path, problem, expected }: JsonLoss): never {
  refuse(page, `records[${index}]${pathText(path)} ${problem}`, expected);
}

/** Where in a value something is. Fields whose names may be data are not named. */
export function pathText(path: readonly PathStep[]): string {
  const shown = path.slice(0, PATH_STEPS_SHOWN).map((step) => typeof step === 'number' ? `[${step}]` : `.${looksLikeName(step) ? step : '<field>'}`);
  return `${shown.join('')}${path.length > PATH_STEPS_SHOWN ? '...' : ''}`;
}

/** The kind of a value, never the value. Numbers and booleans are shown. */
export function describe(value: unknown): string {
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
