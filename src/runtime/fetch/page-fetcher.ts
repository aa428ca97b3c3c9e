import { PaginatedImportError } from '../../protocol/errors';
import { FetchPageRequest, RETRY_LATER_ERROR } from '../../protocol/fetch-contract';
import { ImportFile } from '../../protocol/import-file';
import { secondsUntil } from '../../protocol/retry-after';
import { RetryLaterError } from '../../source/handler/errors';
import { readable } from '../errors/handler-error';
import { AskedPage } from '../formats/asked-page';
import { BrokenProcess } from '../ports/broken-process';
import { PageSource, World } from '../ports/ports';
import { AttemptFailures } from './attempt-failures';
import { PageAttempts } from './page-attempts';
import { Later, Page, readResponse } from './page-response';

/** No answer in time: the handler did not answer, or there was no time for another attempt. */
export interface OutOfTime {
  readonly kind: 'out-of-time';
  /** Whether an attempt was cut off without an answer and is not counted yet. */
  readonly isCutOff: boolean;
  /** How long the next attempt should wait, in milliseconds. */
  readonly retryInMilliseconds: number;
}

/** Asks the handler for a page, and retries if it fails. */
export class PageFetcher {
  /** Counts and reports failed attempts. */
  public readonly failures: AttemptFailures;
  /** The last requested page. */
  private last: AskedPage | undefined;

  constructor(
    private readonly source: PageSource,
    private readonly importFile: ImportFile,
    private readonly world: World,
    private readonly mostAttempts: number,
    retryCount: number = 0,
  ) {
    this.failures = new AttemptFailures(importFile, world, retryCount);
  }

  /** The attempts at a page, after so many failures in earlier invocations. */
  public attemptsAfter(failedBefore: number): PageAttempts {
    return new PageAttempts(this.mostAttempts, failedBefore);
  }

  /**
   * Returns the page, the source's request for a later retry, or `OutOfTime`.
   *
   * @param untilAbort milliseconds until the request is aborted
   * @param attempts counts failures
   * @throws FetchPageError if the last attempt failed, or the error must not be retried
   * @throws InvalidPageError if the answer is not a page
   * @throws HandlerCrashError when the handler failed outside of its promise
   * @throws SourceModuleError, SourceLoadError if there is no handler
   */
  public async fetch(
    page: AskedPage, untilAbort: number, attempts: PageAttempts = this.attemptsAfter(0),
  ): Promise<Page | Later | OutOfTime> {
    const deadline = this.world.clock.now() + untilAbort;
    return this.abortingAfter(untilAbort, (signal) => this.attemptUntil(signal, page, deadline, attempts));
  }

  /**
   * Asks for a page once, only to see whether there are records. `undefined` for anything but a page: an error, a wait, a timeout.
   *
   * @throws HandlerCrashError when the handler failed outside of its promise
   */
  public async peek(page: AskedPage, untilAbort: number): Promise<Page | undefined> {
    try {
      const answer = await this.abortingAfter(untilAbort, (signal) => this.ask(page, 1, signal));
      return answer.kind === 'page' ? answer : undefined;
    } catch (error) {
      if (error instanceof BrokenProcess) throw this.failures.noteBroken(error, page, this.attemptsAfter(0));
      return undefined;
    }
  }

  /**
   * Something that the handler left running may throw after its last page.
   *
   * @throws HandlerCrashError if it did
   */
  public requireUnbroken(): void {
    const { broken } = this.source;
    if (broken !== undefined && this.last !== undefined) throw this.failures.noteBroken(broken, this.last, this.attemptsAfter(0));
  }

  private async attemptUntil(
    signal: AbortSignal, page: AskedPage, deadline: number, attempts: PageAttempts,
  ): Promise<Page | Later | OutOfTime> {
    for (;;) {
      const answer = await this.attempt(page, attempts, signal);
      if (signal.aborted && answer.kind !== 'page') return { kind: 'out-of-time', isCutOff: true, retryInMilliseconds: 0 };
      if (answer.kind !== 'thrown') return answer;
      const delay = this.failures.noteThrown(answer.error, page, attempts);
      if (this.world.clock.now() + delay >= deadline) return { kind: 'out-of-time', isCutOff: false, retryInMilliseconds: delay };
      await this.world.clock.sleep(delay, signal);
    }
  }

  private async attempt(page: AskedPage, attempts: PageAttempts, signal: AbortSignal): Promise<Page | Later | Thrown> {
    let answer: Page | Later;
    try {
      answer = await this.ask(page, attempts.next, signal);
    } catch (thrown) {
      const error = readable(thrown);
      if (error instanceof BrokenProcess) throw this.failures.noteBroken(error, page, attempts);
      // Our own error, not the handler's: its module cannot be used.
      if (error instanceof PaginatedImportError) throw error;
      return this.asRetryLater(error) ?? { kind: 'thrown', error };
    }
    // Without a time to wait, the answer counts as a thrown error.
    return answer.kind === 'later' && answer.seconds === 0 ? { kind: 'thrown', error: new RetryLaterError(0) } : answer;
  }

  /**
   * Recognizes `RetryLaterError` by name, since the handler's module has its own copy of the class. Without a time to wait, it is an error
   * like any other, with its own message.
   */
  private asRetryLater(error: unknown): Later | undefined {
    const { name, retryAfterSeconds } = (error ?? {}) as { name?: unknown; retryAfterSeconds?: unknown };
    const seconds = secondsUntil(retryAfterSeconds, this.world.clock.now());
    return name === RETRY_LATER_ERROR && seconds > 0 ? { kind: 'later', seconds } : undefined;
  }

  private async ask(page: AskedPage, attempt: number, signal: AbortSignal): Promise<Page | Later> {
    const { pageToken, offset, pageNumber, pageSize, importId } = page;
    const { input } = this.importFile;
    this.last = page;
    const request: FetchPageRequest = { pageToken, offset, pageNumber, pageSize, input, importId, attempt };
    const response = await untilAborted(this.source.fetchPage(request, signal), signal);
    return readResponse(response, page, this.world.clock.now());
  }

  private async abortingAfter<Result>(milliseconds: number, work: (signal: AbortSignal) => Promise<Result>): Promise<Result> {
    const abort = new AbortController();
    const callOff = this.world.clock.after(milliseconds, () => abort.abort());
    try {
      return await work(abort.signal);
    } finally {
      callOff();
    }
  }
}

interface Thrown {
  readonly kind: 'thrown';
  readonly error: unknown;
}

/** Rejects when the signal fires: a handler that ignores the signal must not take the invocation down with it. */
function untilAborted<T>(promise: Promise<T>, signal: AbortSignal): Promise<T> {
  return new Promise((resolve, reject) => {
    const onAbort = (): void => reject(new Error('the time was up'));
    if (signal.aborted) onAbort();
    signal.addEventListener('abort', onAbort, { once: true });
    promise.then(resolve, reject).finally(() => signal.removeEventListener('abort', onAbort));
  });
}
