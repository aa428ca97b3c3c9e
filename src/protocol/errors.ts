import { CountedPage } from './count-guard-state';
import { RESUME_FROM } from './fetch-contract';
import { OBJECT_MAX_BYTES, UPLOAD_PARTS } from './limits';
import { FailureUnless, LogFailure } from './log-failure';
import { sentence } from './sentence';

/**
 * The error catalogue. Lambda reports an error's `name` as its type, Step Functions matches that in Retry and Catch: the
 * constructs use the `NAME` of these classes, so that no name is typed twice. Every message says what was wrong, where, and
 * ends with the way out. No message holds a record, a page token (only its digest) or a secret.
 */

/** That pages in the log are wrong, so that it is closed before the error is thrown: see docs/protocol.md. */
export type Closing = Pick<LogFailure, 'page' | 'unless'>;

/** Root of every error that an import ends with. */
export abstract class PaginatedImportError extends Error {
  /** Only where the import cannot go on with what is committed. */
  public readonly closing?: Closing;

  protected constructor(name: string, message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = name;
  }
}

/**
 * Most characters that a message quotes of somebody else's text. Lambda reports a message twice (the stack repeats it) and Step
 * Functions cuts what passes 32,768 characters, where it is the end of the message that helps.
 */
const QUOTED_CHARACTERS = 2000;

function quoted(text: string): string {
  return text.length <= QUOTED_CHARACTERS ? text : `${text.slice(0, QUOTED_CHARACTERS)} [${text.length - QUOTED_CHARACTERS} characters more]`;
}

/** An import as messages name it. */
export interface ImportContext {
  readonly importId: string;
  /** ARN of the execution that started the import. */
  readonly executionArn: string;
  /** Whether the import is part of a larger state machine. */
  readonly embedded?: boolean;
}

/** A page as messages name it. */
export interface PageContext extends ImportContext {
  readonly pageNumber: number;
  /** Of the token that the page is asked for with: the first 12 hexadecimal digits of its SHA-256. `null` for none. */
  readonly tokenDigest: string | null;
}

/**
 * How to go on with a failed import, as the end of a message. Redriving the execution that started it is right wherever it failed, in
 * a child execution, in a resumed one or inside a larger machine: the log says where to go on.
 *
 * The input of a larger machine is not the import's. And an item of a Distributed Map is redriven by the execution that holds the Map,
 * whose ARN the item does not know. https://docs.aws.amazon.com/step-functions/latest/dg/redrive-map-run.html
 */
export function resumeHint(failed: ImportContext): string {
  const input = JSON.stringify({ [RESUME_FROM]: failed.importId });
  const ways = failed.embedded === true
    ? `redrive by ${redriveCommand(failed)} (for an item of a Distributed Map, redrive the execution that holds the Map), or start a new execution of `
      + `the larger machine in which the import's own first state gets ${input} as its input`
    : `redrive by ${redriveCommand(failed)}, or start a new execution with ${input}`;
  return `Nothing that was committed is lost: ${ways}.`;
}

/** Parts of messages that hold for deployed imports only. Whatever runs imports elsewhere may say something else in their place. */
export const DeployedAdvice = {
  LOGS: 'See the logs of the fetch function.',
  MODULE: 'Correct the module and deploy it again, then redrive the execution.',
  LOAD: 'If the cause has passed, just resume. Else correct the module or the function\'s environment, and deploy first.',
  TOTAL: 'Correct the handler if need be, and start a new import: this one keeps its records. Or, to publish them as they are, set onTotalMismatch '
    + 'to WARN and deploy.',
  PAGE_BYTES: 'Lower pageSize for a new import, or give the fetch function more memory and deploy.',
  REPEATED_PAGES: '; or, where equal pages are right for this source, set repeatedPages to ALLOW and deploy.',
  SHORT_PAGES: 'Or, if the handler leaves out records by itself and nothing is missing, set shortPages to ALLOW and deploy.',
  FILTERING: ', and set shortPages to ALLOW and deploy.',
  EMPTY_PAGES: '; else raise maxEmptyPages and deploy.',
  NON_FINITE_NUMBERS: 'nonFiniteNumbers: NonFiniteNumbers.NULL on the construct',
  COLUMNS: 'columns set on the construct',
  CHANGE: 'Without that change, a resume fails again.',
} as const;

