import { LogFailure } from '../log-failure';
import { PaginatedImportError } from './paginated-import-error';

/** What a closed log is refused with: the error that has closed it, in its own words. */
class RecordedError extends PaginatedImportError {
  constructor(public readonly failure: LogFailure) {
    super(failure.message);
    this.name = failure.error;
  }
}

/** The error that every step fails with that reads the failure in a log. */
export function recordedError(failure: LogFailure): PaginatedImportError {
  return new RecordedError(failure);
}
