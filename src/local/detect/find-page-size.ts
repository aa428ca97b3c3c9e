import { HttpSettings } from '../../protocol/http-settings';
import { pageSizeNames } from './page-size';
import { Probe } from './probe';
import { Sample } from './sample';

/** A parameter that the source obeys. */
export interface FoundPageSize {
  readonly name: string;
  /** How many records were asked for, and came. */
  readonly asked: number;
}

/** Records asked for in trials. So few that there is a second page in most sources. */
const MOST_ASKED = 5;

/** Tries the names that may be the page size. `undefined` if the source obeys none, or has too few records to tell. */
export async function findPageSize(probe: Probe, base: HttpSettings, sample: Sample): Promise<FoundPageSize | undefined> {
  const asked = Math.min(MOST_ASKED, Math.floor(sample.records.list.length / 2));
  if (asked === 0) return undefined;
  for (const name of pageSizeNames(sample)) {
    const { pages: [page] } = await probe.pages({ ...base, query: { [name]: asked } }, asked, 1);
    if (page?.read.records.length === asked) return { name, asked };
  }
  return undefined;
}
