import { STATUS_CODES } from 'node:http';
import { LAMBDA_TIMEOUT_SECONDS } from '../../protocol/limits';

/** Where a fault occurs, and how often. */
export interface FaultOptions {
  /** Number of the page, from 1. */
  readonly page: number;
  /** How often it occurs in each import, from 1. A resumed import continues the count. @default 1 */
  readonly times?: number;
  /**
   * The import that it applies to, by construct path or the end of the path: `MyStack/Orders`.
   * @default - every import
   */
  readonly import?: string;
  /** Whether it applies to an import with this input. Called once per import. @default - any input */
  readonly whenInput?: (input: unknown) => boolean;
}

export interface TooManyRequestsOptions extends FaultOptions {
  /**
   * The source's `Retry-After`, in seconds. Up to 5 seconds are spent in the fetch function, in real time; longer waits in a Wait state,
   * scaled by `timeScale`. 0 is no hint: the page is retried as after `serverError`.
   *
   * @default 30
   */
  readonly retryAfterSeconds?: number;
}

export interface ServerErrorOptions extends FaultOptions {
  /** Status, from 500 to 599. @default 503 */
  readonly status?: number;
}

export interface HangOptions extends FaultOptions {
  /**
   * Timeout of the fetch function, in whole seconds, instead of the deployed one. Fetch waits for the handler until shortly before it. It
   * applies to every invocation of the function, because an invocation plans its time when it begins.
   *
   * @default 3
   */
  readonly functionTimeoutSeconds?: number;
}

export interface RepeatedTokenOptions extends FaultOptions {
  /** Number of pages in the cycle, from 1, all after page 1. @default 1, the token that the page was requested with */
  readonly cycleLength?: number;
}

/** What a fault does. */
export type FaultEffect =
  | { readonly kind: 'tooManyRequests'; readonly retryAfterSeconds: number }
  | { readonly kind: 'serverError'; readonly status: number }
  | { readonly kind: 'timeout' }
  | { readonly kind: 'hang'; readonly functionTimeoutSeconds: number }
  | { readonly kind: 'repeatedToken'; readonly cycleLength: number }
  | { readonly kind: 'oversizePage' }
  | { readonly kind: 'killBeforeCommit' }
  | { readonly kind: 'killAfterCommit' };

/** Long enough for a Wait state, whose time can be skipped. */
const DEFAULT_RETRY_AFTER_SECONDS = 30;
const DEFAULT_STATUS = 503;
const DEFAULT_FUNCTION_TIMEOUT_SECONDS = 3;

/**
 * A failure at one page of an import, to test how your import handles it. Faults occur between the import's loop and your handler, or
 * between the loop and S3. The loop, your handler and the state machine are the ones that you deploy.
 *
 * Unless it says otherwise, a fault works for handlers in the fetch function (`fromEntry`, `fromCode`) and for separate functions
 * (`fromFunction`). If several faults are due at a page or a commit, the first one occurs now and the next one at the next attempt, if
 * there is one.
 */
export class Fault {
  /**
   * 429: the source asks for a pause. Your handler is not called; `{ retryAfterSeconds }` is answered in its place. Every record is
   * imported, unless the waits for one page exceed `maxWait` (`MaxWaitExceededError`) or, without a hint, its attempts are used up
   * (`FetchPageError`).
   *
   * @throws RangeError if an option is out of range, as all faults do
   */
  public static tooManyRequests(options: TooManyRequestsOptions): Fault {
    const { retryAfterSeconds = DEFAULT_RETRY_AFTER_SECONDS } = options;
    const isWait = Number.isFinite(retryAfterSeconds) && retryAfterSeconds >= 0;
    requireOption('tooManyRequests', 'retryAfterSeconds', retryAfterSeconds, 'a number of seconds from 0', isWait);
    return new Fault({ kind: 'tooManyRequests', retryAfterSeconds }, options);
  }

  /**
   * 5xx: the request fails. Your handler is not called; an `Error` such as "503 Service Unavailable" is thrown in its place. The page is
   * tried `maxAttemptsPerPage` times (5 by default), with random delays of up to 1, 2, 4 and 8 seconds in real time. Then the import fails
   * with `FetchPageError` and can be resumed.
   */
  public static serverError(options: ServerErrorOptions): Fault {
    const { status = DEFAULT_STATUS } = options;
    const isServerError = Number.isInteger(status) && status >= 500 && status <= 599;
    requireOption('serverError', 'status', status, 'a whole number from 500 to 599', isServerError);
    return new Fault({ kind: 'serverError', status }, options);
  }

  /**
   * A request times out. Your handler is not called; a `TimeoutError`, which `fetch` throws with `AbortSignal.timeout`, is thrown in its
   * place at once. The page is retried as after `serverError`.
   */
  public static timeout(options: FaultOptions): Fault {
    return new Fault({ kind: 'timeout' }, options);
  }

