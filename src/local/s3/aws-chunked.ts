/**
 * Removes `aws-chunked` framing from a body as it arrives: `<hex size>[;chunk-signature=...]\r\n<bytes>\r\n`, repeated, then a chunk of
 * size 0 and the trailers. https://docs.aws.amazon.com/AmazonS3/latest/API/sigv4-streaming-trailers.html
 */
export class AwsChunkedDecoder {
  /** Trailing headers, with names in lower case; complete after the last piece. */
  readonly trailers: Record<string, string> = {};
  private state: 'size' | 'bytes' | 'end-of-chunk' | 'trailers' = 'size';
  private line = '';
  private bytesLeft = 0;

  /** The payload in a piece of the framed body. Shares its memory. */
  *decode(framed: Buffer): Generator<Buffer> {
    let rest = framed;
    while (rest.length > 0) {
      if (this.state === 'bytes') {
        const payload = rest.subarray(0, this.bytesLeft);
        this.bytesLeft -= payload.length;
        rest = rest.subarray(payload.length);
        if (this.bytesLeft === 0) this.state = 'end-of-chunk';
        yield payload;
      } else {
        rest = this.readLine(rest);
      }
    }
  }

  /** Whether the chunk of size 0 has arrived: a truncated body has none. */
  get ended(): boolean {
    return this.state === 'trailers';
  }

  private readLine(rest: Buffer): Buffer {
    const newline = rest.indexOf('\n');
    this.line += rest.toString('latin1', 0, newline < 0 ? rest.length : newline);
    if (newline < 0) return Buffer.alloc(0);
    this.takeLine(this.line.trimEnd());
    this.line = '';
    return rest.subarray(newline + 1);
  }

  private takeLine(line: string): void {
    if (this.state === 'end-of-chunk') {
      this.state = 'size';
    } else if (this.state === 'size') {
      this.bytesLeft = parseInt(line, 16);
      this.state = this.bytesLeft > 0 ? 'bytes' : 'trailers';
    } else if (line.includes(':')) {
      const colon = line.indexOf(':');
      this.trailers[line.slice(0, colon).trim().toLowerCase()] = line.slice(colon + 1).trim();
    }
  }
}
