import { csvFormatValue, csvParseRows } from 'd3-dsv';
import { NonFiniteNumbers, UnknownColumns } from '../../protocol/choices';
import { Columns } from '../../protocol/commit-record';
import { NON_FINITE_NUMBERS } from '../../protocol/defaults';
import { DeployedAdvice, PageContext, UnknownColumnError } from '../../protocol/errors';
import { JsonValue } from '../../protocol/json';
import { CsvSettings } from '../../protocol/output-settings';
import { sha256 } from '../bytes/digest';
import { AN_OBJECT, cellOf, Fields, fieldsOf, isLeftOut } from './csv-fields';
import { EncodedPage, Format } from './format';
import { textOf } from './head';
import { refuse, refuseLoss } from './invalid-page';
import { lossOfText } from './json-loss';
import { PageText } from './page-text';
import { refuseRecord, Unwritable } from './unwritable';
import { looksLikeName } from './value-names';
import { isWellFormed } from './well-formed';

/**
 * A header line, and a line per record (RFC 4180, but each line ends in a bare line feed). A missing field is empty, like `null`. Strings
 * are written as they are, other values as JSON.
 */
export class Csv implements Format {
  public readonly separator = '';
  public readonly closing = '';

  constructor(private readonly settings: Omit<CsvSettings, 'name'>, private readonly nonFiniteNumbers: NonFiniteNumbers = NON_FINITE_NUMBERS) {}

  public encode(records: readonly unknown[], page: PageContext, before: Columns, limitBytes: number): EncodedPage {
    if (records.length === 0) return { text: '', columns: before };
    const text = new PageText(page, limitBytes);
    let columns = this.settings.columns ?? before.columns;
    const unseen = new Set(before.unseenColumns ?? this.settings.columns);
    let known = new Set(columns);
    let dropped = '';
    for (let index = 0; index < records.length; index++) {
      try {
        const record = fieldsOf(records[index]);
        if (columns === undefined) known = new Set(columns = this.columnsOf(record, page));
        if (this.settings.unknownColumns === UnknownColumns.FAIL) this.checkFields(record, known, page, index);
        else dropped = this.digestWith(dropped, record, known);
        this.noteColumns(record, unseen);
        text.add(lineOf(columns.map((column) => cellOf(record, column, this.nonFiniteNumbers))));
      } catch (error) {
        refuseRecord(error, page, index, limitBytes);
      }
    }
    const whole = text.end();
    if (!isWellFormed(whole)) this.refuseText(records, columns!, page);
    return { text: whole, dropped, columns: this.settings.columns === undefined ? { columns } : { unseenColumns: [...unseen] } };
  }

  public opening(shown: Columns): string {
    return lineOf(this.columns(shown));
  }

  /** Empty if the format lists no columns, since there was no record to name any. */
  public empty(shown: Columns): string {
    const columns = this.columns(shown);
    return columns.length === 0 ? '' : lineOf(columns);
  }

  /** By column, all values as strings: a CSV does not keep their types. */
  public firstRecord(head: Uint8Array, shown: Columns): JsonValue | undefined {
    const columns = this.columns(shown);
    const [first, second] = wholeRows(textOf(head), 2);
    const isHeader = first !== undefined && lineOf(first) === lineOf(columns);
    const row = isHeader ? second : first;
    return row && Object.fromEntries(columns.map((column, index) => [column, row[index] ?? '']));
  }

  private columns({ columns }: Columns): readonly string[] {
    return this.settings.columns ?? columns ?? [];
  }

  /** The fields of the import's first record. */
  private columnsOf(first: Fields, page: PageContext): readonly string[] {
    const columns = Object.keys(first).filter((field) => !isLeftOut(first, field, this.nonFiniteNumbers));
    if (columns.length === 0) refuse(page, 'records[0], the first of the import, has no fields', `${AN_OBJECT}, or ${DeployedAdvice.COLUMNS}`);
    if (!columns.every(isWellFormed)) throw new Unwritable(lossOfText('has a field whose name'));
    return columns;
  }

  /** A column counts as seen once a record has it, even if the value is `null`. */
  private noteColumns(record: Fields, unseen: Set<string>): void {
    for (const column of unseen) {
      if (Object.hasOwn(record, column) && !isLeftOut(record, column, this.nonFiniteNumbers)) unseen.delete(column);
    }
  }

  private checkFields(record: Fields, known: ReadonlySet<string>, page: PageContext, index: number): void {
    for (const field of Object.keys(record)) {
      if (!known.has(field) && !isLeftOut(record, field, this.nonFiniteNumbers)) {
        throw new UnknownColumnError(page, index, looksLikeName(field) ? field : undefined);
      }
    }
  }

  /** Extends the digest by the record's fields that are not columns. A digest, since such fields may be large. */
  private digestWith(dropped: string, record: Fields, known: ReadonlySet<string>): string {
    const fields = Object.keys(record).filter((field) => !known.has(field));
    return fields.length === 0 ? dropped : sha256(JSON.stringify([dropped, ...fields.map((field) => [field, asFarAsJson(record, field)])]));
  }

  /** Refuses the first cell with half of a surrogate pair. The caller knows that there is one. */
  private refuseText(records: readonly unknown[], columns: readonly string[], page: PageContext): void {
    for (let index = 0; index < records.length; index++) {
      const record = fieldsOf(records[index]);
      const column = columns.find((name) => !isWellFormed(cellOf(record, name, this.nonFiniteNumbers)));
      if (column !== undefined) refuseLoss(page, index, { ...lossOfText(), path: [column] });
    }
  }
}

/** A field that is not published may be anything. */
function asFarAsJson(record: Fields, field: string): string | undefined {
  try {
    return JSON.stringify(record[field]) as string | undefined;
  } catch {
    return undefined;
  }
}

/** A single empty field is quoted: most readers would skip an empty line. */
function lineOf(cells: readonly string[]): string {
  return `${cells.map(csvFormatValue).join(',') || '""'}\n`;
}

/** The first complete rows of a text that may be cut off. */
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

/** Index after the line feed that ends the row: the first one outside quotes. */
function endOfRow(text: string, start: number): number | undefined {
  let quoted = false;
  for (let index = start; index < text.length; index++) {
    if (text[index] === '"') quoted = !quoted;
    else if (text[index] === '\n' && !quoted) return index + 1;
  }
  return undefined;
}
