import { constants, createGunzip } from 'node:zlib';
import { Compression } from '../../protocol/choices';
import { SUMMARY_SAMPLES } from '../../protocol/defaults';
import { ImportFile } from '../../protocol/import-file';
import { RecordSample } from '../../protocol/import-summary';
import { JsonValue } from '../../protocol/json';
import { formatOf } from '../formats/format-of';
import { LoggedChunk, WholeLog } from '../log/whole-log';
import { ObjectStore } from '../ports/object-store';

/**
 * Bytes of a chunk that are read for its first record, and of those that they become by decompression. Most records are in the first; one
 * that is not in the last is too large to be looked at.
 */
const HEAD_BYTES = [64 * 1024, 1024 * 1024] as const;

/** The first records of chunks that lie evenly spread over the import. A chunk that is gone has none: Persist says what that means. */
export async function sampleRecords(file: ImportFile, log: WholeLog, cache: ObjectStore): Promise<RecordSample[]> {
  const chunks = evenlySpread(log.chunks.filter(({ records }) => records > 0), SUMMARY_SAMPLES);
  const samples = await Promise.all(chunks.map((chunk) => sampleOf(chunk, file, log, cache)));
  return samples.filter((sample) => sample !== undefined);
}

/** As many of the items, the first and the last among them. */
function evenlySpread<Item>(items: readonly Item[], count: number): readonly Item[] {
  if (items.length <= count) return items;
  return Array.from({ length: count }, (_, place) => items[Math.round(place * (items.length - 1) / (count - 1))]!);
}

async function sampleOf(
  chunk: LoggedChunk, { output }: ImportFile, log: WholeLog, cache: ObjectStore,
): Promise<RecordSample | undefined> {
  for (const bytes of HEAD_BYTES) {
    const head = await cache.readRange(chunk.key, { offset: 0, bytes });
    if (head === undefined) return undefined;
    const text = output.compression === Compression.GZIP ? await decompressed(head, bytes) : head;
    const record: JsonValue | undefined = formatOf(output.format).firstRecord(text, log);
    if (record !== undefined) return { page: chunk.firstRecordPage, record };
  }
  return undefined;
}

/** The beginning of what the beginning of a gzip member holds: few bytes can hold very many. */
async function decompressed(head: Uint8Array, mostBytes: number): Promise<Uint8Array> {
  // The member may end after the head.
  const gunzip = createGunzip({ finishFlush: constants.Z_SYNC_FLUSH });
  gunzip.end(head);
  const pieces: Buffer[] = [];
  let bytes = 0;
  for await (const piece of gunzip as AsyncIterable<Buffer>) {
    pieces.push(piece);
    bytes += piece.byteLength;
    if (bytes >= mostBytes) break;
  }
  return Buffer.concat(pieces);
}
