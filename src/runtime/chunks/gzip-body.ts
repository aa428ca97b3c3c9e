import { finished } from 'node:stream/promises';
import { createGzip } from 'node:zlib';
import { crcOf, EMPTY_CRC, encodeCrc32 } from '../bytes/crc32';
import { SegmentPool } from '../bytes/segment-pool';
import { SegmentWriter } from '../bytes/segment-writer';
import { ChunkBody, ChunkBytes } from './chunk-body';

/** Bytes of a piece of the compressor's output. */
const PIECE_BYTES = 64 * 1024;

/** Segments waiting for the compressor or in it. More would only wait longer. */
const SEGMENTS_WAITING = 2;

/** Text as one gzip member, compressed off the main thread while the next pages are fetched. */
export class GzipBody implements ChunkBody {
  public bytes = 0;
  private readonly gzip = createGzip({ chunkSize: PIECE_BYTES });
  private readonly done = finished(this.gzip);
  private readonly pieces: Uint8Array[] = [];
  private readonly waiting = new Set<Promise<void>>();
  private readonly writer: SegmentWriter;
  private crc = EMPTY_CRC;

  constructor(private readonly pool: SegmentPool) {
    this.writer = new SegmentWriter(pool, (filled) => this.compress(filled));
    this.gzip.on('data', (piece: Uint8Array) => this.take(piece));
    // Reported by `end`; until then, nothing awaits it.
    this.done.catch(() => undefined);
  }

  public write(text: string): number {
    return this.writer.write(text);
  }

  public async untilRoom(): Promise<void> {
    while (this.waiting.size > SEGMENTS_WAITING) await Promise.race(this.waiting);
  }

  public async end(): Promise<ChunkBytes> {
    this.writer.end();
    this.gzip.end();
    await this.done;
    const { pieces, bytes } = this;
    // The pieces are the compressor's own memory, which is not reused.
    return { pieces, bytes, crc32: encodeCrc32(this.crc), release: () => {} };
  }

  private take(piece: Uint8Array): void {
    this.pieces.push(piece);
    this.bytes += piece.byteLength;
    this.crc = crcOf(piece, this.crc);
  }

  private compress(filled: Uint8Array): void {
    const compressed = new Promise<void>((resolve) => {
      this.gzip.write(filled, () => resolve());
    }).then(() => {
      this.waiting.delete(compressed);
      this.pool.giveBack(filled);
    });
    this.waiting.add(compressed);
  }
}
