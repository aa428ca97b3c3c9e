import { OnEmpty, TotalMismatch } from '../../protocol/choices';
import { EmptyImportError, TooFewRecordsError, TotalMismatchError } from '../../protocol/errors';
import { Publication } from './publication';

/** What an import must be to be published. */
export interface PublishRules {
  /**
   * What becomes of an import without records.
   * @default OnEmpty.PUBLISH
   */
  readonly onEmpty?: OnEmpty;
  /**
   * Least records of an import that is published.
   * @default 0
   */
  readonly minRecords?: number;
  /**
   * What becomes of an import that has another number of records than its source said.
   * @default TotalMismatch.FAIL
   */
  readonly onTotalMismatch?: TotalMismatch;
}

/**
 * Stands between a finished log and its readers: until it lets the import pass, what was there stands. Not to be asked where the import's
 * own object stands already, since nothing could be prevented any more.
 *
 * @returns whether the import is published, or ends without that
 * @throws EmptyImportError, TooFewRecordsError or TotalMismatchError when it must not be published
 */
export function passGate({ file, log }: Publication, { onEmpty, minRecords = 0, onTotalMismatch }: PublishRules): 'publish' | 'skip' {
  const { records, sourceTotal } = log;
  const isSkipped = records === 0 && onEmpty === OnEmpty.SKIP;
  if (records === 0 && onEmpty === OnEmpty.FAIL) throw new EmptyImportError(file);
  if (records < minRecords && !isSkipped) throw new TooFewRecordsError(file, records, minRecords);
  // Also of an import that is skipped: that its source has nothing is one thing, that it has not given it another.
  if (sourceTotal !== undefined && sourceTotal !== records && onTotalMismatch !== TotalMismatch.WARN) {
    throw new TotalMismatchError(file, sourceTotal, records);
  }
  return isSkipped ? 'skip' : 'publish';
}
