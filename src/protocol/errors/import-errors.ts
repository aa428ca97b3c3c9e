import { sentence } from '../sentence';
import { ImportError, PaginatedImportError } from './paginated-import-error';

/** The import is not in the cache. */
export class ImportNotFoundError extends ImportError {
  public static readonly NAME = 'ImportNotFoundError';
  constructor(importId: string, public readonly bucket: string, public readonly key: string) {
    super({ importId }, `There is no import ${importId}: s3://${bucket}/${key} does not exist. Check the id, that the stack still has the cache in `
      + 'which the import was started, and that the cache\'s lifecycle has not removed the import; else start a new import.');
  }
}

/** The import is too old to go on with. */
export class ImportExpiredError extends ImportError {
  public static readonly NAME = 'ImportExpiredError';
  constructor(importId: string, public readonly expiresAt: string) {
    super({ importId }, `Import ${importId} expired at ${expiresAt}: parts of its cache may be gone, so it cannot be resumed. Start a new import.`);
  }
}

/** The execution's input asks for something that cannot be done. */
export class InvalidInputError extends PaginatedImportError {
  public static readonly NAME = 'InvalidInputError';
  constructor(public readonly problem: string, public readonly expected: string) {
    super(`The execution's input was refused: ${problem}; expected ${sentence(expected)} Correct it and start a new execution.`);
  }
}
