import { OFFSET_PARAMETERS } from './by-offset';
import { PAGE_PARAMETERS } from './by-page';
import { Candidate } from './candidate';

const REASON = 'nothing in the answer says how pages follow each other; usual parameters were tried';

/** The usual parameters: a source that does not know one ignores it, and answers with its first page again. */
export function byTrial(): readonly Candidate[] {
  const page = (query: string): Candidate => ({ pagination: { style: 'page', page: { query } }, reason: REASON });
  const offset = (query: string): Candidate => ({ pagination: { style: 'offset', offset: { query } }, reason: REASON });
  const [firstPage, ...pages] = PAGE_PARAMETERS.slice(0, 3);
  return [page(firstPage!), ...OFFSET_PARAMETERS.slice(0, 4).map(offset), ...pages.map(page)];
}
