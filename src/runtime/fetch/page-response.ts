import { NonFiniteNumbers } from '../../protocol/choices';
import { PAGE_TOKEN_BYTES } from '../../protocol/defaults';
import { InvalidPageError, PageContext } from '../../protocol/errors';
import { Position } from '../../protocol/fetch-contract';
import { JsonValue } from '../../protocol/json';
import { plural } from '../../protocol/plural';
import { secondsUntil } from '../../protocol/retry-after';
import { PerStream } from '../../protocol/streams';
import { AskedPage } from '../formats/asked-page';
import { pathText, refuse } from '../formats/invalid-page';
import { findLoss, lossesBehind } from '../formats/json-loss';
import { isInstance, thrownKind } from '../formats/thrown';
import { kindOf, looksLikeName } from '../formats/value-names';

/**
 * Reads a handler's answer by the fetch-page contract, and refuses everything else with the field, the page and what was
 * expected.
 */

/** The form of an answer: a bare array, an object with `hasMore`, or an object with a token or neither. */
export type PageStyle = 'array' | 'flag' | 'token';

/** A parsed page. */
export interface Page {
  readonly kind: 'page';
  readonly style: PageStyle;
  readonly streams: PerStream<readonly unknown[]>;
  /** Where the page after it is; `null` when the source is done. */
  readonly next: Position | null;
  /** The source's own total, if it gave one. */
  readonly sourceTotal: number | undefined;
  /** The source's own number of pages, if it gave one. */
  readonly sourcePages: number | undefined;
  /** Whether it says with `hasMore` that it is the last one. */
  readonly saysEnd: boolean;
}

/** The source asks for a later retry. */
export interface Later {
  readonly kind: 'later';
  /** 0 means that the source gave no hint. */
  readonly seconds: number;
}

const ANSWERS = 'an array of records, { records, nextPageToken }, { records, hasMore } or { retryAfterSeconds }';

const ONE_PAGE = 'the records of one page, returned and not yielded, or collected by Array.fromAsync';

const FIELD_NAMES_SHOWN = 5;

/**
 * Parses an answer.
 *
 * @param now milliseconds since the epoch
 * @throws InvalidPageError for anything outside the contract
 */
export function readResponse(response: unknown, page: AskedPage, now: number): Page | Later {
  try {
    return understood(response, page, now);
  } catch (error) {
    if (isInstance(error, InvalidPageError)) throw error;
    return refuse(page, `it cannot be read: a getter or proxy threw ${thrownKind(error)}`, ANSWERS);
  }
}

function understood(response: unknown, page: AskedPage, now: number): Page | Later {
  if (Array.isArray(response)) return offsetPage(response, page);
  if (typeof response !== 'object' || response === null) refuse(page, `it is ${kindOf(response)}`, ANSWERS);
  const answer = response as Record<string, unknown>;
  if (asksForLater(answer)) return later(answer, page, now);
  if (answer.records === undefined && isSequence(answer)) refuse(page, `it is ${describeSequence(answer)}`, `${ANSWERS}: ${ONE_PAGE}`);
  if (answer.records === undefined) refuse(page, `it has no field records (it has: ${describeFields(answer)})`, ANSWERS);
  if (!Array.isArray(answer.records)) refuse(page, `records is ${kindOf(answer.records)}`, 'an array');
  const streams = { records: answer.records };
  return {
    kind: 'page',
    style: styleOf(answer),
    streams,
    next: nextPosition(answer, page),
    sourceTotal: countIn(answer, 'total', page),
    sourcePages: countIn(answer, 'totalPages', page),
    saysEnd: answer.hasMore === false,
  };
}

/** Whether it yields its members one by one: a generator, a stream, a Set. */
function isSequence(answer: object): boolean {
  return Symbol.asyncIterator in answer || Symbol.iterator in answer;
}

function describeSequence(answer: object): string {
  const kind = Symbol.asyncIterator in answer ? 'an async ' : 'a ';
  const isGenerator = /^\[object (Async)?Generator\]$/.test(Object.prototype.toString.call(answer));
  if (isGenerator) return `${kind}generator`;
  return Symbol.asyncIterator in answer ? 'an async iterable, such as a stream' : 'an iterable that is no array, such as a Set';
}

/** Absent and undefined are the same, as in answers that came as JSON. */
function styleOf({ nextPageToken, hasMore }: Record<string, unknown>): PageStyle {
  return nextPageToken === undefined && hasMore !== undefined ? 'flag' : 'token';
}

