import { Readable } from 'node:stream';
import { PAGE_TOKEN_BYTES } from '../../../src/protocol/defaults';
import { InvalidPageError } from '../../../src/protocol/errors';
import { Later, Page, readResponse as readResponseAt } from '../../../src/runtime/fetch/page-response';
import { AskedPage } from '../../../src/runtime/formats/asked-page';

const FIRST: AskedPage = { pageToken: null, pageNumber: 1, offset: 0, pageSize: 2, importId: 'import-1', executionArn: 'arn', tokenDigest: null };
const AFTER_TOKEN: AskedPage = { ...FIRST, pageToken: 'c2', pageNumber: 4, offset: 6, tokenDigest: '0123456789ab' };

/** The time of the answers. */
const NOW = Date.parse('2026-01-02T03:04:00Z');

function readResponse(response: unknown, page: AskedPage): Page | Later {
  return readResponseAt(response, page, NOW);
}

function cycle(): object {
  const value: Record<string, unknown> = {};
  value.self = value;
  return value;
}

describe('offset style: a bare array', () => {
  test('continues with the next page, without a token', () => {
    expect(readResponse([{ id: 1 }, { id: 2 }], FIRST)).toEqual({
      kind: 'page', style: 'array', streams: { records: [{ id: 1 }, { id: 2 }] }, next: { pageNumber: 2, pageToken: null, offset: 2 }, sourceTotal: undefined,
      sourcePages: undefined, saysEnd: false,
    });
  });

  test('a short page is not the end', () => {
    expect(readResponse([{ id: 1 }], FIRST)).toMatchObject({ next: { pageNumber: 2, pageToken: null } });
  });

  test('a page with more records than requested is accepted', () => {
    expect(readResponse([1, 2, 3], FIRST)).toMatchObject({ streams: { records: [1, 2, 3] }, next: { pageNumber: 2 } });
  });

  test('the first empty page is the end', () => {
    expect(readResponse([], FIRST)).toMatchObject({ kind: 'page', streams: { records: [] }, next: null });
  });
});

describe('an iterable of records is not a page', () => {
  test.each<[string, unknown, string]>([
    ['an async generator', (async function* () { yield 1; })(), 'it is an async generator;'],
    ['a generator', (function* () { yield 1; })(), 'it is a generator;'],
    ['a stream', Readable.from([1]), 'it is an async iterable, such as a stream;'],
    ['a Set', new Set([1]), 'it is an iterable that is no array, such as a Set;'],
  ])('%s', (_what, answer, problem) => {
    const read = (): unknown => readResponse(answer, FIRST);
    expect(read).toThrow(InvalidPageError);
    expect(read).toThrow(problem);
    expect(read).toThrow('{ retryAfterSeconds }: the records of one page, returned and not yielded, or collected by Array.fromAsync. Correct the handler.');
  });

  test('but a page may have an iterator as well', () => {
    const answer = Object.assign(new Set(), { records: [1], hasMore: false });
    expect(readResponse(answer, FIRST)).toMatchObject({ streams: { records: [1] }, next: null });
  });
});

