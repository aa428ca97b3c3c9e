import { ImportContext, IntegrityError } from '../../protocol/errors';
import { crc32Of } from '../bytes/crc32';
import { LoggedChunk } from '../log/whole-log';
import { mapInOrder } from '../ports/in-order';
import { ObjectStore } from '../ports/object-store';

/** Chunks read at the same time. */
const READS_IN_FLIGHT = 8;

/** What reading chunks needs. */
export interface ChunkTools {
  readonly file: ImportContext;
  readonly cache: ObjectStore;
}

/** The bytes of the chunks in order, or `undefined` if one of them is gone. */
export async function readChunks(chunks: readonly LoggedChunk[], tools: ChunkTools): Promise<Uint8Array[] | undefined> {
  const pieces: Uint8Array[] = [];
  for await (const bytes of mapInOrder(chunks, READS_IN_FLIGHT, (chunk) => readChunk(chunk, tools))) {
    if (bytes === undefined) return undefined;
    pieces.push(bytes);
  }
  return pieces;
}

/**
 * The bytes of a chunk, or `undefined` if it is gone.
 *
 * @throws IntegrityError if they do not match the commit record
 */
export async function readChunk(chunk: LoggedChunk, { file, cache }: ChunkTools): Promise<Uint8Array | undefined> {
  const bytes = await cache.read(chunk.key);
  if (bytes !== undefined && (bytes.byteLength !== chunk.bytes || crc32Of(bytes) !== chunk.crc32)) {
    throw notAsCommitted(chunk, file);
  }
  return bytes;
}

/** The error for a chunk that somebody has replaced. */
export function notAsCommitted({ key }: LoggedChunk, file: ImportContext): IntegrityError {
  return new IntegrityError(file, `the chunk ${key} is not what its commit record says`);
}
