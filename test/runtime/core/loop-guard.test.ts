import * as fc from 'fast-check';
import { LoopGuardState, NEW_LOOP_GUARD } from '../../../src/protocol/commit-record';
import { PageTokenLoopError, RepeatedPageError } from '../../../src/protocol/errors';
import { JsonValue } from '../../../src/protocol/json';
import { askedPage } from '../../../src/runtime/core/asked-page';
import { tokenDigest } from '../../../src/runtime/core/digest';
import { guardPage } from '../../../src/runtime/core/loop-guard';
import { IMPORT_FILE } from '../../kit/import-file';

/** Runs tokens through the guard, each page with content of its own. The guard's state goes through JSON, as the log's does. */
function guardTokens(tokens: readonly JsonValue[]): LoopGuardState {
  let guard = NEW_LOOP_GUARD;
  tokens.forEach((nextPageToken, index) => {
    const page = askedPage(IMPORT_FILE, { pageNumber: index + 1, pageToken: tokens[index - 1] ?? null });
    const after = guardPage(guard, { ...page, bytes: Buffer.from(`${index}\n`), nextPageToken });
    guard = JSON.parse(JSON.stringify(after)) as LoopGuardState;
  });
  return guard;
}

function guardContents(contents: readonly string[]): LoopGuardState {
  return contents.reduce((guard, content, index) => guardPage(guard, {
    ...askedPage(IMPORT_FILE, { pageNumber: index + 1, pageToken: null }), bytes: Buffer.from(content), nextPageToken: null,
  }), NEW_LOOP_GUARD);
}

/** The tokens of a source that, after `tail` pages, goes round in a circle of `cycle` pages. */
function circular(tail: number, cycle: number, pages: number): string[] {
  return Array.from({ length: pages }, (_, index) => `t${index < tail ? index : tail + (index - tail) % cycle}`);
}

describe('page tokens', () => {
  test('that are all different pass, however many', () => {
    fc.assert(fc.property(fc.uniqueArray(fc.jsonValue(), { maxLength: 200, selector: (token) => JSON.stringify(token) }), (tokens) => {
      expect(() => guardTokens((tokens as JsonValue[]).filter((token) => token !== null))).not.toThrow();
    }));
  });

  test('that go round in a circle of any length after any beginning are noticed within three times the pages before the first repetition', () => {
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

  test('the same one twice running is noticed at once', () => {
    expect(() => guardTokens(['a', 'b', 'c', 'd', 'e', 'f', 'f'])).toThrow('The page token that page 7 ended with');
  });

  test('equal objects are the same token', () => {
    expect(() => guardTokens([{ after: 1 }, { after: 1 }])).toThrow(PageTokenLoopError);
  });

  test('a string and the number that it spells are two', () => {
    expect(() => guardTokens([1, '1', 2, '2'])).not.toThrow();
  });

  test('the error names page, digest and length of the circle, but not the token', () => {
    const tokens = ['a', 'b', 'MARKER', 'b', 'MARKER'];
    const digest = tokenDigest('MARKER').slice(0, 12);

    expect(() => guardTokens(tokens)).toThrow(`The page token that page 5 ended with (SHA-256 ${digest}) was seen 2 page(s) before`);
    expect(() => guardTokens(tokens)).not.toThrow('MARKER');
  });

  test('leave a state whose size does not grow', () => {
    const sizeAfter = (pages: number): number => JSON.stringify(guardTokens(circular(pages, 1, pages))).length;

    expect(sizeAfter(3000) - sizeAfter(3)).toBeLessThan(20);
  });
});

describe('page contents', () => {
  test('the same twice running is refused, with the page and a digest', () => {
    expect(() => guardContents(['a\n', 'b\n', 'b\n'])).toThrow(RepeatedPageError);
    expect(() => guardContents(['a\n', 'b\n', 'b\n'])).toThrow(/Page 3 has the same records as the page before it \(SHA-256 [0-9a-f]{12}\)/);
  });

  test('the same again later passes: only the source that stands still is meant', () => {
    expect(() => guardContents(['a\n', 'b\n', 'a\n', 'b\n'])).not.toThrow();
  });

  test('empty pages running pass', () => {
    expect(() => guardContents(['a\n', '', '', 'b\n'])).not.toThrow();
  });

  test('the same content on both sides of an empty page passes', () => {
    expect(() => guardContents(['a\n', '', 'a\n'])).not.toThrow();
  });
});
