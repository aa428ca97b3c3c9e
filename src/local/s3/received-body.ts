import { createHash } from 'node:crypto';
import { PART_MAX_BYTES } from '../../protocol/limits';
import { crcOf, EMPTY_CRC } from '../../runtime/bytes/crc32';
import { AwsChunkedDecoder } from './aws-chunked';
import { ObjectBody } from './object-body';
import { S3Error } from './s3-error';

/** The complete body of a request. */
export interface ReceivedBody {
  readonly body: ObjectBody;
  /** Headers that followed the body, with names in lower case. */
  readonly trailers: Readonly<Record<string, string>>;
}

/** For a request without a body. */
export const NO_BODY: ReceivedBody = { body: ObjectBody.of([]), trailers: {} };

/**
 * Receives the body of a request. Keeps the pieces as the socket delivers them, and computes digests on the way: joining an 8 MiB body
 * first costs more than everything else that is done with it.
 *
 * @throws IncompleteBody, EntityTooLarge
 */
export async function receiveBody(payload: AsyncIterable<Buffer>, contentEncoding: string | undefined): Promise<ReceivedBody> {
  const decoder = contentEncoding?.includes('aws-chunked') ? new AwsChunkedDecoder() : undefined;
  const collector = new BodyCollector();
  for await (const framed of payload) {
    for (const piece of decoder?.decode(framed) ?? [framed]) collector.add(piece);
  }
  if (decoder && !decoder.ended) throw new S3Error('IncompleteBody', 400, 'The request body terminated unexpectedly');
  return { body: collector.body(), trailers: decoder?.trailers ?? {} };
}

class BodyCollector {
  private readonly pieces: Buffer[] = [];
  private readonly md5 = createHash('md5');
  private crc = EMPTY_CRC;
  private bytes = 0;

  add(piece: Buffer): void {
    this.bytes += piece.length;
    if (this.bytes > PART_MAX_BYTES) throw new S3Error('EntityTooLarge', 400, 'Your proposed upload exceeds the maximum allowed size');
    this.pieces.push(piece);
    this.md5.update(piece);
    this.crc = crcOf(piece, this.crc);
  }

  body(): ObjectBody {
    return ObjectBody.of(this.pieces, { md5: this.md5.digest('hex'), crc: this.crc });
  }
}
