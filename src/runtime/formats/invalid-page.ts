import { InvalidPageError, PageContext } from '../../protocol/errors';
import { JsonLoss, PathStep } from './json-loss';
import { looksLikeName } from './value-names';

/** Refuses pages, naming kinds and numbers only, never what the source gave: that may be a record or a secret. */

/** Maximum steps of a path in a message. */
const PATH_STEPS_SHOWN = 8;

export function refuse(page: PageContext, problem: string, expected: string): never {
  throw new InvalidPageError(page, problem, expected);
}

/** Refuses a page because of a value in a record. */
export function refuseLoss(page: PageContext, index: number, { path, problem, expected }: JsonLoss): never {
  refuse(page, `records[${index}]${pathText(path)} ${problem}`, expected);
}

/** The path to a value, for messages. Names that may be data are hidden. */
export function pathText(path: readonly PathStep[]): string {
  const shown = path.slice(0, PATH_STEPS_SHOWN).map((step) => typeof step === 'number' ? `[${step}]` : `.${looksLikeName(step) ? step : '<field>'}`);
  return `${shown.join('')}${path.length > PATH_STEPS_SHOWN ? '...' : ''}`;
}
