import { CountedPage } from '../../protocol/count-guard-state';
import { Position } from '../../protocol/fetch-contract';
import { offsetOf } from './page-fetcher';
import { Page } from './page-response';

/** Asks for records from an offset on, once; `undefined` where there was no page for an answer. */
export type Peek = (position: Position, offset: number) => Promise<Page | undefined>;

/** How often the source may be asked before an end is taken as one. */
export const QUESTIONS_BEFORE_END = 2;

/** Whether the source has ended where it seems to: nobody knows where it did not answer, or not in a way that tells. */
export type EndCheck = 'confirmed' | 'unconfirmed' | 'gap';

/**
 * Whether the only page with records, which has fewer than asked for, is all that the source has. A source that gives at most 100 records,
 * asked for 1,000 of its 1,000, has nothing at the next offset.
 *
 * ```
 * ask where the short page ends -> nothing   confirmed
 *                               -> records   ask for the short page again
 *                                              -> more than it had     the source has grown, and gives more than that: confirmed
 *                                              -> all that just came   a page number made of the offset, or a filter: unconfirmed
 *                                              -> other records        a gap
 * ```
 */
export async function checkEnd(short: CountedPage, pageSize: number, peek: Peek): Promise<EndCheck> {
  const start = offsetOf(short.page, pageSize);
  const behind = await peek({ pageNumber: short.page + 1, pageToken: null }, start + short.records);
  if (behind === undefined) return 'unconfirmed';
  if (behind.records.length === 0) return 'confirmed';
  const again = await peek({ pageNumber: short.page, pageToken: null }, start);
  if (again === undefined) return 'unconfirmed';
  if (again.records.length > short.records) return 'confirmed';
  return holdsAll(again.records, behind.records) ? 'unconfirmed' : 'gap';
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
