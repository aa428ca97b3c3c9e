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
 * Bytes of a chunk that are read for its first record, and limit of their decompressed size. The first size holds most records; one beyond
 * the second is too large for a sample.
 */
const HEAD_BYTES = [64 * 1024, 1024 * 1024] as const;

/** The first records of chunks that are spread evenly over the import. A missing chunk gives none: Persist decides what that means. */
export async function sampleRecords(file: ImportFile, log: WholeLog, cache: ObjectStore): Promise<RecordSample[]> {
  const chunks = evenlySpread(log.chunks.filter(({ records }) => records > 0), SUMMARY_SAMPLES);
  const samples = await Promise.all(chunks.map((chunk) => sampleOf(chunk, file, log, cache)));
  return samples.filter((sample) => sample !== undefined);
}

/** At most `count` of the items, including the first and the last. */
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

/** Decompresses the beginning of a gzip member, up to a limit: a few bytes can expand to very many. */
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
