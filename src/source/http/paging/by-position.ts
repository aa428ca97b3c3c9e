import type { FetchPageResponse } from '../../../protocol/fetch-contract';
import { OffsetAdvance, OffsetPagination, PageNumberPagination } from '../../../protocol/http-settings';
import type { SourceRequest } from '../../handler/define-source';
import { NonRetryableError } from '../../handler/errors';
import { Asked, PlacedValue } from '../message/outgoing-request';
import { isEndOfRecords, lastAnswer, PaginationStyle, Piece, ReadPage, tokenAnswer } from './style';

/** Pages by offset that grows by the page size. */
export class ByOffset implements PaginationStyle {
  public readonly smaller = 'pieces';

  constructor(private readonly settings: OffsetPagination) {}

  public get sendsLimit(): boolean {
    return this.settings.limit !== undefined;
  }

  public ask({ offset }: SourceRequest, { received, limit }: Piece): Asked {
    const { offset: place, limit: limitPlace } = this.settings;
    return { values: [{ place, value: offset + received }, ...limitPlace === undefined ? [] : [{ place: limitPlace, value: limit }]] };
  }

  public answer(request: SourceRequest, page: ReadPage): FetchPageResponse {
    return positionAnswer(page, request);
  }
}

/** Pages by offset that grows by what came. The offset is the page token. */
export class ByReceivedOffset implements PaginationStyle {
  public readonly smaller = 'shorter';

  constructor(private readonly settings: OffsetPagination) {}

  public get sendsLimit(): boolean {
    return this.settings.limit !== undefined;
  }

  public ask(request: SourceRequest, { limit }: Piece): Asked {
    const { offset: place, limit: limitPlace } = this.settings;
    return { values: [{ place, value: offsetIn(request) }, ...limitPlace === undefined ? [] : [{ place: limitPlace, value: limit }]] };
  }

  public answer(request: SourceRequest, page: ReadPage): FetchPageResponse {
    const { records, total, hasMore } = page;
    const offset = offsetIn(request) + records.length;
    const isTotal = total !== undefined && hasMore === undefined && offset >= total;
    if (isTotal) return lastAnswer(page);
    return tokenAnswer(page, isEndOfRecords(page) ? null : offset);
  }
}

function offsetIn({ pageToken }: SourceRequest): number {
  if (pageToken === null) return 0;
  if (typeof pageToken === 'number') return pageToken;
  throw new NonRetryableError('The page token is no offset: the pagination has changed during the import; start a new one');
}

/** Pages by number. A smaller page would begin elsewhere. */
export class ByPageNumber implements PaginationStyle {
  public readonly smaller = 'never';

  constructor(private readonly settings: PageNumberPagination) {}

  public get sendsLimit(): boolean {
    return this.settings.size !== undefined;
  }

  public ask({ pageNumber, pageSize }: SourceRequest): Asked {
    const { page: place, size, first = 1 } = this.settings;
    const values: PlacedValue[] = [{ place, value: pageNumber - 1 + first }];
    return { values: size === undefined ? values : [...values, { place: size, value: pageSize }] };
  }

  public answer(request: SourceRequest, page: ReadPage): FetchPageResponse {
    return positionAnswer(page, request);
  }
}

/**
 * A bare array where nothing tells whether there is more: the first empty one ends the import, and the import looks after the end for
 * itself.
 */
function positionAnswer(page: ReadPage, { offset, pageNumber }: SourceRequest): FetchPageResponse {
  const { records, total, totalPages, hasMore, isEnd } = page;
  const byTotal = total === undefined ? undefined : records.length > 0 && offset + records.length < total;
  const byPages = totalPages === undefined ? undefined : pageNumber < totalPages;
  const more = isEnd ? false : hasMore ?? byPages ?? byTotal;
  return more === undefined ? records : { records, hasMore: more, total, totalPages };
}

/** The style of settings by offset. */
export function byOffset(settings: OffsetPagination): PaginationStyle {
  return settings.advance === OffsetAdvance.RECEIVED ? new ByReceivedOffset(settings) : new ByOffset(settings);
}
