import { ShortPages as ShortPagesValue } from '../protocol/environment';

/**
 * What happens when a page of a source without page tokens has fewer records than `pageSize`, and a later page is not empty. Offsets
 * grow by `pageSize` whatever came, so the records between the two were not read.
 */
export enum ShortPages {
  /**
   * The import fails with `ShortPageError`. One whose only page with records is short does not end before the handler was asked once
   * more, at the offset where that page ends.
   */
  FAIL = 'FAIL',

  /** The import goes on. For handlers that leave records out by themselves: their pages are short, and nothing is missing. */
  ALLOW = 'ALLOW',
}

/** As the fetch function reads it. */
export const SHORT_PAGES_VALUES: { readonly [shortPages in ShortPages]: ShortPagesValue } = {
  [ShortPages.FAIL]: ShortPagesValue.FAIL,
  [ShortPages.ALLOW]: ShortPagesValue.ALLOW,
};
