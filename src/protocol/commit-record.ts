import { CountGuardState } from './count-guard-state';
import { Position } from './fetch-contract';
import { decodeFile, requireFields } from './file-format';
import { ImportWarning } from './import-warning';
import { LogFailure } from './log-failure';
import { PerStream, STREAM_NAMES } from './streams';

/** `commits/<index>.json`: one step of the import. Exactly one attempt wins it. */
export interface CommitRecord {
  readonly formatVersion: number;
  readonly importId: string;
  /** Position in the log, from 0. The key contains it too. */
  readonly index: number;
  /** The invocation that wrote this record. */
  readonly writerId: string;
  /** The writer of the record before this one; `null` for the first. */
  readonly previousWriterId: string | null;
  /** Number of its first page. Only a closing record has no pages: see `failure`. */
  readonly firstPage: number;
  /** Number of its last page; in a closing record, of the last page before it. */
  readonly lastPage: number;
  /** Where its first page was fetched from. */
  readonly start: Position;
  /** Where to fetch the next page from; `null` when the source is done. */
  readonly end: Position | null;
  /** What its pages have yielded. */
  readonly streams: PerStream<StreamCommit>;
  /** The last `total` from the source; absent if it gave none. */
  readonly sourceTotal?: number;
  /** For a CSV whose columns come from its first record: those columns. Absent for other formats, and before that record. */
  readonly columns?: readonly string[];
  /**
   * For a CSV with configured columns: those that no record has had so far, in order. Absent for other formats, and before the first
   * record.
   */
  readonly unseenColumns?: readonly string[];
  /** What was noticed since the previous record and does not fail the import; absent if nothing was. */
  readonly warnings?: readonly ImportWarning[];
  /** What the loop guard remembers after the last page. */
  readonly loopGuard: LoopGuardState;
  /** What the count guard remembers after the last page. */
  readonly countGuard: CountGuardState;
  /** Only in a closing record: why the import cannot continue. */
  readonly failure?: LogFailure;
  /** Whether the source is done: the log ends here. */
  readonly final: boolean;
}

/** What the pages so far reported besides their records, as of the record's last page. Saves reading the records before it. */
export type Reports = Pick<CommitRecord, 'sourceTotal' | 'columns' | 'unseenColumns'>;

/** What is known about a CSV's columns. */
export type Columns = Pick<Reports, 'columns' | 'unseenColumns'>;

/** Only these fields of a record. */
export function reportsOf({ sourceTotal, columns, unseenColumns }: Reports): Reports {
  return {
    ...sourceTotal === undefined ? {} : { sourceTotal },
    ...columns === undefined ? {} : { columns },
    ...unseenColumns === undefined ? {} : { unseenColumns },
  };
}

/** What the guards remember after the last page. */
export type GuardStates = Pick<CommitRecord, 'loopGuard' | 'countGuard'>;

/** A chunk as it was acknowledged by S3. */
export interface ChunkReference {
  readonly key: string;
  readonly etag: string;
  /** CRC32 of all bytes: four bytes, big-endian, in base64, as S3 writes it. */
  readonly crc32: string;
  readonly bytes: number;
  readonly records: number;
}

/** Records and bytes of one page, before compression and without separators. */
export type LedgerLine = readonly [records: number, bytes: number];

/** What a commit record says about one stream. */
export interface StreamCommit {
  /** The records' bytes; `null` where all pages of this record were empty, and in a closing record. */
  readonly chunk: ChunkReference | null;
  /** Per page, in order: records and bytes. */
  readonly ledger: readonly LedgerLine[];
  /** Sums over the chunks of the log, up to and including this record. */
  readonly totals: StreamTotals;
}

/** Sums over the chunks of a stream. */
export interface StreamTotals {
  readonly records: number;
  readonly bytes: number;
}

/** Before the first chunk. */
export const NO_STREAM_TOTALS: StreamTotals = { records: 0, bytes: 0 };

/** The sums after one more chunk. */
export function addTotals(totals: StreamTotals, chunk: StreamTotals): StreamTotals {
  return { records: totals.records + chunk.records, bytes: totals.bytes + chunk.bytes };
}

/** Sums over a log. */
export interface Totals extends StreamTotals {
  readonly pages: number;
}

/** No page, no record. */
export const NO_TOTALS: Totals = { pages: 0, ...NO_STREAM_TOTALS };

/** The pages of the log up to and including a record, and the records that are published of them. */
export function totalsOf({ lastPage, streams }: Pick<CommitRecord, 'lastPage' | 'streams'>): Totals {
  return { pages: lastPage, ...streams.records.totals };
}

/** State of the loop guard: Brent's cycle detection over page tokens, and a digest of the last page. Constant in size. */
export interface LoopGuardState {
  /** SHA-256 of the token that later ones are compared with, in hex; `null` before the first token. */
  readonly tokenDigest: string | null;
  /** Number of tokens after which the compared token is replaced; a power of two. */
  readonly power: number;
  /** Tokens since the compared one. */
  readonly steps: number;
  /** SHA-256 of the last page's bytes, in hex; `null` if it was empty. */
  readonly pageDigest: string | null;
}

/** The loop guard before the first page. */
export const NEW_LOOP_GUARD: LoopGuardState = { tokenDigest: null, power: 1, steps: 0, pageDigest: null };

/** Reads a commit record; throws what `decodeFile` throws. */
export function decodeCommitRecord(key: string, bytes: Uint8Array): CommitRecord {
  const record = decodeFile<CommitRecord>(key, bytes, {
    importId: 'a string',
    index: 'a number',
    writerId: 'a string',
    previousWriterId: 'a string or null',
    firstPage: 'a number',
    lastPage: 'a number',
    start: 'an object',
    end: 'an object or null',
    streams: 'an object',
    sourceTotal: 'a number or absent',
    columns: 'an array or absent',
    unseenColumns: 'an array or absent',
    warnings: 'an array or absent',
    loopGuard: 'an object',
    countGuard: 'an object',
    failure: 'an object or absent',
    final: 'a boolean',
  });
  requireFields<PerStream<StreamCommit>>(key, 'streams.', record.streams, { records: 'an object' });
  for (const name of STREAM_NAMES) requireStream(key, `streams.${name}.`, record.streams[name]);
  return record;
}

function requireStream(key: string, where: string, stream: StreamCommit): void {
  requireFields<StreamCommit>(key, where, stream, { chunk: 'an object or null', ledger: 'an array', totals: 'an object' });
  if (stream.chunk === null) return;
  // A copy without the chunk's ETag would be one of whatever lies there.
  requireFields<ChunkReference>(key, `${where}chunk.`, stream.chunk, {
    key: 'a string', etag: 'a string', crc32: 'a string', bytes: 'a number', records: 'a number',
  });
}
