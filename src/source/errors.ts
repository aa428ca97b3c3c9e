import { NON_RETRYABLE_ERROR, RETRY_LATER_ERROR } from '../protocol/fetch-contract';

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
  /**
   * @param retryAfterSeconds seconds to wait, whole or fractional. What is no number above 0 means "no hint", and the page is retried as
   * after any other error: `0`, a negative number, or the `NaN` that `Number()` makes of a `Retry-After` header with a date in it.
   */
  constructor(public readonly retryAfterSeconds: number, message?: string, options?: ErrorOptions) {
    super(message ?? `The source asks for a retry ${retryAfterSeconds > 0 ? `in ${retryAfterSeconds} s` : 'without saying when'}`, options);
    this.name = RETRY_LATER_ERROR;
  }
}
