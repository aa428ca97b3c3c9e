import { Columns } from '../../protocol/commit-record';
import { PageContext } from '../../protocol/errors';
import { JsonValue } from '../../protocol/json';

/**
 * How records become the text of the published objects. The text of a page is the same wherever the page stands: what the ledger counts and
 * the loop guard compares does not depend on where chunks begin and end. What stands around and between pages is the format's frame:
 *
 * ```
 * opening  page  separator  page  separator  page  closing        an object with records
 * empty                                                           an object without one
 * ```
 *
 * Pages without records are no text, and have no separator.
 */
export interface Format {
  /** What stands between two pages. */
  readonly separator: string;

  /** What stands after the last record of an object. */
  readonly closing: string;

  /**
   * The text of a page.
   *
   * @param columns what the import's records have shown of them so far
   * @throws InvalidPageError for a record that the format cannot carry
   * @throws PageTooLargeError for a text of more bytes than the limit
   */
  encode(records: readonly unknown[], page: PageContext, columns: Columns, limitBytes: number): EncodedPage;

  /** What stands before the first record of an object. */
  opening(columns: Columns): string;

  /** All of an object without records. */
  empty(columns: Columns): string;

  /**
   * The first record of a chunk, from the chunk's first bytes, decompressed. `undefined` where they do not hold all of it.
   */
  firstRecord(head: Uint8Array, columns: Columns): JsonValue | undefined;
}

/** A page as text. */
export interface EncodedPage {
  /** Empty where the page is. */
  readonly text: string;
  /**
   * A digest of what the source gave and the text leaves out: by the text alone, pages might be taken for each other.
   * @default - the text leaves nothing out
   */
  readonly dropped?: string;
  /** What records have shown of the columns, after this page. */
  readonly columns: Columns;
}
