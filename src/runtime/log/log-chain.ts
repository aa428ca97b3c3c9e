import { CommitRecord, NO_TOTALS, Totals } from '../../protocol/commit-record';
import { CommitLogError } from '../../protocol/errors';
import { FIRST_POSITION, Position } from '../../protocol/fetch-contract';

/**
 * What makes commit records a log: each goes on exactly where the one before it ended. Checked by every reader.
 */

/** Throws CommitLogError unless the log of the import can start with the record. */
export function verifyFirst(record: CommitRecord, importId: string): void {
  check(record, record.importId === importId, 'it belongs to another import');
  check(record, record.index === 0, 'its index is not 0');
  check(record, record.previousWriterId === null, 'it names a writer before it');
  check(record, samePosition(record.start, FIRST_POSITION), 'it does not start at the first page');
  verifyInside(record, NO_TOTALS);
}

/** Throws CommitLogError unless the second record can follow the first. */
export function verifyLink(previous: CommitRecord, record: CommitRecord): void {
  check(record, record.importId === previous.importId, 'it belongs to another import');
  check(record, record.index === previous.index + 1, `its index is ${record.index}`);
  check(record, !previous.final, 'it follows a final record');
  check(record, previous.failure === undefined || previous.failure.unless !== undefined, 'it follows the record that has closed the log');
  check(record, record.previousWriterId === previous.writerId, 'it was written after another record than the one before it');
  check(record, samePosition(record.start, previous.end), 'it does not start where the record before it ends');
  check(record, previous.columns === undefined || sameJson(previous.columns, record.columns), 'its columns are not those of the record before it');
  check(record, isSubset(record.unseenColumns, previous.unseenColumns), 'it has unseen columns that the record before it has seen');
  verifyInside(record, previous.totals);
}

/** What must hold inside a record. */
function verifyInside(record: CommitRecord, before: Totals): void {
  const { chunk, ledger, totals, failure } = record;
  const pages = record.lastPage - record.firstPage + 1;
  check(record, record.firstPage === record.start.pageNumber && pages === ledger.length, 'its pages are not those of its ledger');
  check(record, pages > 0 === (failure === undefined), 'it has no pages without closing the log, or the other way round');
  check(record, !record.final || failure === undefined, 'it closes the log and is final');
  check(record, record.final === (record.end === null), 'it is final without being the end, or the other way round');
  check(record, record.end === null || record.end.pageNumber === record.lastPage + 1, 'it ends at another page than its last');
  check(record, sum(ledger, 0) === (chunk?.records ?? 0), 'its chunk is not that of its ledger');
  check(record, totals.pages === before.pages + pages, 'its total of pages is wrong');
  check(record, totals.records === before.records + (chunk?.records ?? 0), 'its total of records is wrong');
  check(record, totals.bytes === before.bytes + (chunk?.bytes ?? 0), 'its total of bytes is wrong');
}

function sum(ledger: CommitRecord['ledger'], column: 0 | 1): number {
  return ledger.reduce((total, line) => total + line[column], 0);
}

function samePosition(a: Position, b: Position | null): boolean {
  return b !== null && a.pageNumber === b.pageNumber && a.offset === b.offset && sameJson(a.pageToken, b.pageToken);
}

/** Columns that were seen stay seen. */
function isSubset(columns: readonly string[] | undefined, before: readonly string[] | undefined): boolean {
  if (before === undefined) return true;
  return columns !== undefined && columns.every((column) => before.includes(column));
}

/** Values are kept as they come back from JSON, so equal ones have equal text. */
function sameJson(a: unknown, b: unknown): boolean {
  return JSON.stringify(a) === JSON.stringify(b);
}

function check(record: CommitRecord, holds: boolean, problem: string): void {
  if (!holds) throw new CommitLogError(record.importId, `commit record ${record.index}: ${problem}`);
}
