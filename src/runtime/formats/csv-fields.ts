import { types } from 'node:util';
import { NonFiniteNumbers } from '../../protocol/choices';
import { isOfNoClass, lossByThrown, lossesBehind, lossOfAll } from './json-loss';
import { isInstance, isTooLong } from './thrown';
import { jsonOf, Unwritable } from './unwritable';
import { kindOf } from './value-names';

/**
 * A record's fields, and their values as cells, by the rules of JSON: what JSON leaves out is not a field, and what JSON would change is
 * refused.
 */

export type Fields = Readonly<Record<string, unknown>>;

export const AN_OBJECT = 'an object, whose fields are the columns of the CSV';

/**
 * The record as JSON sees it: if it has `toJSON`, the result of that.
 *
 * @throws Unwritable if it has no fields
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

/** A boxed string has no fields, and a Map keeps its own where neither JSON nor CSV looks. */
function checkClass(value: object): void {
  if (types.isBoxedPrimitive(value)) throw noFields(value.valueOf());
  const loss = lossOfAll(value);
  if (loss !== undefined) throw new Unwritable(loss);
}

/** Whether JSON would leave the field out because it has no value. */
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

/** The field's value as a cell, before quoting. */
export function cellOf(record: Fields, column: string, nonFiniteNumbers: NonFiniteNumbers): string {
  // Own fields only, as in JSON.
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

/**
 * What JSON writes as a string, such as a date, is that string; arrays and objects stay JSON; what JSON leaves out is empty, like `null`.
 */
function textThroughJson(value: unknown, nonFiniteNumbers: NonFiniteNumbers): string {
  const json = jsonOf(value, nonFiniteNumbers) ?? 'null';
  const loss = lossesBehind(json, nonFiniteNumbers)?.(value);
  if (loss !== undefined) throw new Unwritable(loss);
  if (json === 'null') return '';
  return json.startsWith('"') ? JSON.parse(json) as string : json;
}

/** The error, with the field it occurred in. */
function inField(field: string, error: unknown): unknown {
  if (isTooLong(error)) return error;
  return (isInstance(error, Unwritable) ? error : new Unwritable(lossByThrown(error))).in(field);
}
