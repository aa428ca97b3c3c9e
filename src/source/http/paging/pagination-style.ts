import { HttpPagination } from '../../../protocol/http-settings';
import { ByKeyset } from './by-keyset';
import { byLinkHeader, byNextLink } from './by-link';
import { byOffset, ByPageNumber } from './by-position';
import { ByToken } from './by-token';
import { ByTimeWindow, Graphql, Single } from './others';
import { PaginationStyle } from './style';

/** @param now milliseconds since the epoch */
export function paginationStyle(pagination: HttpPagination, now: () => number): PaginationStyle {
  switch (pagination.style) {
    case 'offset': return byOffset(pagination);
    case 'page': return new ByPageNumber(pagination);
    case 'token': return new ByToken(pagination);
    case 'next-link': return byNextLink(pagination);
    case 'link-header': return byLinkHeader(pagination);
    case 'keyset': return new ByKeyset(pagination);
    case 'time-window': return new ByTimeWindow(pagination, now);
    case 'graphql': return new Graphql(pagination);
    case 'single': return new Single();
  }
}
