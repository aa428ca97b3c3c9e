import { Columns } from '../../protocol/commit-record';
import { PageContext } from '../../protocol/errors';
import { JsonValue } from '../../protocol/json';

/**
 * How records become the text of the published objects. A page's text is the same wherever the page is, so what the ledger counts and the
 * loop guard compares does not depend on chunk boundaries. The text around and between pages is the format's frame:
 *
 * ```
 * opening  page  separator  page  separator  page  closing        an object with records
 * empty                                                           an object without records
 * ```
 *
 * Pages without records have no text and no separator.
 */
export interface Format {
  /** Text between two pages. */
  readonly separator: string;

  /** Text after the last record of an object. */
  readonly closing: string;

  /**
   * The text of a page.
   *
   * @param columns what the records so far have shown about columns
   * @throws InvalidPageError if the format cannot carry a record
   * @throws PageTooLargeError if the text exceeds the limit
   */
  encode(records: readonly unknown[], page: PageContext, columns: Columns, limitBytes: number): EncodedPage;

  /** Text before the first record of an object. */
  opening(columns: Columns): string;

  /** The whole text of an object without records. */
  empty(columns: Columns): string;

  /** The first record of a chunk, from the chunk's first bytes, decompressed. `undefined` if they do not contain all of it. */
  firstRecord(head: Uint8Array, columns: Columns): JsonValue | undefined;
}

/** A page as text. */
export interface EncodedPage {
  /** Empty if the page has no records. */
  readonly text: string;
  /**
   * A digest of what the source gave and the text leaves out, since different pages may have the same text.
   * @default - the text leaves nothing out
   */
  readonly dropped?: string;
  /** What the records up to and including this page have shown about columns. */
  readonly columns: Columns;
}
