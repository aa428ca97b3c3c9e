import type { Context } from 'aws-lambda';
import { STEP_FAILED_MESSAGE } from '../../protocol/environment';
import { PaginatedImportError } from '../../protocol/errors';
import { describeError } from '../errors/describe-error';
import { plainRedactor } from '../errors/redact';
import { logLine, LogLevel } from './log-line';

/** The handler of a step's function. */
export type StepHandler<Request, Result> = (request: Request, context: Context) => Promise<Result>;

/**
 * A step whose failure is a line in its function's log. Lambda itself writes an error's message and stack, and none of its causes; and an
 * error that is none of the catalogue's may say what it should not.
 *
 * @param name of the state
 */
export function step<Request, Result>(name: string, handler: StepHandler<Request, Result>): StepHandler<Request, Result> {
  return async (request, context) => {
    try {
      return await handler(request, context);
    } catch (error) {
      const failed = { step: name, importId: importIdOf(request), error: nameOf(error), reason: reasonOf(error) };
      logLine(LogLevel.ERROR, { message: STEP_FAILED_MESSAGE, ...failed });
      throw error instanceof PaginatedImportError ? error : withoutSecrets(error);
    }
  };
}

/** `undefined` for an import that has not begun. */
function importIdOf(request: unknown): string | undefined {
  const { importId, state } = (request ?? {}) as { readonly importId?: string; readonly state?: { readonly importId?: string } };
  return importId ?? state?.importId;
}

/** A message of the catalogue has the causes in it, as far as they may be told. */
function reasonOf(error: unknown): string {
  return error instanceof PaginatedImportError ? error.message : describeError(error);
}

function nameOf(error: unknown): string {
  return error instanceof Error ? error.name : typeof error;
}

/** What Lambda and Step Functions are told of an error that nobody has foreseen: its name, so that it is retried as before. */
function withoutSecrets(error: unknown): unknown {
  if (!(error instanceof Error)) return error;
  const told = new Error(describeError(error));
  told.name = error.name;
  told.stack = plainRedactor(error.stack ?? '');
  return told;
}
