import { csvFormatValue, csvParseRows } from 'd3-dsv';
import { PageContext, UnknownColumnError } from '../../protocol/errors';
import { JsonValue } from '../../protocol/json';
import { CsvSettings, UnknownColumns } from '../../protocol/output-settings';
import { sha256 } from '../core/digest';
import { describe, looksLikeName, refuse, refuseRecord, toJson } from '../core/invalid-page';
import { Columns, EncodedPage, Format } from './format';
import { textOf } from './head';
import { PageText } from './page-text';

const AN_OBJECT = 'an object, whose fields are the columns of the CSV';

/**
 * A header line, and a line per record (RFC 4180, but with a line feed alone at the end of each). A field that a record does not have is
 * empty, as `null` is; text is as it is, and what is no text as JSON has it.
 */
export class Csv implements Format {
  public readonly separator = '';
  public readonly closing = '';

  constructor(private readonly settings: Omit<CsvSettings, 'name'>) {}

  public encode(records: readonly unknown[], page: PageContext, named: Columns, limitBytes: number): EncodedPage {
    if (records.length === 0) return { text: '', columns: named };
    const columns = this.settings.columns ?? named ?? columnsOf(records[0], page);
    const known = new Set(columns);
    const text = new PageText(page, limitBytes);
    let dropped = '';
    for (let index = 0; index < records.length; index++) {
      const record = objectOf(records[index], page, index);
      if (this.settings.unknownColumns === UnknownColumns.FAIL) checkFields(record, known, page, index);
      else dropped = digestWith(dropped, record, known);
      text.add(lineOf(columns.map((column) => cellOf(record, column, page, index))));
    }
    return { text: text.end(), dropped, columns: this.settings.columns === undefined ? columns : undefined };
  }

  public opening(named: Columns): string {
    return lineOf(this.columns(named));
  }

  /** Of an import whose columns no record has named, there is nothing to say. */
  public empty(named: Columns): string {
    const columns = this.columns(named);
    return columns.length === 0 ? '' : lineOf(columns);
  }

  /** As texts by column: what they were before is not in a CSV. */
  public firstRecord(head: Uint8Array, named: Columns): JsonValue | undefined {
    const columns = this.columns(named);
    const [first, second] = wholeRows(textOf(head), 2);
    const isHeader = first !== undefined && lineOf(first) === lineOf(columns);
    const row = isHeader ? second : first;
    return row && Object.fromEntries(columns.map((column, index) => [column, row[index] ?? '']));
  }

  private columns(named: Columns): readonly string[] {
    return this.settings.columns ?? named ?? [];
  }
}

/** The fields of the import's first record. */
function columnsOf(first: unknown, page: PageContext): readonly string[] {
  const columns = Object.keys(objectOf(first, page, 0));
  if (columns.length === 0) refuse(page, 'records[0], the first of the import, has no fields', `${AN_OBJECT}, or columns set on the construct`);
  return columns;
}

type Fields = Readonly<Record<string, unknown>>;

/** The record as JSON would have it: an object that knows how to become JSON is what it becomes. */
function objectOf(record: unknown, page: PageContext, index: number): Fields {
  const value = isFields(record) && typeof record.toJSON === 'function' ? throughJson(record, page, index) : record;
  if (!isFields(value)) refuse(page, `records[${index}] is ${describe(value)}`, AN_OBJECT);
  return value;
}

function isFields(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function throughJson(record: unknown, page: PageContext, index: number): unknown {
  const json = jsonOf(record, page, index, record);
  return json === undefined ? undefined : JSON.parse(json);
}

/** A field without a value is none: JSON would leave it out. */
function checkFields(record: Fields, known: ReadonlySet<string>, page: PageContext, index: number): void {
  for (const field of Object.keys(record)) {
    if (!known.has(field) && record[field] !== undefined) {
      throw new UnknownColumnError(page, index, looksLikeName(field) ? field : undefined);
    }
  }
}

/** Goes on with a digest of the fields that are no columns: they may be what the columns are chosen to be rid of, large. */
function digestWith(dropped: string, record: Fields, known: ReadonlySet<string>): string {
  const fields = Object.keys(record).filter((field) => !known.has(field));
  return fields.length === 0 ? dropped : sha256(JSON.stringify([dropped, ...fields.map((field) => [field, toJson(record[field])])]));
}

function cellOf(record: Fields, column: string, page: PageContext, index: number): string {
  // Not what every object inherits, as JSON has it.
  const value = Object.hasOwn(record, column) ? record[column] : undefined;
  switch (typeof value) {
    case 'string': return value;
    case 'number': return Number.isFinite(value) ? String(value) : '';
    case 'boolean': return String(value);
    default: return value === null || value === undefined ? '' : textOfJson(jsonOf(value, page, index, record) ?? 'null');
  }
}

/** What is text in JSON is text, like a date; an array or an object stays JSON. */
function textOfJson(json: string): string {
  if (json === 'null') return '';
  return json.startsWith('"') ? JSON.parse(json) as string : json;
}

/** `undefined` for what JSON leaves out. */
function jsonOf(value: unknown, page: PageContext, index: number, record: unknown): string | undefined {
  try {
    return JSON.stringify(value) as string | undefined;
  } catch {
    return refuseRecord(page, index, record);
  }
}

/** A line without a character would be no record to most readers: a single empty field is put in quotes. */
function lineOf(cells: readonly string[]): string {
  return `${cells.map(csvFormatValue).join(',') || '""'}\n`;
}

/** The first rows of a text whose end may be missing, only whole ones. */
function wholeRows(text: string, most: number): string[][] {
  const rows: string[][] = [];
  let start = 0;
  while (rows.length < most) {
    const end = endOfRow(text, start);
    if (end === undefined) break;
    rows.push(...csvParseRows(text.slice(start, end)));
    start = end;
  }
  return rows;
}

/** What follows the line feed that ends the row: the first one outside of quotes. */
function endOfRow(text: string, start: number): number | undefined {
  let quoted = false;
  for (let index = start; index < text.length; index++) {
    if (text[index] === '"') quoted = !quoted;
    else if (text[index] === '\n' && !quoted) return index + 1;
  }
  return undefined;
}
