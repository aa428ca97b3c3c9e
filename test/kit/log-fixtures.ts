import { ChunkReference, CommitRecord, NEW_LOOP_GUARD, StreamCommit } from '../../src/protocol/commit-record';
import { NEW_COUNT_GUARD } from '../../src/protocol/count-guard-state';
import { Position } from '../../src/protocol/fetch-contract';
import { encodeFile, FORMAT_VERSION } from '../../src/protocol/file-format';
import { ImportKeys } from '../../src/protocol/keys';
import { crc32Of } from '../../src/runtime/bytes/crc32';
import { ObjectStore } from '../../src/runtime/ports/object-store';
import { SERIES } from './series';

export const IMPORT_ID = '0f0e0d0c-0b0a-4909-8807-060504030201';

export const KEYS = new ImportKeys(SERIES, IMPORT_ID);

/** A valid log of so many records, one page with one record each; the last one is final if so requested. */
export function logOf(length: number, { final = true }: { readonly final?: boolean } = {}): CommitRecord[] {
  return Array.from({ length }, (_, index) => recordAt(index, final && index === length - 1));
}

function recordAt(index: number, final: boolean): CommitRecord {
  const bytes = contentOf(index).byteLength;
  return {
    formatVersion: FORMAT_VERSION,
    importId: IMPORT_ID,
    index,
    writerId: `writer-${index}`,
    previousWriterId: index === 0 ? null : `writer-${index - 1}`,
    firstPage: index + 1,
    lastPage: index + 1,
    start: positionOf(index + 1)!,
    end: final ? null : positionOf(index + 2),
    streams: { records: { chunk: chunkOf(index), ledger: [[1, bytes]], totals: { records: index + 1, bytes: (index + 1) * bytes } } },
    loopGuard: NEW_LOOP_GUARD,
    countGuard: NEW_COUNT_GUARD,
    final,
  };
}

/** The chunk of a record. All have the same length. */
export function contentOf(index: number): Uint8Array {
  return Buffer.from(`{"n":"${String(index).padStart(6, '0')}"}\n`);
}

function chunkOf(index: number): ChunkReference {
  const bytes = contentOf(index);
  return { key: KEYS.chunk(index, 'uuid', 'jsonl'), etag: `"etag-${index}"`, crc32: crc32Of(bytes), bytes: bytes.byteLength, records: 1 };
}

export function positionOf(pageNumber: number): Position {
  return { pageNumber, pageToken: pageNumber === 1 ? null : `token-${pageNumber}`, offset: pageNumber - 1 };
}

/** A record with something else about its published records. */
export function withRecords(record: CommitRecord, change: Partial<StreamCommit>): CommitRecord {
  return { ...record, streams: { records: { ...record.streams.records, ...change } } };
}

/** Writes records to their slots. */
export async function storeLog(store: ObjectStore, keys: ImportKeys, records: readonly CommitRecord[]): Promise<void> {
  for (const record of records) await store.writeIf(keys.commit(record.index), encodeFile(record), 'absent');
}
