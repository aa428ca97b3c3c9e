/** The bytes of a chunk, made while its pages come in. */
export interface ChunkBody {
  /** Bytes so far. Some may still be in the compressor: there are at least this many. */
  readonly bytes: number;

  /** Adds text. Returns its bytes before compression. */
  write(text: string): number;

  /** Resolves when there is room for more. Otherwise a fast source would fill the memory ahead of a compressor. */
  untilRoom(): Promise<void>;

  /** All bytes. Write nothing after it. */
  end(): Promise<ChunkBytes>;
}

/** Bytes to upload. */
export interface ChunkBytes {
  /** In order. Never joined: a request can send them as they are. */
  readonly pieces: readonly Uint8Array[];
  readonly bytes: number;
  /** As S3 writes it, in base64. */
  readonly crc32: string;
  /** Gives back the memory of the pieces. Do not read them after that. */
  release(): void;
}
