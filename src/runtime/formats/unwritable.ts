import { constants } from 'node:buffer';
import { NonFiniteNumbers } from '../../protocol/choices';
import { PageContext, PageTooLargeError, PaginatedImportError } from '../../protocol/errors';
import { refuseLoss } from './invalid-page';
import { findLoss, JsonLoss, lossByThrown, lossesBehind, PathStep } from './json-loss';
import { isInstance, isTooLong } from './thrown';

/** A record, or a part of one, that no format can write. */
export class Unwritable extends Error {
  constructor(public readonly loss: JsonLoss) {
    super(loss.problem);
  }

  /** The same error, seen from the object that has this field. */
  public in(field: PathStep): Unwritable {
    return new Unwritable({ ...this.loss, path: [field, ...this.loss.path] });
  }
}

/**
 * The value as JSON; `undefined` for what JSON leaves out.
 *
 * @throws Unwritable for what JSON cannot carry
 */
export function jsonOf(value: unknown, nonFiniteNumbers: NonFiniteNumbers): string | undefined {
  try {
    return JSON.stringify(value) as string | undefined;
  } catch (error) {
    if (isTooLong(error)) throw error;
    // findLoss finds nothing if the value is only just too deep for JSON.stringify, or differs on each access.
    throw new Unwritable(findLoss(value, nonFiniteNumbers) ?? lossByThrown(error));
  }
}

/** Refuses a page in which JSON has changed or lost something. */
export function refuseLosses(records: readonly unknown[], json: string, page: PageContext, nonFiniteNumbers: NonFiniteNumbers): void {
  const lossOf = lossesBehind(json, nonFiniteNumbers);
  if (lossOf === undefined) return;
  records.forEach((record, index) => {
    const loss = lossOf(record);
    if (loss !== undefined) refuseLoss(page, index, loss);
  });
}

/** Refuses a record because of what was thrown while writing it. */
export function refuseRecord(error: unknown, page: PageContext, index: number, limitBytes: number): never {
  if (isInstance(error, PaginatedImportError)) throw error;
  if (isTooLong(error)) throw new PageTooLargeError(page, constants.MAX_STRING_LENGTH, limitBytes);
  refuseLoss(page, index, isInstance(error, Unwritable) ? error.loss : lossByThrown(error));
}
