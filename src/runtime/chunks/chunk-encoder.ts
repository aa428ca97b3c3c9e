import { Columns, LedgerLine } from '../../protocol/commit-record';
import { PageContext } from '../../protocol/errors';
import { PageDigest } from '../bytes/page-digest';
import { ChunkBytes } from './chunk-body';

/**
 * How an import's pages become the bytes of its chunks. A page is encoded first and added later, since the guards may refuse it by its
 * digest, and a chunk must never hold a refused page:
 *
 * ```
 * begin -> encode -> guards -> add -> encode -> guards -> add -> end       bytes of a chunk
 *                           -> refused: the chunk ends without it
 * ```
 *
 * @typeParam Page an encoded page, as this encoding's own chunks take it
 */
export interface ChunkEncoding<Page extends EncodedPage = EncodedPage> {
  /**
   * Encodes a page. Adds it to no chunk.
   *
   * @param columns what the import's records have shown of them so far
   * @throws InvalidPageError for a record that the encoding cannot carry
   * @throws PageTooLargeError for a page that the function's memory cannot carry
   */
  encode(records: readonly unknown[], page: PageContext, columns: Columns): Page;

  /**
   * Begins a chunk.
   *
   * @param recordsBefore records of the import before it
   */
  begin(recordsBefore: number): ChunkEncoder<Page>;
}

/** A page that is ready to be added to a chunk. */
export interface EncodedPage {
  readonly records: number;
  /** Identifies what the source gave: pages with the same content have the same digest, wherever they are. `undefined` without records. */
  readonly digest: PageDigest | undefined;
  /** What records have shown of the columns, after this page. */
  readonly columns: Columns;
}

/** The bytes of one chunk, made while its pages come in. */
export interface ChunkEncoder<Page extends EncodedPage = EncodedPage> {
  /** Bytes so far. Some may still be on their way: the chunk has at least this many. */
  readonly bytes: number;

  /** Adds a page. Returns its line of the ledger. */
  add(page: Page): LedgerLine;

  /** Resolves when there is room for the next page. Otherwise a fast source would fill the memory ahead of a compressor. */
  untilRoom(): Promise<void>;

  /**
   * All bytes. Nothing can be added any more.
   *
   * @param isLast whether the import ends with this chunk
   */
  end(isLast: boolean): Promise<ChunkBytes>;
}