/** The same where a resume alone would come to the same failure. Stands behind what is to be changed. */
function hintAfterChange(failed: ImportContext): string {
  return `${DeployedAdvice.CHANGE} ${resumeHint(failed)}`;
}

function redriveCommand({ executionArn }: ImportContext): string {
  return `\`aws stepfunctions redrive-execution --execution-arn ${executionArn}\``;
}

/** The token itself may be a secret. */
function askedWith({ tokenDigest }: PageContext): string {
  return tokenDigest === null ? 'It is asked for without a page token.' : `It is asked for with the page token of SHA-256 ${tokenDigest}.`;
}

/** The handler answered something that is no page. */
export class InvalidPageError extends PaginatedImportError {
  public static readonly NAME = 'InvalidPageError';
  /**
   * @param problem what the field holds, e.g. "records is missing"
   * @param expected what was expected instead
   */
  constructor(page: PageContext, problem: string, expected: string) {
    super(InvalidPageError.NAME,
      `The fetch-page handler's answer for page ${page.pageNumber} was refused: ${problem}; expected ${sentence(expected)} `
      + `Correct the handler. ${resumeHint(page)}`);
  }
}

/** The handler failed, and it was not to be retried, or not again. */
export class FetchPageError extends PaginatedImportError {
  public static readonly NAME = 'FetchPageError';
  constructor(page: PageContext, attempts: number, retryable: boolean, reason: string, options?: ErrorOptions) {
    super(FetchPageError.NAME,
      `The fetch-page handler failed on page ${page.pageNumber}, attempt ${attempts}${retryable ? '' : ' (not retryable)'}: ${sentence(quoted(reason))} `
      + `${DeployedAdvice.LOGS} ${resumeHint(page)}`, options);
  }
}

/** The handler failed where its promise does not reach, so the process that it runs in cannot be trusted any more. */
export class HandlerCrashError extends PaginatedImportError {
  public static readonly NAME = 'HandlerCrashError';
  /** @param attempt the attempt that failed, in this process */
  constructor(page: PageContext, attempt: number, reason: string, options?: ErrorOptions) {
    super(HandlerCrashError.NAME,
      `The fetch-page handler crashed on page ${page.pageNumber}, attempt ${attempt}: ${sentence(quoted(reason))} Await every promise, handle 'error' `
      + `events, and catch what timers and callbacks throw, so that the handler's own promise rejects. ${DeployedAdvice.LOGS} ${resumeHint(page)}`, options);
  }
}

/** The handler had not answered when the invocation's time was up, in the last attempt that the page may have. */
export class FetchPageTimeoutError extends PaginatedImportError {
  public static readonly NAME = 'FetchPageTimeoutError';
  /** @param attempt the attempt that failed, of so many that the page may have */
  constructor(page: PageContext, waitedSeconds: number, attempt: number, attempts: number) {
    super(FetchPageTimeoutError.NAME,
      `The fetch-page handler had not answered for page ${page.pageNumber} after ${waitedSeconds} s, when the fetch function's time was up, in `
      + `attempt ${attempt} of ${attempts}. Set a time limit on the handler's requests, or raise the fetch function's timeout. ${resumeHint(page)}`);
  }
}

/** A record has a field that is no column of the CSV. */
export class UnknownColumnError extends PaginatedImportError {
  public static readonly NAME = 'UnknownColumnError';
  /**
   * @param index of the record in its page
   * @param column the field's name; `undefined` where it does not look like one, and may be data
   */
  constructor(page: PageContext, index: number, column: string | undefined) {
    super(UnknownColumnError.NAME,
      `Page ${page.pageNumber} was refused: records[${index}] has ${column === undefined ? 'a field' : `the field ${column}`}, which is no column of the CSV. `
      + `The columns are those of the construct's format or, without any, the fields of the import's first record. ${askedWith(page)} `
      + 'Correct the handler, so that it leaves the field out; or start a new import with the column among those of the format, or with unknown columns '
      + `dropped. ${hintAfterChange(page)}`);
  }
}

