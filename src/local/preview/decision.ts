import { Position } from '../../protocol/fetch-contract';
import { HttpPagination, HttpPaginationStyle, HttpSettings, ResponsePlace } from '../../protocol/http-settings';
import { placeInResponse, reader } from '../../source/http/message/place';
import { ReadPage } from '../../source/http/paging/style';

/** A page, and where it is in the source. */
export interface DecidedPage {
  readonly read: ReadPage;
  readonly pageNumber: number;
  /** Records up to the end of this page. */
  readonly recordsSoFar: number;
  /** Where the page after it is; `null` if there is none. */
  readonly next: Position | null;
}

/** What the engine decided after a page, and why. The engine decides; this only reads the same signs. Tokens are not shown. */
export function decisionAfter(settings: HttpSettings, page: DecidedPage): string {
  const { next } = page;
  return next === null ? `end: ${reasonOfEnd(settings, page)}` : `next: ${what(settings.pagination, next)}${because(settings, page)}`;
}

function reasonOfEnd({ end = {}, pagination }: HttpSettings, { read, pageNumber, recordsSoFar }: DecidedPage): string {
  const { response, records, limit, total } = read;
  if (read.isEnd) return `a response with the status ${response.status} ends the source`;
  const hasMore = valueAt(end.hasMore, read);
  if (hasMore !== undefined) return `${placeInResponse(end.hasMore!)} is ${String(hasMore)}`;
  const pages = valueAt(end.totalPages, read);
  if (pages !== undefined && pageNumber >= Number(pages)) return `page ${pageNumber} of ${String(pages)}`;
  if (end.shortPage === true && limit !== undefined && records.length < limit) return `short page, ${records.length} of ${limit} records`;
  if (pagination.style in WITHOUT) return WITHOUT[pagination.style]!(pagination);
  if (records.length === 0) return 'empty page';
  return total !== undefined && recordsSoFar >= total ? `total ${total} reached` : 'the pagination says so';
}

/** Styles that end without something in the response. */
const WITHOUT: Readonly<Partial<Record<HttpPaginationStyle, (pagination: HttpPagination) => string>>> = {
  'token': (pagination) => `no ${nameOfNext(pagination)}`,
  'next-link': (pagination) => `no ${nameOfNext(pagination)}`,
  'link-header': (pagination) => `no ${nameOfNext(pagination)}`,
  'graphql': (pagination) => (pagination.style === 'graphql' ? `hasNextPage at ${pagination.pageInfo} is false` : ''),
  'time-window': () => 'the last window',
  'single': () => 'one response is everything',
};

/** What leads to the next page. */
function nameOfNext(pagination: HttpPagination): string {
  switch (pagination.style) {
    case 'token': return `token at ${placeInResponse(pagination.token)}`;
    case 'next-link': return `link at ${placeInResponse(pagination.link)}`;
    case 'link-header': return `link with the relation ${pagination.rel ?? 'next'} in the Link header`;
    case 'graphql': return `endCursor at ${pagination.pageInfo}`;
    case 'keyset': return `after the last record's ${pagination.field}`;
    case 'time-window': return 'the window after this one';
    default: return 'as the pagination says';
  }
}

function what(pagination: HttpPagination, { pageNumber, offset, pageToken }: Position): string {
  if (pagination.style === 'page') return `page ${pageNumber - 1 + (pagination.first ?? 1)}`;
  if (pagination.style !== 'offset') return nameOfNext(pagination);
  // An offset that grows by what came is the page's token.
  return `offset ${typeof pageToken === 'number' ? pageToken : offset}`;
}

/** Which sign, besides the pagination's own, says that there is more. */
function because({ end = {}, pagination }: HttpSettings, { read, pageNumber, recordsSoFar }: DecidedPage): string {
  const hasMore = valueAt(end.hasMore, read);
  if (hasMore !== undefined) return ` (${placeInResponse(end.hasMore!)} is ${String(hasMore)})`;
  const pages = valueAt(end.totalPages, read);
  if (pages !== undefined) return ` (page ${pageNumber} of ${String(pages)})`;
  if (pagination.style !== 'offset' && pagination.style !== 'page') return '';
  return read.total === undefined ? ' (until an empty page)' : ` (${recordsSoFar} of ${read.total} records)`;
}

function valueAt(place: ResponsePlace | undefined, { response }: ReadPage): unknown {
  return place === undefined ? undefined : reader(place)(response) ?? undefined;
}
