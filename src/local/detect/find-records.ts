import { guess } from '../../source/http/pages/guessed-records';
import { fieldsOf, isReachable } from '../signs/fields';
import { SampleRecords } from './sample';

/** Records that were found, and why there. */
export interface FoundRecords extends SampleRecords {
  readonly reason: string;
  readonly isSure: boolean;
}

/** Where the records of a response are; `undefined` if it has no list. */
export function findRecords(body: unknown): FoundRecords | undefined {
  if (Array.isArray(body)) return { path: '$', list: body, reason: 'the answer itself is the list', isSure: true };
  return clearList(body) ?? likelyList(body);
}

/** What the engine itself would take. */
function clearList(body: unknown): FoundRecords | undefined {
  try {
    const found = guess(body);
    if (found === undefined || !isReachable(found.path)) return undefined;
    return { path: found.path, list: found.records, reason: 'the only list, or the only one with a usual name', isSure: true };
  } catch {
    return undefined;
  }
}

/** The longest list of objects, the outermost first. */
function likelyList(body: unknown): FoundRecords | undefined {
  const lists = fieldsOf(body).filter((field): field is typeof field & { value: unknown[] } => Array.isArray(field.value));
  const objects = lists.filter(({ value }) => value.every((item) => typeof item === 'object' && item !== null));
  const [best] = (objects.length > 0 ? objects : lists).toSorted((one, other) => other.value.length - one.value.length);
  if (best === undefined) return undefined;
  return { path: best.path, list: best.value, reason: `the longest of ${lists.length} ${lists.length === 1 ? 'list' : 'lists'}`, isSure: lists.length === 1 };
}
