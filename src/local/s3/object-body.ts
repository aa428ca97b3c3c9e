import { createHash } from 'node:crypto';
import { createWriteStream } from 'node:fs';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { combineCrcs, crcOf, EMPTY_CRC } from '../../runtime/bytes/crc32';

/**
 * The bytes of an object or a part: a list of immutable pieces. A copy shares the pieces of its source, and an assembled object those of
 * its parts, so the bytes are in memory only once, however often they are copied.
 */
export class ObjectBody {
  /** A body of these pieces, with digests that the caller computed from the same bytes. */
  static of(pieces: readonly Buffer[], digests: KnownDigests = {}): ObjectBody {
    return new ObjectBody(pieces, digests);
  }

  static concat(bodies: readonly ObjectBody[]): ObjectBody {
    const crc = bodies.reduce((before, body) => combineCrcs(before, body.crc(), body.bytes), EMPTY_CRC);
    return new ObjectBody(bodies.flatMap((body) => body.pieces), { crc });
  }

  readonly bytes: number;
  private knownMd5: string | undefined;
  private knownCrc: number | undefined;

  private constructor(private readonly pieces: readonly Buffer[], digests: KnownDigests) {
    this.bytes = pieces.reduce((sum, piece) => sum + piece.length, 0);
    this.knownMd5 = digests.md5;
    this.knownCrc = digests.crc;
  }

  /** MD5 in hex. Computed once. */
  md5(): string {
    return this.knownMd5 ??= this.digest('md5').toString('hex');
  }

  /** CRC32 of the bytes, as a number. Computed once. */
  crc(): number {
    return this.knownCrc ??= this.pieces.reduce((before, piece) => crcOf(piece, before), EMPTY_CRC);
  }

  digest(algorithm: 'md5' | 'sha1' | 'sha256'): Buffer {
    const hash = createHash(algorithm);
    for (const piece of this.pieces) hash.update(piece);
    return hash.digest();
  }

  /** The bytes from `first` to `last`, inclusive, as a body that shares them. */
  range(first: number, last: number): ObjectBody {
    const pieces: Buffer[] = [];
    let position = 0;
    for (const piece of this.pieces) {
      const part = piece.subarray(Math.max(first - position, 0), Math.max(last + 1 - position, 0));
      if (part.length > 0) pieces.push(part);
      position += piece.length;
    }
    return new ObjectBody(pieces, {});
  }

  /** The bytes in one buffer: a copy, unless there is only one piece. */
  toBuffer(): Buffer {
    const [first, ...more] = this.pieces;
    return first !== undefined && more.length === 0 ? first : Buffer.concat(this.pieces);
  }

  /** Writes the bytes to a file piece by piece, without a complete copy in memory. */
  async writeTo(file: string): Promise<void> {
    await pipeline(Readable.from(this.pieces), createWriteStream(file));
  }
}

/** Digests of a body's bytes, computed while they arrived. */
export interface KnownDigests {
  /** In hex. */
  readonly md5?: string;
  /** CRC32, as a number. */
  readonly crc?: number;
}
