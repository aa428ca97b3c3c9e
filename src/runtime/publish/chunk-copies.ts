import { LoggedChunk } from '../log/whole-log';
import { Lanes } from '../ports/in-order';
import { matches } from '../ports/matches';
import { ChunkTools, notAsCommitted, readChunk } from './read-chunks';

/** Chunks that are read at the same time to verify them: each is in memory as a whole. */
const READS_IN_FLIGHT = 4;

/** Copies chunks, or parts of them, by S3 itself. */
export class ChunkCopies {
  private readonly reads = new Lanes(READS_IN_FLIGHT);

  constructor(private readonly tools: ChunkTools) {}

  /**
   * Copies a chunk under the condition of its ETag.
   *
   * The client may repeat the upload of a chunk whose reply is lost, and the first request may arrive last. It has the same bytes, but in a
   * bucket encrypted by KMS another ETag. Such a chunk is verified by its size and CRC32, then copied under the ETag that it has now.
   *
   * @param copy copies the chunk if it has this ETag
   * @throws IntegrityError when the bytes are not those that the commit record names
   */
  public async copy<Copied>(chunk: LoggedChunk, copy: (etag: string) => Promise<Copied | 'source-gone'>): Promise<Copied | 'source-gone'> {
    const copied = await copy(chunk.etag);
    if (copied !== 'source-gone') return copied;
    const etag = await this.verifiedEtag(chunk);
    return etag === undefined ? 'source-gone' : copy(etag);
  }

  private async verifiedEtag(chunk: LoggedChunk): Promise<string | undefined> {
    const { cache, file } = this.tools;
    const there = await cache.inspect(chunk.key, { checksum: true });
    if (there === undefined) return undefined;
    if (!matches(there, chunk)) throw notAsCommitted(chunk, file);
    if (there.crc32 === undefined && !await this.isReadable(chunk)) return undefined;
    return there.etag;
  }

  /** A store that keeps no checksums has the chunk read. */
  private async isReadable(chunk: LoggedChunk): Promise<boolean> {
    return await this.reads.run(() => readChunk(chunk, this.tools)) !== undefined;
  }
}
