import { plural } from '../../protocol/plural';
import { visible } from '../visible';
import { isRawNumber } from './rounded-number';

/** Columns shown at most. */
const MOST_COLUMNS = 8;

/** Characters of a column at most, if there is room. */
const WIDEST = 40;
const NARROWEST = 6;

const GAP = '  ';

/** Records as a table that fits a terminal. Values are cut; those that are not simple are shown as JSON. */
export function recordTable(records: readonly unknown[], width: number): string[] {
  if (records.length === 0) return ['(no records)'];
  const all = columnsOf(records);
  const columns = all.slice(0, columnsThatFit(width));
  const rows = records.map((record) => columns.map((column) => cell(valueIn(record, column))));
  const lines = aligned([columns.map(cell), ...rows], width);
  const left = all.length - columns.length;
  return left === 0 ? lines : [...lines, cut(`${left} more ${plural(left, 'field')}: ${all.slice(columns.length).map(cell).join(', ')}`, width)];
}

/** Lines of cells, with as much room for each column as it needs, and as there is. */
export function aligned(rows: readonly (readonly string[])[], width: number): string[] {
  const needed = rows[0]!.map((_, column) => Math.min(WIDEST, Math.max(...rows.map((row) => row[column]!.length))));
  const widths = narrowed(needed, width - GAP.length * (needed.length - 1));
  const [head, ...others] = rows.map((row) => lineOf(row, widths));
  return [head!, widths.map((each) => '-'.repeat(each)).join(GAP), ...others];
}

function lineOf(row: readonly string[], widths: readonly number[]): string {
  return row.map((text, column) => cut(text, widths[column]!).padEnd(widths[column]!)).join(GAP).trimEnd();
}

/** Takes from the widest until all fit. */
function narrowed(needed: readonly number[], room: number): number[] {
  const widths = [...needed];
  while (widths.reduce((sum, each) => sum + each, 0) > room) {
    const widest = widths.indexOf(Math.max(...widths));
    if (widths[widest]! <= NARROWEST) break;
    widths[widest]! -= 1;
  }
  return widths;
}

function columnsThatFit(width: number): number {
  return Math.max(1, Math.min(MOST_COLUMNS, Math.floor(width / (NARROWEST + GAP.length))));
}

/** The fields of the records, in their order. Records that are not objects are one column. */
function columnsOf(records: readonly unknown[]): string[] {
  const names = new Set(records.flatMap((record) => (isObject(record) ? Object.keys(record) : [])));
  return names.size === 0 ? ['record'] : [...names];
}

function valueIn(record: unknown, column: string): unknown {
  if (isObject(record)) return Object.hasOwn(record, column) ? record[column] : undefined;
  return column === 'record' ? record : undefined;
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value) && !isRawNumber(value);
}

function cell(value: unknown): string {
  if (value === undefined) return '';
  const text = typeof value === 'string' ? value : typeof value === 'bigint' ? String(value) : JSON.stringify(value);
  return visible(text.slice(0, 1000));
}

function cut(text: string, width: number): string {
  return text.length <= width ? text : `${text.slice(0, Math.max(0, width - 1))}…`;
}
