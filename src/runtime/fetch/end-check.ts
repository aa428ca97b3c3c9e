import { CountedPage } from '../../protocol/count-guard-state';
import { Position } from '../../protocol/fetch-contract';
import { Page } from './page-response';

/** Asks for the records at a position, once; `undefined` where there was no page for an answer. */
export type Peek = (position: Position) => Promise<Page | undefined>;

/** How often the source may be asked about a short page. */
export const QUESTIONS_AT_SHORT_PAGE = 2;

/** Whether the source has ended where it seems to: nobody knows where it did not answer, or not in a way that tells. */
export type EndCheck = 'confirmed' | 'unconfirmed' | 'gap';

/**
 * Whether the last page with records, which has fewer than asked for, is all that the source had left. A source that gives at most 100
 * records, asked for 1,000 of its 1,000, has nothing at the next offset.
 *
 * ```
 * ask where the short page ends -> nothing   confirmed
 *                               -> records   ask for the short page again
 *                                              -> more than it had     the source has grown, and gives more than that: confirmed
 *                                              -> all that just came   a page number made of the offset, or a filter: unconfirmed
 *                                              -> other records        a gap
 * ```
 *
 * @param isCapable whether the source has filled a page: then as many records as the short page has are that page, even if they look
 * different, as signed URLs do
 */
export async function checkEnd(short: CountedPage, isCapable: boolean, peek: Peek): Promise<EndCheck> {
  const { page, offset, records } = short;
  const behind = await peek({ pageNumber: page + 1, pageToken: null, offset: offset + records });
  if (behind === undefined) return 'unconfirmed';
  if (behind.records.length === 0) return 'confirmed';
  const again = await peek({ pageNumber: page, pageToken: null, offset });
  if (again === undefined) return 'unconfirmed';
  if (again.records.length > records) return 'confirmed';
  const isSamePage = holdsAll(again.records, behind.records) || (isCapable && behind.records.length === records);
  return isSamePage ? 'unconfirmed' : 'gap';
}

function holdsAll(records: readonly unknown[], others: readonly unknown[]): boolean {
  const known = new Set(records.map(textOf));
  return others.every((record) => known.has(textOf(record)));
}

/** Records that JSON cannot carry are refused elsewhere, and all alike here. */
function textOf(record: unknown): string | undefined {
  try {
    return JSON.stringify(record);
  } catch {
    return undefined;
  }
}
