import { NonFiniteNumbers, OnEmpty, RepeatedPages, ShortPages, TotalMismatch } from './choices';
import { LAMBDA_TIMEOUT_SECONDS, REDRIVE_WINDOW_DAYS, STATE_PAYLOAD_BYTES } from './limits';

/**
 * Every default of the package, once. Docstrings quote these values; a test compares them.
 */

/** Bytes at which a chunk is closed and committed. Above the 5 MiB that S3 can copy as a part, so that publishing moves no data. */
export const CHUNK_BYTES = 8 * 1024 * 1024;

/** Longest time between two commits, in seconds: what a crash can cost. */
export const CHECKPOINT_INTERVAL_SECONDS = 60;

/** Maximum pages per commit record. Keeps the ledger small even if pages are tiny. */
export const PAGES_PER_CHUNK = 10_000;

/** Largest page token, in UTF-8 bytes of its JSON. */
export const PAGE_TOKEN_BYTES = 64 * 1024;

/** Attempts per page before the import fails. */
export const PAGE_ATTEMPTS = 5;

/** Upper bound of the first retry's random delay, in seconds. Doubles with each further attempt. */
export const PAGE_RETRY_BASE_SECONDS = 1;

/** Upper bound of any retry's random delay, in seconds. */
export const PAGE_RETRY_CAP_SECONDS = 60;

/** Interval of progress lines in the fetch function's log, in seconds. */
export const PROGRESS_INTERVAL_SECONDS = 10;

/** Longest total wait for one page that the source may ask for by `retryAfterSeconds`, in seconds. */
export const MAX_WAIT_SECONDS = 24 * 3600;

/**
 * Longest wait for the source inside the invocation, in seconds. A longer one happens in a Wait state, which costs three transitions (Wait,
 * Fetch, PersistOrContinue): $0.000075, as much as 5.6 s of a 1 GB function on Arm at $0.0000133334 per second.
 * https://aws.amazon.com/step-functions/pricing/ and https://aws.amazon.com/lambda/pricing/
 */
export const SHORT_WAIT_SECONDS = 5;

/** Maximum short waits per page and invocation. A source that asks again will not answer soon, so the next wait happens in a Wait state. */
export const SHORT_WAITS_PER_PAGE = 3;

/**
 * Average wait for a fetch-page function that Lambda cannot run yet, in seconds; the actual wait is random, within 50% of it. It counts as
 * a wait that the source asks for, not as a failed attempt. An inactive function takes 40 to 110 seconds to become active.
 */
export const FUNCTION_NOT_READY_SECONDS = 10;

/**
 * Maximum consecutive empty pages. Sources with sparse tokens have long runs of them: 1,000 are 1 GB of a filtered DynamoDB scan, or 41
 * days of hourly windows. At 50 ms a page, it stops an endless source within a minute. A stopped import can be resumed with a higher limit.
 */
export const MAX_EMPTY_PAGES = 1000;

/** What to do if a page by offset has fewer records than requested, and a later page is not empty. */
export const SHORT_PAGES = ShortPages.FAIL;

/** What to do if a page has exactly the records of the page before it. */
export const REPEATED_PAGES = RepeatedPages.FAIL;

/** Minimum records an import needs before it is published. */
export const MIN_RECORDS = 0;

/** What to do if the number of records differs from the source's total. */
export const ON_TOTAL_MISMATCH = TotalMismatch.FAIL;

/** What to do with NaN and Infinity. */
export const NON_FINITE_NUMBERS = NonFiniteNumbers.FAIL;

/** Maximum warnings in an import's result and manifest. There is at most one of each kind, so none is dropped in practice. */
export const WARNINGS_PER_IMPORT = 20;

/** Maximum characters of a warning's message. With WARNINGS_PER_IMPORT, it keeps a result far below the 256 KiB limit of a state. */
export const WARNING_MESSAGE_CHARACTERS = 1000;

/** Rounds of the loop before it continues in a child execution, which has a state machine of its own. */
export const ROUNDS_PER_EXECUTION = 2000;

/** The same in a larger machine. Imports in one machine share its history; six of them still fit. */
export const ROUNDS_PER_EMBEDDED_EXECUTION = 500;

/**
 * Maximum rounds per execution that can be configured. A round costs at most 7 of the 25,000 events of a history (Fetch 5,
 * PersistOrContinue 2). A wait or a retry counts as a round and costs less. That leaves 4,000 events for everything around the loop.
 */
