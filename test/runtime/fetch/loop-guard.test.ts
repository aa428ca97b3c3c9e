import * as fc from 'fast-check';
import { RepeatedPages } from '../../../src/protocol/choices';
import { LoopGuardState, NEW_LOOP_GUARD } from '../../../src/protocol/commit-record';
import { CHUNK_BYTES, REPEATED_PAGES } from '../../../src/protocol/defaults';
import { PageTokenLoopError, RepeatedPageError } from '../../../src/protocol/errors';
import { JsonValue } from '../../../src/protocol/json';
import { sha256, tokenDigest } from '../../../src/runtime/bytes/digest';
import { PageDigest } from '../../../src/runtime/bytes/page-digest';
import { LoopGuard } from '../../../src/runtime/fetch/loop-guard';
import { askedPage } from '../../../src/runtime/formats/asked-page';
import { IMPORT_FILE } from '../../kit/import-file';

/** Digest of a page's text; `undefined` for a page without records. */
function digestOf(text: string): PageDigest | undefined {
  return text === '' ? undefined : PageDigest.ofText(text);
}

/** Runs tokens through the guard, with different content for each page. Its state goes through JSON after each, as in the log. */
function guardTokens(tokens: readonly JsonValue[]): LoopGuardState {
  let state = NEW_LOOP_GUARD;
  tokens.forEach((nextPageToken, index) => {
    const guard = new LoopGuard(state, REPEATED_PAGES);
    guard.check(askedPage(IMPORT_FILE, { pageNumber: index + 1, pageToken: tokens[index - 1] ?? null, offset: 2 * index }), digestOf(`${index}\n`), nextPageToken)();
    state = JSON.parse(JSON.stringify(guard.digested())) as LoopGuardState;
  });
  return state;
}

/** @param commits numbers of the pages after which the guard's state goes through the log */
function guardContents(contents: readonly string[], commits: readonly number[]): LoopGuardState {
  let guard = new LoopGuard(NEW_LOOP_GUARD, REPEATED_PAGES);
  contents.forEach((text, index) => {
    guard.check(askedPage(IMPORT_FILE, { pageNumber: index + 1, pageToken: null, offset: 2 * index }), digestOf(text), null)();
    if (commits.includes(index + 1)) guard = new LoopGuard(guard.digested(), REPEATED_PAGES);
  });
  return guard.digested();
}

/** The tokens of a source that repeats `cycle` pages after `tail` pages. */
function circular(tail: number, cycle: number, pages: number): string[] {
  return Array.from({ length: pages }, (_, index) => `t${index < tail ? index : tail + (index - tail) % cycle}`);
}

describe('page tokens', () => {
  test('that are all different pass, however many', () => {
    fc.assert(fc.property(fc.uniqueArray(fc.jsonValue(), { maxLength: 200, selector: (token) => JSON.stringify(token) }), (tokens) => {
      expect(() => guardTokens((tokens as JsonValue[]).filter((token) => token !== null))).not.toThrow();
    }));
  });

  test('that loop, with any length and any beginning, are noticed within three times the pages before the first repetition', () => {
    fc.assert(fc.property(fc.nat(100), fc.integer({ min: 1, max: 100 }), (tail, cycle) => {
      const pages = 3 * (tail + cycle);

      expect(() => guardTokens(circular(tail, cycle, pages))).toThrow(PageTokenLoopError);
    }));
  });

  test('before the first repetition, nothing is noticed', () => {
    fc.assert(fc.property(fc.nat(100), fc.integer({ min: 1, max: 100 }), (tail, cycle) => {
      expect(() => guardTokens(circular(tail, cycle, tail + cycle))).not.toThrow();
    }));
  });

  test('the same one twice in a row is noticed at once', () => {
    expect(() => guardTokens(['a', 'b', 'c', 'd', 'e', 'f', 'f'])).toThrow('The page token that page 7 ended with');
  });

  test('equal objects are the same token', () => {
    expect(() => guardTokens([{ after: 1 }, { after: 1 }])).toThrow(PageTokenLoopError);
  });

  test('a string and the number that it spells are different', () => {
    expect(() => guardTokens([1, '1', 2, '2'])).not.toThrow();
  });

  test('the error names page, digest and length of the loop, but not the token', () => {
    const tokens = ['a', 'b', 'MARKER', 'b', 'MARKER'];
    const digest = tokenDigest('MARKER').slice(0, 12);

    expect(() => guardTokens(tokens)).toThrow(`The page token that page 5 ended with (SHA-256 ${digest}) was seen 2 pages before`);
    expect(() => guardTokens(tokens)).not.toThrow('MARKER');
  });

  test('leave a state of constant size', () => {
    const sizeAfter = (pages: number): number => JSON.stringify(guardTokens(circular(pages, 1, pages))).length;

    expect(sizeAfter(3000) - sizeAfter(3)).toBeLessThan(20);
  });
});