/** One page does not fit in the fetch function's memory. */
export class PageTooLargeError extends PaginatedImportError {
  public static readonly NAME = 'PageTooLargeError';
  constructor(page: PageContext, bytes: number, limitBytes: number) {
    super(PageTooLargeError.NAME,
      `Page ${page.pageNumber} has at least ${bytes} bytes as text; the limit for this fetch function is ${limitBytes}. ${askedWith(page)} `
      + `${DeployedAdvice.PAGE_BYTES} ${hintAfterChange(page)}`);
  }
}

/** The source keeps asking for a later retry of the same page. */
export class MaxWaitExceededError extends PaginatedImportError {
  public static readonly NAME = 'MaxWaitExceededError';
  constructor(page: PageContext, waitedSeconds: number, askedSeconds: number, maxWaitSeconds: number) {
    super(MaxWaitExceededError.NAME,
      `The source asks for ${askedSeconds} s more before page ${page.pageNumber}, for which the import has waited ${waitedSeconds} s; `
      + `maxWait is ${maxWaitSeconds} s. ${askedWith(page)} Raise maxWait, or resume when the source answers again. ${resumeHint(page)}`);
  }
}

/** The source's page tokens go round in a circle. */
export class PageTokenLoopError extends PaginatedImportError {
  public static readonly NAME = 'PageTokenLoopError';
  /** Of a circle of one page nothing is committed; of a larger one, whole laps may be, and nobody knows how many. */
  public override readonly closing: Closing | undefined;

  /** @param endDigest of the token that the page ended with, shortened as that of the page is */
  constructor(page: PageContext, endDigest: string, cycleLength: number) {
    super(PageTokenLoopError.NAME,
      `The page token that page ${page.pageNumber} ended with (SHA-256 ${endDigest}) was seen ${cycleLength} page(s) before: `
      + `the source repeats itself and would never end. ${askedWith(page)} ${cycleLength > 1
        ? 'Pages of the circle may have been committed several times, so this import cannot be resumed. Correct the handler\'s nextPageToken, and '
        + 'start a new import.'
        : `The page was not committed, and those before it are right. Correct the handler's nextPageToken. ${hintAfterChange(page)}`}`);
    this.closing = cycleLength > 1 ? { page: page.pageNumber } : undefined;
  }
}

/** A page has the same content as the one before it. */
export class RepeatedPageError extends PaginatedImportError {
  public static readonly NAME = 'RepeatedPageError';
  constructor(page: PageContext, contentDigest: string) {
    super(RepeatedPageError.NAME,
      `Page ${page.pageNumber} has the same records as the page before it (SHA-256 ${contentDigest}): the source probably ignores `
      + `the offset or the token. ${askedWith(page)} The page was not committed, and the one before it was committed once. Correct the handler's request`
      + `${DeployedAdvice.REPEATED_PAGES} ${hintAfterChange(page)}`);
  }
}

/** A page by offset has fewer records than asked for, and there are more behind it: those between were not read. */
export class ShortPageError extends PaginatedImportError {
  public static readonly NAME = 'ShortPageError';
  public override readonly closing: Closing;

