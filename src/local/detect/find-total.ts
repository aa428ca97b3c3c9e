import { PreviewedPage, totalSentIn } from '../preview/previewed-page';
import { FoundCount, steadyTotal } from '../signs/totals';
import { Sample } from './sample';

/** The source's total. The pages of a trial tell more than the first answer, since they have fewer records. */
export function findTotal({ response, records: { list } }: Sample, pages: readonly PreviewedPage[]): FoundCount | undefined {
  return pages.length > 0 ? totalSentIn(pages) : steadyTotal([{ response, records: list.length }], false);
}
