import { JsonObject, JsonValue } from './json';
import { RetryAfter } from './retry-after';

/**
 * The fetch-page contract, the same for a module in the fetch function and for a separate function in any language.
 */

/** The request that a fetch-page handler receives. */
export interface FetchPageRequest {
  /** The token that the previous page returned; `null` for the first page and for sources that use offsets. */
  readonly pageToken: JsonValue;
  /**
   * `(pageNumber - 1) * pageSize`: the maximum number of records in the pages before this one. There is one exception. If the last page
   * with records is short, the handler is asked once more before the import ends, at the offset where that page ends. Answer that like any
   * other request.
   */
  readonly offset: number;
  /** Number of this page; the first one is 1. */
  readonly pageNumber: number;
  /** Records per page, as set on the construct. */
  readonly pageSize: number;
  /** The input of the execution that started the import, the same for every page. */
  readonly input: JsonValue;
  /** Id of the import. */
  readonly importId: string;
  /**
   * Number of this attempt at this page, from 1: one more than have failed so far, in this invocation and earlier ones. Waits that the
   * source asks for do not count as failures. A redrive or a resume starts again from 1.
   */
  readonly attempt: number;
}

/**
 * A page of a source with page tokens. The source is done when `nextPageToken` is `null`, absent or the empty string, which many APIs
 * return after the last page.
 */
export interface TokenPage<Row = unknown> {
  readonly records: readonly Row[];
  /** Any JSON value of up to 64 KiB. */
  readonly nextPageToken?: JsonValue | undefined;
  /** If given with the token, it must agree with it. */
  readonly hasMore?: boolean | undefined;
  /** Total number of records, according to the source. Compared with the imported records before publishing. `null` means no total. */
  readonly total?: number | null | undefined;
  /** Number of pages, according to the source. If another number of pages came, the import has a warning. `null` means no number. */
  readonly totalPages?: number | null | undefined;
}

/** A page of a source that uses offsets and says whether there are more. A page with fewer records than `pageSize` must be the last one. */
export interface FlaggedPage<Row = unknown> {
  readonly records: readonly Row[];
  readonly hasMore: boolean;
  /** Total number of records, according to the source. Compared with the imported records before publishing. `null` means no total. */
  readonly total?: number | null | undefined;
  /** Number of pages, according to the source. If another number of pages came, the import has a warning. `null` means no number. */
  readonly totalPages?: number | null | undefined;
}

/**
 * The source asks for a wait. The same page is fetched again afterwards. The wait is never cut short. Waits of more than 5 seconds happen
 * in a Wait state and cost no compute; shorter ones stay in the invocation, where they cost no more than a Wait state would.
 */
export interface RetryLater {
  /**
   * Seconds, whole or fractional, a time, or the text of a `Retry-After` header. Anything that is not a time in the future is no hint, and
   * the page is retried as after an error: 0, a negative number, NaN, a past date, unreadable text, `null`.
   */
  readonly retryAfterSeconds: RetryAfter;
  /** For people who read the handler. The import does not use it. */
  readonly reason?: string | undefined;
}

/**
 * The answer of a fetch-page handler. A plain array is a page by offset: the first empty one ends the import, and one with fewer records
 * than `pageSize` must be the last one with records.
 */
export type FetchPageResponse<Row = unknown> = readonly Row[] | TokenPage<Row> | FlaggedPage<Row> | RetryLater;

/** Name of the error that a handler, in any language, throws if the page must not be retried. */
export const NON_RETRYABLE_ERROR = 'NonRetryableError';

/** Name of the error that a handler in the fetch function throws to ask for a later retry; it has `retryAfterSeconds`. */
export const RETRY_LATER_ERROR = 'RetryLaterError';

/** Where in the source a page is. */
export interface Position {
  /** Number of the page; the first one is 1. */
  readonly pageNumber: number;
  /** Token to request it with; `null` for the first page and for sources that use offsets. */
  readonly pageToken: JsonValue;
  /** Number of records requested from the pages before it. */
  readonly offset: number;
}

/** Where every import starts. */
export const FIRST_POSITION: Position = { pageNumber: 1, pageToken: null, offset: 0 };

/** The input field that makes an execution resume a failed import. */
export const RESUME_FROM = 'resumeFrom';

/** The id of the import to resume, as the execution's input gives it, unchecked; `undefined` if there is none. */
export function resumedImportId(input: JsonValue): JsonValue | undefined {
  if (input === null || typeof input !== 'object' || Array.isArray(input)) return undefined;
  return (input as JsonObject)[RESUME_FROM];
}
