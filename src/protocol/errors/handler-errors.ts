import { sentence } from '../sentence';
import { DeployedAdvice } from './advice';
import { PageContext } from './import-context';
import { askedWith, PageError } from './page-error';
import { quoted } from './quoted';
import { resumeHint } from './resume-hint';

/** The handler's answer is not a page. */
export class InvalidPageError extends PageError {
  public static readonly NAME = 'InvalidPageError';
  /**
   * @param problem what is wrong, e.g. "records is missing"
   * @param expected what was expected instead
   */
  constructor(page: PageContext, public readonly problem: string, public readonly expected: string) {
    super(page, `The fetch-page handler's answer for page ${page.pageNumber} was refused: ${problem}; expected ${sentence(expected)} `
      + `Correct the handler. ${resumeHint(page)}`);
  }
}

/** The handler failed, and no retry is allowed or left. */
export class FetchPageError extends PageError {
  public static readonly NAME = 'FetchPageError';
  public readonly reason: string;

  constructor(
    page: PageContext, public readonly attempts: number, public readonly retryable: boolean, reason: string, options?: ErrorOptions,
  ) {
    super(page, `The fetch-page handler failed on page ${page.pageNumber}, attempt ${attempts}${retryable ? '' : ' (not retryable)'}: `
      + `${sentence(quoted(reason))} ${DeployedAdvice.LOGS} ${resumeHint(page)}`, options);
    this.reason = quoted(reason);
  }
}

/** The handler failed outside its promise, so its process can no longer be trusted. */
export class HandlerCrashError extends PageError {
  public static readonly NAME = 'HandlerCrashError';
  public readonly reason: string;

  /** @param attempt number of the failed attempt, in this process */
  constructor(page: PageContext, public readonly attempt: number, reason: string, options?: ErrorOptions) {
    super(page, `The fetch-page handler crashed on page ${page.pageNumber}, attempt ${attempt}: ${sentence(quoted(reason))} Await every promise, handle 'error' `
      + `events, and catch what timers and callbacks throw, so that the handler's own promise rejects. ${DeployedAdvice.LOGS} ${resumeHint(page)}`, options);
    this.reason = quoted(reason);
  }
}

/** The handler had not answered when the invocation's time was up, in the page's last attempt. */
export class FetchPageTimeoutError extends PageError {
  public static readonly NAME = 'FetchPageTimeoutError';
  /** @param attempt number of the failed attempt, of `attempts` */
  constructor(
    page: PageContext, public readonly waitedSeconds: number, public readonly attempt: number, public readonly attempts: number,
  ) {
    super(page, `The fetch-page handler had not answered for page ${page.pageNumber} after ${waitedSeconds} s, when the fetch function's time was up, in `
      + `attempt ${attempt} of ${attempts}. Set a time limit on the handler's requests, or raise the fetch function's timeout. ${resumeHint(page)}`);
  }
}

/** The source keeps asking for a later retry of the same page. */
export class MaxWaitExceededError extends PageError {
  public static readonly NAME = 'MaxWaitExceededError';
  constructor(
    page: PageContext, public readonly waitedSeconds: number, public readonly askedSeconds: number, public readonly maxWaitSeconds: number,
  ) {
    super(page, `The source asks for ${askedSeconds} s more before page ${page.pageNumber}, for which the import has waited ${waitedSeconds} s; `
      + `maxWait is ${maxWaitSeconds} s. ${askedWith(page)} Raise maxWait, or resume when the source answers again. ${resumeHint(page)}`);
  }
}
