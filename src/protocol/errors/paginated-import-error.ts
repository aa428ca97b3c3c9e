import { LogFailure } from '../log-failure';
import { ImportContext } from './import-context';

/** For errors that mean wrong pages in the log: it is closed before the error is thrown. See docs/protocol.md. */
export type Closing = Pick<LogFailure, 'page' | 'unless'>;

/** Root of every error that ends an import. */
export abstract class PaginatedImportError extends Error {
  /** Every class defines its own, since the bundler does not keep class names. */
  public static readonly NAME: string;

  /** Set if the import cannot continue with its committed pages. */
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
