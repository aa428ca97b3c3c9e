import { NonFiniteNumbers, OnEmpty, RepeatedPages, ShortPages, TotalMismatch } from './choices';
import { LAMBDA_TIMEOUT_SECONDS, REDRIVE_WINDOW_DAYS, STATE_PAYLOAD_BYTES } from './limits';

/**
 * Every default of the package, once. Docstrings quote these values; a test compares them.
 */

/** Bytes at which a chunk is closed and committed. Above the 5 MiB that S3 can copy as a part, so that publishing moves no data. */
export const CHUNK_BYTES = 8 * 1024 * 1024;

/** Longest time between two commits, in seconds: what a crash can cost. */
export const CHECKPOINT_INTERVAL_SECONDS = 60;

/** Most pages of one commit record, so that its ledger stays small however tiny the pages are. */
export const PAGES_PER_CHUNK = 10_000;

/** Largest page token, in UTF-8 bytes of its JSON. */
export const PAGE_TOKEN_BYTES = 64 * 1024;

/** Attempts at one page before the import fails. */
export const PAGE_ATTEMPTS = 5;

/** Bound of the first retry's random delay, in seconds. Doubled for each further attempt. */
export const PAGE_RETRY_BASE_SECONDS = 1;

/** Bound of any retry's random delay, in seconds. */
export const PAGE_RETRY_CAP_SECONDS = 60;

/** Time between two lines of progress in the log of the fetch function, in seconds. */
export const PROGRESS_INTERVAL_SECONDS = 10;

/** Longest time that one page may make the import wait by `retryAfterSeconds`, in seconds. */
export const MAX_WAIT_SECONDS = 24 * 3600;

/**
 * Longest wait for the source that is spent inside the invocation, in seconds. A longer one is left to a Wait state, which costs three
 * transitions (Wait, Fetch, PersistOrContinue): $0.000075, as much as 5.6 s of a function of 1 GB on Arm at $0.0000133334.
 * https://aws.amazon.com/step-functions/pricing/ and https://aws.amazon.com/lambda/pricing/
 */
export const SHORT_WAIT_SECONDS = 5;

/** Such waits for one page in one invocation. A source that asks once more will not answer soon: that wait is left to a Wait state. */
export const SHORT_WAITS_PER_PAGE = 3;

/**
 * Wait for a fetch-page function that Lambda cannot run yet, in seconds, half as much again at most and half of it at least: it is a wait
 * that the source asks for, and no failed attempt. A function that was asleep takes 40 to 110 seconds.
 */
export const FUNCTION_NOT_READY_SECONDS = 10;

/**
 * Most empty pages in a row. Sources with sparse tokens have long runs of them: 1,000 are 1 GB of a filtered DynamoDB scan, or 41 days of
 * hourly windows. At 50 ms a page, a source that never ends is stopped within a minute. An import that it stops goes on when it is raised.
 */
export const MAX_EMPTY_PAGES = 1000;

/** What happens when a page by offset has fewer records than asked for, and a later page is not empty. */
export const SHORT_PAGES = ShortPages.FAIL;

/** What happens when a page has exactly the records of the page before it. */
export const REPEATED_PAGES = RepeatedPages.FAIL;

/** Least records of an import that is published. */
export const MIN_RECORDS = 0;

/** What becomes of an import that has another number of records than the source said. */
export const ON_TOTAL_MISMATCH = TotalMismatch.FAIL;

/** What Fetch makes of NaN and Infinity. */
export const NON_FINITE_NUMBERS = NonFiniteNumbers.FAIL;

/** Most warnings in an import's result and manifest. There is one of each kind at most, so none is left out in practice. */
export const WARNINGS_PER_IMPORT = 20;

/** Most characters of a warning's message. With WARNINGS_PER_IMPORT, a result stays far below the 256 KiB that a state may hold. */
export const WARNING_MESSAGE_CHARACTERS = 1000;

/** Rounds of the loop in one execution before it goes on in a child execution, in a state machine of its own. */
export const ROUNDS_PER_EXECUTION = 2000;

/** The same in a larger machine: imports in one machine share its history, and six of them still fit. */
export const ROUNDS_PER_EMBEDDED_EXECUTION = 500;

/**
 * Most rounds that may be asked for in one execution. A round costs at most 7 of the 25,000 events that a history holds (Fetch 5,
 * PersistOrContinue 2; a wait and a retry count as rounds of their own and cost less), which leaves 4,000 for all that surrounds the loop.
 */
