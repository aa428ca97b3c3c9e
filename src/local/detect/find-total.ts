import { PreviewedPage } from '../preview/previewed-page';
import { FoundCount, totalIn } from '../signs/totals';
import { Sample } from './sample';

/** The source's total. A number that changes from page to page, or with the page size, counts something else. */
export function findTotal({ response, records: { list } }: Sample, pages: readonly PreviewedPage[]): FoundCount | undefined {
  const found = totalIn(response, list.length);
  if (found === undefined) return undefined;
  const others = pages.filter(({ read }) => read.records.length > 0).map(({ read }) => totalIn(read.response, read.records.length));
  const isSame = others.every((other) => other?.count === found.count && JSON.stringify(other.place) === JSON.stringify(found.place));
  // Without a second page, it may be the number of records of this one.
  const isOfPage = others.length === 0 && found.count === list.length;
  return isSame && !isOfPage ? found : undefined;
}
