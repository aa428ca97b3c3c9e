/** The environment variables by which the constructs configure the Lambda functions. */
export const EnvironmentVariable = {
  /** Bucket of the chunk cache. */
  CACHE_BUCKET: 'PAGINATED_IMPORT_CACHE_BUCKET',
  /** Prefix of the chunk cache, without a slash at its end; empty for none. */
  CACHE_PREFIX: 'PAGINATED_IMPORT_CACHE_PREFIX',
  /** How a published object is checked: a value of `IntegrityCheck`. */
  INTEGRITY_CHECK: 'PAGINATED_IMPORT_INTEGRITY_CHECK',
  /** Records per page. */
  PAGE_SIZE: 'PAGINATED_IMPORT_PAGE_SIZE',
  /** Bytes at which a chunk is committed. */
  CHUNK_BYTES: 'PAGINATED_IMPORT_CHUNK_BYTES',
  /** Longest time between two commits, in seconds. */
  CHECKPOINT_INTERVAL_SECONDS: 'PAGINATED_IMPORT_CHECKPOINT_INTERVAL_SECONDS',
  /** Attempts at one page before the import fails. */
  PAGE_ATTEMPTS: 'PAGINATED_IMPORT_PAGE_ATTEMPTS',
  /** Longest wait for one page, in seconds. */
  MAX_WAIT_SECONDS: 'PAGINATED_IMPORT_MAX_WAIT_SECONDS',
  /** Most pages of an import; not set for no limit. */
  MAX_PAGES: 'PAGINATED_IMPORT_MAX_PAGES',
  /** Most records of an import; not set for no limit. */
  MAX_RECORDS: 'PAGINATED_IMPORT_MAX_RECORDS',
  /** What Fetch makes of NaN and Infinity: a value of `NonFiniteNumbers`. */
  NON_FINITE_NUMBERS: 'PAGINATED_IMPORT_NON_FINITE_NUMBERS',
  /** Most empty pages in a row. */
  MAX_EMPTY_PAGES: 'PAGINATED_IMPORT_MAX_EMPTY_PAGES',
  /** What Fetch does about a page by offset with fewer records than asked for, and more behind it: a value of `ShortPages`. */
  SHORT_PAGES: 'PAGINATED_IMPORT_SHORT_PAGES',
  /** What Fetch does about a page with the records of the page before it: a value of `RepeatedPages`. */
  REPEATED_PAGES: 'PAGINATED_IMPORT_REPEATED_PAGES',
  /** Least records of an import that is published. */
  MIN_RECORDS: 'PAGINATED_IMPORT_MIN_RECORDS',
  /** What Persist does about an import without records: a value of `OnEmpty`. */
  ON_EMPTY: 'PAGINATED_IMPORT_ON_EMPTY',
  /** What Persist does about a source's total that does not match: a value of `TotalMismatch`. */
  ON_TOTAL_MISMATCH: 'PAGINATED_IMPORT_ON_TOTAL_MISMATCH',
  /** Maximum age of an import, in seconds. */
  MAXIMUM_AGE_SECONDS: 'PAGINATED_IMPORT_MAXIMUM_AGE_SECONDS',
  /** Whether the import is part of a larger state machine: `true` or `false`. */
  EMBEDDED: 'PAGINATED_IMPORT_EMBEDDED',
  /** Time between two lines of progress in the log, in seconds; may be a fraction. Set by local runs only. */
  PROGRESS_INTERVAL_SECONDS: 'PAGINATED_IMPORT_PROGRESS_INTERVAL_SECONDS',
  /** ARN of the user's fetch-page function, where the handler is a function of its own. */
  FETCH_PAGE_FUNCTION: 'PAGINATED_IMPORT_FETCH_PAGE_FUNCTION',
} as const;

/** `message` of the lines in the log of the persist function, one for each warning of an import. */
export const WARNING_MESSAGE = 'paginated import warning';

/** `message` of the lines in the log of the fetch function, one for each attempt at a page that failed. */
export const ATTEMPT_FAILED_MESSAGE = 'paginated import attempt failed';

/** `message` of the line in the log of a function whose step has failed. */
export const STEP_FAILED_MESSAGE = 'paginated import step failed';

/** `message` of the lines of progress in the log of the fetch function. */
export const PROGRESS_MESSAGE = 'paginated import progress';

/** File name of the user's module, beside the prebuilt loop in the fetch function's code. */
export const SOURCE_MODULE_FILE = 'source.mjs';