export const MAX_ROUNDS_PER_EXECUTION = 3000;

/**
 * Step Functions' retries of a step after a failure of Lambda, S3 or Step Functions. The delays are random, up to 2, 4, 8 ... 256, 300 and
 * 300 seconds: 18.5 minutes in total at most, half of that on average.
 */
export const STEP_RETRY_ATTEMPTS = 10;

/** Upper bound of the first such retry's random delay, in seconds. Doubles with each further one. */
export const STEP_RETRY_BASE_SECONDS = 2;

/** Upper bound of any such retry's random delay, in seconds. */
export const STEP_RETRY_CAP_SECONDS = 300;

/** Retries of an invocation that ended without an answer. Each may use, and cost, the function's whole time. */
export const LOST_INVOCATION_RETRY_ATTEMPTS = 3;

/** Retries of a Fetch whose process cannot continue: the handler crashed, or its module failed to load. */
export const NEW_PROCESS_RETRY_ATTEMPTS = 2;

/** Seconds that Step Functions waits beyond a function's own timeout before it gives up on the invocation. */
export const TASK_TIMEOUT_MARGIN_SECONDS = 60;

/** Longest run of an import, in days, unless `timeout` says otherwise. */
export const TIMEOUT_DAYS = 7;

/** Memory of the fetch function, in MiB. */
export const FETCH_MEMORY_MIB = 1024;

/** Memory of the initialize and clean-up functions, in MiB. */
export const STEP_MEMORY_MIB = 512;

/**
 * Memory of the functions that read the whole log, in MiB. It comes with one vCPU, since reading 40,000 commit records takes about 20 s of
 * CPU time, and has room for the 750 MiB that 200,000 chunks take. https://docs.aws.amazon.com/lambda/latest/dg/configuration-memory.html
 */
export const WHOLE_LOG_MEMORY_MIB = 1769;

/** Timeout of every function, in seconds. */
export const FUNCTION_TIMEOUT_SECONDS = LAMBDA_TIMEOUT_SECONDS;

/** Days that logs of functions and state machines are kept. */
export const LOG_RETENTION_DAYS = 30;

/** Log level of the state machines. */
export const STATE_MACHINE_LOG_LEVEL = 'ALL';

/** Whether X-Ray traces state machines and functions. */
export const TRACING = true;

/** Days that the package's own cache keeps an import beyond its maximum age. */
export const CACHE_LIFECYCLE_MARGIN_DAYS = 1;

/** Days after which the package's own cache aborts an incomplete upload. */
export const CACHE_ABORT_UPLOADS_DAYS = 1;

/**
 * Size of the next chunk as a share of the import's bytes so far, if that exceeds the chunk size and memory has room for it. With
 * chunks of 8 MiB, the first 8 GB are 1,000 chunks, and later chunks grow. Few imports exceed the 10,000 parts of an upload.
 */
export const CHUNK_SHARE_OF_IMPORT = 1 / 1000;

/** Up to this size, in bytes, Persist reads and puts an object that is a single chunk. S3 copies larger ones faster. */
export const PUT_AT_ONCE_BYTES = 1024 * 1024;

/** Parts of the published object that are copied or uploaded concurrently. */
export const PARTS_IN_FLIGHT = 16;

/** Commit records that are read concurrently. */
export const RECORDS_IN_FLIGHT = 32;

/** Commit records that Fetch reads one by one before it switches to listing the log. */
export const RECORDS_READ_ONE_BY_ONE = 16;

/**
 * Maximum bytes of the output settings as JSON: format with columns, tags, keys. Initialize receives them together with the execution's
 * input, and this leaves the input the other half.
 */
export const OUTPUT_SETTINGS_BYTES = STATE_PAYLOAD_BYTES / 2;

/** What to do with an import without records. */
export const ON_EMPTY = OnEmpty.PUBLISH;

/** Maximum records in the summary for the states before publishing. */
export const SUMMARY_SAMPLES = 10;

/** The maximum age of an import, in seconds: its timeout, as long again for a redrive or resume, and Step Functions' redrive window. */
export function maximumAgeSeconds(timeoutSeconds: number): number {
  return 2 * timeoutSeconds + REDRIVE_WINDOW_DAYS * 24 * 3600;
}
