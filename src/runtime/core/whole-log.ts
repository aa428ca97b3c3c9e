import { ChunkReference, CommitRecord, decodeCommitRecord } from '../../protocol/commit-record';
import { RECORDS_IN_FLIGHT } from '../../protocol/defaults';
import { CommitLogError } from '../../protocol/errors';
import { ImportKeys } from '../../protocol/keys';
import { ObjectStore } from '../store/object-store';
import { mapInOrder } from './in-order';
import { verifyFirst, verifyLink } from './log-chain';

/** A finished log, walked and found whole. */
export interface WholeLog {
  /** The chunks in order; records without one are left out. */
  readonly chunks: readonly LoggedChunk[];
  readonly pages: number;
  readonly records: number;
  readonly bytes: number;
  readonly sourceTotal: number | undefined;
}

/** A chunk and the pages it came from. */
export interface LoggedChunk extends ChunkReference {
  readonly firstPage: number;
  readonly lastPage: number;
}

/**
 * Walks the whole chain. Only a few records are held at a time: their ledgers are long.
 *
 * @throws CommitLogError for a gap, a broken link, or a last record that is not final
 */
export async function readWholeLog(cache: ObjectStore, keys: ImportKeys, importId: string): Promise<WholeLog> {
  const chunks: LoggedChunk[] = [];
  let last: CommitRecord | undefined;
  for await (const record of mapInOrder(cache.list(keys.commits), RECORDS_IN_FLIGHT, (key) => readRecord(cache, key, importId))) {
    if (last === undefined) verifyFirst(record, importId);
    else verifyLink(last, record);
    last = record;
    if (record.chunk !== null) chunks.push({ ...record.chunk, firstPage: record.firstPage, lastPage: record.lastPage });
  }
  if (last === undefined) throw new CommitLogError(importId, 'it has no record');
  if (!last.final) throw new CommitLogError(importId, `its last record, ${last.index}, is not final`);
  return { chunks, ...last.totals, sourceTotal: last.sourceTotal };
}

async function readRecord(cache: ObjectStore, key: string, importId: string): Promise<CommitRecord> {
  const bytes = await cache.read(key);
  if (bytes === undefined) throw new CommitLogError(importId, `${key} was listed, but is missing`);
  return decodeCommitRecord(key, bytes);
}
