import { HttpSettings, ResponsePlace } from '../../../protocol/http-settings';
import type { SourceRequest } from '../../handler/define-source';
import { NonRetryableError } from '../../handler/errors';
import { HttpResponse } from '../message/http-response';
import { placeInResponse, reader, ReadPlace } from '../message/place';
import { ReadPage } from '../paging/style';

/** What a response says about the end of the source, besides what the pagination reads. */
export type EndSigns = Pick<ReadPage, 'total' | 'totalPages' | 'hasMore'>;

type Place = { readonly place: ResponsePlace; readonly read: ReadPlace };

/** Reads the signs that the settings name. */
export class PageEnd {
  private readonly total: Place | undefined;
  private readonly totalPages: Place | undefined;
  private readonly hasMore: Place | undefined;
  private readonly lastPage: Place | undefined;
  private readonly shortPage: boolean;

  constructor({ total, end = {} }: HttpSettings) {
    this.total = placed(total);
    this.totalPages = placed(end.totalPages);
    this.hasMore = placed(end.hasMore);
    this.lastPage = placed(end.lastPage);
    this.shortPage = end.shortPage ?? false;
  }

  /**
   * @param received records of the page
   * @param limit records that were asked for; `undefined` if the request did not say
   * @throws NonRetryableError if a sign cannot be read
   */
  public signs({ pageNumber }: SourceRequest, { response, isEnd }: Pick<ReadPage, 'response' | 'isEnd'>, received: number, limit: number | undefined): EndSigns {
    if (isEnd) return { total: undefined, totalPages: undefined, hasMore: undefined };
    const byLength = this.shortPage && limit !== undefined && received < limit ? false : undefined;
    const total = count(this.total, response);
    const isLast = flag(this.lastPage, response);
    return {
      // Sources that count what a query finds say none behind their last record.
      total: total === 0 && pageNumber > 1 ? undefined : total,
      totalPages: count(this.totalPages, response),
      hasMore: flag(this.hasMore, response) ?? (isLast === undefined ? byLength : !isLast),
    };
  }
}

function placed(place: ResponsePlace | undefined): Place | undefined {
  return place === undefined ? undefined : { place, read: reader(place) };
}

function count(at: Place | undefined, response: HttpResponse): number | undefined {
  const value = at?.read(response);
  if (at === undefined || value === undefined || value === null) return undefined;
  // Content-Range has the total behind a slash; `*` if it is not known.
  const number = typeof value === 'string' ? Number(/^(?:.*\/)?(\d+)$/.exec(value.trim())?.[1] ?? NaN) : value;
  if (value === '*' || /\/\*$/.test(String(value))) return undefined;
  if (typeof number === 'number' && Number.isSafeInteger(number) && number >= 0) return number;
  throw new NonRetryableError(`The value at ${placeInResponse(at.place)} is not a whole number`);
}

function flag(at: Place | undefined, response: HttpResponse): boolean | undefined {
  const value = at?.read(response);
  if (at === undefined || value === undefined || value === null) return undefined;
  if (value === true || value === 'true' || value === 1) return true;
  if (value === false || value === 'false' || value === 0) return false;
  throw new NonRetryableError(`The value at ${placeInResponse(at.place)} is neither true nor false`);
}
