import { HttpPagination, HttpSettings, OffsetAdvance } from '../../protocol/http-settings';
import { counted } from '../counted';
import { Preview, PreviewedPage, recordsOf } from './previewed-page';
import { pathOfRoundedNumber } from './rounded-number';
import { WarningCheck } from './warning-check';

/** What the pages themselves show. */
export const PAGE_WARNINGS: readonly WarningCheck[] = [
  { name: 'short-pages', check: shortPages },
  { name: 'page-size-ignored', check: pageSizeIgnored },
  { name: 'repeated-records', check: repeatedRecords },
  { name: 'full-last-page', check: fullLastPage },
  { name: 'unsafe-numbers', check: unsafeNumbers },
];

/** Whether the next page begins by how much was asked for, not by what came. */
function countsByPageSize(pagination: HttpPagination): boolean {
  return pagination.style === 'page' || (pagination.style === 'offset' && pagination.advance !== OffsetAdvance.RECEIVED);
}

function shortPages({ pagination }: HttpSettings, { pages }: Preview): string | undefined {
  const short = pages.find((page) => isShort(page) && !isEndOf(page, pages));
  if (!countsByPageSize(pagination) || short === undefined) return undefined;
  const { number, read: { records, limit } } = short;
  const advice = pagination.style === 'offset' ? `Set pagination.advance to "received", or the page size to ${records.length}.` : `Set the page size to ${records.length}.`;
  return `Page ${number} has ${counted(records.length, 'record')} where ${limit} were asked for, and is not the last: the source seems to cap its pages, and records would be lost. ${advice}`;
}

function isShort({ read: { records, limit } }: PreviewedPage): boolean {
  return limit !== undefined && records.length > 0 && records.length < limit;
}

/** The last page with records may be short. */
function isEndOf({ number, isLast, read: { total }, read: { records } }: PreviewedPage, pages: readonly PreviewedPage[]): boolean {
  const after = pages.slice(number);
  const isAll = total !== undefined && recordsOf({ pages: pages.slice(0, number) }).length >= total;
  return isLast || isAll || records.length === 0 || (after.length > 0 && after.every((page) => page.read.records.length === 0));
}

function pageSizeIgnored({ pagination }: HttpSettings, { pages, pageSize }: Preview): string | undefined {
  const larger = pages.find(({ read: { records, limit } }) => limit !== undefined && records.length > limit);
  if (larger !== undefined) {
    return `Page ${larger.number} has ${counted(larger.read.records.length, 'record')} where ${pageSize} were asked for: the source ignores the page size. `
      + 'Correct the name of its parameter, or leave it out.';
  }
  const unasked = pages.find((page) => page.read.limit === undefined && page.read.records.length !== pageSize && !isEndOf(page, pages));
  if (unasked === undefined || !countsByPageSize(pagination)) return undefined;
  return `The page size is not sent, and page ${unasked.number} has ${counted(unasked.read.records.length, 'record')}, not ${pageSize}. `
    + `Set the page size to ${unasked.read.records.length}, or name its parameter.`;
}

/** A source that ignores an offset answers with its first page again and again. */
function repeatedRecords(_: HttpSettings, { pages }: Preview): string | undefined {
  for (const [index, page] of pages.slice(1).entries()) {
    const before = new Set(textsOf(pages[index]!));
    const repeated = textsOf(page).filter((text) => before.has(text)).length;
    if (repeated === 0) continue;
    const advice = repeated === page.read.records.length ? 'The source seems to ignore what asks for the next page: check its name.' : 'The source may change while it is read, or pages may overlap.';
    return `${counted(repeated, 'record')} of page ${page.number} are the same as on page ${page.number - 1}. ${advice}`;
  }
  return undefined;
}

function textsOf({ read }: PreviewedPage): string[] {
  return read.records.map((record) => JSON.stringify(record));
}

function fullLastPage({ pagination }: HttpSettings, { pages, pageSize }: Preview): string | undefined {
  const last = pages.at(-1);
  const isByNext = ['token', 'next-link', 'link-header'].includes(pagination.style);
  if (last === undefined || !last.isLast || !isByNext) return undefined;
  const { records, limit, total, hasMore } = last.read;
  const isAll = (total !== undefined && recordsOf({ pages }).length >= total) || hasMore === false;
  if (records.length < (limit ?? pageSize) || isAll) return undefined;
  return `Page ${last.number} is full, with ${counted(records.length, 'record')}, and leads nowhere: if there are more records, the settings look for the next page in the wrong place.`;
}

function unsafeNumbers(_: HttpSettings, preview: Preview): string | undefined {
  const path = pathOfRoundedNumber(recordsOf(preview));
  if (path === undefined) return undefined;
  return `${path} has a number that JavaScript and many readers round. The import keeps it as it was sent; set largeNumbers to "text" if readers of the file would round it.`;
}
