import { Duration, Size } from 'aws-cdk-lib';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import * as logs from 'aws-cdk-lib/aws-logs';
import * as sfn from 'aws-cdk-lib/aws-stepfunctions';
import { NonFiniteNumbers, RepeatedPages, ShortPages, TotalMismatch } from '../../protocol/choices';
import { CHUNK_CACHE, duration, FETCH_PAGE_HANDLER, IMPORT_DESTINATION, Kinds, memberOf, options, required, RETENTION, size, STATES, SWITCH, wholeNumber } from '../base/kinds';
import { ChunkCache } from '../cache/chunk-cache';
import { ImportDestination } from '../destination/import-destination';
import { FetchFunctionOptions } from '../source/fetch-function-options';
import { FetchPageHandler } from '../source/fetch-page-handler';

/** Properties of a paginated import. */
export interface PaginatedImportProps {
  /** The code that fetches one page of the source. */
  readonly fetchPage: FetchPageHandler;

  /**
   * Records per page, as the handler is asked for them: a whole number of at least 1. Offsets grow by it. It is fixed for an import
   * when that starts: a change concerns later ones only.
   */
  readonly pageSize: number;

  /** Where the records are published. */
  readonly destination: ImportDestination;

  /**
   * Where chunks and commit log are kept meanwhile.
   *
   * @default - a bucket of its own: private, encrypted, TLS only, emptied by a lifecycle rule, retained when the stack is deleted
   */
  readonly chunkCache?: ChunkCache;

  /**
   * How long one execution may take, from 1 second to the 365 days that Step Functions allows. Where the import is part of a larger
   * machine, give the time that this machine allows it.
   *
   * An import can be redriven or resumed until its maximum age, which is twice this and 14 days.
   *
   * @default Duration.days(7)
   */
  readonly timeout?: Duration;

  /**
   * States between the last page and publishing, for validation or clean-up: if they fail, nothing is published, and what they return is
   * dropped. They may run more than once, as when the import is resumed.
   *
   * Their input is `importId`, `pages`, `records`, `bytes`, `summary` and `destination`. `summary` says by `bucket` and `key` where a JSON
   * file with the totals and up to 10 records as samples is, each the first of a chunk; the fields of a CSV's are text, as they are
   * published. `grantReadSummary` lets a function read it, and it is deleted with the chunks. `destination` says by `bucket`, `key` and
   * `manifestKey` where the import is about to be published.
   *
   * @default - none
   */
  readonly beforePersist?: sfn.IChainable;

  /**
   * Memory, time limit, environment, network and layers of the function that fetches the pages.
   *
   * @default - the defaults of each of its properties
   */
  readonly fetchFunction?: FetchFunctionOptions;

  /**
   * How long the logs of functions and state machines are kept. What the package writes holds no page tokens and no records, but quotes
   * what a handler has thrown, without the secrets that can be recognized.
   *
   * @default logs.RetentionDays.ONE_MONTH
   */
  readonly logRetention?: logs.RetentionDays;

  /**
   * Which events of the state machines are logged, never with their data. With `sfn.LogLevel.OFF` they have no log group. A larger machine
   * around the import has a level of its own.
   *
   * @default sfn.LogLevel.ALL
   */
  readonly stateMachineLogLevel?: sfn.LogLevel;

  /**
   * Lowest level that the functions log. Progress of the import is `INFO`, its warnings are `WARN`, and lines of your handler have the
   * level of the `console` method that wrote them. Lambda filters JSON logs only, so each line becomes a JSON object when this is given.
   *
   * @default - every line, as text
   */
  readonly functionLogLevel?: lambda.ApplicationLogLevel;

  /**
   * Whether X-Ray traces functions and state machines. AWS charges per trace.
   *
   * @default true
   */
  readonly tracing?: boolean;

  /**
   * Size at which a chunk is closed and committed, compressed where it is, up to an eighth of the fetch function's memory. Chunks grow with
   * the import: up to the same bound, a chunk has 1/1,000 of what was fetched before it. S3 cannot copy chunks of less than 5 MiB
   * into one object: publishing then moves their data through Persist, and you are warned.
   *
   * @default Size.mebibytes(8)
   */
  readonly chunkSize?: Size;

  /**
   * Longest time between two commits, in whole seconds, up to 15 minutes: what a crash can cost. A slow source makes smaller chunks by it.
   *
   * @default Duration.seconds(60)
   */
  readonly checkpointInterval?: Duration;

  /**
   * Attempts at one page before the import fails, at least 1. An attempt fails when the handler throws, or does not answer in a whole
   * invocation; waits that the source asks for are not counted. Attempts are counted across invocations: a short `fetchFunction.timeout`
   * does not end them early. A redrive or a resume counts anew.
   *
   * Between them lie random delays of up to 1, 2, 4 ... and at most 60 seconds: with the default 15 seconds at most, half of that on
   * average. Errors named `NonRetryableError` are not retried.
   *
   * @default 5
   */
  readonly maxAttemptsPerPage?: number;

