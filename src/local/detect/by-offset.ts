import { plain } from '../signs/fields';
import { Candidate } from './candidate';
import { flagIn } from './flags';
import { Sample } from './sample';

/** Names of the offset in requests, the commonest first. */
export const OFFSET_PARAMETERS = ['offset', 'skip', 'start', '_start', 'startAt', 'start_index', 'startIndex', '$skip', '$offset', 'from', 'page[offset]'];

/** Offset and limit: the address has one, or the answer says where it is. */
export function byOffset({ url, fields }: Sample): readonly Candidate[] {
  const asked = OFFSET_PARAMETERS.find((name) => url.searchParams.has(name));
  if (asked !== undefined) return [candidate(asked, `the address has the parameter ${asked}`, fields)];
  const names = new Set(OFFSET_PARAMETERS.map(plain));
  const current = fields.find(({ plainName, value }) => names.has(plainName) && Number.isSafeInteger(value));
  if (current === undefined) return [];
  const same = OFFSET_PARAMETERS.filter((name) => plain(name) === current.plainName);
  return [...new Set([...same, 'offset', 'skip', 'start'])].map((name) => candidate(name, `${current.path} is where this page begins`, fields));
}

/** CouchDB, which calls its offset skip. */
export function byCouch({ fields, records: { path } }: Sample): readonly Candidate[] {
  const total = fields.find(({ path: each }) => each === '$.total_rows');
  if (total === undefined || path !== '$.rows') return [];
  return [{ pagination: { style: 'offset', offset: { query: 'skip' } }, reason: '$.total_rows and $.rows are CouchDB\'s' }];
}

function candidate(query: string, reason: string, fields: Sample['fields']): Candidate {
  const flag = flagIn(fields);
  return { pagination: { style: 'offset', offset: { query } }, reason, ...flag === undefined ? {} : { end: { hasMore: { body: flag.path } } } };
}