describe('token style', () => {
  test.each([
    ['a string', 'c2'],
    ['an object', { after: [1, 'x'] }],
    ['0', 0],
    ['a blank string', ' '],
    ['false', false],
    ['an empty array', []],
  ])('goes on with the token: %s', (_what, token) => {
    expect(readResponse({ records: [1], nextPageToken: token }, FIRST)).toMatchObject({ next: { pageNumber: 2, pageToken: token } });
  });

  test('an empty page with a token continues', () => {
    expect(readResponse({ records: [], nextPageToken: 'c3' }, AFTER_TOKEN)).toMatchObject({ streams: { records: [] }, next: { pageNumber: 5, pageToken: 'c3' } });
  });

  test.each([
    ['null', { records: [1], nextPageToken: null }],
    ['undefined', { records: [1], nextPageToken: undefined }],
    ['absent', { records: [1] }],
    ['the empty string', { records: [1], nextPageToken: '' }],
    ['the empty string, and a flag says the same', { records: [1], nextPageToken: '', hasMore: false }],
  ])('is done when the token is %s', (_what, answer) => {
    for (const page of [FIRST, AFTER_TOKEN, { ...FIRST, pageNumber: 2 }]) {
      expect(readResponse(answer, page)).toMatchObject({ streams: { records: [1] }, next: null });
    }
  });

  test('keeps the token as JSON returns it, so that all attempts compare it equal', () => {
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
  test('continues while there is more, even after an empty page', () => {
    expect(readResponse({ records: [1], hasMore: true }, FIRST)).toMatchObject({ next: { pageNumber: 2, pageToken: null } });
    expect(readResponse({ records: [], hasMore: true }, FIRST)).toMatchObject({ next: { pageNumber: 2, pageToken: null } });
  });

  test('ends when there is no more', () => {
    expect(readResponse({ records: [1, 2], hasMore: false }, FIRST)).toMatchObject({ streams: { records: [1, 2] }, next: null });
  });

  test('a last page may say so after pages with tokens', () => {
    expect(readResponse({ records: [1], hasMore: false }, AFTER_TOKEN)).toMatchObject({ next: null });
  });
});

describe('a wait', () => {
  test.each([0, 0.5, 30, 86_400])('of %p seconds', (seconds) => {
    expect(readResponse({ retryAfterSeconds: seconds, reason: 'quota' }, AFTER_TOKEN)).toEqual({ kind: 'later', seconds });
  });

  test.each<[string, unknown]>([
    ['a time', new Date(NOW + 65_000)],
    ['the text of a header with seconds', '65'],
    ['the text of a header with a date', 'Fri, 02 Jan 2026 03:05:05 GMT'],
    ['a time as JSON has it', '2026-01-02T03:05:05.000Z'],
  ])('until %s', (_what, retryAfterSeconds) => {
    expect(readResponse({ retryAfterSeconds }, AFTER_TOKEN)).toEqual({ kind: 'later', seconds: 65 });
  });

  test.each<[string, unknown]>([
    ['a negative number', -1],
    ['NaN, as Number() makes of a header with a date', NaN],
    ['null, as JSON has NaN, and fetch a header that is not there', null],
    ['Infinity', Infinity],
    ['a time that is over', new Date(NOW - 1000)],
    ['the text of a date that is over', 'Fri, 02 Jan 2026 03:03:59 GMT'],
    ['a text that says no time', 'soon'],
  ])('of %s gives no hint', (_what, retryAfterSeconds) => {
    expect(readResponse({ retryAfterSeconds }, AFTER_TOKEN)).toEqual({ kind: 'later', seconds: 0 });
  });

  test('may have other fields that are null, as typed languages write unset ones', () => {
    expect(readResponse({ records: null, nextPageToken: null, retryAfterSeconds: 30 }, FIRST)).toEqual({ kind: 'later', seconds: 30 });
    expect(readResponse({ records: [1], nextPageToken: null, retryAfterSeconds: null }, FIRST)).toMatchObject({ kind: 'page', next: null });
    expect(() => readResponse({ records: null, nextPageToken: null, retryAfterSeconds: null }, FIRST)).toThrow(/records is null/);
  });
});

describe('an unreadable answer is refused, and the message names the page but not its content', () => {
  const throwing = (field: string): object => Object.defineProperty({ records: [1] }, field, { get: () => { throw new TypeError('MARKER'); } });
  const revoked = (target: object): object => {
    const { proxy, revoke } = Proxy.revocable(target, {});
    revoke();
    return proxy;
  };

  test.each<[string, unknown]>([
    ['a getter of records that throws', throwing('records')],
    ['a getter of nextPageToken that throws', throwing('nextPageToken')],
    ['a getter of total that throws', throwing('total')],
    ['a revoked proxy', revoked({ records: [] })],
    ['a revoked proxy of an array', revoked([])],
    ['records that are a revoked proxy', { records: revoked([]) }],
    ['a getter that throws a revoked proxy', Object.defineProperty({}, 'records', { get: () => { throw revoked({}) as Error; } })],
  ])('%s', (_what, answer) => {
    expect(() => readResponse(answer, FIRST)).toThrow(InvalidPageError);
    expect(() => readResponse(answer, FIRST)).toThrow(/page 1 was refused: it cannot be read: .* threw an? \w+; expected/);
    expect(() => readResponse(answer, FIRST)).not.toThrow('MARKER');
  });

  test('a proxy of an array is accepted as records', () => {
    expect(readResponse(new Proxy([1, 2], {}), FIRST)).toMatchObject({ streams: { records: [1, 2] }, next: { pageNumber: 2 } });
    expect(readResponse({ records: new Proxy([1, 2], {}) }, FIRST)).toMatchObject({ streams: { records: [1, 2] }, next: null });
  });
});

describe.each([['total', 'sourceTotal'], ['totalPages', 'sourcePages']])('%s', (given, read) => {
  test('may accompany the records', () => {
    expect(readResponse({ records: [1], [given]: 12, nextPageToken: 'c' }, FIRST)).toMatchObject({ [read]: 12 });
    expect(readResponse({ records: [], [given]: 0, hasMore: false }, FIRST)).toMatchObject({ [read]: 0 });
  });

  test.each([undefined, null])('of %p counts as absent', (value) => {
    expect(readResponse({ records: [1], [given]: value, hasMore: false }, FIRST)).toMatchObject({ [read]: undefined });
  });

  test.each(['12', 1.5, -1, NaN, true])('of %p is refused', (value) => {
    expect(() => readResponse({ records: [1], [given]: value, hasMore: false }, FIRST)).toThrow(new RegExp(`${given} is .*whole number, 0 or more`));
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
    ['more, but the token says no', { records: [1], hasMore: true, nextPageToken: null }, /hasMore is true but nextPageToken is null or empty/],
    ['more, but the token is empty', { records: [1], hasMore: true, nextPageToken: '' }, /hasMore is true but nextPageToken is null or empty/],
    ['no more, but a token', { records: [1], hasMore: false, nextPageToken: 'c' }, /hasMore is false but nextPageToken is given/],
    ['no more, but the token 0', { records: [1], hasMore: false, nextPageToken: 0 }, /hasMore is false but nextPageToken is given/],
    ['a token that is a BigInt', { records: [1], nextPageToken: 10n }, /nextPageToken is a BigInt, which JSON cannot carry/],
    ['a token that is a cycle', { records: [1], nextPageToken: cycle() }, /nextPageToken\.self refers back to an object that it is part of, and JSON cannot carry a cycle/],
    ['a token that is a function', { records: [1], nextPageToken: () => 1 }, /nextPageToken is a function, which JSON cannot carry/],
    ['a token that is NaN', { records: [1], nextPageToken: NaN }, /nextPageToken is NaN, which would become null/],
    ['a token with NaN in it', { records: [1], nextPageToken: { pages: [{ offset: NaN }] } }, /nextPageToken\.pages\[0\]\.offset is NaN, which would become null/],
    ['a token that is a Map', { records: [1], nextPageToken: new Map([['a', 1]]) }, /nextPageToken is a Map, of which JSON keeps nothing/],
    ['a token that is no date', { records: [1], nextPageToken: new Date(NaN) }, /nextPageToken is an invalid Date, which would become null/],
    ['a token that throws', { records: [1], nextPageToken: { get after() { throw new Error('MARKER'); } } }, /nextPageToken\.after cannot be read: a getter, toJSON or proxy threw an Error/],
    ['a token over 64 KiB', { records: [1], nextPageToken: 'x'.repeat(PAGE_TOKEN_BYTES) }, /nextPageToken has 65538 bytes as JSON; expected at most 65536/],
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

  test('the field names of an object that is not a page are shown only if they are few and look like names', () => {
    const byId = Object.fromEntries(Array.from({ length: 2000 }, (_, id) => [`customer ${id}@example.com`, {}]));

    expect(() => readResponse(byId, FIRST)).toThrow(/\(it has: 2000 other fields\)/);
    expect(() => readResponse({ data: [], ...byId }, FIRST)).toThrow(/\(it has: data, 2000 other fields\)/);
  });
});