  /** @param page the page that has shown it, or that was asked for once more before the end */
  constructor(page: PageContext, short: ShortPage) {
    const { page: number, records, pageSize, shownBy } = short;
    const evidence = shownBy === 'later page'
      ? `page ${page.pageNumber}, whose offset lies behind all ${pageSize}, is not empty`
      : `the source has others at offset ${short.offset + records}`;
    super(ShortPageError.NAME,
      `Page ${number} has ${records} of the ${pageSize} records that it was asked for, but ${evidence}: records were skipped. ${newImportWith(short)} `
      + `${DeployedAdvice.SHORT_PAGES} ${hintAfterChange(page)}`);
    this.closing = { page: page.pageNumber, unless: FailureUnless.SHORT_PAGES_ALLOWED };
  }
}

/** What is known of a short page. */
export interface ShortPage extends CountedPage {
  readonly pageSize: number;
  /** Records of the largest page so far. */
  readonly mostRecords: number;
  /** By a later page that is not empty, or by asking the source once more, where the short page ends. */
  readonly shownBy: 'later page' | 'question';
}

/** A source that has filled a page does not give fewer than that: then a smaller page size helps nothing. */
function newImportWith({ mostRecords, pageSize }: ShortPage): string {
  const withTokens = 'with a handler that answers { records, nextPageToken }.';
  return mostRecords > 0 && mostRecords < pageSize
    ? `If the source gives at most ${mostRecords} records at a time, start a new import with pageSize ${mostRecords}, or ${withTokens}`
    : `Start a new import ${withTokens}`;
}

/** An empty array would have ended the import, and there are records behind it. */
export class EarlyEndError extends PaginatedImportError {
  public static readonly NAME = 'EarlyEndError';

  /** @param page the page that was not committed */
  constructor(page: PageContext) {
    super(EarlyEndError.NAME,
      `Page ${page.pageNumber} is an empty array, which ends an import, but the page after it has records. The handler probably leaves records out by itself, `
      + `and has left out all of this page. The page was not committed. Correct the handler: answer { records, hasMore } or { records, nextPageToken }${DeployedAdvice.FILTERING} `
      + hintAfterChange(page));
  }
}

/** A page by offset has more records than asked for, and there are more behind it: those come twice. */
export class LongPageError extends PaginatedImportError {
  public static readonly NAME = 'LongPageError';
  public override readonly closing: Closing;

