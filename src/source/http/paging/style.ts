import type { FetchPageResponse } from '../../../protocol/fetch-contract';
import { JsonValue } from '../../../protocol/json';
import type { SourceRequest } from '../../handler/define-source';
import { NonRetryableError } from '../../handler/errors';
import { HttpResponse } from '../message/http-response';
import { Asked } from '../message/outgoing-request';

/** A page of records, as one response or several had it. */
export interface ReadPage {
  readonly records: readonly unknown[];
  /** The last response. */
  readonly response: HttpResponse;
  /** How many records were asked for at most; `undefined` if the request did not say. */
  readonly limit: number | undefined;
  /** Whether a status or a rule said that there are no more pages. */
  readonly isEnd: boolean;
  /** The source's own total. */
  readonly total: number | undefined;
  /** The source's own number of pages of the size that was asked for. */
  readonly totalPages: number | undefined;
  /** What a flag, or a short page, says about whether there is more; `undefined` if neither does. */
  readonly hasMore: boolean | undefined;
}

/** Where to go on within a page that is asked for in pieces. */
export interface Piece {
  /** Records of the page that have come. */
  readonly received: number;
  /** Records to ask for. */
  readonly limit: number;
}

/** How the pages of a source follow each other. */
export interface PaginationStyle {
  /** Whether requests say how many records they want. */
  readonly sendsLimit: boolean;
  /**
   * What happens to a page if fewer records are asked for at once: `pieces` are put together again, since the borders of pages must not
   * move; `shorter` pages follow each other as well as longer ones; `never`: a smaller page would begin elsewhere.
   */
  readonly smaller: 'pieces' | 'shorter' | 'never';
  /** @throws NonRetryableError if the page's token is none of this style's: the settings have changed during the import */
  ask(request: SourceRequest, piece: Piece): Asked;
  /** @throws NonRetryableError if the response contradicts itself */
  answer(request: SourceRequest, page: ReadPage): FetchPageResponse;
}

/** The answer of a style with tokens. `null` ends the import: surely, if more than the missing token says so. */
export function tokenAnswer({ records, total, totalPages, isEnd, hasMore }: ReadPage, nextPageToken: JsonValue): FetchPageResponse {
  const isSure = nextPageToken === null && (isEnd || hasMore === false);
  return { records, nextPageToken, total, totalPages, ...isSure && { hasMore: false } };
}

/** The answer of a style that knows of itself that a page is the last one. */
export function lastAnswer(page: ReadPage): FetchPageResponse {
  return tokenAnswer({ ...page, hasMore: false }, null);
}

/**
 * Whether a page is the last one, where the next one is asked for by the records that have come.
 *
 * @throws NonRetryableError if there are none, and the source says that there are more
 */
export function isEndOfRecords({ records, isEnd, hasMore }: ReadPage): boolean {
  if (!isEnd && records.length === 0 && hasMore === true) {
    throw new NonRetryableError('The source says that there are more pages, but this one has no records, and the next one is asked for by those. '
      + 'If an empty page is the end, leave end.hasMore out');
  }
  return isEnd || records.length === 0 || hasMore === false;
}