export const MAX_ROUNDS_PER_EXECUTION = 3000;

/**
 * Step Functions' retries of a step, after a failure of Lambda, S3 or Step Functions: bounds of the random delays of 2, 4, 8 ... 256,
 * 300 and 300 seconds, together 18.5 minutes at most and half of that on average.
 */
export const STEP_RETRY_ATTEMPTS = 10;

/** Bound of the first such retry's random delay, in seconds. Doubled for each further one. */
export const STEP_RETRY_BASE_SECONDS = 2;

/** Bound of any such retry's random delay, in seconds. */
export const STEP_RETRY_CAP_SECONDS = 300;

/** Retries of an invocation that ended without an answer: each may have used, and paid for, the function's whole time. */
export const LOST_INVOCATION_RETRY_ATTEMPTS = 3;

/** Retries of a Fetch whose process cannot go on: the handler has crashed, or its module has failed to load. */
export const NEW_PROCESS_RETRY_ATTEMPTS = 2;

/** Seconds beyond a function's own time limit after which Step Functions gives its invocation up. */
export const TASK_TIMEOUT_MARGIN_SECONDS = 60;

/** Longest run of an import, in days, unless `timeout` says otherwise. */
export const TIMEOUT_DAYS = 7;

/** Memory of the fetch function, in MiB. */
export const FETCH_MEMORY_MIB = 1024;

/** Memory of the initialize and clean-up functions, in MiB. */
export const STEP_MEMORY_MIB = 512;

/**
 * Memory of the functions that walk the whole log, in MiB: one virtual CPU, since reading 40,000 commit records takes some 20 s of it, and
 * room for the 750 MiB of 200,000 chunks. https://docs.aws.amazon.com/lambda/latest/dg/configuration-memory.html
 */
export const WHOLE_LOG_MEMORY_MIB = 1769;

/** Time limit of every function, in seconds. */
export const FUNCTION_TIMEOUT_SECONDS = LAMBDA_TIMEOUT_SECONDS;

/** Days that the logs of the functions and of the state machine are kept. */
export const LOG_RETENTION_DAYS = 30;

/** Which events of the state machines are logged. */
export const STATE_MACHINE_LOG_LEVEL = 'ALL';

/** Whether X-Ray traces state machines and functions. */
export const TRACING = true;

/** Days by which a cache made by the package outlives the maximum age of an import. */
export const CACHE_LIFECYCLE_MARGIN_DAYS = 1;

/** Days after which a cache made by the package drops an upload that was never completed. */
export const CACHE_ABORT_UPLOADS_DAYS = 1;

/** Share of the fetch function's memory that a chunk may have: some are on their way while the next one is built. */
export const CHUNK_SHARE_OF_MEMORY = 1 / 8;

/**
 * Share of the import's bytes so far that its next chunk has, where that is more than the chunk size, up to CHUNK_SHARE_OF_MEMORY. With
 * chunks of 8 MiB these are 1,000 chunks to the first 8 GB, then ever fewer: more than the 10,000 parts of an upload are rare.
 */
export const CHUNK_SHARE_OF_IMPORT = 1 / 1000;

/** A chunk of this size, in bytes, that is the whole object is read and put by Persist: S3 copies larger ones sooner. */
export const PUT_AT_ONCE_BYTES = 1024 * 1024;

/** Parts of the published object that are copied or uploaded at the same time. */
export const PARTS_IN_FLIGHT = 16;

/** Commit records that are read at the same time. */
export const RECORDS_IN_FLIGHT = 32;

/** Commit records that Fetch reads one by one before it lists the log instead. */
export const RECORDS_READ_ONE_BY_ONE = 16;

/**
 * Most bytes, as JSON, of what an import publishes and how: format with columns, tags, keys. Initialize is given it together with the
 * execution's input, to which it leaves as much.
 */
export const OUTPUT_SETTINGS_BYTES = STATE_PAYLOAD_BYTES / 2;

/** What becomes of an import without records. */
export const ON_EMPTY = OnEmpty.PUBLISH;

/** Records that the summary for the states before publishing shows at most. */
export const SUMMARY_SAMPLES = 10;

/**
 * The maximum age of an import, in seconds: it may use its whole timeout, be redriven or resumed for as long again, and lie failed
 * for Step Functions' redrive window.
 */
export function maximumAgeSeconds(timeoutSeconds: number): number {
  return 2 * timeoutSeconds + REDRIVE_WINDOW_DAYS * 24 * 3600;
}
