import type { FetchPageResponse } from '../../../protocol/fetch-contract';
import { GraphqlPagination, TimeFormat, TimeWindowPagination } from '../../../protocol/http-settings';
import type { SourceRequest } from '../../handler/define-source';
import { NonRetryableError } from '../../handler/errors';
import { JsonPath, jsonPath } from '../message/json-path';
import { Asked } from '../message/outgoing-request';
import { filled } from '../message/template';
import { nextToken, tokenValues } from './by-token';
import { lastAnswer, PaginationStyle, Piece, ReadPage, tokenAnswer } from './style';

/** Everything in one response. */
export class Single implements PaginationStyle {
  public readonly sendsLimit = false;
  public readonly smaller = 'never';

  public ask(): Asked {
    return { values: [] };
  }

  public answer(_request: SourceRequest, page: ReadPage): FetchPageResponse {
    if (page.hasMore === true) throw new NonRetryableError('The source says that there are more pages, but pagination says that there is one');
    return lastAnswer(page);
  }
}

/** A GraphQL connection. */
export class Graphql implements PaginationStyle {
  public readonly sendsLimit = true;
  public readonly smaller = 'shorter';
  private readonly pageInfo: JsonPath;

  constructor(private readonly settings: GraphqlPagination) {
    this.pageInfo = jsonPath(settings.pageInfo);
  }

  public ask({ pageToken }: SourceRequest, { limit }: Piece): Asked {
    const { cursorVariable = 'after', sizeVariable = 'first' } = this.settings;
    const variable = (name: string): { body: string } => ({ body: `/variables/${name}` });
    return { values: tokenValues(pageToken, variable(cursorVariable), variable(sizeVariable), limit) };
  }

  public answer(_request: SourceRequest, page: ReadPage): FetchPageResponse {
    if (page.isEnd) return tokenAnswer(page, null);
    const [info] = this.pageInfo.find(page.response.body());
    if (typeof info !== 'object' || info === null) throw new NonRetryableError(`The response has nothing at ${this.settings.pageInfo}; ask for it in the query`);
    const { hasNextPage, endCursor } = info as { readonly hasNextPage?: unknown; readonly endCursor?: unknown };
    if (typeof hasNextPage !== 'boolean') throw new NonRetryableError(`${this.settings.pageInfo} has no hasNextPage; ask for it in the query`);
    const told = { ...page, hasMore: hasNextPage };
    return tokenAnswer(told, nextToken(endCursor, told, `endCursor at ${this.settings.pageInfo}`));
  }
}

/** The window of a page, in milliseconds since 1970. */
interface Window {
  readonly from: number;
  /** End of the last window: fixed at the first page, or an import would never catch up with the present. */
  readonly end: number;
}

/** Windows of time, one page each. Start of the window and end of the last one are the page token. */
export class ByTimeWindow implements PaginationStyle {
  public readonly smaller = 'never';

  constructor(private readonly settings: TimeWindowPagination, private readonly now: () => number) {}

  public get sendsLimit(): boolean {
    return this.settings.size !== undefined;
  }

  public ask(request: SourceRequest, { limit }: Piece): Asked {
    const { from, to, size, format = TimeFormat.ISO } = this.settings;
    const window = this.windowOf(request);
    return {
      values: [
        { place: from, value: written(window.from, format) },
        { place: to, value: written(this.endOf(window), format) },
        ...size === undefined ? [] : [{ place: size, value: limit }],
      ],
    };
  }

  public answer(request: SourceRequest, page: ReadPage): FetchPageResponse {
    const window = this.windowOf(request);
    this.requireWhole(page, request.pageSize);
    const from = this.endOf(window);
    // The source's counts, and an end that a status tells, are the window's.
    const ofImport = { ...page, total: undefined, totalPages: undefined };
    return from >= window.end ? lastAnswer(ofImport) : tokenAnswer(ofImport, { from, end: window.end });
  }

  /** @throws NonRetryableError if the window has more records than came, or may have */
  private requireWhole({ records: { length }, total, hasMore }: ReadPage, pageSize: number): void {
    const window = `A window of ${this.settings.windowSeconds} s has`;
    const advice = 'make the windows shorter, or the pages larger';
    if (hasMore === true) throw new NonRetryableError(`${window} more records than the ${length} that came: ${advice}`);
    if (total !== undefined && total !== length) throw new NonRetryableError(`${window} ${total} records, of which ${length} came: ${advice}`);
    if (total === undefined && this.sendsLimit && length >= pageSize) {
      throw new NonRetryableError(`${window} ${length} records, as many as were asked for, so there may be more: ${advice}`);
    }
  }

  private endOf({ from, end }: Window): number {
    return Math.min(from + this.settings.windowSeconds * 1000, end);
  }

  private windowOf(request: SourceRequest): Window {
    const { pageToken } = request;
    if (pageToken !== null) return pageToken as unknown as Window;
    const { start, end } = this.settings;
    return { from: time(filled(start, request), 'start'), end: end === undefined ? this.now() : time(filled(end, request), 'end') };
  }
}

function time(text: string, what: string): number {
  const milliseconds = Date.parse(text);
  if (Number.isNaN(milliseconds)) throw new NonRetryableError(`The ${what} of the time windows is not an ISO 8601 time`);
  return milliseconds;
}

function written(milliseconds: number, format: TimeFormat): string | number {
  if (format === TimeFormat.ISO) return new Date(milliseconds).toISOString();
  return format === TimeFormat.SECONDS ? Math.floor(milliseconds / 1000) : milliseconds;
}
