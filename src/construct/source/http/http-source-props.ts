import { Duration, Size } from 'aws-cdk-lib';
import { HttpDecoder, HttpErrorAction, HttpMethod, LargeNumbers } from '../../../protocol/http-choices';
import {
  anyNumber, CREDENTIALS, duration, Kind, Kinds, listOf, mapOf, memberOf, options as optionsKind, PAGINATION, required, RESPONSE_FIELD,
  size, SWITCH, text, wholeNumber,
} from '../../base/kinds';
import { ClientCertificateOptions } from './client-certificate';
import { Credentials } from './credentials';
import { ResponseField } from './fields';
import { Pagination } from './pagination';

/** What ends an import from a source without code, besides what its pagination says. */
export interface HttpEndOptions {
  /**
   * Where responses say whether there are more pages.
   *
   * @default - nowhere
   */
  readonly hasMore?: ResponseField;

  /**
   * Where responses say whether they are the last page.
   *
   * @default - nowhere
   */
  readonly lastPage?: ResponseField;

  /**
   * Where responses have the number of pages. It ends pages by number and by offset; a number that does not fit is a warning of the
   * import.
   *
   * @default - nowhere
   */
  readonly totalPages?: ResponseField;

  /**
   * Statuses that mean "no more records", such as 204 or 404.
   *
   * @default - none
   */
  readonly statuses?: number[];

  /**
   * Whether a page with fewer records than asked for is the last one. Saves a request, but loses records where a source caps the page size.
   *
   * @default false
   */
  readonly shortPage?: boolean;

  /**
   * Whether a response without anything at `records` is the end, and not a failure. With a wildcard, elements without records are none,
   * too.
   *
   * @default false
   */
  readonly missingRecords?: boolean;
}

/** How often a source without code may be asked, across all invocations of an import. */
export interface HttpRateLimitOptions {
  /**
   * Requests per second.
   *
   * @default - no limit
   */
  readonly perSecond?: number;

  /**
   * Requests per minute.
   *
   * @default - no limit
   */
  readonly perMinute?: number;

  /**
   * Requests to leave over of what the source's `RateLimit` and `X-RateLimit` headers still allow.
   *
   * @default 0
   */
  readonly reserve?: number;
}

/** What a response means. All given conditions must hold. */
export interface HttpErrorRuleOptions {
  /**
   * Statuses.
   *
   * @default - any status
   */
  readonly statuses?: number[];

  /**
   * JSONPath that must find something in the body.
   *
   * @default - any body
   */
  readonly body?: string;

  /**
   * Regular expression for what `body` finds.
   *
   * @default - any value but `null`, `false` and empty ones
   */
  readonly matches?: string;

  /**
   * A response header that must be there.
   *
   * @default - any headers
   */
  readonly header?: string;

  /** What to do with the response. */
  readonly action: HttpErrorAction;
}

/**
 * A job that makes the data: it is created, then asked about until it is done, and then its result is read: the pages at `url`, or the
 * files that the answer about its state names. Its answers are JSON, whatever the decoder of the data. All addresses are of one origin.
 */
export interface HttpJobOptions {
  /** Address at which a job is created. May have placeholders. */
  readonly createUrl: string;

  /**
   * JSON body of the request that creates a job. Its texts may have placeholders.
   *
   * @default - an empty object
   */
  readonly createBody?: { [name: string]: any };

  /** Where the answer has the job's id, which is the placeholder `{job}`. */
  readonly id: ResponseField;

  /** Address at which the job's state is asked for, such as `https://api.example.com/jobs/{job}`. */
  readonly statusUrl: string;

  /**
   * JSON body of the request for the state, which is then a POST. Its texts may have placeholders.
   *
   * @default - no body, and a GET
   */
  readonly statusBody?: { [name: string]: any };

  /** Where the answer has the job's state. */
  readonly state: ResponseField;

  /** States of a job that is done. */
  readonly done: string[];

  /**
   * States of a job that has failed, which fails the import.
   *
   * @default - none: any state but those of `done` is waited for, at most for `maxWait` of the import
   */
  readonly failed?: string[];

  /**
   * JSONPath of the addresses of the result's files in the answer about the state, such as `$.files[*].url`. Each file is a page. `url`
   * then only says what the origin is.
   *
   * @default - the result is read in pages from `url`
   */
  readonly files?: string;

  /**
   * Time between two questions for the state, if its answer has no `Retry-After`.
   *
   * @default Duration.seconds(10)
   */
  readonly pollInterval?: Duration;
}

/** Properties of a source without code. */
export interface HttpSourceProps {
  /** Address of the first page, `https://...`. May have a query, and placeholders such as `{input.tenant}`. */
  readonly url: string;

  /** How the pages follow each other. */
  readonly pagination: Pagination;

  /**
   * A job that makes the data first.
   *
   * @default - the data is there
   */
  readonly job?: HttpJobOptions;

  /**
   * JSONPath (RFC 9535) of the records in a response, such as `$.data` or `$.edges[*].node`.
   *
   * @default - the response itself if it is a list, else the only list in it, or the one with a usual name such as `data` or `items`
   */
  readonly records?: string;

  /**
   * Method of the requests.
   *
   * @default - POST if there is a body, else GET
   */
  readonly method?: HttpMethod;

  /**
   * Request headers. Their values may have placeholders.
   *
   * @default - none of your own
   */
  readonly headers?: { [name: string]: string };

  /**
   * Query parameters, besides those in `url`. Their values may have placeholders.
   *
   * @default - none
   */
  readonly query?: { [name: string]: string };

