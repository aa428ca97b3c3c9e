import type { FetchPageResponse } from '../../../protocol/fetch-contract';
import { LinkHeaderPagination, NextLinkPagination, RequestPlace } from '../../../protocol/http-settings';
import type { SourceRequest } from '../../handler/define-source';
import { NonRetryableError } from '../../handler/errors';
import { HttpResponse } from '../message/http-response';
import { Asked } from '../message/outgoing-request';
import { placeInResponse, reader } from '../message/place';
import { nextToken } from './by-token';
import { relationIn } from './link-header';
import { PaginationStyle, Piece, ReadPage, tokenAnswer } from './style';

/** Pages by a link in the response before. The link is the page token. */
export class ByLink implements PaginationStyle {
  /** The link says how many records the next page has. */
  public readonly smaller = 'never';

  /** @param what the link, and where it is, for messages */
  constructor(
    private readonly read: (response: HttpResponse) => unknown,
    private readonly what: string,
    private readonly size: RequestPlace | undefined,
  ) {}

  public get sendsLimit(): boolean {
    return this.size !== undefined;
  }

  public ask({ pageToken }: SourceRequest, { limit }: Piece): Asked {
    if (pageToken === null) return { values: this.size === undefined ? [] : [{ place: this.size, value: limit }] };
    if (typeof pageToken !== 'string' || !URL.canParse(pageToken)) {
      throw new NonRetryableError('The page token is no link: the pagination has changed during the import; start a new one');
    }
    return { url: new URL(pageToken), values: [] };
  }

  public answer(_request: SourceRequest, page: ReadPage): FetchPageResponse {
    if (page.isEnd) return tokenAnswer(page, null);
    const link = nextToken(this.read(page.response), page, this.what);
    if (link === null) return tokenAnswer(page, null);
    if (typeof link !== 'string' || !URL.canParse(link, page.response.url.href)) throw new NonRetryableError(`The ${this.what} is not a URL`);
    return tokenAnswer(page, new URL(link, page.response.url).href);
  }
}

export function byNextLink({ link, size }: NextLinkPagination): ByLink {
  return new ByLink(reader(link), `link at ${placeInResponse(link)}`, size);
}

export function byLinkHeader({ rel = 'next', size }: LinkHeaderPagination): ByLink {
  return new ByLink(({ headers }) => relationIn(headers.link ?? '', rel), `link with the relation ${rel} in the Link header`, size);
}
