import { NON_RETRYABLE_ERROR, RETRY_LATER_ERROR } from '../protocol/fetch-contract';
import { RetryAfter, secondsUntil } from '../protocol/retry-after';

/**
 * The page cannot be had, and trying again would not help: the import fails at once. What was committed stays, and the import can
 * be resumed when the cause is removed.
 */
export class NonRetryableError extends Error {
  constructor(message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = NON_RETRYABLE_ERROR;
  }
}

/**
 * The source asks to be left alone: the same page is fetched again after the wait, which is never cut short. The thrown form of
 * answering `{ retryAfterSeconds }`: more than 5 seconds are waited in a Wait state and cost no compute.
 */
export class RetryLaterError extends Error {
  /** Seconds to wait, counted from when the error was made. 0 means "no hint": the page is retried as after any other error. */
  public readonly retryAfterSeconds: number;

  /**
   * @param retryAfter seconds, a time, or the text of a `Retry-After` header. What is no time in the future is no hint: 0, a negative
   * number, NaN, a date that is over, a text that cannot be read, a header that is not there
   * @param message keep secrets out of it
   */
  constructor(retryAfter: RetryAfter | undefined, message?: string, options?: ErrorOptions) {
    const seconds = secondsUntil(retryAfter, Date.now());
    super(message ?? `The source asks for a retry ${seconds > 0 ? `in ${seconds} s` : 'without saying when'}`, options);
    this.name = RETRY_LATER_ERROR;
    this.retryAfterSeconds = seconds;
  }
}
