import { Token } from 'aws-cdk-lib';
import { UnknownColumns } from '../../protocol/choices';
import { FormatName, FormatSettings } from '../../protocol/output-settings';
import { Brand, mark } from '../base/brand';
import { checkKind, checkOptions, slipsIn } from '../base/check-options';
import { Kinds, listOf, memberOf, options as optionsKind, text } from '../base/kinds';
import { refusal } from '../base/validation';

/** Options of CSV output. */
export interface CsvOptions {
  /**
   * The columns in order, each the name of a record's field: at least one, no empty names, no duplicates.
   *
   * @default - the fields of the import's first record
   */
  readonly columns?: string[];

  /**
   * What to do with a field that is not a column.
   *
   * @default UnknownColumns.FAIL
   */
  readonly unknownColumns?: UnknownColumns;
}

/** Format of the published records. */
export abstract class OutputFormat {
  /** JSON Lines: `JSON.stringify(record) + "\n"` per record. */
  public static jsonLines(): OutputFormat {
    return new GivenFormat({ name: FormatName.JSON_LINES });
  }

  /** One JSON array of all records, one record per line. An import without records is `[]`. */
  public static jsonArray(): OutputFormat {
    return new GivenFormat({ name: FormatName.JSON_ARRAY });
  }

  /**
   * A header line, then one line per record. The records must be objects. Missing fields and `null` are empty; arrays and objects become
   * JSON text.
   */
  public static csv(options: CsvOptions = {}): OutputFormat {
    checkKind(CSV, 'options', options, CSV_OPTIONS);
    checkOptions(CSV, options, CSV_OPTION_KINDS);
    const { columns, unknownColumns = UnknownColumns.FAIL } = options;
    if (columns !== undefined) checkColumns(columns);
    return new GivenFormat({
      name: FormatName.CSV,
      unknownColumns,
      ...columns !== undefined && { columns: [...columns] },
    }, slipsIn(CSV, options, CSV_OPTION_KINDS));
  }

  /**
   * Warnings about option names that have no effect.
   *
   * @internal
   */
  public abstract readonly _slips: readonly string[];

  /**
   * The format in the form that imports store.
   *
   * @internal
   */
  public abstract _bind(): FormatSettings;
}

mark(OutputFormat, Brand.OUTPUT_FORMAT);

const CSV = 'OutputFormat.csv';
const CSV_OPTIONS = optionsKind('{ columns: [\'id\', \'total\'] }');
const CSV_OPTION_KINDS: Kinds<CsvOptions> = {
  columns: listOf(text('a string'), '[\'id\', \'total\']'),
  unknownColumns: memberOf('UnknownColumns', UnknownColumns),
};

class GivenFormat extends OutputFormat {
  constructor(private readonly settings: FormatSettings, public readonly _slips: readonly string[] = []) {
    super();
  }

  public _bind(): FormatSettings {
    return this.settings;
  }
}

function checkColumns(columns: readonly string[]): void {
  const refuse = (problem: string, remedy: string): Error => refusal(CSV, 'columns', problem, remedy);
  if (Token.isUnresolved(columns)) throw refuse('is a token, whose columns are not known at synth', 'a list of names');
  if (columns.length === 0) throw refuse('is an empty list', 'at least one name, or leave it out to take the fields of the first record,');
  columns.forEach((column, index) => {
    if (column === '') throw refuse(`has an empty name at index ${index}`, 'the names of fields');
    if (columns.indexOf(column) !== index) throw refuse(`has '${column}' twice`, 'each name once');
  });
}
