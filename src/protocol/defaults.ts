import { LAMBDA_TIMEOUT_SECONDS, REDRIVE_WINDOW_DAYS } from './limits';

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

/** Longest time that one page may make the import wait by `retryAfterSeconds`, in seconds. */
export const MAX_WAIT_SECONDS = 24 * 3600;

/** Rounds of the loop in one execution before it goes on in a child execution. */
export const ROUNDS_PER_EXECUTION = 2000;

/** Longest run of an import, in days, unless `timeout` says otherwise. */
export const TIMEOUT_DAYS = 7;

/** Memory of the fetch function, in MiB. */
export const FETCH_MEMORY_MIB = 1024;

/** Memory of the initialize, persist and clean-up functions, in MiB. */
export const STEP_MEMORY_MIB = 512;

/** Time limit of every function, in seconds. */
export const FUNCTION_TIMEOUT_SECONDS = LAMBDA_TIMEOUT_SECONDS;

/** Days that the logs of the functions and of the state machine are kept. */
export const LOG_RETENTION_DAYS = 30;

/** Days by which a cache made by the package outlives the maximum age of an import. */
export const CACHE_LIFECYCLE_MARGIN_DAYS = 1;

/** Parts of the published object that are copied or uploaded at the same time. */
export const PARTS_IN_FLIGHT = 16;

/** Commit records that are read at the same time. */
export const RECORDS_IN_FLIGHT = 32;

/** Commit records that Fetch reads one by one before it lists the log instead. */
export const RECORDS_READ_ONE_BY_ONE = 16;

/**
 * The maximum age of an import, in seconds: it may use its whole timeout, be redriven or resumed for as long again, and lie failed
 * for Step Functions' redrive window.
 */
export function maximumAgeSeconds(timeoutSeconds: number): number {
  return 2 * timeoutSeconds + REDRIVE_WINDOW_DAYS * 24 * 3600;
}
