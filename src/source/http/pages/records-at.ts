import { NonRetryableError } from '../../handler/errors';
import { JsonPath, jsonPath } from '../message/json-path';
import { describe, kindOf } from './describe';

/** Finds the records in a response. */
export interface FindRecords {
  /**
   * @returns `undefined` if there is nothing where they should be
   * @throws NonRetryableError if there is something else, or the place is not clear
   */
  (body: unknown): readonly unknown[] | undefined;
}

/**
 * Finds what a path points to.
 *
 * @param mayMiss whether elements that a wildcard goes through may lack what is behind it
 */
export function recordsAt(path: string, mayMiss = false): FindRecords {
  const compiled = jsonPath(path);
  if (compiled.isSingular) return (body) => listAt(compiled, body);
  const steps = stepsOf(path);
  return steps === undefined ? filteredAt(compiled) : new WildcardPath(compiled, steps, mayMiss).find;
}

function listAt(path: JsonPath, body: unknown): readonly unknown[] | undefined {
  const [value] = path.find(body);
  if (value === undefined || value === null) return undefined;
  if (Array.isArray(value)) return value;
  throw new NonRetryableError(`There is no list at ${path.text}, but ${kindOf(value)}; the response has ${describe(body)}`);
}

const WILDCARD = /\[\*\]|\.\*/;

/**
 * A path's pieces between its wildcards: `$.groups`, `.items` and an empty one for `$.groups[*].items[*]`; `undefined` if it has other
 * selectors of several values.
 */
function stepsOf(path: string): readonly string[] | undefined {
  const steps = path.split(WILDCARD);
  try {
    return steps.every((step, index) => jsonPath(index === 0 ? step : `$${step}`).isSingular) ? steps : undefined;
  } catch {
    // A filter, or a name, has the characters of a wildcard in it.
    return undefined;
  }
}

/** A path with wildcards. JSONPath skips elements without what is behind a wildcard: here, these would be records lost. */
class WildcardPath {
  /** Paths of what each wildcard goes through. */
  private readonly lists: readonly JsonPath[];

  constructor(private readonly whole: JsonPath, private readonly steps: readonly string[], private readonly mayMiss: boolean) {
    this.lists = steps.slice(0, -1).map((_, index) => jsonPath(steps.slice(0, index + 1).join('[*]')));
  }

  public readonly find: FindRecords = (body) => {
    let elements = 1;
    for (const [index, path] of this.lists.entries()) {
      const found = path.find(body).filter((value) => value !== null && value !== undefined);
      if (index === 0 && found.length === 0) return undefined;
      this.requireAll(found.length, elements, index);
      elements = found.reduce<number>((sum, list) => sum + sizeOf(list, path.text), 0);
    }
    const records = this.whole.find(body);
    this.requireAll(records.length, elements, this.lists.length);
    return records;
  };

  /** @param index of the step at which so many values were found in so many elements */
  private requireAll(found: number, elements: number, index: number): void {
    if (found >= elements || this.mayMiss) return;
    throw new NonRetryableError(`${elements - found} of ${elements} elements of ${this.lists[index - 1]!.text} have nothing at ${this.steps[index]!}, which would be lost; `
      + 'correct records, or set end.missingRecords to true if these have no records');
  }
}

function sizeOf(list: unknown, path: string): number {
  if (typeof list === 'object' && list !== null) return Array.isArray(list) ? list.length : Object.keys(list).length;
  throw new NonRetryableError(`There is no list at ${path}, but ${kindOf(list)}`);
}

/** A path with filters or other selectors, of which none may hold. */
function filteredAt(path: JsonPath): FindRecords {
  const around = aroundFilter(path.text);
  return (body) => {
    const found = path.find(body);
    const isFiltered = around?.find(body).some((value) => typeof value === 'object' && value !== null);
    return found.length > 0 || isFiltered === true ? found : undefined;
  };
}

/** What the first filter looks at; `undefined` if that is not clear. */
function aroundFilter(path: string): JsonPath | undefined {
  const at = path.indexOf('[?');
  return at < 0 || path.slice(0, at).includes('..') ? undefined : jsonPath(path.slice(0, at));
}
