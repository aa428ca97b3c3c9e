/** A column: its heading, and its text for a row. */
export type Column<Row> = readonly [heading: string, cell: (row: Row) => string];

/** A Markdown table. Numbers are right-aligned. */
export function table<Row>(rows: readonly Row[], columns: readonly Column<Row>[]): string {
  const cells = rows.map((row) => columns.map(([, cell]) => cell(row)));
  const isRight = columns.map((_, column) => cells.every((line) => /^[-$\d]|^$/.test(line[column]!)));
  const lines = [columns.map(([heading]) => heading), ...cells];
  const widths = columns.map((_, column) => Math.max(3, ...lines.map((line) => line[column]!.length)));
  const pad = (cell: string, column: number): string => isRight[column] ? cell.padStart(widths[column]!) : cell.padEnd(widths[column]!);
  const rule = widths.map((width, column) => isRight[column] ? `${'-'.repeat(width - 1)}:` : '-'.repeat(width));
  const [heading, ...rest] = lines.map((line) => line.map(pad));
  return [heading!, rule, ...rest].map((line) => `| ${line.join(' | ')} |`).join('\n');
}

export function count(value: number): string {
  return Math.round(value).toLocaleString('en-US');
}

export function mebibytes(bytes: number): string {
  return count(bytes / 2 ** 20);
}

export function ratio(value: number, other: number | undefined): string {
  return other === undefined ? '' : (value / other).toFixed(2);
}
