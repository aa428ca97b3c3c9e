import { NEW_PROCESS_RETRY_ATTEMPTS, PAGE_RETRY_BASE_SECONDS, PAGE_RETRY_CAP_SECONDS } from '../../protocol/defaults';
import { FetchPageError, FetchPageTimeoutError, HandlerCrashError, PaginatedImportError, SourceLoadError } from '../../protocol/errors';
import { ImportFile } from '../../protocol/import-file';
import { framesOf, ToldError } from '../errors/describe-error';
import { isRetryable, reasonOf, reasonOfBroken } from '../errors/handler-error';
import { Redactor, redactorOf } from '../errors/redact';
import { AskedPage } from '../formats/asked-page';
import { fullJitterMilliseconds } from '../ports/backoff';
import { BrokenProcess } from '../ports/broken-process';
import { FailedAttempt } from '../ports/observer';
import { World } from '../ports/ports';
import { PageAttempts } from './page-attempts';

/** Counts and reports failed attempts at pages, and decides what follows. */
export class AttemptFailures {
  /** @param retryCount how often Step Functions has retried this round; after a crash, in a new process */
  constructor(private readonly importFile: ImportFile, private readonly world: World, private readonly retryCount: number) {}

  /**
   * An attempt that had the whole invocation and did not answer has failed.
   *
   * @throws FetchPageTimeoutError if it was the last attempt
   */
  public noteNoAnswer(page: AskedPage, waitedSeconds: number, attempts: PageAttempts): void {
    attempts.noteFailure();
    const reason = `it had not answered after ${waitedSeconds} s, when the function's time was up`;
    this.report({ page, attempts, reason, stack: [], retryInSeconds: attempts.areUsedUp ? null : 0 });
    if (attempts.areUsedUp) throw new FetchPageTimeoutError(page, waitedSeconds, attempts.failed, attempts.most);
  }

  /**
   * @returns milliseconds to wait before the next attempt
   * @throws FetchPageError if there is no next attempt
   */
  public noteThrown(error: unknown, page: AskedPage, attempts: PageAttempts): number {
    attempts.noteFailure();
    const redact = this.redactorFor(page);
    const reason = reasonOf(error, redact);
    const isLast = attempts.areUsedUp || !isRetryable(error);
    const delay = isLast ? 0 : fullJitterMilliseconds(attempts.failed, PAGE_RETRY_BASE_SECONDS, PAGE_RETRY_CAP_SECONDS, this.world.chance);
    this.report({ page, attempts, reason, stack: framesOf(error, redact), retryInSeconds: isLast ? null : delay / 1000 });
    if (isLast) throw new FetchPageError(page, attempts.failed, isRetryable(error), reason, { cause: new ToldError(error, redact) });
    return delay;
  }

  /** A broken process makes no further attempt, whatever the limit: Step Functions retries in a new process. */
  public noteBroken(broken: BrokenProcess, page: AskedPage, attempts: PageAttempts): PaginatedImportError {
    const inProcesses = new PageAttempts(NEW_PROCESS_RETRY_ATTEMPTS + 1, Math.max(attempts.failed, this.retryCount));
    inProcesses.noteFailure();
    const redact = this.redactorFor(page);
    const reason = reasonOfBroken(broken, redact);
    const cause = new ToldError(broken.thrown, redact);
    this.report({ page, attempts: inProcesses, reason, stack: framesOf(cause), retryInSeconds: null });
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

/** A failed attempt, in its page's context. */
type Report = Pick<FailedAttempt, 'reason' | 'stack' | 'retryInSeconds'> & { readonly page: AskedPage; readonly attempts: PageAttempts };
