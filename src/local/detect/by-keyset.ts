import { Candidate } from './candidate';
import { flagIn } from './flags';
import { Sample } from './sample';

const SENT = ['starting_after', 'after', 'after_id', 'since_id', 'last_id', 'startingAfter'];

const KEYS = ['id', '_id', 'uuid', 'key'];

/** A flag, and records with an id: the next page is asked for by the id of the last record. */
export function byKeyset({ fields, records: { list } }: Sample): readonly Candidate[] {
  const flag = flagIn(fields);
  const last = list.at(-1);
  if (flag === undefined || typeof last !== 'object' || last === null) return [];
  const key = KEYS.find((name) => ['string', 'number'].includes(typeof (last as Record<string, unknown>)[name]));
  if (key === undefined) return [];
  const reason = `${flag.path} says whether there is more, no token is there, and records have ${key}`;
  return SENT.map((query) => ({ pagination: { style: 'keyset', field: `$.${key}`, send: { query } }, reason, end: { hasMore: { body: flag.path } } }));
}