/** The classic rule: the first empty page ends the import. A short page does not. */
function offsetPage(records: readonly unknown[], page: AskedPage): Page {
  if (page.pageToken !== null) refuseOtherStyle(page, 'it is a bare array', 'with a nextPageToken');
  const next = records.length === 0 ? null : positionAfter(page, null);
  return { kind: 'page', style: 'array', streams: { records }, next, sourceTotal: undefined, sourcePages: undefined, saysEnd: false };
}

/** Typed languages may write an unset field as `null`, and JSON turns NaN into `null`. */
function asksForLater({ records, retryAfterSeconds }: Record<string, unknown>): boolean {
  return retryAfterSeconds === null ? records === undefined : retryAfterSeconds !== undefined;
}

function later({ records, retryAfterSeconds }: Record<string, unknown>, page: AskedPage, now: number): Later {
  if (records !== undefined && records !== null) {
    refuse(page, 'it has both records and retryAfterSeconds', 'either of them: a page that has been fetched is not fetched again');
  }
  return { kind: 'later', seconds: secondsUntil(retryAfterSeconds, now) };
}

function nextPosition(answer: Record<string, unknown>, page: AskedPage): Position | null {
  const { hasMore } = answer;
  if (hasMore !== undefined && typeof hasMore !== 'boolean') refuse(page, `hasMore is ${kindOf(hasMore)}`, 'true or false');
  if (styleOf(answer) === 'flag') {
    // Without a token, the source would start again from its first page.
    if (hasMore === true && page.pageToken !== null) refuseOtherStyle(page, 'it is { hasMore: true } without a nextPageToken', 'with a nextPageToken');
    return hasMore === true ? positionAfter(page, null) : null;
  }
  const token = readToken(answer.nextPageToken, page);
  if (hasMore !== undefined && hasMore !== (token !== null)) {
    refuse(page, `hasMore is ${hasMore} but nextPageToken is ${token === null ? 'null or empty' : 'given'}`, 'the two to agree, or one of them alone');
  }
  if (token === null) return null;
  // Asked for a later page without a token, a source with tokens has returned its first page.
  if (page.pageNumber > 1 && page.pageToken === null) refuseOtherStyle(page, 'it has a nextPageToken', 'without one');
  return positionAfter(page, token);
}

/**
 * The token after a round trip through JSON, so that it always compares equal. `0` and `false` are tokens. The empty string is not: many
 * APIs return it at the end, and would answer it with their first page.
 */
function readToken(token: unknown, page: AskedPage): JsonValue {
  if (token === undefined || token === null || token === '') return null;
  const json = toJson(token);
  // JSON makes `null` of NaN: taken as it is, a slip in the handler's arithmetic would end the import early and silently.
  const lost = json === undefined ? findLoss(token, NonFiniteNumbers.FAIL) : lossesBehind(json, NonFiniteNumbers.FAIL)?.(token);
  if (lost !== undefined) refuse(page, `nextPageToken${pathText(lost.path)} ${lost.problem}`, 'any JSON value');
  if (json === undefined) refuse(page, `nextPageToken is ${kindOf(token)}, which JSON cannot carry`, 'any JSON value');
  const bytes = Buffer.byteLength(json);
  if (bytes > PAGE_TOKEN_BYTES) refuse(page, `nextPageToken has ${bytes} bytes as JSON`, `at most ${PAGE_TOKEN_BYTES}`);
  return JSON.parse(json) as JsonValue;
}

function toJson(token: unknown): string | undefined {
  try {
    return JSON.stringify(token) as string | undefined;
  } catch {
    return undefined;
  }
}

function countIn(answer: Record<string, unknown>, name: 'total' | 'totalPages', page: AskedPage): number | undefined {
  const value = answer[name];
  if (value === undefined || value === null) return undefined;
  if (typeof value !== 'number' || !Number.isInteger(value) || value < 0) {
    refuse(page, `${name} is ${kindOf(value)}`, 'a whole number, 0 or more');
  }
  return value;
}

function positionAfter(page: AskedPage, pageToken: JsonValue): Position {
  return { pageNumber: page.pageNumber + 1, pageToken, offset: page.offset + page.pageSize };
}

/** Enough field names to see which style was meant, but not all: the object may be keyed by customer. */
function describeFields(answer: Record<string, unknown>): string {
  const names = Object.keys(answer);
  const shown = names.filter(looksLikeName).slice(0, FIELD_NAMES_SHOWN);
  const others = names.length - shown.length;
  return [...shown, ...others > 0 ? [`${others} other ${plural(others, 'field')}`] : []].join(', ') || 'none';
}

/** Also when the handler was replaced, and a failed import is resumed with the new one. */
function refuseOtherStyle(page: PageContext, problem: string, before: string): never {
  refuse(page, `${problem}, though the page before it ended ${before}`, 'the same style for all pages of an import');
}
