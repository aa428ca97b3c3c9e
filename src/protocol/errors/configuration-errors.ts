import { sentence } from '../sentence';
import { PaginatedImportError } from './paginated-import-error';

/** The destination's placeholders produced a key that the import cannot publish to. */
export class DestinationKeyError extends PaginatedImportError {
  public static readonly NAME = 'DestinationKeyError';
  /** @param problem follows "A destination key" */
  constructor(public readonly problem: string, public readonly remedy: string) {
    super(`A destination key ${sentence(problem)} ${remedy} on the construct, deploy, and start a new execution.`);
  }
}

/** A Lambda function is not configured as the constructs configure it. */
export class ConfigurationError extends PaginatedImportError {
  public static readonly NAME = 'ConfigurationError';
  constructor(public readonly variable: string, public readonly problem: string) {
    super(`The environment variable ${variable} ${sentence(problem)} It is set by the PaginatedImport construct: deploy the stack again, then redrive `
      + 'the execution.');
  }
}