  /**
   * Longest time that the source may make the import wait for one page by `retryAfterSeconds`, in whole seconds, at least 1 and at most
   * `timeout`. Waits of more than 5 seconds cost no compute; shorter ones stay in the invocation, at most 3 in a row for one page.
   *
   * @default Duration.hours(24)
   */
  readonly maxWait?: Duration;

  /**
   * Most pages of an import, at least 1: a guard against a source that does not end. The empty page that ends a source of bare arrays
   * counts. Before the page after them would be asked for, the import fails with `MaxPagesExceededError`, and everything fetched so far
   * is committed: raise the limit, deploy, and redrive or resume to go on.
   *
   * @default - no limit
   */
  readonly maxPages?: number;

  /**
   * Most records of an import, at least 1. A page that would pass it is not committed, the pages before it are, and the import fails with
   * `MaxRecordsExceededError`: raise the limit, deploy, and redrive or resume to go on.
   *
   * @default - no limit
   */
  readonly maxRecords?: number;

  /**
   * Most empty pages in a row, at least 1: a guard against a source that answers with empty pages for ever. The empty page that ends an
   * import does not count. One more is not committed, and the import fails with `MaxEmptyPagesExceededError`: raise the limit, deploy,
   * and redrive or resume to go on.
   *
   * @default 1000
   */
  readonly maxEmptyPages?: number;

  /**
   * What happens when a source without page tokens gives a page of fewer records than `pageSize`, and a later page is not empty. A page
   * of more records always fails the import, with `LongPageError`, where a later page is not empty.
   *
   * @default ShortPages.FAIL
   */
  readonly shortPages?: ShortPages;

  /**
   * What happens when a page has exactly the records of the page before it, and is not empty.
   *
   * @default RepeatedPages.FAIL
   */
  readonly repeatedPages?: RepeatedPages;

  /**
   * Least records of an import that is published, at most `maxRecords`: a guard against a source that answers with nothing when it is out
   * of order. An import with fewer fails with `TooFewRecordsError`, and the object that was there before stands: lower the limit, deploy,
   * and redrive or resume to publish nevertheless.
   *
   * @default 0
   */
  readonly minRecords?: number;

  /**
   * What becomes of an import whose source gave a `total` that is not the number of its records.
   *
   * @default TotalMismatch.FAIL
   */
  readonly onTotalMismatch?: TotalMismatch;

  /**
   * What becomes of NaN, Infinity and invalid Dates in records, which no format can carry. A resumed import follows today's setting.
   *
   * @default NonFiniteNumbers.FAIL
   */
  readonly nonFiniteNumbers?: NonFiniteNumbers;

  /**
   * Rounds of the loop, retries and waits included, before the import goes on in a child execution that it waits for, from 1 to
   * 3,000. It keeps every history below the 25,000 events at which Step Functions ends an execution: each round has up to 7, and imports
   * in one machine share its history. Lower it where there are more than six of them, as with a Map, or many other states.
   *
   * @default 2000 in a `PaginatedImportStateMachine`, 500 in a larger machine
   */
  readonly roundsPerExecution?: number;
}

/** What the properties as a whole must be. */
export const PROPS = required(options('{ fetchPage, pageSize, destination }'));

/** What each property must be. */
export const PROP_KINDS: Kinds<PaginatedImportProps> = {
  fetchPage: required(FETCH_PAGE_HANDLER),
  pageSize: required(wholeNumber(25)),
  destination: required(IMPORT_DESTINATION),
  chunkCache: CHUNK_CACHE,
  timeout: duration('Duration.days(7)'),
  beforePersist: STATES,
  fetchFunction: options('an object such as { memorySize: 2048 }'),
  logRetention: RETENTION,
  stateMachineLogLevel: memberOf('sfn.LogLevel', sfn.LogLevel),
  functionLogLevel: memberOf('lambda.ApplicationLogLevel', lambda.ApplicationLogLevel),
  tracing: SWITCH,
  chunkSize: size('Size.mebibytes(8)'),
  checkpointInterval: duration('Duration.seconds(60)'),
  maxAttemptsPerPage: wholeNumber(5),
  maxWait: duration('Duration.hours(24)'),
  maxPages: wholeNumber(20_000),
  maxRecords: wholeNumber(2_000_000),
  maxEmptyPages: wholeNumber(1000),
  shortPages: memberOf('ShortPages', ShortPages),
  repeatedPages: memberOf('RepeatedPages', RepeatedPages),
  minRecords: wholeNumber(1),
  onTotalMismatch: memberOf('TotalMismatch', TotalMismatch),
  nonFiniteNumbers: memberOf('NonFiniteNumbers', NonFiniteNumbers),
  roundsPerExecution: wholeNumber(500),
};
