import { crc32, encodeCrc32 } from '../../src/runtime/core/crc32';
import { LoggedChunk, WholeLog } from '../../src/runtime/core/whole-log';

/** What a plan of parts is made of. */
export type PlannedLog = Pick<WholeLog, 'importId' | 'chunks' | 'bytes'>;

/** A log whose chunks have these sizes. Their checksums are those of `contentOf`. */
export function logOfSizes(sizes: readonly number[], contentOf?: (chunk: number) => Uint8Array): PlannedLog {
  const chunks = sizes.map((bytes, index): LoggedChunk => ({
    key: `data/${index}`, etag: `"${index}"`, crc32: encodeCrc32(contentOf === undefined ? index : crc32(contentOf(index))), bytes,
    records: 1, firstPage: index + 1, lastPage: index + 1, firstTokenDigest: null, nextTokenDigest: null,
    ledger: { pages: 1, emptyPages: 0, leastRecords: 1, mostRecords: 1 },
  }));
  return { importId: 'import-1', chunks, bytes: sizes.reduce((sum, bytes) => sum + bytes, 0) };
}
