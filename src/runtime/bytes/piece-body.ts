import { Readable } from 'node:stream';
import type { S3Client } from '@aws-sdk/client-s3';

/** Smaller pieces are joined up to this size: a socket takes as long for a hundred bytes as for this many. */
const BLOCK_BYTES = 64 * 1024;

/**
 * A request body in pieces. Joining them first would hold every chunk in memory twice.
 *
 * The SDK never retries a request with a stream as its body, since it cannot read the stream again. So the SDK sees an opaque value of
 * known length; the innermost middleware turns it into a new stream for each attempt.
 *
 * The signature does not cover the body (`UNSIGNED-PAYLOAD`): hashing takes longer than sending, TLS protects the bytes in transit, and the
 * store checks them against the CRC32 sent along.
 */
export class PieceBody {
  /** Length in bytes, under the name that the SDK looks for. */
  public readonly byteLength: number;

  constructor(private readonly pieces: readonly Uint8Array[]) {
    this.byteLength = pieces.reduce((sum, piece) => sum + piece.byteLength, 0);
  }

  /** A new stream of all bytes. */
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
