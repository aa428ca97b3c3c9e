import { Readable } from 'node:stream';
import type { S3Client } from '@aws-sdk/client-s3';

/** Smaller pieces are gathered: a socket takes as long for a hundred bytes as for this many. */
const BLOCK_BYTES = 64 * 1024;

/**
 * A request body in pieces, which are sent as they are: joining them first would hold every chunk in memory twice.
 *
 * The SDK never repeats a request whose body is a stream, since it could not read the stream again. To the SDK this body therefore is an
 * opaque value of known length; it becomes a stream, a new one for each attempt, in the innermost middleware.
 *
 * Its SHA-256 is not in the signature (`UNSIGNED-PAYLOAD`): hashing costs more time than sending, TLS protects the bytes on their way, and
 * the CRC32 that goes with each of them tells the store what it should have received.
 */
export class PieceBody {
  /** Length in bytes, under the name by which the SDK finds it. */
  public readonly byteLength: number;

  constructor(private readonly pieces: readonly Uint8Array[]) {
    this.byteLength = pieces.reduce((sum, piece) => sum + piece.byteLength, 0);
  }

  /** The bytes from the first one on. */
  public stream(): Readable {
    return Readable.from(blocks(this.pieces), { objectMode: false });
  }
}

function* blocks(pieces: readonly Uint8Array[]): Generator<Uint8Array> {
  let gathered: Uint8Array[] = [];
  let bytes = 0;
  for (const piece of pieces) {
    if (bytes > 0 && bytes + piece.byteLength > BLOCK_BYTES) {
      yield joined(gathered);
      gathered = [];
      bytes = 0;
    }
    gathered.push(piece);
    bytes += piece.byteLength;
  }
  if (bytes > 0) yield joined(gathered);
}

function joined(pieces: readonly Uint8Array[]): Uint8Array {
  return pieces.length === 1 ? pieces[0]! : Buffer.concat(pieces);
}

/** Teaches a client to send piece bodies. */
export function sendPieceBodies(client: S3Client): void {
  client.middlewareStack.add(
    (next) => async (args) => {
      const request = args.request as { readonly body?: unknown };
      if (!(request.body instanceof PieceBody)) return next(args);
      return next({ ...args, request: { ...request, body: request.body.stream() } });
    },
    { step: 'finalizeRequest', priority: 'low', name: 'pieceBodyMiddleware' },
  );
}
