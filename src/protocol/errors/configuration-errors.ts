import { sentence } from '../sentence';
import { PaginatedImportError } from './paginated-import-error';

/** A placeholder of the destination has made a key that the import cannot publish to. */
export class DestinationKeyError extends PaginatedImportError {
  public static readonly NAME = 'DestinationKeyError';
  /** @param problem what stands behind "A key of the destination" */
  constructor(public readonly problem: string, public readonly remedy: string) {
    super(`A key of the destination ${sentence(problem)} ${remedy} on the construct, deploy, and start a new execution.`);
  }
}

/** A Lambda function is not configured as the constructs would. */
export class ConfigurationError extends PaginatedImportError {
  public static readonly NAME = 'ConfigurationError';
  constructor(public readonly variable: string, public readonly problem: string) {
    super(`The environment variable ${variable} ${sentence(problem)} It is set by the PaginatedImport construct: deploy the stack again, then redrive `
      + 'the execution.');
  }
}
