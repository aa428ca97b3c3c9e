import { sentence } from '../sentence';
import { PaginatedImportError } from './paginated-import-error';

/** A cache file has a format version that this code does not read. */
export class IncompatibleVersionError extends PaginatedImportError {
  public static readonly NAME = 'IncompatibleVersionError';
  /** As text, since the field may contain anything. */
  public readonly found: string;

  /** @param file the file as messages name it, e.g. its key */
  constructor(public readonly file: string, found: unknown, public readonly readable: number) {
    super(`${file} has format version ${String(found)}; this version of cdk-paginated-import reads version ${readable}. `
      + 'Deploy a version that reads it, or start a new import.');
    this.found = String(found);
  }
}

/** A file of the cache cannot be parsed. */
export class MalformedFileError extends PaginatedImportError {
  public static readonly NAME = 'MalformedFileError';
  /** @param file the file as messages name it, e.g. its key */
  constructor(public readonly file: string, public readonly problem: string) {
    super(`${file} cannot be read: ${sentence(problem)} Something other than this package has written it. Restore it, or start a new import.`);
  }
}
