import { HttpDecoder, HttpErrorAction, HttpMethod, LargeNumbers, OffsetAdvance, TimeFormat } from '../http-choices';
import {
  GraphqlPagination, HttpEnd, HttpErrorRule, HttpJob, HttpRateLimit, HttpSettings, HttpTimeouts, KeysetPagination, LinkHeaderPagination,
  NextLinkPagination, OffsetPagination, PageNumberPagination, SinglePage, TimeWindowPagination, TokenPagination,
} from '../http-settings';
import { AUTH, CLIENT_CERTIFICATE } from './auth-checks';
import {
  ANYTHING, Check, kindOf, listOf, mapOf, object, oneOf, positive, required, SWITCH, text, textLike, valueThat, wholeNumber,
} from './checks';
import { problemOfCombination } from './combinations';
import { JSON_PATH, NAME, REQUEST_PLACE, RESPONSE_PLACE } from './place-checks';

const FIRST = valueThat((value) => typeof value === 'string' || Number.isFinite(value), 'a text or a number');

const STYLE: Check = ANYTHING;

const PAGINATION = kindOf('style', {
  'offset': object<OffsetPagination>({ style: STYLE, offset: required(REQUEST_PLACE), limit: REQUEST_PLACE, advance: oneOf(OffsetAdvance) },
    '{ "style": "offset", "offset": { "query": "offset" }, "limit": { "query": "limit" } }'),
  'page': object<PageNumberPagination>({ style: STYLE, page: required(REQUEST_PLACE), size: REQUEST_PLACE, first: wholeNumber(0, 1, 1) },
    '{ "style": "page", "page": { "query": "page" } }'),
  'token': object<TokenPagination>({
    style: STYLE, token: required(RESPONSE_PLACE), send: required(REQUEST_PLACE), size: REQUEST_PLACE, first: FIRST,
  }, '{ "style": "token", "token": { "body": "$.next" }, "send": { "query": "cursor" } }'),
  'next-link': object<NextLinkPagination>({ style: STYLE, link: required(RESPONSE_PLACE), size: REQUEST_PLACE },
    '{ "style": "next-link", "link": { "body": "$.links.next" } }'),
  'link-header': object<LinkHeaderPagination>({ style: STYLE, rel: NAME, size: REQUEST_PLACE }, '{ "style": "link-header" }'),
  'keyset': object<KeysetPagination>({
    style: STYLE, field: required(JSON_PATH), send: required(REQUEST_PLACE), inclusive: SWITCH, size: REQUEST_PLACE, first: FIRST,
  }, '{ "style": "keyset", "field": "$.id", "send": { "query": "after" } }'),
  'time-window': object<TimeWindowPagination>({
    style: STYLE,
    from: required(REQUEST_PLACE),
    to: required(REQUEST_PLACE),
    size: REQUEST_PLACE,
    start: required(time()),
    end: time(),
    windowSeconds: required(positive(86_400)),
    format: oneOf(TimeFormat),
  }, '{ "style": "time-window", "from": { "query": "from" }, "to": { "query": "to" }, "start": "2026-01-01T00:00:00Z", "windowSeconds": 86400 }'),
  'graphql': object<GraphqlPagination>({
    style: STYLE,
    query: required(textLike(/./, 'a GraphQL query')),
    variables: mapOf(ANYTHING, 'an object'),
    pageInfo: required(JSON_PATH),
    cursorVariable: textLike(/^\w+$/, 'the name of a variable'),
    sizeVariable: textLike(/^\w+$/, 'the name of a variable'),
  }, '{ "style": "graphql", "query": "...", "pageInfo": "$.data.orders.pageInfo" }'),
  'single': object<SinglePage>({ style: STYLE }, '{ "style": "single" }'),
});

function time(): Check {
  return valueThat((value) => typeof value === 'string' && (/\{[^}]+\}/.test(value) || !Number.isNaN(Date.parse(value))),
    'an ISO 8601 time such as "2026-01-01T00:00:00Z", or a placeholder such as "{input.since}"');
}

const STATUSES = listOf(wholeNumber(100, 599, 404), 'a list such as [404]');

