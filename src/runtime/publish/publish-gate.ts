import { OnEmpty, TotalMismatch } from '../../protocol/choices';
import { EmptyImportError, TooFewRecordsError, TotalMismatchError } from '../../protocol/errors';
import { Publication } from './publication';

/** What an import must be to be published. All of it is said: these are rules, and no listeners that may be missing. */
export interface PublishRules {
  /** What is done with an import without records. */
  readonly onEmpty: OnEmpty;
  /** Minimum records an import needs before it is published. */
  readonly minRecords: number;
  /** What is done with an import that has another number of records than its source said. */
  readonly onTotalMismatch: TotalMismatch;
}

/**
 * Stands between a finished log and its readers: until it lets the import pass, what was there stands. Not to be asked where the import's
 * own object stands already, since nothing could be prevented any more.
 *
 * @returns whether the import is published, or ends without that
 * @throws EmptyImportError, TooFewRecordsError or TotalMismatchError when it must not be published
 */
export function passGate({ file, log }: Publication, { onEmpty, minRecords, onTotalMismatch }: PublishRules): 'publish' | 'skip' {
  const { records, sourceTotal } = log;
  const isSkipped = records === 0 && onEmpty === OnEmpty.SKIP;
  if (records === 0 && onEmpty === OnEmpty.FAIL) throw new EmptyImportError(file);
  if (records < minRecords && !isSkipped) throw new TooFewRecordsError(file, records, minRecords);
  // Also of an import that is skipped: that its source has nothing is one thing, that it has not given it another.
  if (sourceTotal !== undefined && sourceTotal !== records && onTotalMismatch === TotalMismatch.FAIL) {
    throw new TotalMismatchError(file, sourceTotal, records);
  }
  return isSkipped ? 'skip' : 'publish';
}