  /** @param page the page that has shown it */
  constructor(page: PageContext, { page: number, records }: CountedPage, pageSize: number) {
    super(LongPageError.NAME,
      `Page ${number} has ${records} records, though it was asked for ${pageSize}, and page ${page.pageNumber} is not empty. Offsets grow by pageSize, so `
      + `records come twice. This import keeps its page size and cannot be resumed. Start a new import with pageSize ${records}, or with a handler that `
      + 'answers { records, nextPageToken }.');
    this.closing = { page: page.pageNumber };
  }
}

/** More empty pages in a row than the import may have. */
export class MaxEmptyPagesExceededError extends PaginatedImportError {
  public static readonly NAME = 'MaxEmptyPagesExceededError';
  /** @param page the page that was not committed */
  constructor(page: PageContext, maxEmptyPages: number) {
    super(MaxEmptyPagesExceededError.NAME,
      `Page ${page.pageNumber} was not committed: it is empty and not the last one, as are the ${maxEmptyPages} pages before it, and maxEmptyPages is `
      + `${maxEmptyPages}. ${askedWith(page)} Correct the handler if the source should have ended${DeployedAdvice.EMPTY_PAGES} `
      + `${hintAfterChange(page)}`);
  }
}

/** The import has as many pages as it may have, and the source has more. */
export class MaxPagesExceededError extends PaginatedImportError {
  public static readonly NAME = 'MaxPagesExceededError';
  /** @param page the page that was not asked for any more */
  constructor(page: PageContext, maxPages: number) {
    super(MaxPagesExceededError.NAME,
      `Page ${page.pageNumber} was not asked for: the import has ${page.pageNumber - 1} pages, and maxPages is ${maxPages}. ${askedWith(page)} `
      + `Correct the handler if the source should have ended; else raise maxPages and deploy. ${hintAfterChange(page)}`);
  }
}

/** One more page would give the import more records than it may have. */
export class MaxRecordsExceededError extends PaginatedImportError {
  public static readonly NAME = 'MaxRecordsExceededError';
  /** @param page the page that was not committed */
  constructor(page: PageContext, records: number, recordsBefore: number, maxRecords: number) {
    super(MaxRecordsExceededError.NAME,
      `Page ${page.pageNumber} was not committed: it has ${records} records, the pages before it have ${recordsBefore}, and maxRecords is ${maxRecords}. `
      + `${askedWith(page)} Correct the handler if the source should have ended; else raise maxRecords and deploy. ${hintAfterChange(page)}`);
  }
}

/** The user's module cannot be used. */
export class SourceModuleError extends PaginatedImportError {
  public static readonly NAME = 'SourceModuleError';
  constructor(problem: string, options?: ErrorOptions) {
    super(SourceModuleError.NAME,
      `The fetch-page module cannot be used: ${sentence(quoted(problem))} Its default export must be a function of the request, or what defineSource `
      + `returns. ${DeployedAdvice.MODULE}`, options);
  }
}

/** The user's module threw while it was loaded, which may have a cause that passes. */
export class SourceLoadError extends PaginatedImportError {
  public static readonly NAME = 'SourceLoadError';
  constructor(page: PageContext, reason: string, options?: ErrorOptions) {
    super(SourceLoadError.NAME,
      `The fetch-page module could not be loaded for page ${page.pageNumber}: ${sentence(quoted(reason))} ${DeployedAdvice.LOAD} ${resumeHint(page)}`, options);
  }
}

/** The commit log is not what its writers can have left. */
export class CommitLogError extends PaginatedImportError {
  public static readonly NAME = 'CommitLogError';
  constructor(importId: string, problem: string) {
    super(CommitLogError.NAME,
      `The commit log of import ${importId} is damaged: ${sentence(problem)} Records and chunks of a running import must never be deleted or `
      + 'replaced: look for a lifecycle rule or a clean-up job on the cache prefix. Start a new import.');
  }
}

/** The import is not in the cache. */
export class ImportNotFoundError extends PaginatedImportError {
  public static readonly NAME = 'ImportNotFoundError';
  constructor(importId: string, bucket: string, key: string) {
    super(ImportNotFoundError.NAME,
      `There is no import ${importId}: s3://${bucket}/${key} does not exist. Check the id, that the stack still has the cache in `
      + 'which the import was started, and that the cache\'s lifecycle has not removed the import; else start a new import.');
  }
}

/** The import is too old to go on with. */
export class ImportExpiredError extends PaginatedImportError {
  public static readonly NAME = 'ImportExpiredError';
  constructor(importId: string, expiresAt: string) {
    super(ImportExpiredError.NAME,
      `Import ${importId} expired at ${expiresAt}: parts of its cache may be gone, so it cannot be resumed. Start a new import.`);
  }
}

/** The execution's input asks for something that cannot be done. */
export class InvalidInputError extends PaginatedImportError {
  public static readonly NAME = 'InvalidInputError';
  constructor(problem: string, expected: string) {
    super(InvalidInputError.NAME, `The execution's input was refused: ${problem}; expected ${sentence(expected)} Correct it and start a new execution.`);
  }
}

/** A file of the cache has a format that this version does not read. */
export class IncompatibleVersionError extends PaginatedImportError {
  public static readonly NAME = 'IncompatibleVersionError';
  constructor(what: string, found: unknown, readable: number) {
    super(IncompatibleVersionError.NAME,
      `${what} has format version ${String(found)}; this version of cdk-paginated-import reads version ${readable}. `
      + 'Deploy a version that reads it, or start a new import.');
  }
}

/** A file of the cache cannot be parsed. */
export class MalformedFileError extends PaginatedImportError {
  public static readonly NAME = 'MalformedFileError';
  constructor(what: string, problem: string) {
    super(MalformedFileError.NAME,
      `${what} cannot be read: ${sentence(problem)} Something other than this package has written it. Restore it, or start a new import.`);
  }
}

/** What a store answered, or why it did not: as far as it is known. */
export interface StoreAnswer {
  /** The store's own code, such as `AccessDenied`. */
  readonly code?: string;
  /** The HTTP status. */
  readonly status?: number;
  readonly requestId?: string;
  /** AWS support asks for both ids. */
  readonly extendedRequestId?: string;
  /** The store's own words, or what kept the answer from coming. */
  readonly text?: string;
}

/** Options of an error that a request to the store has ended with. */
export interface StoreErrorOptions extends ErrorOptions {
  /** @default - nothing is known */
  readonly answer?: StoreAnswer;
}

/** The answer after what was asked for: ` (AccessDenied, HTTP 403, request id 1, extended request id 2: Access Denied)`. */
function answered(answer: StoreAnswer = {}): string {
  const { code, status, requestId, extendedRequestId, text } = answer;
  const facts = [
    code, status && `HTTP ${status}`, requestId && `request id ${requestId}`, extendedRequestId && `extended request id ${extendedRequestId}`,
  ].filter(Boolean).join(', ');
  const told = [facts, text && quoted(text.replace(/\.$/, ''))].filter(Boolean).join(': ');
  return told === '' ? '' : ` (${told})`;
}

/** S3 refused a request for want of permission. */
export class StoreAccessError extends PaginatedImportError {
  public static readonly NAME = 'StoreAccessError';
  constructor(operation: string, bucket: string, key: string, options?: StoreErrorOptions) {
    super(StoreAccessError.NAME,
      `S3 denied ${operation} on s3://${bucket}/${key}${answered(options?.answer)}. Check the bucket's policy, that its KMS key, where it has one, was passed to the construct, `
      + 'and that the stack still uses this bucket and key: an import keeps the destination it was started with. Then redrive the execution.', options);
  }
}

/** A bucket does not exist. */
export class BucketNotFoundError extends PaginatedImportError {
  public static readonly NAME = 'BucketNotFoundError';
  constructor(bucket: string, options?: StoreErrorOptions) {
    super(BucketNotFoundError.NAME,
      `The bucket ${bucket} does not exist${answered(options?.answer)}. If it is the destination, create it again, then redrive the execution. An import keeps the destination it was `
      + 'started with: where the construct names the wrong bucket, correct it, deploy, and start a new import. If it is the cache, the imports in it are '
      + 'lost: create it again, and start a new import.', options);
  }
}

/** S3 did not answer in a way that tells what happened, however often it was asked. */
export class StoreUnavailableError extends PaginatedImportError {
  public static readonly NAME = 'StoreUnavailableError';
  constructor(operation: string, bucket: string, key: string, options?: StoreErrorOptions) {
    super(StoreUnavailableError.NAME,
      `S3 did not complete ${operation} on s3://${bucket}/${key}${answered(options?.answer)}. The step is retried; if it still fails, redrive the `
      + 'execution.', options);
  }
}

/** Options of an error for a request that S3 refuses for good. */
export interface StoreRefusedOptions extends StoreErrorOptions {
  /** Where the bucket is, if it is elsewhere. */
  readonly bucketRegion?: string;
}

/** S3 refused a request in a way that no retry mends. */
export class StoreRefusedError extends PaginatedImportError {
  public static readonly NAME = 'StoreRefusedError';
  constructor(operation: string, bucket: string, key: string, options: StoreRefusedOptions = {}) {
    const { answer, bucketRegion } = options;
    super(StoreRefusedError.NAME,
      `S3 refused ${operation} on s3://${bucket}/${key}${answered(answer)}, and would refuse it again. `
      + `${bucketRegion === undefined ? '' : `The bucket is in ${bucketRegion}, and must be in the region of the functions. `}`
      + 'Correct what it refuses, then redrive the execution.', options);
  }
}

/** The assembled object is not what the commit log says. */
export class IntegrityError extends PaginatedImportError {
  public static readonly NAME = 'IntegrityError';
  constructor(failed: ImportContext, problem: string, options?: StoreErrorOptions) {
    super(IntegrityError.NAME,
      `Import ${failed.importId} was not published, since the assembled object differs from the commit log: `
      + `${sentence(`${problem}${answered(options?.answer)}`)} The object that was there `
      + `before is untouched. If it fails again, start a new import. ${resumeHint(failed)}`, options);
  }
}

/** The destination changed under Persist more often than it tries again. */
export class PublishConflictError extends PaginatedImportError {
  public static readonly NAME = 'PublishConflictError';
  constructor(failed: ImportContext, bucket: string, key: string) {
    super(PublishConflictError.NAME,
      `Something else keeps writing to s3://${bucket}/${key} while import ${failed.importId} publishes to it. `
      + `Give each writer a key of its own. ${resumeHint(failed)}`);
  }
}

/** The import's object stands where a newer import has published. */
export class StaleObjectError extends PaginatedImportError {
  public static readonly NAME = 'StaleObjectError';
  constructor(importId: string, bucket: string, key: string) {
    super(StaleObjectError.NAME,
      `The object at s3://${bucket}/${key} is that of import ${importId}, but the manifest beside it is a newer import's: the newer object was `
      + 'deleted, or had the same bytes as the one before it and could not be told from that. Give each import a key of its own by {importId} '
      + 'where this may happen again. Start a new import, which replaces both.');
  }
}

/** The source's own total differs from what was imported. */
export class TotalMismatchError extends PaginatedImportError {
  public static readonly NAME = 'TotalMismatchError';
  constructor(failed: ImportContext, total: number, records: number) {
    super(TotalMismatchError.NAME,
      `Import ${failed.importId} has ${records} records, but the source gave ${total} as its total; nothing was published. The source changed while `
      + `it was read, or the handler skips or repeats records. ${DeployedAdvice.TOTAL} ${hintAfterChange(failed)}`);
  }
}

/** The import has fewer records than it must have to be published. */
export class TooFewRecordsError extends PaginatedImportError {
  public static readonly NAME = 'TooFewRecordsError';
  constructor(failed: ImportContext, records: number, minRecords: number) {
    super(TooFewRecordsError.NAME,
      `Import ${failed.importId} has ${records} records, and minRecords is ${minRecords}; nothing was published, and the object that was there before is `
      + 'untouched. Look into the source, and start a new import when it is right again; or, to publish what there is, lower minRecords and '
      + `deploy. ${hintAfterChange(failed)}`);
  }
}

/** The import has no records, and those are not to be published. */
export class EmptyImportError extends PaginatedImportError {
  public static readonly NAME = 'EmptyImportError';
  constructor(failed: ImportContext) {
    super(EmptyImportError.NAME,
      `Import ${failed.importId} has no records, and onEmpty is FAIL; nothing was published, and the object that was there before is untouched. Look `
      + 'into the source, and start a new import when it is right again; or, to go on without an error, set onEmpty to PUBLISH or SKIP and '
      + `deploy. ${hintAfterChange(failed)}`);
  }
}

/** The import is larger than an object can be. */
export class ObjectTooLargeError extends PaginatedImportError {
  public static readonly NAME = 'ObjectTooLargeError';
  constructor(importId: string, bytes: number, chunks: number) {
    super(ObjectTooLargeError.NAME,
      `Import ${importId} has ${bytes} bytes in ${chunks} chunks, and S3 cannot join them to one object: it has at most ${OBJECT_MAX_BYTES} bytes, `
      + `in ${UPLOAD_PARTS} parts. Nothing was published, and the object that was there before is untouched. `
      + 'Compress what is published, or divide the source among several imports. Start a new import, with one object per chunk by '
      + 'ImportDestination.toPrefix where one object is not needed.');
  }
}

/** What a closed log is refused with: the error that has closed it, in its own words. */
class RecordedError extends PaginatedImportError {
  constructor({ error, message }: LogFailure) {
    super(error, message);
  }
}

/** The error that every step fails with that reads the failure in a log. */
export function recordedError(failure: LogFailure): PaginatedImportError {
  return new RecordedError(failure);
}

/** A placeholder of the destination has made a key that the import cannot publish to. */
export class DestinationKeyError extends PaginatedImportError {
  public static readonly NAME = 'DestinationKeyError';
  /** @param problem what stands behind "A key of the destination" */
  constructor(problem: string, remedy: string) {
    super(DestinationKeyError.NAME, `A key of the destination ${sentence(problem)} ${remedy} on the construct, deploy, and start a new execution.`);
  }
}

/** A Lambda function is not configured as the constructs would. */
export class ConfigurationError extends PaginatedImportError {
  public static readonly NAME = 'ConfigurationError';
  constructor(variable: string, problem: string) {
    super(ConfigurationError.NAME,
      `The environment variable ${variable} ${sentence(problem)} It is set by the PaginatedImport construct: deploy the stack again, then redrive `
      + 'the execution.');
  }
}
