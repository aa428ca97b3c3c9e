import { PAGE_TOKEN_BYTES } from '../../../src/protocol/defaults';
import { InvalidPageError } from '../../../src/protocol/errors';
import { AskedPage } from '../../../src/runtime/core/asked-page';
import { readResponse } from '../../../src/runtime/core/page-response';

const FIRST: AskedPage = { pageToken: null, pageNumber: 1, importId: 'import-1', executionArn: 'arn', tokenDigest: null };
const AFTER_TOKEN: AskedPage = { ...FIRST, pageToken: 'c2', pageNumber: 4, tokenDigest: '0123456789ab' };

function cycle(): object {
  const value: Record<string, unknown> = {};
  value.self = value;
  return value;
}

describe('offset style: a bare array', () => {
  test('goes on at the next page, without a token', () => {
    expect(readResponse([{ id: 1 }, { id: 2 }], FIRST)).toEqual({
      kind: 'page', records: [{ id: 1 }, { id: 2 }], next: { pageNumber: 2, pageToken: null }, total: undefined,
    });
  });

  test('a short page is not the end', () => {
    expect(readResponse([{ id: 1 }], FIRST)).toMatchObject({ next: { pageNumber: 2, pageToken: null } });
  });

  test('a page with more records than asked for is a page', () => {
    expect(readResponse([1, 2, 3], FIRST)).toMatchObject({ records: [1, 2, 3], next: { pageNumber: 2 } });
  });

  test('the first empty page is the end', () => {
    expect(readResponse([], FIRST)).toMatchObject({ kind: 'page', records: [], next: null });
  });
});

describe('token style', () => {
  test.each([
    ['a string', 'c2'],
    ['an object', { after: [1, 'x'] }],
    ['0', 0],
    ['the empty string', ''],
    ['false', false],
    ['an empty array', []],
  ])('goes on with the token: %s', (_what, token) => {
    expect(readResponse({ records: [1], nextPageToken: token }, FIRST)).toMatchObject({ next: { pageNumber: 2, pageToken: token } });
  });

  test('an empty page that has a token goes on', () => {
    expect(readResponse({ records: [], nextPageToken: 'c3' }, AFTER_TOKEN)).toMatchObject({ records: [], next: { pageNumber: 5, pageToken: 'c3' } });
  });

  test.each([
    ['null', { records: [1], nextPageToken: null }],
    ['undefined', { records: [1], nextPageToken: undefined }],
    ['absent', { records: [1] }],
  ])('is done when the token is %s', (_what, answer) => {
    expect(readResponse(answer, AFTER_TOKEN)).toMatchObject({ records: [1], next: null });
  });

  test('keeps the token as JSON would give it back, so that it compares equal whoever reads it', () => {
    const token = { at: new Date(0), none: undefined };

    expect(readResponse({ records: [], nextPageToken: token }, FIRST)).toMatchObject({
      next: { pageToken: { at: '1970-01-01T00:00:00.000Z' } },
    });
  });

  test('takes a token of exactly the limit, counted in bytes', () => {
    const token = 'é'.repeat((PAGE_TOKEN_BYTES - 2) / 2);

    expect(readResponse({ records: [], nextPageToken: token }, FIRST)).toMatchObject({ next: { pageToken: token } });
    expect(() => readResponse({ records: [], nextPageToken: `${token}x` }, FIRST)).toThrow(`nextPageToken has ${PAGE_TOKEN_BYTES + 1} bytes as JSON`);
  });

  test('a flag that agrees with the token is no contradiction', () => {
    expect(readResponse({ records: [1], nextPageToken: 'c', hasMore: true }, FIRST)).toMatchObject({ next: { pageToken: 'c' } });
    expect(readResponse({ records: [1], nextPageToken: null, hasMore: false }, FIRST)).toMatchObject({ next: null });
  });
});

describe('offset style with a flag', () => {
  test('goes on while there is more, be the page empty or not', () => {
    expect(readResponse({ records: [1], hasMore: true }, FIRST)).toMatchObject({ next: { pageNumber: 2, pageToken: null } });
    expect(readResponse({ records: [], hasMore: true }, FIRST)).toMatchObject({ next: { pageNumber: 2, pageToken: null } });
  });

  test('is done when there is no more', () => {
    expect(readResponse({ records: [1, 2], hasMore: false }, FIRST)).toMatchObject({ records: [1, 2], next: null });
  });

  test('a last page may say so after pages with tokens', () => {
    expect(readResponse({ records: [1], hasMore: false }, AFTER_TOKEN)).toMatchObject({ next: null });
  });
});

describe('a wait', () => {
  test.each([0, 0.5, 30, 86_400])('of %p seconds', (seconds) => {
    expect(readResponse({ retryAfterSeconds: seconds, reason: 'quota' }, AFTER_TOKEN)).toEqual({ kind: 'later', seconds });
  });
});

