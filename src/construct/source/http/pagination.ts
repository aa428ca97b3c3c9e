import { Duration } from 'aws-cdk-lib';
import { HttpPagination, OffsetAdvance, TimeFormat } from '../../../protocol/http-settings';
import { JsonObject } from '../../../protocol/json';
import { Brand, mark } from '../../base/brand';
import { checkKind, checkOptions } from '../../base/check-options';
import { duration, Kinds, memberOf, options as optionsKind, REQUEST_FIELD, required, RESPONSE_FIELD, SWITCH, text, wholeNumber } from '../../base/kinds';
import { RequestField, ResponseField } from './fields';

/** Options of pages by offset and limit. */
export interface OffsetPaginationOptions {
  /** Where requests have the offset. */
  readonly offset: RequestField;

  /**
   * Where requests have the number of records.
   *
   * @default - it is not sent
   */
  readonly limit?: RequestField;

  /**
   * How the offset grows.
   *
   * @default OffsetAdvance.ASKED
   */
  readonly advance?: OffsetAdvance;
}

/** Options of pages by number. */
export interface PageNumberPaginationOptions {
  /** Where requests have the number of the page. */
  readonly page: RequestField;

  /**
   * Where requests have the number of records.
   *
   * @default - it is not sent
   */
  readonly size?: RequestField;

  /**
   * Number of the first page: 0 or 1.
   *
   * @default 1
   */
  readonly first?: number;
}

/** Options of pages by a token from the response before. */
export interface TokenPaginationOptions {
  /** Where responses have the token of the next page. */
  readonly token: ResponseField;

  /** Where requests have it. */
  readonly send: RequestField;

  /**
   * Where requests have the number of records.
   *
   * @default - it is not sent
   */
  readonly size?: RequestField;

  /**
   * Token of the first page.
   *
   * @default - the first page is asked for without a token
   */
  readonly first?: string;
}

/** Options of pages by a link in the response before. */
export interface NextLinkPaginationOptions {
  /** Where responses have the link, which may be absolute or relative. */
  readonly link: ResponseField;

  /**
   * Where the first request has the number of records.
   *
   * @default - it is not sent
   */
  readonly size?: RequestField;
}

/** Options of pages by the Link header. */
export interface LinkHeaderPaginationOptions {
  /**
   * Relation of the link to the next page.
   *
   * @default "next"
   */
  readonly rel?: string;

  /**
   * Where the first request has the number of records.
   *
   * @default - it is not sent
   */
  readonly size?: RequestField;
}

/** Options of pages by a field of the last record. */
export interface KeysetPaginationOptions {
  /** JSONPath of the field in a record, such as `$.id`. It must be unique, and the source must order by it. */
  readonly field: string;

  /** Where requests have its value. */
  readonly send: RequestField;

  /**
   * Whether the source answers "from" the value and not "after" it, so that a page begins with the last record before it. That one is left
   * out.
   *
   * @default false
   */
  readonly inclusive?: boolean;

  /**
   * Where requests have the number of records.
   *
   * @default - it is not sent
   */
  readonly size?: RequestField;

  /**
   * Value for the first page.
   *
   * @default - the first page is asked for without a value
   */
  readonly first?: string;
}

/** Options of windows of time. */
export interface TimeWindowPaginationOptions {
  /** Where requests have the start of the window. */
  readonly from: RequestField;

  /** Where requests have its end. */
  readonly to: RequestField;

  /** Start of the first window: an ISO 8601 time in UTC, or a placeholder such as `{input.since}`. */
  readonly start: string;

  /**
   * End of the last window: an ISO 8601 time in UTC, or a placeholder.
   *
   * @default - the time at which the first page is asked for
   */
  readonly end?: string;

  /** Length of a window. */
  readonly window: Duration;

  /**
   * Where requests have the number of records.
   *
   * @default - it is not sent
   */
  readonly size?: RequestField;

  /**
   * How times are written.
   *
   * @default TimeFormat.ISO
   */
  readonly format?: TimeFormat;
}

/** Options of a GraphQL connection. */
export interface GraphqlPaginationOptions {
  /** The query. It takes the cursor and the page size as variables. */
  readonly query: string;

  /** JSONPath of the connection's `pageInfo`, such as `$.data.orders.pageInfo`. */
  readonly pageInfo: string;

  /**
   * Other variables.
   *
   * @default - none
   */
  readonly variables?: { [name: string]: any };

  /**
   * Variable for the cursor.
   *
   * @default "after"
   */
  readonly cursorVariable?: string;

  /**
   * Variable for the page size.
   *
   * @default "first"
   */
  readonly sizeVariable?: string;
}

/** How the pages of a source without code follow each other. */
export class Pagination {
  /** Offset and limit. */
  public static offset(options: OffsetPaginationOptions): Pagination {
    checked('Pagination.offset', options, OFFSET_KINDS);
    const { offset, limit, advance } = options;
    return new Pagination({ style: 'offset', offset: offset._place, ...limit && { limit: limit._place }, ...advance && { advance } });
  }

