import { plain } from '../signs/fields';
import { totalPagesIn } from '../signs/totals';
import { Candidate } from './candidate';
import { Sample } from './sample';

/** Names of the page's number in requests, the commonest first. */
export const PAGE_PARAMETERS = ['page', '_page', 'pageNumber', 'page_number', 'pageNo', 'page[number]', 'currentPage', 'p', 'pg'];

const CURRENT_PAGE = ['page', 'currentpage', 'pagenumber', 'pageno', 'pageindex', 'number', 'current'];

/** Pages by number: the address has one, or the answer has the number of pages, or of this page. */
export function byPage(sample: Sample): readonly Candidate[] {
  const { url, response, fields } = sample;
  const asked = PAGE_PARAMETERS.find((name) => url.searchParams.has(name));
  const pages = totalPagesIn(response);
  const current = fields.find(({ plainName, value }) => CURRENT_PAGE.includes(plainName) && Number.isSafeInteger(value));
  // A field that is called number or current says little by itself.
  if (asked === undefined && pages === undefined && (current === undefined || ['number', 'current'].includes(current.plainName))) return [];
  const shown = Number(asked === undefined ? current?.value ?? 1 : url.searchParams.get(asked));
  const bases = shown === 0 ? [0] : [1, 0];
  const end = pages === undefined ? {} : { end: { totalPages: pages.place } };
  return namesOf(asked, current?.plainName).flatMap((query) => bases.map((first) => (
    { pagination: { style: 'page', page: { query }, ...first === 0 ? { first } : {} }, reason: reasonOf(asked, pages?.place, current?.path), ...end }
  )));
}

/** The name in the address, else those like the one in the answer, else the commonest. */
function namesOf(asked: string | undefined, current: string | undefined): string[] {
  if (asked !== undefined) return [asked];
  return [...new Set([...PAGE_PARAMETERS.filter((name) => plain(name) === current), ...PAGE_PARAMETERS.slice(0, 3)])];
}

function reasonOf(asked: string | undefined, pages: object | undefined, current: string | undefined): string {
  if (asked !== undefined) return `the address has the parameter ${asked}`;
  return pages === undefined ? `${current} is the number of this page` : `the answer has a number of pages, ${JSON.stringify(pages)}`;
}
