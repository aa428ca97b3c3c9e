import type { Context } from 'aws-lambda';
import { STEP_FAILED_MESSAGE } from '../../protocol/environment';
import { PaginatedImportError } from '../../protocol/errors';
import { describeError, ToldError } from '../errors/describe-error';
import { logLine, LogLevel } from './log-line';

/** The handler of a step's function. */
export type StepHandler<Request, Result> = (request: Request, context: Context) => Promise<Result>;

/**
 * Logs a step's failure as one line, with its causes. It is the only way out for errors: Lambda logs an error with its fields, and passes
 * its message and stack on to Step Functions and X-Ray. So it gets the catalogue's own errors without their causes, and of any other error
 * what may be told.
 *
 * @param name name of the state
 */
export function step<Request, Result>(name: string, handler: StepHandler<Request, Result>): StepHandler<Request, Result> {
  return async (request, context) => {
    try {
      return await handler(request, context);
    } catch (error) {
      const told = error instanceof PaginatedImportError ? error : new ToldError(error);
      const failed = { step: name, importId: importIdOf(request), error: told.name, reason: told.message };
      logLine(LogLevel.ERROR, { message: STEP_FAILED_MESSAGE, ...failed, ...causesOf(told) });
      delete told.cause;
      throw told;
    }
  };
}

/** `undefined` if the import does not exist yet. */
function importIdOf(request: unknown): string | undefined {
  const { importId, state } = (request ?? {}) as { readonly importId?: string; readonly state?: { readonly importId?: string } };
  return importId ?? state?.importId;
}

/** What the message leaves out. */
function causesOf({ cause, message }: Error): { readonly causes?: string } {
  const causes = cause === undefined ? '' : textOf(cause);
  return message.includes(causes) ? {} : { causes };
}

function textOf(cause: unknown): string {
  return cause instanceof ToldError ? cause.message : describeError(cause);
}
