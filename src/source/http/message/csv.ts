import { csvParseRows } from 'd3-dsv';

/**
 * The records of a CSV with a header line. All values are texts. Lines without anything in them are left out.
 *
 * @throws Error if two columns have the same name, or a line has another number of fields than the header
 */
export function parseCsv(text: string): Record<string, string>[] {
  const [header, ...rows] = csvParseRows(text);
  if (header === undefined) return [];
  const twice = header.find((name, index) => header.indexOf(name) !== index);
  if (twice !== undefined) throw new Error(`the CSV has two columns named ${JSON.stringify(twice)}`);
  return rows.filter((row) => row.length > 1 || row[0] !== '' || header.length === 0).map((row, index) => record(header, row, index));
}

function record(header: readonly string[], row: readonly string[], index: number): Record<string, string> {
  if (row.length === header.length) return Object.fromEntries(header.map((name, column) => [name, row[column]!]));
  throw new Error(`record ${index + 1} of the CSV has ${row.length} fields, but its header has ${header.length}`);
}