describe.each<[string, readonly number[]]>([
  ['in one chunk', []],
  ['in a chunk each', [1, 2, 3, 4]],
  ['in chunks of two', [2, 4]],
])('page contents, %s', (_what, commits) => {
  test('the same twice in a row is refused, with the page and a digest', () => {
    expect(() => guardContents(['a\n', 'b\n', 'b\n'], commits)).toThrow(RepeatedPageError);
    expect(() => guardContents(['a\n', 'b\n', 'b\n'], commits)).toThrow(
      `Page 3 has the same records as the page before it (SHA-256 ${sha256('b\n').slice(0, 12)})`);
  });

  test('the same again later passes: the guard only detects a source that stands still', () => {
    expect(() => guardContents(['a\n', 'b\n', 'a\n', 'b\n'], commits)).not.toThrow();
  });

  test('empty pages in a row pass', () => {
    expect(() => guardContents(['a\n', '', '', 'b\n'], commits)).not.toThrow();
  });

  test('the same content on both sides of an empty page passes', () => {
    expect(() => guardContents(['a\n', '', 'a\n'], commits)).not.toThrow();
  });

  test('leave the digest of the last page', () => {
    expect(guardContents(['a\n', 'b\n'], commits).pageDigest).toBe(sha256('b\n'));
    expect(guardContents(['a\n', ''], commits).pageDigest).toBeNull();
  });
});

test('a repeated page that is too long to keep is recognized by its digest', () => {
  const long = 'x'.repeat(CHUNK_BYTES + 1);

  expect(() => guardContents([long, long], [])).toThrow(RepeatedPageError);
  expect(() => guardContents([long, `${long}x`, long], [])).not.toThrow();
  expect(guardContents([long], []).pageDigest).toBe(sha256(long));
});

test('a refused page leaves no trace', () => {
  const guard = new LoopGuard(NEW_LOOP_GUARD, REPEATED_PAGES);
  guard.check(askedPage(IMPORT_FILE, { pageNumber: 1, pageToken: null, offset: 0 }), digestOf('a\n'), 't2')();
  const before = guard.digested();
  const second = askedPage(IMPORT_FILE, { pageNumber: 2, pageToken: 't2', offset: 2 });

  expect(() => guard.check(second, digestOf('b\n'), 't2')).toThrow(PageTokenLoopError);
  expect(() => guard.check(second, digestOf('a\n'), 't3')).toThrow(RepeatedPageError);
  // Another guard refuses this one.
  guard.check(second, digestOf('b\n'), 't3');

  expect(guard.digested()).toEqual(before);
  expect(() => guard.check(second, digestOf('b\n'), 't3')()).not.toThrow();
});

test('allowed equal pages pass, committed or not, and loops of tokens are still noticed', () => {
  let guard = new LoopGuard(NEW_LOOP_GUARD, RepeatedPages.ALLOW);
  const check = (pageNumber: number, pageToken: JsonValue, next: JsonValue): void => guard.check(askedPage(IMPORT_FILE, { pageNumber, pageToken, offset: 0 }), digestOf('a\n'), next)();

  check(1, null, 't2');
  check(2, 't2', 't3');
  guard = new LoopGuard(guard.digested(), RepeatedPages.ALLOW);
  check(3, 't3', 't4');

  expect(() => check(4, 't4', 't4')).toThrow(PageTokenLoopError);
  // The state does not depend on the setting: a later round may forbid them again.
  expect(guard.digested().pageDigest).toBe(sha256('a\n'));
});
