import { LogFailure } from '../log-failure';
import { PaginatedImportError } from './paginated-import-error';

/** The error that closed a log, with its original name and message. */
class RecordedError extends PaginatedImportError {
  constructor(public readonly failure: LogFailure) {
    super(failure.message);
    this.name = failure.error;
  }
}

/** The error that every step throws if the log contains a failure. */
export function recordedError(failure: LogFailure): PaginatedImportError {
  return new RecordedError(failure);
}
