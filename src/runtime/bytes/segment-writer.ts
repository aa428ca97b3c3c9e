import { SegmentPool } from './segment-pool';

/** Maximum UTF-8 bytes of a character: with less space than that, the next one may not fit. */
const CHARACTER_BYTES = 4;

const encoder = new TextEncoder();

/** Writes text into segments, one after the other. */
export class SegmentWriter {
  private segment: Uint8Array | undefined;
  private used = 0;

  /** @param onFilled gets each segment, cut to its content, when it is full or at the end */
  constructor(private readonly pool: SegmentPool, private readonly onFilled: (filled: Uint8Array) => void) {}

  /** Returns the length of the text in UTF-8 bytes. */
  public write(text: string): number {
    let bytes = 0;
    let rest = text;
    while (rest !== '') {
      const { read, written } = encoder.encodeInto(rest, this.space());
      this.used += written;
      bytes += written;
      rest = read === rest.length ? '' : rest.slice(read);
    }
    return bytes;
  }

  /** Hands over the unfinished segment, if any. */
  public end(): void {
    if (this.segment !== undefined) this.onFilled(this.segment.subarray(0, this.used));
    this.segment = undefined;
    this.used = 0;
  }

  private space(): Uint8Array {
    if (this.segment !== undefined && this.segment.byteLength - this.used < CHARACTER_BYTES) this.end();
    this.segment ??= this.pool.take();
    return this.segment.subarray(this.used);
  }
}