  /**
   * JSON body of each request. Its texts may have placeholders.
   *
   * @default - none
   */
  readonly body?: { [name: string]: any };

  /**
   * What tells that there are no more pages, besides what the pagination says.
   *
   * @default - what is safe for the pagination
   */
  readonly end?: HttpEndOptions;

  /**
   * Where responses have the source's own number of records. It is compared with the imported records before publishing.
   *
   * @default - not compared
   */
  readonly total?: ResponseField;

  /**
   * How bodies are written.
   *
   * @default HttpDecoder.JSON
   */
  readonly decoder?: HttpDecoder;

  /**
   * Credentials.
   *
   * @default - none
   */
  readonly auth?: Credentials;

  /**
   * A certificate that the client shows to the origin of `url`, and to where `auth` gets its tokens.
   *
   * @default - none
   */
  readonly clientCertificate?: ClientCertificateOptions;

  /**
   * How often the source may be asked.
   *
   * @default - as often as it answers; after a 429, more slowly
   */
  readonly rateLimit?: HttpRateLimitOptions;

  /**
   * What responses mean that the defaults misjudge. The first rule that holds applies.
   *
   * @default - the defaults
   */
  readonly errors?: HttpErrorRuleOptions[];

  /**
   * Further origins to which links and redirects may lead, such as `https://files.example.com`. They receive no credentials.
   *
   * @default - only the origin of `url`
   */
  readonly origins?: string[];

  /**
   * Whether the source may have an address in a loopback, link-local or private range, as in a VPC.
   *
   * @default false
   */
  readonly privateNetwork?: boolean;

  /**
   * Time limit for connecting.
   *
   * @default Duration.seconds(10)
   */
  readonly connectTimeout?: Duration;

  /**
   * Time limit from a request to the headers of its response.
   *
   * @default Duration.seconds(60)
   */
  readonly headersTimeout?: Duration;

  /**
   * Time limit from the headers to the end of the body.
   *
   * @default Duration.seconds(120)
   */
  readonly bodyTimeout?: Duration;

  /**
   * Maximum size of a response, after decompression.
   *
   * @default Size.mebibytes(64)
   */
  readonly maxResponseSize?: Size;

  /**
   * How a number is kept that JavaScript would round, such as an integer beyond 2^53.
   *
   * @default LargeNumbers.EXACT
   */
  readonly largeNumbers?: LargeNumbers;
}

const PATH = text('a JSONPath such as \'$.data\'');
const STATUSES = listOf(wholeNumber(404), 'a list such as [404]');
const ANYTHING: Kind = { accepts: () => true, remedy: 'any JSON' };

const JSON_BODY = mapOf(ANYTHING, 'an object such as { status: \'open\' }');

export const HTTP_END_KINDS: Kinds<HttpEndOptions> = {
  hasMore: RESPONSE_FIELD,
  lastPage: RESPONSE_FIELD,
  totalPages: RESPONSE_FIELD,
  statuses: STATUSES,
  shortPage: SWITCH,
  missingRecords: SWITCH,
};

export const HTTP_RATE_LIMIT_KINDS: Kinds<HttpRateLimitOptions> = {
  perSecond: anyNumber(5), perMinute: anyNumber(60), reserve: wholeNumber(10),
};

export const HTTP_ERROR_RULE_KINDS: Kinds<HttpErrorRuleOptions> = {
  statuses: STATUSES,
  body: PATH,
  matches: text('a regular expression such as \'^busy\''),
  header: text('the name of a header'),
  action: required(memberOf('HttpErrorAction', HttpErrorAction)),
};

const STATES = listOf(text('a state such as \'done\''), 'a list such as [\'done\']');

export const HTTP_JOB_KINDS: Kinds<HttpJobOptions> = {
  createUrl: required(text('an address such as \'https://api.example.com/jobs\'')),
  createBody: JSON_BODY,
  id: required(RESPONSE_FIELD),
  statusUrl: required(text('an address such as \'https://api.example.com/jobs/{job}\'')),
  statusBody: JSON_BODY,
  state: required(RESPONSE_FIELD),
  done: required(STATES),
  failed: STATES,
  files: PATH,
  pollInterval: duration('Duration.seconds(10)'),
};

export const HTTP_SOURCE_KINDS: Kinds<HttpSourceProps> = {
  url: required(text('an address such as \'https://api.example.com/orders\'')),
  pagination: required(PAGINATION),
  records: PATH,
  method: memberOf('HttpMethod', HttpMethod),
  headers: mapOf(text('a text'), 'an object such as { Accept: \'application/json\' }'),
  query: mapOf(text('a text'), 'an object such as { status: \'open\' }'),
  body: JSON_BODY,
  job: optionsKind('an object such as { createUrl, id, statusUrl, state, done }'),
  end: optionsKind('an object such as { statuses: [404] }'),
  total: RESPONSE_FIELD,
  decoder: memberOf('HttpDecoder', HttpDecoder),
  auth: CREDENTIALS,
  clientCertificate: optionsKind('an object with certificate and key'),
  rateLimit: optionsKind('an object such as { perSecond: 5 }'),
  errors: listOf(optionsKind('an object such as { statuses: [409], action: HttpErrorAction.RETRY }'), 'a list of rules'),
  origins: listOf(text('an origin such as \'https://files.example.com\''), 'a list of origins'),
  privateNetwork: SWITCH,
  connectTimeout: duration('Duration.seconds(10)'),
  headersTimeout: duration('Duration.seconds(60)'),
  bodyTimeout: duration('Duration.seconds(120)'),
  maxResponseSize: size('Size.mebibytes(64)'),
  largeNumbers: memberOf('LargeNumbers', LargeNumbers),
};
