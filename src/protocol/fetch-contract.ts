import { JsonObject, JsonValue } from './json';
import { RetryAfter } from './retry-after';

/**
 * The fetch-page contract, the same for a module in the fetch function and for a function of its own in any language.
 */

/** What a fetch-page handler is asked for. */
export interface FetchPageRequest {
  /** The token that the page before this one ended with; `null` for the first page and for offset-style sources. */
  readonly pageToken: JsonValue;
  /**
   * Records that the pages before this one may hold: `(pageNumber - 1) * pageSize`. Before an import ends whose only page with records is
   * short, it is asked for once more at the offset where that page ends: answer that like any other request.
   */
  readonly offset: number;
  /** Number of this page; the first one is 1. */
  readonly pageNumber: number;
  /** Records per page, as the construct was given it. */
  readonly pageSize: number;
  /** The input of the execution, as its start fixed it: the same for every page of the import. */
  readonly input: JsonValue;
  /** Identity of the import. */
  readonly importId: string;
  /**
   * Number of this attempt at this page, from 1: one more than have failed so far, in this invocation and in earlier ones. Waits that the
   * source asks for are no failures. Counted anew when the execution is redriven or the import resumed.
   */
  readonly attempt: number;
}

/**
 * A page of a source with page tokens. The source is done when `nextPageToken` is `null`, absent or the empty string, by which many APIs
 * say that there is no other page.
 */
export interface TokenPage<Row = unknown> {
  readonly records: readonly Row[];
  /** Any JSON value of up to 64 KiB. */
  readonly nextPageToken?: JsonValue | undefined;
  /** Where given beside the token, it must agree with it. */
  readonly hasMore?: boolean | undefined;
  /** Records that the source says it has; compared with what was imported before it is published. `null` is none. */
  readonly total?: number | null | undefined;
}

/** A page of an offset-style source that says whether there are more. One with fewer records than `pageSize` must be the last one. */
export interface FlaggedPage<Row = unknown> {
  readonly records: readonly Row[];
  readonly hasMore: boolean;
  /** Records that the source says it has; compared with what was imported before it is published. `null` is none. */
  readonly total?: number | null | undefined;
}

/**
 * The source asks to be left alone for a while. The same page is fetched again afterwards. The wait is never cut short: more than 5
 * seconds are waited in a Wait state and cost no compute; fewer in the invocation, where they cost no more than a Wait state would.
 */
export interface RetryLater {
  /**
   * Seconds, whole or fractional, a time, or the text of a `Retry-After` header. What is no time in the future is no hint, and the page is
   * retried as after an error: 0, a negative number, NaN, a date that is over, a text that cannot be read, `null`.
   */
  readonly retryAfterSeconds: RetryAfter;
  /** For people who read the handler: the import does not use it. */
  readonly reason?: string | undefined;
}

/**
 * What a fetch-page handler answers. A bare array is an offset-style page: the first empty one ends the import, and one with fewer records
 * than `pageSize` must be the last one with any.
 */
export type FetchPageResponse<Row = unknown> = readonly Row[] | TokenPage<Row> | FlaggedPage<Row> | RetryLater;

/** Name of the error by which a handler, in any language, says that the page must not be tried again. */
export const NON_RETRYABLE_ERROR = 'NonRetryableError';

/** Name of the error by which a handler in the fetch function asks for a later retry, with `retryAfterSeconds` on it. */
export const RETRY_LATER_ERROR = 'RetryLaterError';

/** Where in the source a page is. */
export interface Position {
  /** Number of the page; the first one is 1. */
  readonly pageNumber: number;
  /** Token to ask for it with; `null` for the first page and for offset-style sources. */
  readonly pageToken: JsonValue;
  /** Records that the pages before it were asked for. */
  readonly offset: number;
}

/** Where every import starts. */
export const FIRST_POSITION: Position = { pageNumber: 1, pageToken: null, offset: 0 };

/** The input that makes an execution go on with a failed import. */
export const RESUME_FROM = 'resumeFrom';

/** What an execution's input says of an import to resume: its id, if it is right; `undefined` if it says nothing. */
export function resumedImportId(input: JsonValue): JsonValue | undefined {
  if (input === null || typeof input !== 'object' || Array.isArray(input)) return undefined;
  return (input as JsonObject)[RESUME_FROM];
}
