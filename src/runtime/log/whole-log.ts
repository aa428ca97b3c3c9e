import { ChunkReference, CommitRecord, decodeCommitRecord, Reports, reportsOf, totalsOf } from '../../protocol/commit-record';
import { RECORDS_IN_FLIGHT } from '../../protocol/defaults';
import { CommitLogError, recordedError } from '../../protocol/errors';
import { Position } from '../../protocol/fetch-contract';
import { ImportWarning } from '../../protocol/import-warning';
import { ImportKeys } from '../../protocol/keys';
import { LedgerSummary } from '../../protocol/manifest';
import { tokenDigest } from '../bytes/digest';
import { mapInOrder } from '../ports/in-order';
import { ObjectStore } from '../ports/object-store';
import { verifyFirst, verifyLink } from './log-chain';

/** A finished log whose whole chain has been checked. */
export interface WholeLog extends Reports {
  readonly importId: string;
  /** The chunks in order; records without one are left out. */
  readonly chunks: readonly LoggedChunk[];
  readonly pages: number;
  readonly records: number;
  readonly bytes: number;
  /** Warnings of all records, in order. */
  readonly warnings: readonly ImportWarning[];
}

/** A chunk and the pages it came from. */
export interface LoggedChunk extends ChunkReference {
  readonly firstPage: number;
  readonly lastPage: number;
  readonly firstTokenDigest: string | null;
  readonly nextTokenDigest: string | null;
  /** Page of its first record; the first page of a chunk without records. */
  readonly firstRecordPage: number;
  readonly ledger: LedgerSummary;
}

/**
 * Walks the whole chain. Holds only a few records at a time, since their ledgers are long.
 *
 * @throws CommitLogError for a gap, a broken link, or a last record that is not final
 * @throws the error that closed the log, if it was closed
 */
export async function readWholeLog(cache: ObjectStore, keys: ImportKeys): Promise<WholeLog> {
  const { importId } = keys;
  const chunks: LoggedChunk[] = [];
  const warnings: ImportWarning[] = [];
  let last: CommitRecord | undefined;
  for await (const record of mapInOrder(cache.list(keys.commits), RECORDS_IN_FLIGHT, (key) => readRecord(cache, key, importId))) {
    if (last === undefined) verifyFirst(record, keys);
    else verifyLink(last, record, keys);
    last = record;
    warnings.push(...record.warnings ?? []);
    const { chunk } = record.streams.records;
    if (chunk !== null) chunks.push(loggedChunk(record, chunk));
  }
  if (last === undefined) throw new CommitLogError(importId, 'it has no record');
  if (last.failure !== undefined) throw recordedError(last.failure);
  if (!last.final) throw new CommitLogError(importId, `its last record, ${last.index}, is not final`);
  return { importId, chunks, ...totalsOf(last), ...reportsOf(last), warnings };
}

function loggedChunk({ firstPage, lastPage, start, end, streams }: CommitRecord, chunk: ChunkReference): LoggedChunk {
  const { ledger } = streams.records;
  return {
    ...chunk, firstPage, lastPage,
    firstRecordPage: firstPage + Math.max(0, ledger.findIndex(([records]) => records > 0)),
    firstTokenDigest: digestOf(start), nextTokenDigest: digestOf(end),
    ledger: ledgerSummary(ledger.map(([records]) => records)),
  };
}

function digestOf(position: Position | null): string | null {
  return position === null || position.pageToken === null ? null : tokenDigest(position.pageToken);
}

/** @param pages records per page */
function ledgerSummary(pages: readonly number[]): LedgerSummary {
  return {
    pages: pages.length,
    emptyPages: pages.filter((records) => records === 0).length,
    leastRecords: Math.min(...pages),
    mostRecords: Math.max(...pages),
  };
}

async function readRecord(cache: ObjectStore, key: string, importId: string): Promise<CommitRecord> {
  const bytes = await cache.read(key);
  if (bytes === undefined) throw new CommitLogError(importId, `${key} was listed, but is missing`);
  return decodeCommitRecord(key, bytes);
}
