import { NON_RETRYABLE_ERROR, RETRY_LATER_ERROR } from '../../protocol/fetch-contract';
import { RetryAfter, secondsUntil } from '../../protocol/retry-after';

/**
 * Throw this if the page cannot be fetched and a retry would not help. The import fails at once. Committed pages stay, and the import can
 * be resumed once the cause is fixed.
 */
export class NonRetryableError extends Error {
  constructor(message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = NON_RETRYABLE_ERROR;
  }
}

/**
 * Throw this if the source asks you to wait. The same page is fetched again after the wait, which is never cut short. It has the same
 * effect as answering `{ retryAfterSeconds }`: waits of more than 5 seconds happen in a Wait state and cost no compute.
 */
export class RetryLaterError extends Error {
  /** Seconds to wait, from the moment the error was created. 0 means "no hint": the page is retried as after any other error. */
  public readonly retryAfterSeconds: number;

  /**
   * @param retryAfter seconds, a time, or the text of a `Retry-After` header. Anything that is not a time in the future is no hint: 0, a
   * negative number, NaN, a past date, unreadable text, a missing header
   * @param message must not contain secrets
   */
  constructor(retryAfter: RetryAfter | undefined, message?: string, options?: ErrorOptions) {
    const seconds = secondsUntil(retryAfter, Date.now());
    super(message ?? `The source asks for a retry ${seconds > 0 ? `in ${seconds} s` : 'without saying when'}`, options);
    this.name = RETRY_LATER_ERROR;
    this.retryAfterSeconds = seconds;
  }
}
