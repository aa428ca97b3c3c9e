/** Bytes of a segment: large enough to keep the overhead per segment low, for sockets and compressors. */
export const SEGMENT_BYTES = 256 * 1024;

/**
 * Reusable segments of memory that text is encoded into. If they were allocated and dropped for every page, only the garbage collector
 * would free them, and late.
 *
 * A segment is given back once S3 has acknowledged the chunk. An abandoned earlier request for the same chunk may still be sending from it,
 * and then sends other bytes. That is harmless: the request carries the chunk's CRC32, and S3 refuses bytes with another one.
 */
export class SegmentPool {
  private readonly free: Uint8Array[] = [];

  /** A whole segment, with arbitrary content. */
  public take(): Uint8Array {
    return this.free.pop() ?? Buffer.allocUnsafeSlow(SEGMENT_BYTES);
  }

  /** Takes a segment back. The argument may be only its beginning. */
  public giveBack({ buffer }: Uint8Array): void {
    this.free.push(new Uint8Array(buffer));
  }
}
