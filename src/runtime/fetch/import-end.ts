import { ShortPages } from '../../protocol/choices';
import { CountedPage, CountGuardState } from '../../protocol/count-guard-state';
import { ShortPageError } from '../../protocol/errors';
import { ImportWarning, WarningCode } from '../../protocol/import-warning';
import { AskedPage } from '../formats/asked-page';
import { checkEnd, Peek } from './end-check';
import { offsetOf } from './page-fetcher';
import { Page } from './page-response';

/** A page that may be the last one, and what is known of those before it. */
export interface LastPage {
  readonly page: AskedPage;
  readonly answer: Page;
  readonly guard: CountGuardState;
  /** Records of the import, this page's included. */
  readonly records: number;
  /** The source's own total, if it gave one. */
  readonly sourceTotal: number | undefined;
  readonly pageSize: number;
  readonly shortPages: ShortPages;
}

/**
 * The page by which an end is doubtful: the only one with records, and short, so that no page has shown that the source gives as many as
 * it is asked for.
 */
export function doubtfulPage(last: LastPage): CountedPage | undefined {
  const { answer, page, guard, records, sourceTotal, pageSize, shortPages } = last;
  if (answer.next !== null || shortPages === ShortPages.ALLOW || !isByOffset(last) || records === sourceTotal) return undefined;
  if (records === 0 || records >= pageSize) return undefined;
  return [{ page: page.pageNumber, records: answer.records.length }, guard.shortPage].find((only) => only?.records === records);
}

/**
 * What may be wrong with the end of an import. Asks the source once more where the end is doubtful.
 *
 * @throws ShortPageError when it has more records than it gave
 */
export async function warningsOfEnd(last: LastPage, peek: Peek): Promise<readonly ImportWarning[]> {
  const { page, pageSize, shortPages, guard, answer, records, sourceTotal } = last;
  if (answer.next !== null) return [];
  const short = doubtfulPage(last);
  if (short !== undefined) {
    const end = await checkEnd(short, pageSize, peek);
    if (end === 'gap') {
      const offset = offsetOf(short.page, pageSize) + short.records;
      throw new ShortPageError(page, { ...short, pageSize, mostRecords: short.records, shownBy: 'question', offset });
    }
    // A page with records that is said to be the last one: that is the source's own word.
    return end === 'confirmed' || answer.records.length > 0 ? [] : [notConfirmed(short, pageSize)];
  }
  const saysNothing = shortPages === ShortPages.ALLOW || guard.lastRecords >= pageSize;
  return answer.style === 'array' && saysNothing && records !== sourceTotal ? [atEmptyPage(last)] : [];
}

/** Where the page itself, or the one before it, was without a token, and this one is not of the other style. */
function isByOffset({ page: { pageNumber, pageToken }, answer: { style } }: LastPage): boolean {
  return pageToken === null && (pageNumber > 1 || style !== 'token');
}

function notConfirmed({ page, records }: CountedPage, pageSize: number): ImportWarning {
  return {
    code: WarningCode.END_NOT_CONFIRMED,
    message: `The import has the ${records} records of page ${page}, which was asked for ${pageSize}. Asked for more at offset ${records}, the handler did not `
      + 'answer with a page, or answered with the same records, so it is not certain that these are all. Compare with the source. If it gives fewer '
      + 'records than it is asked for, set pageSize to what it gives; else answer { records, hasMore } or { records, nextPageToken }.',
    page,
    counts: { records, pageSize },
  };
}

function atEmptyPage({ page: { pageNumber }, guard, records, pageSize }: LastPage): ImportWarning {
  return {
    code: WarningCode.END_AT_EMPTY_PAGE,
    message: `The import ended with ${records} records, at page ${pageNumber}, an empty array. No page before it had shown that the end was near: if the `
      + 'handler leaves out records, it may have left out a whole page, and there may be more. A handler that does so answers { records, hasMore } or '
      + '{ records, nextPageToken }, with shortPages set to ALLOW. A total in its answers confirms the end.',
    page: pageNumber,
    counts: { records, lastRecords: guard.lastRecords, pageSize },
  };
}