  /** Page numbers. */
  public static pageNumber(options: PageNumberPaginationOptions): Pagination {
    checked('Pagination.pageNumber', options, PAGE_KINDS);
    const { page, size, first } = options;
    return new Pagination({ style: 'page', page: page._place, ...size && { size: size._place }, ...first !== undefined && { first } });
  }

  /** A token, or cursor, from the response before. */
  public static token(options: TokenPaginationOptions): Pagination {
    checked('Pagination.token', options, TOKEN_KINDS);
    const { token, send, size, first } = options;
    return new Pagination({
      style: 'token', token: token._place, send: send._place, ...size && { size: size._place }, ...first !== undefined && { first },
    });
  }

  /** A link in the response before. */
  public static nextLink(options: NextLinkPaginationOptions): Pagination {
    checked('Pagination.nextLink', options, LINK_KINDS);
    const { link, size } = options;
    return new Pagination({ style: 'next-link', link: link._place, ...size && { size: size._place } });
  }

  /** The Link header (RFC 8288). */
  public static linkHeader(options: LinkHeaderPaginationOptions = {}): Pagination {
    checked('Pagination.linkHeader', options, HEADER_KINDS);
    const { rel, size } = options;
    return new Pagination({ style: 'link-header', ...rel !== undefined && { rel }, ...size && { size: size._place } });
  }

  /** "After the last record": each page is asked for by a field of the last record before it. */
  public static keyset(options: KeysetPaginationOptions): Pagination {
    checked('Pagination.keyset', options, KEYSET_KINDS);
    const { field, send, inclusive, size, first } = options;
    return new Pagination({
      style: 'keyset',
      field,
      send: send._place,
      ...inclusive !== undefined && { inclusive },
      ...size && { size: size._place },
      ...first !== undefined && { first },
    });
  }

  /** Windows of time, one page each. A window with as many records as the page size fails: it may have had more. */
  public static timeWindow(options: TimeWindowPaginationOptions): Pagination {
    checked('Pagination.timeWindow', options, WINDOW_KINDS);
    const { from, to, start, end, window, size, format } = options;
    return new Pagination({
      style: 'time-window',
      from: from._place,
      to: to._place,
      start,
      ...end !== undefined && { end },
      windowSeconds: window.toSeconds(),
      ...size && { size: size._place },
      ...format && { format },
    });
  }

  /** A GraphQL connection, paged forwards by cursor. */
  public static graphql(options: GraphqlPaginationOptions): Pagination {
    checked('Pagination.graphql', options, GRAPHQL_KINDS);
    const { variables, ...others } = options;
    return new Pagination({ style: 'graphql', ...others, ...variables && { variables: variables as JsonObject } });
  }

  /** Everything in one response. */
  public static singlePage(): Pagination {
    return new Pagination({ style: 'single' });
  }

  /** @internal */
  public readonly _settings: HttpPagination;

  private constructor(settings: HttpPagination) {
    this._settings = settings;
  }
}

mark(Pagination, Brand.PAGINATION);

const FIELD_NAME = text('a JSONPath such as \'$.id\'');

const OFFSET_KINDS: Kinds<OffsetPaginationOptions> = {
  offset: required(REQUEST_FIELD), limit: REQUEST_FIELD, advance: memberOf('OffsetAdvance', OffsetAdvance),
};

const PAGE_KINDS: Kinds<PageNumberPaginationOptions> = { page: required(REQUEST_FIELD), size: REQUEST_FIELD, first: wholeNumber(1) };

const TOKEN_KINDS: Kinds<TokenPaginationOptions> = {
  token: required(RESPONSE_FIELD), send: required(REQUEST_FIELD), size: REQUEST_FIELD, first: text('a text'),
};

const LINK_KINDS: Kinds<NextLinkPaginationOptions> = { link: required(RESPONSE_FIELD), size: REQUEST_FIELD };

const HEADER_KINDS: Kinds<LinkHeaderPaginationOptions> = { rel: text('a relation such as \'next\''), size: REQUEST_FIELD };

const KEYSET_KINDS: Kinds<KeysetPaginationOptions> = {
  field: required(FIELD_NAME), send: required(REQUEST_FIELD), inclusive: SWITCH, size: REQUEST_FIELD, first: text('a text'),
};

const TIME = text('an ISO 8601 time such as \'2026-01-01T00:00:00Z\'');

const WINDOW_KINDS: Kinds<TimeWindowPaginationOptions> = {
  from: required(REQUEST_FIELD),
  to: required(REQUEST_FIELD),
  start: required(TIME),
  end: TIME,
  window: required(duration('Duration.days(1)')),
  size: REQUEST_FIELD,
  format: memberOf('TimeFormat', TimeFormat),
};

const GRAPHQL_KINDS: Kinds<GraphqlPaginationOptions> = {
  query: required(text('a GraphQL query')),
  pageInfo: required(text('a JSONPath such as \'$.data.orders.pageInfo\'')),
  variables: optionsKind('an object such as { status: \'open\' }'),
  cursorVariable: text('the name of a variable'),
  sizeVariable: text('the name of a variable'),
};

function checked<Options>(where: string, given: Options, kinds: Kinds<Options>): void {
  checkKind(where, 'options', given, required(optionsKind('an object with options')));
  checkOptions(where, given, kinds);
}
