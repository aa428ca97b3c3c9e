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
 * The source asks to be left alone: the same page is fetched again after the wait, which costs no compute. The thrown form of
 * answering `{ retryAfterSeconds }`.
 */
export class RetryLaterError extends Error {
  /**
   * @param retryAfterSeconds seconds to wait, 0 or more; `0` means "no hint" and is retried like any other error
   */
  constructor(public readonly retryAfterSeconds: number, message?: string, options?: ErrorOptions) {
    super(message ?? `The source asks for a retry in ${retryAfterSeconds} s`, options);
    this.name = RETRY_LATER_ERROR;
  }
}
