import { NonRetryableError } from '../../handler/errors';
import { JsonPath, jsonPath } from '../message/json-path';

/** Finds the records in a response. */
export interface FindRecords {
  /**
   * @returns `undefined` if there is nothing where they should be
   * @throws NonRetryableError if there is something else, or the place is not clear
   */
  (body: unknown): readonly unknown[] | undefined;
}

/** Names under which APIs commonly have their records. */
const USUAL_NAMES = ['data', 'items', 'results', 'records', 'rows', 'value', 'values', 'entries', 'elements', 'objects', 'docs', 'documents', 'hits', 'nodes', 'content', 'list'];

const FIELDS_SHOWN = 10;

/** Finds what a path points to. */
export function recordsAt(path: string): FindRecords {
  const compiled = jsonPath(path);
  return (body) => {
    const found = compiled.find(body);
    if (!compiled.isSingular) return found.length > 0 || isEmptyAround(compiled, body) ? found : undefined;
    const [value] = found;
    if (value === undefined || value === null) return undefined;
    if (Array.isArray(value)) return value;
    throw new NonRetryableError(`There is no list at ${path}, but ${kindOf(value)}; the response has ${describe(body)}`);
  };
}

/** Whether the list that a wildcard goes through is there, and empty. */
function isEmptyAround({ around }: JsonPath, body: unknown): boolean {
  return around !== undefined && around.find(body).some((value) => Array.isArray(value) && value.length === 0);
}

/** A list in a response, and its path. */
export interface FoundList {
  readonly path: string;
  readonly records: readonly unknown[];
}

/** Looks for the records where nothing says where they are. The same place serves for all pages. */
export class GuessedRecords {
  private path: JsonPath | undefined;

  /** @param onGuess is told which path was taken */
  constructor(private readonly onGuess: (path: string) => void) {}

  public find(body: unknown): readonly unknown[] | undefined {
    if (Array.isArray(body)) return body;
    if (this.path !== undefined) return recordsAt(this.path.text)(body);
    const found = guess(body);
    if (found === undefined) return undefined;
    this.path = jsonPath(found.path);
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

/** What a response has, without any of its values. */
export function describe(body: unknown): string {
  if (body === undefined) return 'no body';
  if (typeof body !== 'object' || body === null || Array.isArray(body)) return kindOf(body);
  const names = Object.keys(body);
  const shown = names.slice(0, FIELDS_SHOWN).map((name) => `${name} (${kindOf((body as Record<string, unknown>)[name])})`);
  return names.length === 0 ? 'no fields' : `the fields ${shown.join(', ')}${names.length > FIELDS_SHOWN ? ` and ${names.length - FIELDS_SHOWN} more` : ''}`;
}

function kindOf(value: unknown): string {
  if (value === null) return 'null';
  if (Array.isArray(value)) return `a list of ${value.length}`;
  return typeof value === 'object' ? 'an object' : `a ${typeof value}`;
}