const END = object<HttpEnd>({
  hasMore: RESPONSE_PLACE,
  lastPage: RESPONSE_PLACE,
  totalPages: RESPONSE_PLACE,
  statuses: STATUSES,
  shortPage: SWITCH,
  missingRecords: SWITCH,
}, 'an object such as { "statuses": [404] }');

const RATE_LIMIT = object<HttpRateLimit>({
  perSecond: positive(5), perMinute: positive(60), reserve: wholeNumber(0, 1e9, 10),
}, 'an object such as { "perSecond": 5 }');

const REGULAR_EXPRESSION = valueThat((value) => typeof value === 'string' && isRegularExpression(value), 'a regular expression such as "^busy"');

function isRegularExpression(pattern: string): boolean {
  try {
    return new RegExp(pattern) instanceof RegExp;
  } catch {
    return false;
  }
}

const ERROR_RULE = object<HttpErrorRule>({
  statuses: STATUSES, body: JSON_PATH, matches: REGULAR_EXPRESSION, header: NAME, action: required(oneOf(HttpErrorAction)),
}, 'an object such as { "statuses": [409], "action": "retry" }');

const TIMEOUTS = object<HttpTimeouts>({
  connectSeconds: positive(10), headersSeconds: positive(60), bodySeconds: positive(120),
}, 'an object such as { "headersSeconds": 60 }');

const ADDRESS = textLike(/^https?:\/\/[^/?#\s]/i, 'an address such as "https://api.example.com/orders"');

const STATES = listOf(textLike(/./, 'a state such as "done"'), 'a list such as ["done"]');

const JSON_BODY = mapOf(ANYTHING, 'an object such as { "status": "open" }');

const JOB = object<HttpJob>({
  createUrl: required(ADDRESS),
  createBody: JSON_BODY,
  id: required(RESPONSE_PLACE),
  statusUrl: required(ADDRESS),
  statusBody: JSON_BODY,
  state: required(RESPONSE_PLACE),
  done: required(STATES),
  failed: STATES,
  files: JSON_PATH,
  pollSeconds: positive(10),
}, '{ "createUrl": "https://...", "id": { "body": "$.id" }, "statusUrl": "https://.../{job}", "state": { "body": "$.state" }, "done": ["done"] }');

const SETTINGS = object<HttpSettings>({
  url: required(ADDRESS),
  method: oneOf(HttpMethod),
  headers: mapOf(text('a text'), 'an object such as { "Accept": "application/json" }'),
  query: mapOf(valueThat((value) => ['string', 'number', 'boolean'].includes(typeof value), 'a text, a number, true or false'),
    'an object such as { "status": "open" }'),
  body: JSON_BODY,
  pagination: required(PAGINATION),
  job: JOB,
  records: JSON_PATH,
  end: END,
  total: RESPONSE_PLACE,
  decoder: oneOf(HttpDecoder),
  auth: AUTH,
  clientCertificate: CLIENT_CERTIFICATE,
  rateLimit: RATE_LIMIT,
  errors: listOf(ERROR_RULE, 'a list of rules'),
  origins: listOf(textLike(/^https?:\/\/[^/?#\s]+$/i, 'an origin such as "https://files.example.com", without a path'), 'a list of origins'),
  privateNetwork: SWITCH,
  timeouts: TIMEOUTS,
  maxResponseBytes: wholeNumber(1, 512 * 1024 * 1024, 64 * 1024 * 1024),
  largeNumbers: oneOf(LargeNumbers),
}, 'the settings of a source: at least url and pagination');

/**
 * Checks settings from a file, from code, or from the constructs' properties. The syntax of JSONPaths is checked by the engine.
 *
 * @param where what the settings were given to, for the message
 * @throws Error that says what is wrong, where, and what to write instead
 */
export function checkHttpSettings(where: string, settings: unknown): asserts settings is HttpSettings {
  const problem = SETTINGS.problem(settings, 'settings') ?? problemOfCombination(settings as HttpSettings);
  if (problem !== undefined) throw new Error(`${where}: ${problem.replace(/^settings\.|(?<= )settings\./g, '')}`);
}
