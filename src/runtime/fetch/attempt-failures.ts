import { NEW_PROCESS_RETRY_ATTEMPTS, PAGE_RETRY_BASE_SECONDS, PAGE_RETRY_CAP_SECONDS } from '../../protocol/defaults';
import { FetchPageError, FetchPageTimeoutError, HandlerCrashError, PaginatedImportError, SourceLoadError } from '../../protocol/errors';
import { ImportFile } from '../../protocol/import-file';
import { framesOf } from '../errors/describe-error';
import { isRetryable, reasonOf, reasonOfBroken } from '../errors/handler-error';
import { Redactor, redactorOf } from '../errors/redact';
import { AskedPage } from '../formats/asked-page';
import { fullJitterMilliseconds } from '../ports/backoff';
import { BrokenProcess } from '../ports/broken-process';
import { FailedAttempt } from '../ports/observer';
import { World } from '../ports/ports';
import { PageAttempts } from './page-attempts';

/** Counts and reports the attempts at pages that fail, and says what follows. */
export class AttemptFailures {
  /** @param retryCount how often Step Functions has retried this round, each time in a new process where the process was broken */
  constructor(private readonly importFile: ImportFile, private readonly world: World, private readonly retryCount: number) {}

  /**
   * An attempt that had the whole invocation, and did not answer, has failed.
   *
   * @throws FetchPageTimeoutError when it was the last one
   */
  public noteNoAnswer(page: AskedPage, waitedSeconds: number, attempts: PageAttempts): void {
    attempts.noteFailure();
    const reason = `it had not answered after ${waitedSeconds} s, when the function's time was up`;
    this.report({ page, attempts, reason, stack: [], retryInSeconds: attempts.areUsedUp ? null : 0 });
    if (attempts.areUsedUp) throw new FetchPageTimeoutError(page, waitedSeconds, attempts.failed, attempts.most);
  }

  /**
   * @returns milliseconds to wait before the next attempt
   * @throws FetchPageError where there is none
   */
  public noteThrown(error: unknown, page: AskedPage, attempts: PageAttempts): number {
    attempts.noteFailure();
    const redact = this.redactorFor(page);
    const reason = reasonOf(error, redact);
    const isLast = attempts.areUsedUp || !isRetryable(error);
    const delay = isLast ? 0 : fullJitterMilliseconds(attempts.failed, PAGE_RETRY_BASE_SECONDS, PAGE_RETRY_CAP_SECONDS, this.world.chance);
    this.report({ page, attempts, reason, stack: framesOf(error, redact), retryInSeconds: isLast ? null : delay / 1000 });
    if (isLast) throw new FetchPageError(page, attempts.failed, isRetryable(error), reason, { cause: error });
    return delay;
  }

  /** No other attempt is made in a process that is broken, however many the page may have: Step Functions makes it in a new one. */
  public noteBroken(broken: BrokenProcess, page: AskedPage, attempts: PageAttempts): PaginatedImportError {
    const inProcesses = new PageAttempts(NEW_PROCESS_RETRY_ATTEMPTS + 1, Math.max(attempts.failed, this.retryCount));
    inProcesses.noteFailure();
    const redact = this.redactorFor(page);
    const reason = reasonOfBroken(broken, redact);
    const cause = broken.thrown;
    this.report({ page, attempts: inProcesses, reason, stack: framesOf(cause, redact), retryInSeconds: null });
    return broken.by === 'load' ? new SourceLoadError(page, reason, { cause }) : new HandlerCrashError(page, inProcesses.failed, reason, { cause });
  }

  private redactorFor({ pageToken }: AskedPage): Redactor {
    return redactorOf({ pageToken, input: this.importFile.input });
  }

  private report({ page, attempts, ...failure }: Report): void {
    const { importId, pageNumber } = page;
    this.world.observer.attemptFailed({ importId, page: pageNumber, attempt: attempts.failed, attempts: attempts.most, ...failure });
  }
}

/** An attempt that failed, as its page has it. */
type Report = Pick<FailedAttempt, 'reason' | 'stack' | 'retryInSeconds'> & { readonly page: AskedPage; readonly attempts: PageAttempts };
