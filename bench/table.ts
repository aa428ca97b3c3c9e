/** A column: its heading, and its text for a row. */
export type Column<Row> = readonly [heading: string, cell: (row: Row, index: number) => string];

/** Rows under headings, aligned to the right. */
export function table<Row>(rows: readonly Row[], columns: readonly Column<Row>[]): string {
  const lines = [columns.map(([heading]) => heading), ...rows.map((row, index) => columns.map(([, cell]) => cell(row, index)))];
  const widths = columns.map((_, column) => Math.max(...lines.map((line) => line[column]!.length)));
  return lines.map((line) => line.map((cell, column) => cell.padStart(widths[column]!)).join('  ')).join('\n');
}

export function count(value: number): string {
  return Math.round(value).toLocaleString('en-US');
}

export function mebibytes(bytes: number): string {
  return (bytes / 2 ** 20).toFixed(0);
}
