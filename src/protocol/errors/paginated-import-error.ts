import { LogFailure } from '../log-failure';
import { ImportContext } from './import-context';

/** That pages in the log are wrong, so that it is closed before the error is thrown: see docs/protocol.md. */
export type Closing = Pick<LogFailure, 'page' | 'unless'>;

/** Root of every error that an import ends with. */
export abstract class PaginatedImportError extends Error {
  /** Each error's own: the names of classes do not survive the bundler. */
  public static readonly NAME: string;

  /** Only where the import cannot go on with what is committed. */
  public readonly closing?: Closing;

  protected constructor(message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = new.target.NAME;
  }
}

/** Root of the errors that name an import. */
export abstract class ImportError extends PaginatedImportError {
  public readonly importId: string;

  protected constructor({ importId }: Pick<ImportContext, 'importId'>, message: string, options?: ErrorOptions) {
    super(message, options);
    this.importId = importId;
  }
}
