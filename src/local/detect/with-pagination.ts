import { OffsetAdvance } from '../../protocol/http-choices';
import { HttpPagination, HttpSettings, RequestPlace } from '../../protocol/http-settings';
import { Candidate } from './candidate';

/** Settings with a way to page. The address does not have what the pagination sends. */
export function withPagination(base: HttpSettings, { pagination, end }: Candidate, size: string | undefined): HttpSettings {
  const complete = withSize(pagination, size);
  const url = new URL(base.url);
  for (const name of parametersOf(complete)) url.searchParams.delete(name);
  return { ...base, url: url.href, pagination: complete, ...end === undefined ? {} : { end } };
}

function withSize(pagination: HttpPagination, size: string | undefined): HttpPagination {
  const place: RequestPlace | undefined = size === undefined ? undefined : { query: size };
  switch (pagination.style) {
    // Without a limit, only what came says where the next page begins.
    case 'offset': return place === undefined ? { ...pagination, advance: OffsetAdvance.RECEIVED } : { ...pagination, limit: place };
    case 'page': case 'token': case 'next-link': case 'link-header': case 'keyset': return place === undefined ? pagination : { ...pagination, size: place };
    default: return pagination;
  }
}

/** Names of the query parameters that a pagination sends. */
export function parametersOf(pagination: HttpPagination): string[] {
  const places = Object.values(pagination).filter((value): value is RequestPlace => typeof value === 'object' && value !== null);
  return places.flatMap(({ query }) => (query === undefined ? [] : [query]));
}
