import { CountGuardState } from './count-guard-state';
import { Position } from './fetch-contract';
import { decodeFile, requireFields } from './file-format';
import { ImportWarning } from './import-warning';
import { LogFailure } from './log-failure';

/** `commits/<index>.json`: one step of the import, won by exactly one attempt. */
export interface CommitRecord {
  readonly formatVersion: number;
  readonly importId: string;
  /** Place in the log, from 0. The key says it too. */
  readonly index: number;
  /** The invocation that wrote this record. */
  readonly writerId: string;
  /** The writer of the record before this one; `null` for the first. */
  readonly previousWriterId: string | null;
  /** The records' bytes; `null` where all pages of this record were empty, and in a closing record. */
  readonly chunk: ChunkReference | null;
  /** Number of the first page in it. A record has at least one page, unless it is a closing one: see `failure`. */
  readonly firstPage: number;
  /** Number of the last page in it; in a closing record that of the page before it. */
  readonly lastPage: number;
  /** Where its first page was fetched from. */
  readonly start: Position;
  /** Where the page after it is to be fetched from; `null` when the source is done. */
  readonly end: Position | null;
  /** Per page, in order: records and bytes. */
  readonly ledger: readonly LedgerLine[];
  /** Sums over the log up to and including this record. */
  readonly totals: Totals;
  /** The last `total` that the source gave; absent when it gave none. */
  readonly sourceTotal?: number;
  /** Columns of a CSV whose first record named them; absent for any other output, and before that record. */
  readonly columns?: readonly string[];
  /**
   * Columns that a CSV's format was given and that no record has had so far, in the format's order; absent for any other output, and before
   * the first record.
   */
  readonly unseenColumns?: readonly string[];
  /** What was noticed between the record before this one and this one, and is no reason to fail; absent for nothing. */
  readonly warnings?: readonly ImportWarning[];
  /** What the loop guard remembers after the last page. */
  readonly loopGuard: LoopGuardState;
  /** What the count guard remembers after the last page. */
  readonly countGuard: CountGuardState;
  /** Of a closing record only: why the import cannot go on. */
  readonly failure?: LogFailure;
  /** Whether the source is done: the log ends here. */
  readonly final: boolean;
}

/**
 * What the pages so far have reported beside their records. Each commit record has it as it is after its last page, so that nothing of the
 * pages before needs to be read.
 */
export type Reports = Pick<CommitRecord, 'sourceTotal' | 'columns' | 'unseenColumns'>;

/** What records have shown of a CSV's columns. */
export type Columns = Pick<Reports, 'columns' | 'unseenColumns'>;

/** What a record has of them, and nothing else. */
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
  /** CRC32 of all bytes, base64 of its four bytes, big-endian: as S3 writes it. */
  readonly crc32: string;
  readonly bytes: number;
  readonly records: number;
}

/** Records and bytes of one page, before compression, without what stands between pages and around them. */
export type LedgerLine = readonly [records: number, bytes: number];

/** Sums over a log. */
export interface Totals {
  readonly pages: number;
  readonly records: number;
  readonly bytes: number;
}

/** No page, no record. */
export const NO_TOTALS: Totals = { pages: 0, records: 0, bytes: 0 };

/** State of the loop guard: Brent's cycle detection over page tokens, and the last page's content. Constant in size. */
export interface LoopGuardState {
  /** SHA-256 of the token that later ones are compared with, hexadecimal; `null` before the first token. */
  readonly tokenDigest: string | null;
  /** Tokens after which the compared token is replaced; a power of two. */
  readonly power: number;
  /** Tokens since the compared one. */
  readonly steps: number;
  /** SHA-256 of the last page's bytes, hexadecimal; `null` when it was empty. */
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
    chunk: 'an object or null',
    firstPage: 'a number',
    lastPage: 'a number',
    start: 'an object',
    end: 'an object or null',
    ledger: 'an array',
    totals: 'an object',
    sourceTotal: 'a number or absent',
    columns: 'an array or absent',
    unseenColumns: 'an array or absent',
    warnings: 'an array or absent',
    loopGuard: 'an object',
    countGuard: 'an object',
    failure: 'an object or absent',
    final: 'a boolean',
  });
  if (record.chunk !== null) {
    // A copy without the chunk's ETag would be one of whatever lies there.
    requireFields<ChunkReference>(key, 'chunk.', record.chunk, {
      key: 'a string', etag: 'a string', crc32: 'a string', bytes: 'a number', records: 'a number',
    });
  }
  return record;
}
