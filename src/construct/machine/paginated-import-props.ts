import { Duration, Size } from 'aws-cdk-lib';
import * as ec2 from 'aws-cdk-lib/aws-ec2';
import * as kms from 'aws-cdk-lib/aws-kms';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import * as logs from 'aws-cdk-lib/aws-logs';
import * as sfn from 'aws-cdk-lib/aws-stepfunctions';
import { NonFiniteNumbers, RepeatedPages, ShortPages, TotalMismatch } from '../../protocol/choices';
import {
  CHUNK_CACHE, duration, FETCH_PAGE_HANDLER, IMPORT_DESTINATION, Kinds, KMS_KEY, listOf, memberOf, options, required, RETENTION,
  SECURITY_GROUP, size, STATES, SUBNETS, SWITCH, text, VPC, wholeNumber,
} from '../base/kinds';
import { ChunkCache } from '../cache/chunk-cache';
import { ImportDestination } from '../destination/import-destination';
import { FetchFunctionOptions } from '../source/fetch-function-options';
import { FetchPageHandler } from '../source/fetch-page-handler';

/** Properties of a paginated import. */
export interface PaginatedImportProps {
  /** The code that fetches one page of the source. */
  readonly fetchPage: FetchPageHandler;

  /**
   * Number of records to request per page, at least 1. Each page's offset is this much larger than the previous one's. An import keeps the
   * page size it was started with: a change only affects later imports.
   */
  readonly pageSize: number;

  /** Where the records are published. */
  readonly destination: ImportDestination;

  /**
   * Where chunks and the commit log are stored until the import is published.
   *
   * @default ChunkCache.own() - a bucket of its own: private, encrypted, TLS only, emptied by a lifecycle rule, retained when the stack is
   * deleted
   */
  readonly chunkCache?: ChunkCache;

  /**
   * Name of the series: of all imports by this construct. All keys in the chunk cache begin with it, and permissions end there. Up to 64
   * letters, digits, dots, underscores and hyphens, beginning with a letter or a digit.
   *
   * Give one to keep running imports resumable when you rename the construct: an import can only be resumed in its own series. Two
   * constructs with one cache must not have the same.
   *
   * @default - derived from the path of the construct, such as `Stack-Orders-0A1B2C3D`
   */
  readonly seriesName?: string;

  /**
   * KMS key that encrypts what the import creates: its cache bucket, its log groups, and the definition, inputs, outputs and history of its
   * state machines. Buckets of your own and a larger machine around the import keep their own keys.
   *
   * Give one if page tokens or the input are confidential. The cache keeps page tokens (in the commit log) and the input (in `import.json`)
   * until the import expires, and Step Functions keeps the input in the execution history.
   *
   * The key must be symmetric and in the region of the import. If the app creates it, its policy is extended for CloudWatch Logs. An
   * imported key cannot be changed: a warning says what its policy must allow. Reading executions takes `kms:Decrypt`, and events about
   * executions do not have their input and output. https://docs.aws.amazon.com/step-functions/latest/dg/encryption-at-rest.html
   *
   * @default - keys that AWS owns
   */
  readonly encryptionKey?: kms.IKey;

  /**
   * Maximum duration of one execution, from 1 second to the 365 days that Step Functions allows. If the import is part of a larger
   * machine, set it to the timeout of that machine.
   *
   * An import can be redriven or resumed until its maximum age: twice this timeout plus 14 days.
   *
   * @default Duration.days(7)
   */
  readonly timeout?: Duration;

  /**
   * States to run between the last page and publishing, for example to validate the import. If they fail, nothing is published. Their
   * output is discarded. They may run more than once, for example when the import is resumed.
   *
   * Their input has `importId`, `pages`, `records`, `bytes`, `summary` and `destination`. `summary` is the `bucket` and `key` of a JSON
   * file with the totals and up to 10 sample records, each the first of a chunk. For CSV imports, sample fields are strings.
   * `grantReadSummary` lets a function read the file; it is deleted with the chunks. `destination` is the `bucket`, `key` and `manifestKey`
   * that the import will be published to.
   *
   * @default - none
   */
  readonly beforePersist?: sfn.IChainable;

  /**
   * Memory, timeout, environment, network and layers of the function that fetches the pages.
   *
   * @default - the default of each option
   */
  readonly fetchFunction?: FetchFunctionOptions;

  /**
   * VPC to run all functions in. Only the fetch function may have a network of its own (`fetchFunction.vpc`).
   *
   * The subnets need a route to S3 in the region of each bucket, such as a gateway endpoint, and the fetch function one to the source. With
   * `FetchPageHandler.fromFunction` they need a route to Lambda. Logs, traces and the encryption of buckets need none.
   *
   * @default - not in a VPC
   */
  readonly vpc?: ec2.IVpc;

  /**
   * Subnets of the VPC for all functions. Needs `vpc`.
   *
   * @default - the VPC's private subnets
   */
  readonly vpcSubnets?: ec2.SubnetSelection;

  /**
   * Security groups of all functions, which must allow outbound HTTPS to S3. Needs `vpc`.
   *
   * @default - with `vpc`, a new one for each function, which allows all outbound traffic
   */
  readonly securityGroups?: ec2.ISecurityGroup[];

  /**
   * Invocations of each function that may run at the same time, at least 1. They are reserved for it, out of the account's. An import uses
   * one at a time, so take at least the number of imports that run at the same time, and one more: an invocation may outlive its step.
   *
   * A throttled step is tried again for up to 18.5 minutes. Then the import fails, and may be redriven.
   *
   * @default - none are reserved
   */
  readonly reservedConcurrentExecutions?: number;

