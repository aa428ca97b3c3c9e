import { STATUS_CODES } from 'node:http';
import { LAMBDA_TIMEOUT_SECONDS } from '../../protocol/limits';

/** Where a fault strikes, and how often. */
export interface FaultOptions {
  /** Number of the page, from 1. */
  readonly page: number;
  /** How often it strikes in each import, from 1. A resumed import goes on counting. @default 1 */
  readonly times?: number;
  /**
   * The import that it strikes, by the construct path of the import, or the end of it: `MyStack/Orders`.
   * @default - every import
   */
  readonly import?: string;
  /** Whether it strikes an import whose execution was given this input: asked once for each import. @default - whatever the input */
  readonly whenInput?: (input: unknown) => boolean;
}

export interface TooManyRequestsOptions extends FaultOptions {
  /**
   * What the source gives as `Retry-After`, in seconds. Up to 5 are waited in the fetch function, where they pass in real time; more in a
   * Wait state, by the `timeScale` of the local run. 0 is no hint: the page is retried as after `serverError`.
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
   * Timeout of the fetch function, in whole seconds, in place of the one that it is deployed with: the handler is waited for until shortly
   * before it. It holds for every invocation of the function, since an invocation plans its time when it begins.
   *
   * @default 3
   */
  readonly functionTimeoutSeconds?: number;
}

export interface RepeatedTokenOptions extends FaultOptions {
  /** Pages that the circle has, from 1, all of them after page 1. @default 1, the token that the page was asked for with */
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

/** Long enough for a Wait state, in which no time need pass. */
const DEFAULT_RETRY_AFTER_SECONDS = 30;
const DEFAULT_STATUS = 503;
const DEFAULT_FUNCTION_TIMEOUT_SECONDS = 3;

/**
 * Something that goes wrong at one page of an import, for tests of how your import takes it. Faults stand between the import's loop and
 * your handler, or between the loop and S3; the loop, your handler and the state machine are those that are deployed.
 *
 * Every fault works for handlers in the fetch function (`fromEntry`, `fromCode`) and for functions of their own (`fromFunction`) unless it
 * says otherwise. Where several are due at a page, or at a commit, the first one strikes, and the next one at the next attempt,
 * if there is one.
 */
export class Fault {
  /**
   * 429: the source wants no more requests for a while. Your handler is not called, and this is its answer: `{ retryAfterSeconds }`. Every
   * record is imported, unless the waits of one page pass `maxWait` (`MaxWaitExceededError`) or, without a hint, its attempts are used up
   * (`FetchPageError`).
   *
   * @throws RangeError for an option that is out of range, as all of these do
   */
  public static tooManyRequests(options: TooManyRequestsOptions): Fault {
    const { retryAfterSeconds = DEFAULT_RETRY_AFTER_SECONDS } = options;
    const isWait = Number.isFinite(retryAfterSeconds) && retryAfterSeconds >= 0;
    requireOption('tooManyRequests', 'retryAfterSeconds', retryAfterSeconds, 'a number of seconds from 0', isWait);
    return new Fault({ kind: 'tooManyRequests', retryAfterSeconds }, options);
  }

  /**
   * 5xx: the request fails. Your handler is not called, and an `Error` such as "503 Service Unavailable" is thrown in its place. The page
   * is tried `maxAttemptsPerPage` times (5 by default), with random delays of up to 1, 2, 4 and 8 seconds that pass in real time; then the
   * import fails with `FetchPageError` and can be resumed.
   */
  public static serverError(options: ServerErrorOptions): Fault {
    const { status = DEFAULT_STATUS } = options;
    const isServerError = Number.isInteger(status) && status >= 500 && status <= 599;
    requireOption('serverError', 'status', status, 'a whole number from 500 to 599', isServerError);
    return new Fault({ kind: 'serverError', status }, options);
  }

