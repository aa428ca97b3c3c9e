import { ChunkReference, CommitRecord, LedgerLine, NO_STREAM_TOTALS, StreamCommit, StreamTotals } from '../../protocol/commit-record';
import { CommitLogError } from '../../protocol/errors';
import { FIRST_POSITION, Position } from '../../protocol/fetch-contract';
import { ImportKeys } from '../../protocol/keys';
import { PerStream, perStream, STREAM_NAMES } from '../../protocol/streams';

/** What makes commit records a log: each starts exactly where the previous one ended. Every reader checks it. */

/** Throws CommitLogError unless the record can be the first in the log of the import with these keys. */
export function verifyFirst(record: CommitRecord, keys: ImportKeys): void {
  verifyImport(record, keys);
  check(record, record.index === 0, 'its index is not 0');
  check(record, record.previousWriterId === null, 'it names a writer before it');
  check(record, samePosition(record.start, FIRST_POSITION), 'it does not start at the first page');
  verifyInside(record);
  verifyStreams(record, perStream(() => NO_STREAM_TOTALS), keys);
}

/** Throws CommitLogError unless `record` can follow `previous`. */
export function verifyLink(previous: CommitRecord, record: CommitRecord, keys: ImportKeys): void {
  verifyImport(record, keys);
  check(record, record.index === previous.index + 1, `its index is ${record.index}`);
  check(record, !previous.final, 'it follows a final record');
  check(record, previous.failure === undefined || previous.failure.unless !== undefined, 'it follows the record that has closed the log');
  check(record, record.previousWriterId === previous.writerId, 'it was written after another record than the one before it');
  check(record, samePosition(record.start, previous.end), 'it does not start where the record before it ends');
  check(record, previous.columns === undefined || sameJson(previous.columns, record.columns), 'its columns are not those of the record before it');
  check(record, isSubset(record.unseenColumns, previous.unseenColumns), 'it has unseen columns that the record before it has seen');
  verifyInside(record);
  verifyStreams(record, perStream((name) => previous.streams[name].totals), keys);
}

function verifyImport({ importId, index }: CommitRecord, keys: ImportKeys): void {
  if (importId !== keys.importId) throw new CommitLogError(keys.importId, `commit record ${index}: it belongs to another import`);
}

/** Checks that a record agrees with itself. */
function verifyInside(record: CommitRecord): void {
  const { failure } = record;
  check(record, record.firstPage === record.start.pageNumber, 'its first page is not where it starts');
  check(record, pagesOf(record) > 0 === (failure === undefined), 'it has no pages without closing the log, or the other way round');
  check(record, !record.final || failure === undefined, 'it closes the log and is final');
  check(record, record.final === (record.end === null), 'it is final without being the end, or the other way round');
  check(record, record.end === null || record.end.pageNumber === record.lastPage + 1, 'it ends at another page than its last');
}

/** What must hold inside each stream of a record. */
function verifyStreams(record: CommitRecord, before: PerStream<StreamTotals>, keys: ImportKeys): void {
  for (const name of STREAM_NAMES) {
    verifyStream(record, record.streams[name], before[name]);
    verifyChunk(record, record.streams[name].chunk, keys);
  }
}

/** Persist publishes what the record names. A record that was tampered with must not make it publish any other object of the bucket. */
function verifyChunk(record: CommitRecord, chunk: ChunkReference | null, keys: ImportKeys): void {
  check(record, chunk === null || keys.isChunk(chunk.key, record.index), `its chunk is not below ${keys.data}, or is not its own`);
}

function verifyStream(record: CommitRecord, { chunk, ledger, totals }: StreamCommit, before: StreamTotals): void {
  check(record, pagesOf(record) === ledger.length, 'its pages are not those of its ledger');
  check(record, recordsIn(ledger) === (chunk?.records ?? 0), 'its chunk is not that of its ledger');
  check(record, totals.records === before.records + (chunk?.records ?? 0), 'its total of records is wrong');
  check(record, totals.bytes === before.bytes + (chunk?.bytes ?? 0), 'its total of bytes is wrong');
}

function pagesOf({ firstPage, lastPage }: CommitRecord): number {
  return lastPage - firstPage + 1;
}

function recordsIn(ledger: readonly LedgerLine[]): number {
  return ledger.reduce((total, [records]) => total + records, 0);
}

function samePosition(a: Position, b: Position | null): boolean {
  return b !== null && a.pageNumber === b.pageNumber && a.offset === b.offset && sameJson(a.pageToken, b.pageToken);
}

/** Columns that were seen stay seen. */
function isSubset(columns: readonly string[] | undefined, before: readonly string[] | undefined): boolean {
  if (before === undefined) return true;
  return columns !== undefined && columns.every((column) => before.includes(column));
}

/** Values come straight from JSON, so equal ones have equal text. */
function sameJson(a: unknown, b: unknown): boolean {
  return JSON.stringify(a) === JSON.stringify(b);
}

function check(record: CommitRecord, holds: boolean, problem: string): void {
  if (!holds) throw new CommitLogError(record.importId, `commit record ${record.index}: ${problem}`);
}
