import { counted } from '../counted';
import { visible } from '../visible';
import { Estimate } from './estimate';
import { Preview, PreviewedPage, recordsOf } from './previewed-page';
import { PRICES_READ } from './prices';
import { aligned, recordTable } from './record-table';
import { PreviewWarning } from './warnings';

/** What a preview shows on a terminal. */
export interface ShownPreview {
  readonly preview: Preview;
  readonly estimate: Estimate | undefined;
  readonly warnings: readonly PreviewWarning[];
  /** Records shown at most. */
  readonly mostRecords: number;
  /** Characters of a line. */
  readonly width: number;
}

export function previewText({ preview, estimate, warnings, mostRecords, width }: ShownPreview): string {
  const records = recordsOf(preview);
  const left = records.length - mostRecords;
  const sections = [
    [...recordTable(records.slice(0, mostRecords), width), ...left > 0 ? [`(${counted(left, 'more record')})`] : []],
    [...pageTable(preview.pages, width), ...guessedPath(preview)],
    estimate === undefined ? [] : [estimateText(estimate, preview.pageSize)],
    warnings.length === 0 ? ['No warnings.'] : warnings.map(({ message }) => visible(`Warning: ${message}`)),
  ];
  return sections.filter((lines) => lines.length > 0).map((lines) => lines.join('\n')).join('\n\n');
}

function pageTable(pages: readonly PreviewedPage[], width: number): string[] {
  if (pages.length === 0) return [];
  const lines = aligned([['page', 'status', 'ms', 'bytes', 'records'], ...pages.map(pageRow)], width);
  const [head, rule, ...rows] = lines.map((line) => line.padEnd(Math.max(...lines.map(({ length }) => length))));
  return [`${head}  decision`, `${rule}  --------`, ...rows.map((row, index) => `${row}  ${pages[index]!.decision}`)];
}

function pageRow({ number, responses, read }: PreviewedPage): string[] {
  const sum = (values: readonly number[]): number => values.reduce((total, each) => total + each, 0);
  return [
    String(number),
    responses.map(({ status }) => status).join('+'),
    sum(responses.map(({ milliseconds }) => milliseconds)).toFixed(0),
    String(sum(responses.map(({ bytes }) => bytes))),
    String(read.records.length),
  ];
}

function guessedPath({ guessedPath: path }: Preview): string[] {
  return path === undefined ? [] : [`The records were found at ${visible(path)}, which is a guess: set records to this path to make it certain.`];
}

function estimateText({ pages, records, isWhole, secondsPerPage, seconds, transitions, dollars }: Estimate, pageSize: number): string {
  const whole = isWhole ? 'These are all records' : `The whole source, ${counted(records ?? 0, 'record')} in ${counted(pages, 'page')} of ${pageSize}`;
  const what = records === undefined ? `The source's total is not known. ${counted(pages, 'page')} of ${pageSize}` : whole;
  const price = dollars < 0.01 ? 'less than a cent' : `$${dollars.toFixed(2)}`;
  return `${what}: about ${duration(seconds)} of Lambda time (${(secondsPerPage * 1000).toFixed(0)} ms per page), ${counted(transitions, 'state transition')}, ${price}.\n`
    + `A guess from this computer's times, at on-demand prices of us-east-1 (${PRICES_READ}), without S3 requests.`;
}

function duration(seconds: number): string {
  if (seconds < 1) return `${(seconds * 1000).toFixed(0)} ms`;
  if (seconds < 120) return `${seconds.toFixed(1)} s`;
  return seconds < 7200 ? `${(seconds / 60).toFixed(0)} min` : `${(seconds / 3600).toFixed(1)} h`;
}