  /**
   * A request times out: your handler is not called, and what `fetch` throws with `AbortSignal.timeout`, a `TimeoutError`, is thrown in its
   * place, at once. The page is retried as after `serverError`.
   */
  public static timeout(options: FaultOptions): Fault {
    return new Fault({ kind: 'timeout' }, options);
  }

  /**
   * No answer: your handler is not called, and nothing answers in its place until the function's time is up, for which the function is
   * given less of it. Pages before this one are committed, and it is fetched again in the next invocation. Where it is the first page of an
   * invocation, it has used up one of its `maxAttemptsPerPage` attempts; after the last one the import fails with `FetchPageTimeoutError`.
   */
  public static hang(options: HangOptions): Fault {
    const { functionTimeoutSeconds = DEFAULT_FUNCTION_TIMEOUT_SECONDS } = options;
    requireOption('hang', 'functionTimeoutSeconds', functionTimeoutSeconds, `a whole number from 1 to ${LAMBDA_TIMEOUT_SECONDS}`,
      isCount(functionTimeoutSeconds) && functionTimeoutSeconds <= LAMBDA_TIMEOUT_SECONDS);
    return new Fault({ kind: 'hang', functionTimeoutSeconds }, options);
  }

  /**
   * A page token that was there before: your handler is called, and the `nextPageToken` of its answer is replaced by the one with which the
   * page, or an earlier one, was asked for. The import fails with `PageTokenLoopError`.
   *
   * With a circle of one page, nothing of that page is committed, and resuming gives the exact list. A longer one goes round until the
   * import notices it, and by then its pages have been committed, as the source gave them, more than once: start a new import. It
   * strikes each time around, so that `times` counts rounds, without end unless given.
   *
   * Only for sources with page tokens: the handler of another one fails with an error that says so. The circle cannot begin before page 2,
   * since page 1 is asked for without a token: `page` is greater than `cycleLength`.
   */
  public static repeatedToken(options: RepeatedTokenOptions): Fault {
    const { cycleLength = 1, page, times = cycleLength === 1 ? 1 : Infinity } = options;
    requireOption('repeatedToken', 'cycleLength', cycleLength, 'a whole number from 1', isCount(cycleLength));
    const expected = `a page after page ${cycleLength}, since page 1 is asked for without a token`;
    requireOption('repeatedToken', 'page', page, expected, page > cycleLength);
    return new Fault({ kind: 'repeatedToken', cycleLength }, { ...options, times });
  }

  /**
   * A page that is too large: your handler is called, and its answer is blown up.
   *
   * - In the fetch function: above an eighth of the function's memory. The import fails with `PageTooLargeError`, nothing of the page is
   *   committed, and it can be resumed.
   * - A function of its own: above the 6 MB that Lambda lets a function answer. The attempt fails with `Function.ResponseSizeTooLarge` and
   *   is retried as after `serverError`.
   */
  public static oversizePage(options: FaultOptions): Fault {
    return new Fault({ kind: 'oversizePage' }, options);
  }

  /**
   * The process of the fetch function dies after the page has been fetched, when its commit record is on its way to S3 and before it is
   * there. Step Functions sees `Runtime.ExitError` and retries; the pages of that commit are fetched again, and every record is imported
   * once.
   */
  public static killBeforeCommit(options: FaultOptions): Fault {
    return new Fault({ kind: 'killBeforeCommit' }, options);
  }

  /**
   * The process of the fetch function dies when the page's commit record is in S3, and before it has learnt so. Step Functions sees
   * `Runtime.ExitError` and retries; the pages of that commit are not fetched again, and every record is imported once.
   */
  public static killAfterCommit(options: FaultOptions): Fault {
    return new Fault({ kind: 'killAfterCommit' }, options);
  }

  /** Number of the page that it strikes. */
  public readonly page: number;
  /** How often it strikes in each import. */
  public readonly times: number;
  /** The import that it strikes; undefined for every one. */
  public readonly import?: string;
  /** Which executions' imports it strikes; undefined for all. */
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

  /** As messages name it. */
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