describe('a total', () => {
  test('stands beside the records', () => {
    expect(readResponse({ records: [1], total: 12, nextPageToken: 'c' }, FIRST)).toMatchObject({ total: 12 });
    expect(readResponse({ records: [], total: 0, hasMore: false }, FIRST)).toMatchObject({ total: 0 });
  });

  test.each([undefined, null])('of %p is none', (total) => {
    expect(readResponse({ records: [1], total, hasMore: false }, FIRST)).toMatchObject({ total: undefined });
  });
});

describe('everything else is refused, and the message names the page, the field and what was expected', () => {
  test.each<[string, unknown, RegExp]>([
    ['undefined', undefined, /page 1 was refused: it is undefined; expected an array of records, \{ records, nextPageToken \}/],
    ['null', null, /it is null/],
    ['a string', 'MARKER', /it is a string/],
    ['a number', 25, /it is 25/],
    ['a function', () => [], /it is a function/],
    ['an object without records', { data: [], next: 'x' }, /it has no field records \(it has: data, next\)/],
    ['an empty object', {}, /it has no field records \(it has: none\)/],
    ['records that are an object', { records: { 0: 'a' } }, /records is an object; expected an array/],
    ['records that are null', { records: null }, /records is null; expected an array/],
    ['records that are a string', { records: 'abc' }, /records is a string; expected an array/],
    ['a flag that is none', { records: [], hasMore: 'false' }, /hasMore is a string; expected true or false/],
    ['a flag that is null', { records: [], hasMore: null }, /hasMore is null; expected true or false/],
    ['more, but the token says no', { records: [1], hasMore: true, nextPageToken: null }, /hasMore is true but nextPageToken is null or absent/],
    ['no more, but a token', { records: [1], hasMore: false, nextPageToken: 'c' }, /hasMore is false but nextPageToken is given/],
    ['no more, but the token 0', { records: [1], hasMore: false, nextPageToken: 0 }, /hasMore is false but nextPageToken is given/],
    ['a token that is a BigInt', { records: [1], nextPageToken: 10n }, /nextPageToken is a bigint, which JSON cannot carry/],
    ['a token that is a cycle', { records: [1], nextPageToken: cycle() }, /nextPageToken is an object, which JSON cannot carry/],
    ['a token that is a function', { records: [1], nextPageToken: () => 1 }, /nextPageToken is a function, which JSON cannot carry/],
    ['a token that is NaN', { records: [1], nextPageToken: NaN }, /nextPageToken is NaN, which JSON cannot carry/],
    ['a token that is no date', { records: [1], nextPageToken: new Date(NaN) }, /nextPageToken is an object, which JSON cannot carry/],
    ['a token over 64 KiB', { records: [1], nextPageToken: 'x'.repeat(PAGE_TOKEN_BYTES) }, /nextPageToken has 65538 bytes as JSON; expected at most 65536/],
    ['a negative wait', { retryAfterSeconds: -1 }, /retryAfterSeconds is -1; expected a number of seconds, 0 or more/],
    ['an endless wait', { retryAfterSeconds: Infinity }, /retryAfterSeconds is Infinity/],
    ['a wait that is no number', { retryAfterSeconds: NaN }, /retryAfterSeconds is NaN/],
    ['a wait as a string', { retryAfterSeconds: '30' }, /retryAfterSeconds is a string/],
    ['a wait beside records', { retryAfterSeconds: 5, records: [] }, /it has both records and retryAfterSeconds/],
    ['a negative total', { records: [], total: -1 }, /total is -1; expected a whole number, 0 or more/],
    ['a fractional total', { records: [], total: 1.5 }, /total is 1.5/],
    ['a total as a string', { records: [], total: '12' }, /total is a string/],
  ])('%s', (_what, answer, message) => {
    expect(() => readResponse(answer, FIRST)).toThrow(InvalidPageError);
    expect(() => readResponse(answer, FIRST)).toThrow(message);
  });

  test.each<[string, unknown]>([
    ['a bare array', [1]],
    ['an empty bare array', []],
    ['a page with a flag alone that goes on', { records: [1], hasMore: true }],
  ])('after a page with a token: %s', (_what, answer) => {
    expect(() => readResponse(answer, AFTER_TOKEN)).toThrow(/page 4 was refused: .*expected the same style for all pages/);
  });

  test('after a page without a token: a page with one, which is the first page of a handler that was replaced', () => {
    const answer = { records: [1], nextPageToken: 'c2' };

    expect(() => readResponse(answer, { ...FIRST, pageNumber: 2 })).toThrow(
      /page 2 was refused: it has a nextPageToken, though the page before it ended without one; expected the same style for all pages/);
    expect(readResponse(answer, FIRST)).toMatchObject({ next: { pageToken: 'c2' } });
  });

  test('the names of an object that is no page are shown only as far as they are few and look like names', () => {
    const byId = Object.fromEntries(Array.from({ length: 2000 }, (_, id) => [`customer ${id}@example.com`, {}]));

    expect(() => readResponse(byId, FIRST)).toThrow(/\(it has: 2000 other fields\)/);
    expect(() => readResponse({ data: [], ...byId }, FIRST)).toThrow(/\(it has: data, 2000 other fields\)/);
  });
});
