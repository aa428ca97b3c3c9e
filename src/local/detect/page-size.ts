import { plain } from '../signs/fields';
import { nextLinkOf } from './by-link';
import { Sample } from './sample';

/** Names of the page size in requests, the commonest first. */
const PAGE_SIZES = [
  'limit', 'per_page', 'page_size', 'pageSize', 'size', '_limit', 'perPage', 'maxResults', 'max_results', 'count', '$top', 'rows', 'page[size]',
  '_per_page', 'page[limit]', '$limit', 'first', 'top', 'take', 'max',
];

/** Names that are tried where nothing suggests one. */
const TRIED = 6;

/** Names that may be the page size: first those in the address, the link to the next page and the answer's fields, then the usual ones. */
export function pageSizeNames(sample: Sample): readonly string[] {
  const { url, fields, response } = sample;
  const link = nextLinkOf(sample);
  const named = new Set(fields.filter(({ value }) => Number.isSafeInteger(value)).map(({ plainName }) => plainName));
  const likely = [
    ...PAGE_SIZES.filter((name) => url.searchParams.has(name)),
    ...PAGE_SIZES.filter((name) => link?.searchParams.has(name)),
    ...fields.some(({ plainName }) => plainName === 'odatacontext') ? ['$top'] : [],
    // Its own count of the page often is called count or size.
    ...PAGE_SIZES.filter((name) => named.has(plain(name)) && name !== 'count'),
    ...response.headers['x-total-count'] === undefined ? [] : ['_limit'],
  ];
  return [...new Set([...likely, ...PAGE_SIZES.slice(0, TRIED)])];
}
