import type { FetchPageResponse } from '../../../protocol/fetch-contract';
import { RequestPlace, TokenPagination } from '../../../protocol/http-settings';
import { JsonValue } from '../../../protocol/json';
import type { SourceRequest } from '../../handler/define-source';
import { NonRetryableError } from '../../handler/errors';
import { Asked, PlacedValue } from '../message/outgoing-request';
import { placeInResponse, reader, ReadPlace } from '../message/place';
import { filled } from '../message/template';
import { PaginationStyle, Piece, ReadPage, tokenAnswer } from './style';

/** Pages by a token from the response before. */
export class ByToken implements PaginationStyle {
  public readonly smaller = 'shorter';
  private readonly read: ReadPlace;

  constructor(private readonly settings: TokenPagination) {
    this.read = reader(settings.token);
  }

  public get sendsLimit(): boolean {
    return this.settings.size !== undefined;
  }

  public ask(request: SourceRequest, { limit }: Piece): Asked {
    const { send, size, first } = this.settings;
    return { values: tokenValues(request.pageToken ?? firstToken(first, request), send, size, limit) };
  }

  public answer(_request: SourceRequest, page: ReadPage): FetchPageResponse {
    // The body of a status that is the end may be anything.
    if (page.isEnd) return tokenAnswer(page, null);
    const token = this.read(page.response);
    return tokenAnswer(page, nextToken(token, page, `token at ${placeInResponse(this.settings.token)}`));
  }
}

/** The token of the first page; `null` if it is asked for without one. */
export function firstToken(first: string | number | undefined, request: SourceRequest): string | number | null {
  return typeof first === 'string' ? filled(first, request) : first ?? null;
}

/** The values of a request with a token. Without one, the first page is asked for. */
export function tokenValues(token: JsonValue, send: RequestPlace, size: RequestPlace | undefined, limit: number): PlacedValue[] {
  if (token !== null && typeof token !== 'string' && typeof token !== 'number') {
    throw new NonRetryableError('The page token is no text and no number: the pagination has changed during the import; start a new one');
  }
  return [...token === null ? [] : [{ place: send, value: token }], ...size === undefined ? [] : [{ place: size, value: limit }]];
}

/**
 * The token of the next page; `null` if there is none.
 *
 * @param what the token, and where it is, for messages
 * @throws NonRetryableError if there is more, but no token; or the token is no text and no number
 */
export function nextToken(token: unknown, { hasMore }: ReadPage, what: string): string | number | null {
  if (hasMore === false) return null;
  if (token === undefined || token === null || token === '') {
    if (hasMore === true) throw new NonRetryableError(`The source says that there are more pages, but its response has no ${what}`);
    return null;
  }
  const sent = sendable(token);
  if (sent === undefined) throw new NonRetryableError(`The ${what} is no text and no number; name the field that is one`);
  return sent;
}

/** A value of a response as a request can have it: a number beyond doubles as text. `undefined` if it is no text and no number. */
export function sendable(value: unknown): string | number | undefined {
  if (typeof value === 'string' || typeof value === 'number') return value;
  if (typeof value === 'bigint') return String(value);
  const { rawJSON } = (value ?? {}) as { readonly rawJSON?: unknown };
  return typeof rawJSON === 'string' ? rawJSON : undefined;
}
