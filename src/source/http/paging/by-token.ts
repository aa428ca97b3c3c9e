import type { FetchPageResponse } from '../../../protocol/fetch-contract';
import { KeysetPagination, RequestPlace, TokenPagination } from '../../../protocol/http-settings';
import { JsonValue } from '../../../protocol/json';
import type { SourceRequest } from '../../handler/define-source';
import { NonRetryableError } from '../../handler/errors';
import { JsonPath, jsonPath } from '../message/json-path';
import { Asked, PlacedValue } from '../message/outgoing-request';
import { placeInResponse, reader, ReadPlace } from '../message/place';
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
    return { values: tokenValues(request.pageToken ?? first ?? null, send, size, limit) };
  }

  public answer(_request: SourceRequest, page: ReadPage): FetchPageResponse {
    const token = this.read(page.response);
    return tokenAnswer(page, nextToken(token, page, `token at ${placeInResponse(this.settings.token)}`));
  }
}

/** Pages by a field of the last record before. */
export class ByKeyset implements PaginationStyle {
  public readonly smaller = 'shorter';
  private readonly field: JsonPath;

  constructor(private readonly settings: KeysetPagination) {
    this.field = jsonPath(settings.field);
  }

  public get sendsLimit(): boolean {
    return this.settings.size !== undefined;
  }

  public ask(request: SourceRequest, { limit }: Piece): Asked {
    const { send, size, first } = this.settings;
    return { values: tokenValues(request.pageToken ?? first ?? null, send, size, limit) };
  }

  public answer({ pageToken }: SourceRequest, page: ReadPage): FetchPageResponse {
    const { records, isEnd, hasMore } = page;
    if (isEnd || records.length === 0 || hasMore === false) return tokenAnswer(page, null);
    const [key] = this.field.find(records.at(-1));
    if (typeof key !== 'string' && typeof key !== 'number') {
      throw new NonRetryableError(`The last record has no text and no number at ${this.settings.field}, by which the next page is asked for`);
    }
    if (key === pageToken) {
      throw new NonRetryableError(`The last records of two pages have the same ${this.settings.field}: records with this value may be missing. Page by a unique field`);
    }
    return tokenAnswer(page, key);
  }
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
export function nextToken(token: unknown, { isEnd, hasMore }: ReadPage, what: string): string | number | null {
  if (isEnd || hasMore === false) return null;
  if (token === undefined || token === null || token === '') {
    if (hasMore === true) throw new NonRetryableError(`The source says that there are more pages, but its response has no ${what}`);
    return null;
  }
  if (typeof token === 'string' || typeof token === 'number') return token;
  // A number that a double does not hold.
  if (typeof token === 'bigint' || isRawNumber(token)) return typeof token === 'bigint' ? String(token) : token.rawJSON;
  throw new NonRetryableError(`The ${what} is no text and no number; name the field that is one`);
}

function isRawNumber(value: unknown): value is { readonly rawJSON: string } {
  return typeof (value as { readonly rawJSON?: unknown }).rawJSON === 'string';
}
