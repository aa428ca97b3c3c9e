import { defineSource, FlaggedPage, RetryLater, RetryLaterError, TokenPage } from '../../src/source';

/**
 * What a handler may write where its project has `exactOptionalPropertyTypes`: the fields of an API's answer, handed on as they are.
 */

interface ApiPage {
  readonly items: readonly { readonly id: number }[];
  readonly next?: string;
  readonly count?: number;
  readonly more?: boolean;
}

export const tokens = ({ items, next, count, more }: ApiPage): TokenPage => ({
  records: items, nextPageToken: next, total: count, hasMore: more,
});

export const flags = ({ items, count }: ApiPage): FlaggedPage => ({ records: items, hasMore: items.length > 0, total: count });

export const noTotal: TokenPage = { records: [], total: null, nextPageToken: null };

export const later = (response: Response, reason?: string): RetryLater => ({ retryAfterSeconds: response.headers.get('retry-after'), reason });

export const optional = defineSource({
  input: undefined,
  record: undefined,
  fetchPage: ({ pageNumber }) => {
    return pageNumber > 1 ? { retryAfterSeconds: new Date() } : { records: [1], nextPageToken: undefined, total: undefined };
  },
});

export const thrown = (headers: { readonly 'retry-after'?: string }): Error => new RetryLaterError(headers['retry-after'], undefined, undefined);
