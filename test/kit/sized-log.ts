import { ChunkReference, CommitRecord, NEW_LOOP_GUARD } from '../../src/protocol/commit-record';
import { NEW_COUNT_GUARD } from '../../src/protocol/count-guard-state';
import { FORMAT_VERSION } from '../../src/protocol/file-format';
import { crcOf, encodeCrc32 } from '../../src/runtime/bytes/crc32';
import { LoggedChunk, WholeLog } from '../../src/runtime/log/whole-log';

/** Input for a plan of parts. */
export type PlannedLog = Pick<WholeLog, 'importId' | 'chunks' | 'bytes'>;

/** A log whose chunks have these sizes. Their checksums are those of `contentOf`. */
export function logOfSizes(sizes: readonly number[], contentOf?: (chunk: number) => Uint8Array): PlannedLog {
  const chunks = sizes.map((bytes, index): LoggedChunk => ({
    key: `data/${index}`, etag: `"${index}"`, crc32: encodeCrc32(contentOf === undefined ? index : crcOf(contentOf(index))), bytes,
    records: 1, firstPage: index + 1, lastPage: index + 1, firstRecordPage: index + 1, firstTokenDigest: null, nextTokenDigest: null,
    ledger: { pages: 1, emptyPages: 0, leastRecords: 1, mostRecords: 1 },
  }));
  return { importId: 'import-1', chunks, bytes: sizes.reduce((sum, bytes) => sum + bytes, 0) };
}

/**
 * The commit record of a chunk, in a log with one page per chunk.
 *
 * @param bytes bytes of the log up to and including this chunk
 */
export function recordOfChunk(importId: string, index: number, chunk: ChunkReference, bytes: number, final: boolean): CommitRecord {
  return {
    formatVersion: FORMAT_VERSION,
    importId,
    index,
    writerId: `writer-${index}`,
    previousWriterId: index === 0 ? null : `writer-${index - 1}`,
    firstPage: index + 1,
    lastPage: index + 1,
    start: { pageNumber: index + 1, pageToken: index === 0 ? null : `token-${index + 1}`, offset: index },
    end: final ? null : { pageNumber: index + 2, pageToken: `token-${index + 2}`, offset: index + 1 },
    streams: { records: { chunk, ledger: [[chunk.records, chunk.bytes]], totals: { records: (index + 1) * chunk.records, bytes } } },
    loopGuard: NEW_LOOP_GUARD,
    countGuard: NEW_COUNT_GUARD,
    final,
  };
}
