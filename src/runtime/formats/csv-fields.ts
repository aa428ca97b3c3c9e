import { types } from 'node:util';
import { NonFiniteNumbers } from '../../protocol/choices';
import { isOfNoClass, lossByThrown, lossesBehind, lossOfAll } from './json-loss';
import { isInstance, isTooLong } from './thrown';
import { jsonOf, Unwritable } from './unwritable';
import { kindOf } from './value-names';

/**
 * A record's fields, and their values as cells, by the rules of JSON: what it would leave out is no field, and what it would change is
 * refused.
 */

export type Fields = Readonly<Record<string, unknown>>;

export const AN_OBJECT = 'an object, whose fields are the columns of the CSV';

/**
 * The record as JSON would have it: an object that knows how to become JSON is what it becomes.
 *
 * @throws Unwritable for one that has no fields
 */
export function fieldsOf(record: unknown): Fields {
  const value = isFields(record) && typeof record.toJSON === 'function' ? record.toJSON('') as unknown : record;
  if (!isFields(value)) throw noFields(value);
  if (!isOfNoClass(value)) checkClass(value);
  return value;
}

function isFields(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function noFields(value: unknown): Unwritable {
  return new Unwritable({ path: [], problem: `is ${kindOf(value)}`, expected: AN_OBJECT });
}

/** A text in an object is no fields, and a Map has them where neither JSON nor a CSV looks. */
function checkClass(value: object): void {
  if (types.isBoxedPrimitive(value)) throw noFields(value.valueOf());
  const loss = lossOfAll(value);
  if (loss !== undefined) throw new Unwritable(loss);
}

/** Whether JSON would leave the field out, as one without a value. */
export function isLeftOut(record: Fields, field: string, nonFiniteNumbers: NonFiniteNumbers): boolean {
  try {
    const value = record[field];
    if (value === undefined || typeof value === 'symbol') return true;
    return mayBecomeNothing(value) && jsonOf(value, nonFiniteNumbers) === undefined;
  } catch (error) {
    throw inField(field, error);
  }
}

function mayBecomeNothing(value: unknown): boolean {
  return typeof value === 'function' || (typeof value === 'object' && value !== null && 'toJSON' in value);
}

/** The field's value as it stands in a cell, before it is quoted. */
export function cellOf(record: Fields, column: string, nonFiniteNumbers: NonFiniteNumbers): string {
  // Not what every object inherits, as JSON has it.
  if (!Object.hasOwn(record, column)) return '';
  try {
    return textOf(record[column], nonFiniteNumbers);
  } catch (error) {
    throw inField(column, error);
  }
}

function textOf(value: unknown, nonFiniteNumbers: NonFiniteNumbers): string {
  switch (typeof value) {
    case 'string': return value;
    case 'boolean': return String(value);
    case 'number': return Number.isFinite(value) ? String(value) : textThroughJson(value, nonFiniteNumbers);
    default: return value === null || value === undefined ? '' : textThroughJson(value, nonFiniteNumbers);
  }
}

/** What is text in JSON is text, like a date; an array or an object stays JSON; what JSON leaves out is empty, as `null` is. */
function textThroughJson(value: unknown, nonFiniteNumbers: NonFiniteNumbers): string {
  const json = jsonOf(value, nonFiniteNumbers) ?? 'null';
  const loss = lossesBehind(json, nonFiniteNumbers)?.(value);
  if (loss !== undefined) throw new Unwritable(loss);
  if (json === 'null') return '';
  return json.startsWith('"') ? JSON.parse(json) as string : json;
}

/** What went wrong, with the field in which it did. */
function inField(field: string, error: unknown): unknown {
  if (isTooLong(error)) return error;
  return (isInstance(error, Unwritable) ? error : new Unwritable(lossByThrown(error))).in(field);
}
