import { HttpResponse } from './message/http-response';
import { relationIn } from './paging/link-header';

/**
 * The address of a link in the `Link` header (RFC 8288) of a response, for handlers: the token of the next page.
 *
 * @param rel relation of the link
 * @returns `null` if there is none: then it is the last page
 */
export function linkOf({ headers, url }: Pick<HttpResponse, 'headers' | 'url'>, rel = 'next'): string | null {
  const target = relationIn(headers.link ?? '', rel);
  return target === undefined ? null : new URL(target, url).href;
}
