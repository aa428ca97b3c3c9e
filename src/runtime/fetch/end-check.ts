import { CountedPage } from '../../protocol/count-guard-state';
import { Position } from '../../protocol/fetch-contract';
import { Page } from './page-response';

/** Asks for the records at a position, once. `undefined` if the answer is not a page. */
export type Peek = (position: Position) => Promise<Page | undefined>;

/** Maximum questions about a short page. */
export const QUESTIONS_AT_SHORT_PAGE = 2;

/** Whether the source ended where it seems to. `unconfirmed`: it did not answer, or the answer proves nothing. */
export type EndCheck = 'confirmed' | 'unconfirmed' | 'gap';

/**
 * Whether a short last page is really the end. A source that returns at most 100 of its 1,000 records has nothing at offset 1,000, but
 * 900 records were never read.
 *
 * ```
 * ask where the short page ends -> nothing   confirmed
 *                               -> records   ask for the short page again
 *                                              -> more than it had     the source has grown and can return more: confirmed
 *                                              -> all that just came   offset used as page number, or a filter: unconfirmed
 *                                              -> other records        a gap
 * ```
 *
 * @param isCapable whether the source has filled a page before. Then an answer with as many records as the short page is that page, even
 * if the records differ, as signed URLs do
 */
export async function checkEnd(short: CountedPage, isCapable: boolean, peek: Peek): Promise<EndCheck> {
  const { page, offset, records } = short;
  const behind = await peek({ pageNumber: page + 1, pageToken: null, offset: offset + records });
  if (behind === undefined) return 'unconfirmed';
  if (behind.streams.records.length === 0) return 'confirmed';
  const again = await peek({ pageNumber: page, pageToken: null, offset });
  if (again === undefined) return 'unconfirmed';
  if (again.streams.records.length > records) return 'confirmed';
  const isSamePage = holdsAll(again.streams.records, behind.streams.records) || (isCapable && behind.streams.records.length === records);
  return isSamePage ? 'unconfirmed' : 'gap';
}

function holdsAll(records: readonly unknown[], others: readonly unknown[]): boolean {
  const known = new Set(records.map(textOf));
  return others.every((record) => known.has(textOf(record)));
}

/** Records that JSON cannot carry are refused elsewhere; here they are all equal. */
function textOf(record: unknown): string | undefined {
  try {
    return JSON.stringify(record);
  } catch {
    return undefined;
  }
}
