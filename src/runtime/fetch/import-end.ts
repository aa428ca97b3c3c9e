import { ShortPages } from '../../protocol/choices';
import { CountedPage, CountGuardState } from '../../protocol/count-guard-state';
import { EarlyEndError, ShortPageError } from '../../protocol/errors';
import { ImportWarning, WarningCode } from '../../protocol/import-warning';
import { plural } from '../../protocol/plural';
import { AskedPage } from '../formats/asked-page';
import { checkEnd, Peek, QUESTIONS_AT_SHORT_PAGE } from './end-check';
import { Page } from './page-response';

/** The last page of an import, as it says, and what is known of those before it. */
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

/** How many questions the end may take: whether there is anything behind the page, or behind a short page before it. */
export function questionsAtEnd(last: LastPage): number {
  return (isEmptyArray(last) ? 1 : 0) + (shortPageAtEnd(last) === undefined ? 0 : QUESTIONS_AT_SHORT_PAGE);
}

/**
 * What may be wrong with the end of an import. Asks the source once more where the end shows itself by offset only.
 *
 * @throws EarlyEndError when there are records behind the empty page
 * @throws ShortPageError when there are more records than the short page before the end has given
 */
export async function warningsOfEnd(last: LastPage, peek: Peek): Promise<readonly ImportWarning[]> {
  return [...await warningsOfOffset(last, peek), ...fullLastPage(last), ...pageCountMismatch(last)];
}

async function warningsOfOffset(last: LastPage, peek: Peek): Promise<readonly ImportWarning[]> {
  const { page, pageSize, shortPages, guard, answer, records, sourceTotal } = last;
  if (isEmptyArray(last)) await requireNothingBehind(page, peek);
  const short = shortPageAtEnd(last);
  if (short !== undefined) {
    const mostRecords = Math.max(guard.mostRecords, short.records);
    const isCapable = mostRecords >= pageSize;
    const end = await checkEnd(short, isCapable, peek);
    if (end === 'gap') throw new ShortPageError(page, { ...short, pageSize, mostRecords, shownBy: 'question' });
    // A page with records that is said to be the last one is the source's own word; a full page has shown what the source can give.
    const isCertain = end === 'confirmed' || answer.streams.records.length > 0 || isCapable;
    return isCertain ? [] : [notConfirmed(short, pageSize)];
  }
  const saysNothing = shortPages === ShortPages.ALLOW || guard.lastRecords >= pageSize;
  return isEmptyArray(last) && saysNothing && records !== sourceTotal ? [atEmptyPage(last)] : [];
}

/** An array without records ends an import, and says nothing of its end beside. */
function isEmptyArray({ answer: { style, streams: { records } } }: LastPage): boolean {
  return style === 'array' && records.length === 0;
}

/** A handler that leaves records out may have left out a whole page. */
async function requireNothingBehind(page: AskedPage, peek: Peek): Promise<void> {
  const behind = await peek({ pageNumber: page.pageNumber + 1, pageToken: null, offset: page.offset + page.pageSize });
  if (behind !== undefined && behind.streams.records.length > 0) throw new EarlyEndError(page);
}

/** The last page with records, where it has fewer than asked for: either the source had no more, or it gave fewer. */
function shortPageAtEnd(last: LastPage): CountedPage | undefined {
  const { answer, page: { pageNumber, offset }, guard, records, sourceTotal, pageSize, shortPages } = last;
  if (shortPages === ShortPages.ALLOW || !isByOffset(last) || records === sourceTotal) return undefined;
  // Behind a short page, one with records fails anyway.
  if (answer.streams.records.length > 0 && guard.shortPage !== undefined) return undefined;
  const short = guard.shortPage ?? { page: pageNumber, offset, records: answer.streams.records.length };
  return short.records > 0 && short.records < pageSize ? short : undefined;
}

/** Where the page itself, or the one before it, was without a token, and this one is not of the other style. */
function isByOffset({ page: { pageNumber, pageToken }, answer: { style } }: LastPage): boolean {
  return pageToken === null && (pageNumber > 1 || style !== 'token');
}

function notConfirmed({ page, records }: CountedPage, pageSize: number): ImportWarning {
  return {
    code: WarningCode.END_NOT_CONFIRMED,
    message: `The import has the ${records} ${plural(records, 'record')} of page ${page}, which was asked for ${pageSize}. Asked for more at offset ${records}, the handler did not `
      + 'answer with a page, or answered with the same records, so it is not certain that these are all. Compare with the source. If it gives fewer '
      + 'records than it is asked for, set pageSize to what it gives; else answer { records, hasMore } or { records, nextPageToken }.',
    page,
    counts: { records, pageSize },
  };
}

function atEmptyPage({ page: { pageNumber }, guard, records, pageSize }: LastPage): ImportWarning {
  return {
    code: WarningCode.END_AT_EMPTY_PAGE,
    message: `The import ended with ${records} ${plural(records, 'record')}, at page ${pageNumber}, an empty array. No page before it had shown that the end was near: if the `
      + 'handler leaves out records, it may have left out a whole page, and there may be more. A handler that does so answers { records, hasMore } or '
      + '{ records, nextPageToken }, with shortPages set to ALLOW. A total in its answers confirms the end.',
    page: pageNumber,
    counts: { records, lastRecords: guard.lastRecords, pageSize },
  };
}

/** A source that has more records than its largest page holds, and hands out no token, looks like this. */
function fullLastPage({ page: { pageNumber }, answer, sourceTotal, pageSize }: LastPage): ImportWarning[] {
  const { style, saysEnd, sourcePages, streams: { records: { length } } } = answer;
  // A count that does not fit is told by itself.
  const isCounted = sourceTotal !== undefined || sourcePages !== undefined;
  if (style !== 'token' || length !== pageSize || saysEnd || isCounted) return [];
  return [{
    code: WarningCode.FULL_LAST_PAGE,
    message: `The last page, ${pageNumber}, has ${length} ${plural(length, 'record')}, as many as were asked for, and no token of a next page. Either the source happens to have `
      + 'just as many, or it has more, and its token is elsewhere or was not asked for. Compare with the source. A total in the answers, or hasMore: '
      + 'false in the last one, confirms the end.',
    page: pageNumber,
    counts: { records: length, pageSize },
  }];
}

/** A last page without records may be one more than the source counts. */
function pageCountMismatch({ page: { pageNumber }, answer: { sourcePages, streams } }: LastPage): ImportWarning[] {
  const pages = streams.records.length > 0 ? pageNumber : pageNumber - 1;
  if (sourcePages === undefined || sourcePages === pages || sourcePages === pageNumber) return [];
  return [{
    code: WarningCode.PAGE_COUNT_MISMATCH,
    message: `The import has ${pages} ${plural(pages, 'page')} with records, but the source gave ${sourcePages} as its number of pages. Either the source changed while it was read, or `
      + 'it was asked for pages of another size, or pages are missing. Compare with the source, and start a new import if records are missing.',
    page: pageNumber,
    counts: { pages, sourcePages },
  }];
}
