import { NON_RETRYABLE_ERROR } from '../../protocol/fetch-contract';
import { Breakage, BrokenProcess } from '../ports/broken-process';
import { describeError } from './describe-error';
import { Redactor } from './redact';

/** Describes what a handler has thrown. */

/** Says so if the handler threw something other than an Error. */
export function reasonOf(error: unknown, redact: Redactor): string {
  const reason = describeError(error, redact);
  if (typeof error === 'string') return `it threw the string ${reason} instead of an Error`;
  return reason.startsWith('a value of type') ? `it threw ${reason} instead of an Error` : reason;
}

const BROKEN: Readonly<Record<Breakage, string>> = {
  uncaughtException: 'an error was thrown outside of its promise',
  unhandledRejection: 'a promise was rejected before anything handled it',
  load: 'its code outside of the handler threw',
};

/** The same for what a handler threw outside its promise. */
export function reasonOfBroken({ by, thrown }: BrokenProcess, redact: Redactor): string {
  return `${BROKEN[by]}: ${describeError(thrown, redact)}`;
}

export function isRetryable(error: unknown): boolean {
  return (error as { name?: unknown } | undefined)?.name !== NON_RETRYABLE_ERROR;
}

/** What was thrown, or an error in its place if it cannot even be read, such as a revoked proxy. */
export function readable(thrown: unknown): unknown {
  try {
    const { name, message, retryAfterSeconds } = (thrown ?? {}) as { name?: unknown; message?: unknown; retryAfterSeconds?: unknown };
    void [name, message, retryAfterSeconds];
    return thrown;
  } catch {
    return new Error('it threw a value that cannot be read');
  }
}
