import { OnEmpty } from '../../protocol/environment';
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
   * Is told, when the import is published, that the source's total is another number than that of its records.
   * @default - such an import is not published
   */
  readonly onTotalMismatch?: TotalMismatchListener;
}

/** Is told of an import that is published although its records are not as many as the source said. */
export type TotalMismatchListener = (mismatch: RecordMismatch) => void;

/** An import with another number of records than its source said. */
export interface RecordMismatch {
  readonly importId: string;
  readonly records: number;
  readonly sourceTotal: number;
}

/**
 * Stands between a finished log and its readers: until it lets the import pass, what was there stands. Not to be asked where the import's
 * own object stands already, since nothing could be prevented any more.
 *
 * @returns whether the import is published, or ends without that
 * @throws EmptyImportError, TooFewRecordsError or TotalMismatchError when it must not be published
 */
export function passGate({ file, log }: Publication, { onEmpty, minRecords = 0, onTotalMismatch }: PublishRules): 'publish' | 'skip' {
  const { records } = log;
  const isSkipped = records === 0 && onEmpty === OnEmpty.SKIP;
  if (records === 0 && onEmpty === OnEmpty.FAIL) throw new EmptyImportError(file);
  if (records < minRecords && !isSkipped) throw new TooFewRecordsError(file, records, minRecords);
  // Also of an import that is skipped: that its source has nothing is one thing, that it has not given it another.
  const mismatch = mismatchOf({ file, log });
  if (mismatch !== undefined && onTotalMismatch === undefined) throw new TotalMismatchError(file, mismatch.sourceTotal, records);
  return isSkipped ? 'skip' : 'publish';
}

/** How the import differs from what its source said. */
export function mismatchOf({ file: { importId }, log: { sourceTotal, records } }: Pick<Publication, 'file' | 'log'>): RecordMismatch | undefined {
  return sourceTotal === undefined || sourceTotal === records ? undefined : { importId, records, sourceTotal };
}
