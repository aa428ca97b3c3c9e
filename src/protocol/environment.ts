/** The environment variables by which the constructs configure the Lambda functions. */
export const EnvironmentVariable = {
  /** Bucket of the chunk cache. */
  CACHE_BUCKET: 'PAGINATED_IMPORT_CACHE_BUCKET',
  /** Prefix of the chunk cache, without a slash at its end; empty for none. */
  CACHE_PREFIX: 'PAGINATED_IMPORT_CACHE_PREFIX',
  /** Bucket that the import publishes to. */
  DESTINATION_BUCKET: 'PAGINATED_IMPORT_DESTINATION_BUCKET',
  /** Key that the import publishes to, with its placeholders. */
  DESTINATION_KEY: 'PAGINATED_IMPORT_DESTINATION_KEY',
  /** Key of the manifest, with its placeholders. */
  DESTINATION_MANIFEST_KEY: 'PAGINATED_IMPORT_DESTINATION_MANIFEST_KEY',
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

/** How Persist lets the store check the object that it publishes. */
export const IntegrityCheck = {
  /** The store itself compares object size and full-object CRC32 before it publishes. Amazon S3. */
  FULL_OBJECT_CRC32: 'full-object-crc32',
  /** Persist compares the size and ETag of every part. For S3-compatible stores without full-object checksums. */
  SIZES_AND_ETAGS: 'sizes-and-etags',
} as const;
export type IntegrityCheck = typeof IntegrityCheck[keyof typeof IntegrityCheck];

/** What becomes of an import that has another number of records than the source said. */
export const TotalMismatch = {
  /** It fails before anything is published. */
  FAIL: 'fail',
  /** It is published, with a warning. */
  WARN: 'warn',
} as const;
export type TotalMismatch = typeof TotalMismatch[keyof typeof TotalMismatch];

/** What Fetch makes of numbers that no format can carry: NaN, Infinity, and the time of an invalid Date. */
export const NonFiniteNumbers = {
  /** The page is refused. */
  FAIL: 'fail',
  /** They are `null`, as JSON.stringify has it. */
  NULL: 'null',
} as const;
export type NonFiniteNumbers = typeof NonFiniteNumbers[keyof typeof NonFiniteNumbers];

/** What happens when a page by offset has fewer records than asked for, and a later page is not empty. */
export const ShortPages = {
  /** The import fails: the records between the two were not read. */
  FAIL: 'fail',
  /** It goes on: the handler leaves records out by itself. */
  ALLOW: 'allow',
} as const;
export type ShortPages = typeof ShortPages[keyof typeof ShortPages];

/** What happens when a page has exactly the records of the page before it. */
export const RepeatedPages = {
  /** The import fails: the source probably ignores the offset or the token. */
  FAIL: 'fail',
  /** It goes on: equal pages are right for this source. */
  ALLOW: 'allow',
} as const;
export type RepeatedPages = typeof RepeatedPages[keyof typeof RepeatedPages];

/** What becomes of an import without records. */
export const OnEmpty = {
  /** It is published: an object without records, or no object but the manifest. */
  PUBLISH: 'publish',
  /** It ends without publishing anything: what was there stands. */
  SKIP: 'skip',
  /** It fails before anything is published. */
  FAIL: 'fail',
} as const;
export type OnEmpty = typeof OnEmpty[keyof typeof OnEmpty];

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
