/** The environment variables with which the constructs configure the Lambda functions. */
export const EnvironmentVariable = {
  /** Bucket of the chunk cache. */
  CACHE_BUCKET: 'PAGINATED_IMPORT_CACHE_BUCKET',
  /** Prefix of the chunk cache, without a trailing slash; empty for none. */
  CACHE_PREFIX: 'PAGINATED_IMPORT_CACHE_PREFIX',
  /** `BucketRequests` of the cache's bucket, as JSON; unset for none. */
  CACHE_REQUESTS: 'PAGINATED_IMPORT_CACHE_REQUESTS',
  /** `BucketRequests` of the destination's bucket, as JSON; unset for none. */
  DESTINATION_REQUESTS: 'PAGINATED_IMPORT_DESTINATION_REQUESTS',
  /** Name of the import's series. */
  SERIES: 'PAGINATED_IMPORT_SERIES',
  /** The deployment to which the series belongs. */
  OWNER: 'PAGINATED_IMPORT_OWNER',
  /** How a published object is checked: a value of `IntegrityCheck`. */
  INTEGRITY_CHECK: 'PAGINATED_IMPORT_INTEGRITY_CHECK',
  /** Records per page. */
  PAGE_SIZE: 'PAGINATED_IMPORT_PAGE_SIZE',
  /** Bytes at which a chunk is committed. */
  CHUNK_BYTES: 'PAGINATED_IMPORT_CHUNK_BYTES',
  /** Longest time between two commits, in seconds. */
  CHECKPOINT_INTERVAL_SECONDS: 'PAGINATED_IMPORT_CHECKPOINT_INTERVAL_SECONDS',
  /** Attempts per page before the import fails. */
  PAGE_ATTEMPTS: 'PAGINATED_IMPORT_PAGE_ATTEMPTS',
  /** Longest wait for one page, in seconds. */
  MAX_WAIT_SECONDS: 'PAGINATED_IMPORT_MAX_WAIT_SECONDS',
  /** Maximum pages of an import; unset for no limit. */
  MAX_PAGES: 'PAGINATED_IMPORT_MAX_PAGES',
  /** Maximum records of an import; unset for no limit. */
  MAX_RECORDS: 'PAGINATED_IMPORT_MAX_RECORDS',
  /** What Fetch does with NaN and Infinity: a value of `NonFiniteNumbers`. */
  NON_FINITE_NUMBERS: 'PAGINATED_IMPORT_NON_FINITE_NUMBERS',
  /** Maximum consecutive empty pages. */
  MAX_EMPTY_PAGES: 'PAGINATED_IMPORT_MAX_EMPTY_PAGES',
  /** What Fetch does if a page by offset has fewer records than requested and is not the last one: a value of `ShortPages`. */
  SHORT_PAGES: 'PAGINATED_IMPORT_SHORT_PAGES',
  /** What Fetch does if a page has the same records as the page before it: a value of `RepeatedPages`. */
  REPEATED_PAGES: 'PAGINATED_IMPORT_REPEATED_PAGES',
  /** Minimum records an import needs before it is published. */
  MIN_RECORDS: 'PAGINATED_IMPORT_MIN_RECORDS',
  /** What Persist does with an import without records: a value of `OnEmpty`. */
  ON_EMPTY: 'PAGINATED_IMPORT_ON_EMPTY',
  /** What Persist does if the source's total does not match: a value of `TotalMismatch`. */
  ON_TOTAL_MISMATCH: 'PAGINATED_IMPORT_ON_TOTAL_MISMATCH',
  /** Maximum age of an import, in seconds. */
  MAXIMUM_AGE_SECONDS: 'PAGINATED_IMPORT_MAXIMUM_AGE_SECONDS',
  /** Whether the import is part of a larger state machine: `true` or `false`. */
  EMBEDDED: 'PAGINATED_IMPORT_EMBEDDED',
  /** Interval of progress lines in the log, in seconds; may be a fraction. Set by local runs only. */
  PROGRESS_INTERVAL_SECONDS: 'PAGINATED_IMPORT_PROGRESS_INTERVAL_SECONDS',
  /** ARN of the user's fetch-page function, if the handler is a separate function. */
  FETCH_PAGE_FUNCTION: 'PAGINATED_IMPORT_FETCH_PAGE_FUNCTION',
} as const;

/** `message` of the log lines of the persist function, one per warning of an import. */
export const WARNING_MESSAGE = 'paginated import warning';

/** `message` of the log lines of the fetch function, one per failed attempt at a page. */
export const ATTEMPT_FAILED_MESSAGE = 'paginated import attempt failed';

/** `message` of the log line of a function whose step failed. */
export const STEP_FAILED_MESSAGE = 'paginated import step failed';

/** `message` of what a source without code tells of itself, in the fetch function's log. */
export const SOURCE_MESSAGE = 'paginated import source';

/** `message` of the progress lines in the fetch function's log. */
export const PROGRESS_MESSAGE = 'paginated import progress';

/** File name of the user's module, next to the prebuilt loop in the fetch function's code. */
export const SOURCE_MODULE_FILE = 'source.mjs';
