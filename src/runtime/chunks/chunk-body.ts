/** The bytes of a chunk, made while its pages come in. */
export interface ChunkBody {
  /** Bytes so far. Some may be under way: there are at least so many. */
  readonly bytes: number;

  /** Adds text. Returns the bytes that it has before compression. */
  write(text: string): number;

  /** Resolves when there is room for more. Without it, a quick source would fill the memory before a compressor. */
  untilRoom(): Promise<void>;

  /** All bytes. Nothing may be written any more. */
  end(): Promise<ChunkBytes>;
}

/** Bytes to upload. */
export interface ChunkBytes {
  /** In order; they are never joined, since a request can send them as they are. */
  readonly pieces: readonly Uint8Array[];
  readonly bytes: number;
  /** As S3 writes it, in base64. */
  readonly crc32: string;
  /** Gives the memory of the pieces back. They are not to be read after that. */
  release(): void;
}
