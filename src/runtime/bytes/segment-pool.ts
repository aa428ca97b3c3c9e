/** Bytes of a segment: large enough that a socket, or a compressor, is not kept busy by the number of them. */
export const SEGMENT_BYTES = 256 * 1024;

/**
 * Segments of memory that text is encoded into. One that is given back is used again: memory of their size that is allocated and dropped
 * for every page would be returned to the system by the garbage collector only, and late.
 *
 * A segment is given back when S3 has acknowledged the chunk. A request for the same chunk that was given up before may still be sending
 * from it, and then sends something else. That does no harm: the request names the CRC32 of the chunk, and S3 refuses bytes with another.
 */
export class SegmentPool {
  private readonly free: Uint8Array[] = [];

  /** A whole segment. What is in it is of no meaning. */
  public take(): Uint8Array {
    return this.free.pop() ?? Buffer.allocUnsafeSlow(SEGMENT_BYTES);
  }

  /** Takes a segment back, of which this may be the beginning only. */
  public giveBack({ buffer }: Uint8Array): void {
    this.free.push(new Uint8Array(buffer));
  }
}
