import { RepeatedPages as RepeatedPagesValue } from '../protocol/environment';

/** What happens when a page has exactly the records of the page before it, and is not empty. */
export enum RepeatedPages {
  /** The import fails with `RepeatedPageError`: the source probably ignores the offset or the page token. */
  FAIL = 'FAIL',

  /**
   * The import goes on. For sources whose pages may really be equal. Page tokens that go round in a circle are noticed all the same, but a
   * source that ignores the offset never ends: give `maxPages` too.
   */
  ALLOW = 'ALLOW',
}

/** As the fetch function reads it. */
export const REPEATED_PAGES_VALUES: { readonly [repeatedPages in RepeatedPages]: RepeatedPagesValue } = {
  [RepeatedPages.FAIL]: RepeatedPagesValue.FAIL,
  [RepeatedPages.ALLOW]: RepeatedPagesValue.ALLOW,
};
