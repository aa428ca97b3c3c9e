import { crcOf, EMPTY_CRC, encodeCrc32 } from '../bytes/crc32';
import { SegmentPool } from '../bytes/segment-pool';
import { SegmentWriter } from '../bytes/segment-writer';
import { ChunkBody, ChunkBytes } from './chunk-body';

/** Uncompressed text. */
export class PlainBody implements ChunkBody {
  public bytes = 0;
  private readonly pieces: Uint8Array[] = [];
  private readonly writer: SegmentWriter;
  private crc = EMPTY_CRC;

  constructor(private readonly pool: SegmentPool) {
    this.writer = new SegmentWriter(pool, (filled) => {
      this.pieces.push(filled);
      this.crc = crcOf(filled, this.crc);
    });
  }

  public write(text: string): number {
    const bytes = this.writer.write(text);
    this.bytes += bytes;
    return bytes;
  }

  public async untilRoom(): Promise<void> {
    // There always is: a full chunk is committed.
  }

  public async end(): Promise<ChunkBytes> {
    this.writer.end();
    const { pieces, bytes, pool } = this;
    return { pieces, bytes, crc32: encodeCrc32(this.crc), release: () => pieces.forEach((piece) => pool.giveBack(piece)) };
  }
}
