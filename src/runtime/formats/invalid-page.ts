import { InvalidPageError, PageContext } from '../../protocol/errors';
import { JsonLoss, PathStep } from './json-loss';
import { looksLikeName } from './value-names';

/**
 * How a page is refused: with kinds and numbers, never with what the source gave, which may be a record or a secret.
 */

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
