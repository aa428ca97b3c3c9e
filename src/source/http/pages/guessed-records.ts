import { NonRetryableError } from '../../handler/errors';
import { FindRecords, recordsAt } from './records-at';

/** Names under which APIs commonly have their records. */
const USUAL_NAMES = ['data', 'items', 'results', 'records', 'rows', 'value', 'values', 'entries', 'elements', 'objects', 'docs', 'documents', 'hits', 'nodes', 'content', 'list'];

/** A list in a response, and its path. */
export interface FoundList {
  readonly path: string;
  readonly records: readonly unknown[];
}

/** Looks for the records where nothing says where they are. The same place serves for all pages. */
export class GuessedRecords {
  private found: FindRecords | undefined;

  /** @param onGuess is told which path was taken */
  constructor(private readonly onGuess: (path: string) => void) {}

  public find(body: unknown): readonly unknown[] | undefined {
    if (Array.isArray(body)) return body;
    if (this.found !== undefined) return this.found(body);
    const found = guess(body);
    if (found === undefined) return undefined;
    this.found = recordsAt(found.path);
    this.onGuess(found.path);
    return found.records;
  }
}

/**
 * The list that most likely has the records: one with a usual name, or the only list.
 *
 * @throws NonRetryableError if there are several that may be it
 */
export function guess(body: unknown): FoundList | undefined {
  const lists = listsIn(body, '$', 2);
  const usual = lists.filter(({ path }) => USUAL_NAMES.includes(lastName(path)));
  const likely = usual.length > 0 ? usual : lists;
  if (likely.length <= 1) return likely[0];
  throw new NonRetryableError(`The response has several lists: ${likely.map(({ path }) => path).join(', ')}; set records to the path of the one with the records`);
}

function lastName(path: string): string {
  return path.slice(path.lastIndexOf('.') + 1).toLowerCase();
}

const PLAIN_NAME = /^[A-Za-z_]\w*$/;

/** The lists in an object, and in the objects in it. */
function listsIn(value: unknown, path: string, levels: number): FoundList[] {
  if (Array.isArray(value)) return [{ path, records: value }];
  if (typeof value !== 'object' || value === null || levels === 0) return [];
  return Object.entries(value).flatMap(([name, field]) => listsIn(field, PLAIN_NAME.test(name) ? `${path}.${name}` : `${path}['${name.replace(/['\\]/g, '\\$&')}']`, levels - 1));
}