  /**
   * How long to keep the logs of functions and state machines. The package logs no page tokens and no records. It quotes errors that the
   * handler throws, with recognizable secrets removed.
   *
   * @default logs.RetentionDays.ONE_MONTH
   */
  readonly logRetention?: logs.RetentionDays;

  /**
   * Which events of the state machines are logged, always without their data. With `sfn.LogLevel.OFF` there is no log group. A larger
   * machine around the import has its own log level.
   *
   * @default sfn.LogLevel.ALL
   */
  readonly stateMachineLogLevel?: sfn.LogLevel;

  /**
   * Lowest level that the functions log. Progress is `INFO`, warnings are `WARN`, and your handler's lines have the level of the `console`
   * method that wrote them. Lambda only filters JSON logs, so with this option each line becomes a JSON object.
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
   * Size at which a chunk is closed and committed, after compression, at most an eighth of the fetch function's memory. Chunks grow with
   * the import, up to the same maximum: each has at least 1/1,000 of the bytes fetched before it. S3 cannot copy chunks smaller than 5 MiB
   * into one object, so publishing moves their data through Persist; a warning tells you.
   *
   * @default Size.mebibytes(8)
   */
  readonly chunkSize?: Size;

  /**
   * Maximum time between two commits, in whole seconds, up to 15 minutes. This is how much work a crash can lose. With a slow source, it
   * makes chunks smaller.
   *
   * @default Duration.seconds(60)
   */
  readonly checkpointInterval?: Duration;

  /**
   * Attempts at one page before the import fails, at least 1. An attempt fails if the handler throws or does not answer within a whole
   * invocation. Waits that the source asks for do not count. Attempts are counted across invocations, so a short `fetchFunction.timeout`
   * does not end them early. A redrive or a resume restarts the count.
   *
   * Attempts are separated by random delays of up to 1, 2, 4 ... and at most 60 seconds. With the default they add up to at most 15
   * seconds, and half of that on average. Errors named `NonRetryableError` are not retried.
   *
   * @default 5
   */
  readonly maxAttemptsPerPage?: number;

  /**
   * Maximum total wait for one page that the source may request with `retryAfterSeconds`, in whole seconds, at least 1 and at most
   * `timeout`. Waits of more than 5 seconds cost no compute. Shorter ones stay in the invocation, at most 3 in a row for one page.
   *
   * @default Duration.hours(24)
   */
  readonly maxWait?: Duration;

  /**
   * Maximum pages of an import, at least 1. Guards against a source that never ends. The empty page that ends a source of plain arrays
   * counts. Instead of fetching one page more, the import fails with `MaxPagesExceededError`; everything fetched so far is committed. To
   * continue, raise the limit, deploy, and redrive or resume.
   *
   * @default - no limit
   */
  readonly maxPages?: number;

  /**
   * Maximum records of an import, at least 1. A page that would exceed it is not committed; the pages before it are. The import fails with
   * `MaxRecordsExceededError`. To continue, raise the limit, deploy, and redrive or resume.
   *
   * @default - no limit
   */
  readonly maxRecords?: number;

  /**
   * Maximum empty pages in a row, at least 1. Guards against a source that returns empty pages forever. The empty page that ends an import
   * does not count. One more empty page is not committed, and the import fails with `MaxEmptyPagesExceededError`. To continue, raise the
   * limit, deploy, and redrive or resume.
   *
   * @default 1000
   */
  readonly maxEmptyPages?: number;

  /**
   * What to do if a source without page tokens returns a page with fewer records than `pageSize`, and a later page is not empty. If a page
   * has more records and a later page is not empty, the import always fails with `LongPageError`.
   *
   * @default ShortPages.FAIL
   */
  readonly shortPages?: ShortPages;

  /**
   * What to do if the same non-empty page comes twice in a row.
   *
   * @default RepeatedPages.FAIL
   */
  readonly repeatedPages?: RepeatedPages;

  /**
   * Minimum records an import needs before it is published, at most `maxRecords`. Guards against a source that returns nothing when it is
   * out of order. An import with fewer records fails with `TooFewRecordsError`, and the old object stays. To publish anyway, lower the
   * limit, deploy, and redrive or resume.
   *
   * @default 0
   */
  readonly minRecords?: number;

  /**
   * What to do if the source's `total` differs from the number of imported records.
   *
   * @default TotalMismatch.FAIL
   */
  readonly onTotalMismatch?: TotalMismatch;

  /**
   * What to do with NaN, Infinity and invalid Dates in records, which no format can represent. A resumed import uses the current setting.
   *
   * @default NonFiniteNumbers.FAIL
   */
  readonly nonFiniteNumbers?: NonFiniteNumbers;

  /**
   * Rounds of the loop, including retries and waits, before a child execution continues the import, from 1 to 3,000. The import waits for
   * the child. This keeps every history below the 25,000 events at which Step Functions ends an execution. A round has up to 7 events, and
   * imports in one machine share its history: lower this if the machine has more than six imports, as with a Map, or many other states.
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
  seriesName: text('\'orders\''),
  encryptionKey: KMS_KEY,
  timeout: duration('Duration.days(7)'),
  beforePersist: STATES,
  fetchFunction: options('an object such as { memorySize: 2048 }'),
  vpc: VPC,
  vpcSubnets: SUBNETS,
  securityGroups: listOf(SECURITY_GROUP, 'a list of ec2.ISecurityGroup'),
  reservedConcurrentExecutions: wholeNumber(10),
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