  /**
   * No answer. Your handler is not called, and nothing answers until the function's time is up; the function gets a shorter timeout for
   * this. Pages before this one are committed, and the page is fetched again in the next invocation. If it is the first page of an
   * invocation, this uses up one of its `maxAttemptsPerPage` attempts; after the last one the import fails with `FetchPageTimeoutError`.
   */
  public static hang(options: HangOptions): Fault {
    const { functionTimeoutSeconds = DEFAULT_FUNCTION_TIMEOUT_SECONDS } = options;
    requireOption('hang', 'functionTimeoutSeconds', functionTimeoutSeconds, `a whole number from 1 to ${LAMBDA_TIMEOUT_SECONDS}`,
      isCount(functionTimeoutSeconds) && functionTimeoutSeconds <= LAMBDA_TIMEOUT_SECONDS);
    return new Fault({ kind: 'hang', functionTimeoutSeconds }, options);
  }

  /**
   * A repeated page token. Your handler is called, and the `nextPageToken` of its answer is replaced with the token that this page, or an
   * earlier one, was requested with. The import fails with `PageTokenLoopError`.
   *
   * In a cycle of one page, that page is not committed, and a resumed import is complete and correct. A longer cycle repeats until the
   * import detects it. By then its pages have been committed more than once: start a new import. The fault occurs in every lap, so `times`
   * counts laps; by default, their number is unlimited.
   *
   * Only for sources with page tokens: other handlers fail with an error that says so. The cycle cannot begin before page 2, because page 1
   * is requested without a token: `page` must be greater than `cycleLength`.
   */
  public static repeatedToken(options: RepeatedTokenOptions): Fault {
    const { cycleLength = 1, page, times = cycleLength === 1 ? 1 : Infinity } = options;
    requireOption('repeatedToken', 'cycleLength', cycleLength, 'a whole number from 1', isCount(cycleLength));
    const expected = `a page after page ${cycleLength}, since page 1 is requested without a token`;
    requireOption('repeatedToken', 'page', page, expected, page > cycleLength);
    return new Fault({ kind: 'repeatedToken', cycleLength }, { ...options, times });
  }

  /**
   * A page that is too large. Your handler is called, and its answer is inflated.
   *
   * - In the fetch function: to more than an eighth of the function's memory. The import fails with `PageTooLargeError`, the page is not
   *   committed, and the import can be resumed.
   * - In a separate function: to more than the 6 MB that Lambda lets a function return. The attempt fails with
   *   `Function.ResponseSizeTooLarge` and is retried as after `serverError`.
   */
  public static oversizePage(options: FaultOptions): Fault {
    return new Fault({ kind: 'oversizePage' }, options);
  }

  /**
   * The process of the fetch function dies after it has fetched the page, while the commit record is on its way to S3. Step Functions sees
   * `Runtime.ExitError` and retries. The pages of that commit are fetched again, and every record is imported once.
   */
  public static killBeforeCommit(options: FaultOptions): Fault {
    return new Fault({ kind: 'killBeforeCommit' }, options);
  }

  /**
   * The process of the fetch function dies when the page's commit record is in S3, but before the reply arrives. Step Functions sees
   * `Runtime.ExitError` and retries. The pages of that commit are not fetched again, and every record is imported once.
   */
  public static killAfterCommit(options: FaultOptions): Fault {
    return new Fault({ kind: 'killAfterCommit' }, options);
  }

  /** Number of the page where it occurs. */
  public readonly page: number;
  /** How often it occurs in each import. */
  public readonly times: number;
  /** The import that it applies to; undefined for all. */
  public readonly import?: string;
  /** Which inputs it applies to; undefined for all. */
  public readonly whenInput?: (input: unknown) => boolean;

  private constructor(
    /** What it does. */
    public readonly effect: FaultEffect,
    { page, times = 1, import: path, whenInput }: FaultOptions,
  ) {
    requireOption(effect.kind, 'page', page, 'a whole number from 1', isCount(page));
    requireOption(effect.kind, 'times', times, 'a whole number from 1, or Infinity', isCount(times) || times === Infinity);
    this.page = page;
    this.times = times;
    this.import = path;
    this.whenInput = whenInput;
  }

  /** How messages name it. */
  public toString(): string {
    return `Fault.${this.effect.kind} at page ${this.page}`;
  }
}

/** The text of a status, as a source's client reports it. */
export function statusText(status: number): string {
  return `${status} ${STATUS_CODES[status] ?? 'Server Error'}`;
}

function isCount(value: number): boolean {
  return Number.isInteger(value) && value >= 1;
}

function requireOption(fault: FaultEffect['kind'], option: string, value: unknown, expected: string, isRight: boolean): void {
  if (!isRight) throw new RangeError(`Fault.${fault}: ${option} is ${String(value)}; expected ${expected}. Correct the option.`);
}
