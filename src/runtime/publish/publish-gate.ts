import { OnEmpty, TotalMismatch } from '../../protocol/choices';
import { EmptyImportError, TooFewRecordsError, TotalMismatchError } from '../../protocol/errors';
import { Publication } from './publication';

/** When an import may be published. No rule is optional, so none can be forgotten. */
export interface PublishRules {
  /** What to do with an import without records. */
  readonly onEmpty: OnEmpty;
  /** Minimum records an import needs before it is published. */
  readonly minRecords: number;
  /** What to do if the number of records differs from the source's total. */
  readonly onTotalMismatch: TotalMismatch;
}

/**
 * Decides whether a finished import is published. Until it passes, the destination stays as it is. Not to be called if the import's own
 * object is already there: then it is too late.
 *
 * @returns whether to publish the import or to end it unpublished
 * @throws EmptyImportError, TooFewRecordsError or TotalMismatchError if it must not be published
 */
export function passGate({ file, log }: Publication, { onEmpty, minRecords, onTotalMismatch }: PublishRules): 'publish' | 'skip' {
  const { records, sourceTotal } = log;
  const isSkipped = records === 0 && onEmpty === OnEmpty.SKIP;
  if (records === 0 && onEmpty === OnEmpty.FAIL) throw new EmptyImportError(file);
  if (records < minRecords && !isSkipped) throw new TooFewRecordsError(file, records, minRecords);
  // Also before skipping: a source may be empty, but not announce records and give none.
  if (sourceTotal !== undefined && sourceTotal !== records && onTotalMismatch === TotalMismatch.FAIL) {
    throw new TotalMismatchError(file, sourceTotal, records);
  }
  return isSkipped ? 'skip' : 'publish';
}
