import { ResponsePlace } from '../../protocol/http-settings';
import { HttpResponse } from '../../source/http/message/http-response';
import { Field, fieldsOf } from './fields';

/** Where a response has a number, and the number. */
export interface FoundCount {
  readonly place: ResponsePlace;
  readonly count: number;
}

/** Names of the number of records, the clearest first, as `plain` writes them. `count` often is that of the page: it comes last. */
const TOTALS = [
  'total', 'totalcount', 'totalrecords', 'totalresults', 'totalitems', 'totalelements', 'totalrows', 'totalhits', 'totalsize', 'odatacount', 'numfound',
  'nbhits', 'totalsfound', 'recordcount', 'resultcount', 'count',
];

const TOTAL_HEADERS = ['x-total-count', 'x-total', 'total-count', 'x-total-results', 'x-count'];

const TOTAL_PAGES = ['totalpages', 'pagecount', 'lastpage', 'numpages', 'nbpages', 'pages', 'pagetotal', 'totalpagecount', 'maxpage'];

const PAGE_HEADERS = ['x-total-pages', 'x-pages', 'x-page-count'];

/** A number that is smaller than the records of the page counts something else. */
function totalIn(response: HttpResponse, recordsOfPage: number): FoundCount | undefined {
  const inHeader = headerCount(response, TOTAL_HEADERS);
  const found = inHeader ?? fieldCount(fieldsOf(response.body()), TOTALS);
  return found !== undefined && found.count >= recordsOfPage ? found : undefined;
}

/** A page that was read, as far as totals are concerned. */
export interface CountedPage {
  readonly response: HttpResponse;
  /** How many records it has. */
  readonly records: number;
}

/**
 * The source's own number of records, as pages in a row show it: it stays the same, and counts more than they have. Else it is the number
 * of records of a page, or of something else.
 *
 * @param isComplete whether there are no further pages
 */
export function steadyTotal(pages: readonly CountedPage[], isComplete: boolean): FoundCount | undefined {
  const full = pages.filter(({ records }) => records > 0);
  const [found, ...others] = full.map(({ response, records }) => totalIn(response, records));
  const read = full.reduce((sum, { records }) => sum + records, 0);
  if (found === undefined || others.some((other) => JSON.stringify(other) !== JSON.stringify(found))) return undefined;
  return found.count > read || (isComplete && found.count === read) ? found : undefined;
}

/** The source's own number of pages. */
export function totalPagesIn(response: HttpResponse): FoundCount | undefined {
  return headerCount(response, PAGE_HEADERS) ?? fieldCount(fieldsOf(response.body()), TOTAL_PAGES);
}

function headerCount({ headers }: HttpResponse, names: readonly string[]): FoundCount | undefined {
  const name = names.find((each) => /^\d+$/.test(headers[each] ?? ''));
  return name === undefined ? undefined : { place: { header: name }, count: Number(headers[name]) };
}

function fieldCount(fields: readonly Field[], names: readonly string[]): FoundCount | undefined {
  for (const name of names) {
    const found = fields.find((field) => field.plainName === name && Number.isSafeInteger(field.value));
    if (found !== undefined) return { place: { body: found.path }, count: found.value as number };
  }
  return undefined;
}
