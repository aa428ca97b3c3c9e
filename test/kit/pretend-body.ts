import { combineCrcs, crcOf, EMPTY_CRC } from '../../src/runtime/bytes/crc32';
import { ByteRange } from '../../src/runtime/ports/object-store';

/** Where an object's bytes come from: a source's object, from an offset on. */
export interface Origin {
  readonly key: string;
  readonly offset: number;
  readonly bytes: number;
}

/** The bytes of an object, as far as a pretending store knows them. */
export interface Body {
  readonly bytes: number;
  readonly crc: number;
  range(range: ByteRange): Body;
  /** A copy of the bytes. Throws if there are none. */
  read(): Uint8Array;
}

/** Real bytes: of small files, and of uploaded parts. */
export class LiteralBody implements Body {
  private checksum?: number;

  constructor(private readonly content: Uint8Array) {}

  public get bytes(): number {
    return this.content.byteLength;
  }

  /** Computed when it is asked for: generated files are only read, hundreds of thousands of them. */
  public get crc(): number {
    return this.checksum ??= crcOf(this.content);
  }

  public range({ offset, bytes }: ByteRange): Body {
    return new LiteralBody(this.content.subarray(offset, offset + bytes));
  }

  public read(): Uint8Array {
    return new Uint8Array(this.content);
  }
}

/** One byte repeated: any length, readable at any offset. */
export class FilledBody implements Body {
  private static readonly checksums = new Map<string, number>();

  constructor(private readonly fill: number, public readonly bytes: number) {}

  public get crc(): number {
    const name = `${this.fill}:${this.bytes}`;
    let known = FilledBody.checksums.get(name);
    if (known === undefined) FilledBody.checksums.set(name, known = this.computeCrc());
    return known;
  }

  public range({ offset, bytes }: ByteRange): Body {
    return new FilledBody(this.fill, Math.max(0, Math.min(bytes, this.bytes - offset)));
  }

  public read(): Uint8Array {
    return new Uint8Array(this.bytes).fill(this.fill);
  }

  /** Doubles the length as often as possible. */
  private computeCrc(): number {
    let checksum = EMPTY_CRC;
    let doubled = crcOf(Uint8Array.of(this.fill));
    for (let rest = this.bytes, length = 1; rest > 0; rest = Math.floor(rest / 2), length *= 2) {
      if (rest % 2 === 1) checksum = combineCrcs(checksum, doubled, length);
      doubled = combineCrcs(doubled, doubled, length);
    }
    return checksum;
  }
}

/** Concatenated bodies, or one alone. Only size and checksum are kept. */
export class JoinedBody implements Body {
  public readonly bytes: number;
  public readonly crc: number;

  constructor(bodies: readonly Body[]) {
    this.bytes = bodies.reduce((sum, body) => sum + body.bytes, 0);
    this.crc = bodies.reduce((checksum, body) => combineCrcs(checksum, body.crc, body.bytes), EMPTY_CRC);
  }

  public range(): Body {
    throw new Error('No range of an assembled object is known.');
  }

  public read(): Uint8Array {
    throw new Error('The bytes of an assembled object are not kept.');
  }
}
