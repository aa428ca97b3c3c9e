import { combineCrcs, crcOf, EMPTY_CRC } from '../../src/runtime/bytes/crc32';
import { ByteRange } from '../../src/runtime/ports/object-store';

/** Where bytes of an object come from: those of a source's object, from one of them on. */
export interface Origin {
  readonly key: string;
  readonly offset: number;
  readonly bytes: number;
}

/** The bytes of an object, as far as a store knows that pretends to have them. */
export interface Body {
  readonly bytes: number;
  readonly crc: number;
  range(range: ByteRange): Body;
  /** The bytes themselves. Throws where there are none. */
  read(): Uint8Array;
}

/** Bytes that are there: those of small files, and of parts that were uploaded. */
export class LiteralBody implements Body {
  public readonly bytes: number;
  public readonly crc: number;

  constructor(private readonly content: Uint8Array) {
    this.bytes = content.byteLength;
    this.crc = crcOf(content);
  }

  public range({ offset, bytes }: ByteRange): Body {
    return new LiteralBody(this.content.subarray(offset, offset + bytes));
  }

  public read(): Uint8Array {
    return this.content;
  }
}

/** The same byte over and over: it can be any length, and read wherever it is asked for. */
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

  /** Doubles the length as often as it goes. */
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

/** Bodies one after the other, of which only the size and the checksum are kept. */
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
