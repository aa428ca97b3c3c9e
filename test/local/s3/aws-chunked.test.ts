import fc from 'fast-check';
import { AwsChunkedDecoder } from '../../../src/local/s3/aws-chunked';

/** Frames a body as an SDK does. */
function frame(chunks: readonly Uint8Array[], trailers: Readonly<Record<string, string>>, extension: string): Buffer {
  const framed = chunks.flatMap((chunk) => [`${chunk.length.toString(16)}${extension}\r\n`, chunk, '\r\n']);
  const end = [`0${extension}\r\n`, ...Object.entries(trailers).map(([name, value]) => `${name}:${value}\r\n`), '\r\n'];
  return Buffer.concat([...framed, ...end].map((piece) => Buffer.from(piece as string)));
}

/** Cuts a buffer at some places, as a socket would. */
function cut(buffer: Buffer, places: readonly number[]): Buffer[] {
  const ends = [...new Set([...places.map((place) => place % (buffer.length + 1)), buffer.length])].sort((a, b) => a - b);
  return ends.map((end, index) => buffer.subarray(ends[index - 1] ?? 0, end));
}

describe('the decoder of aws-chunked bodies', () => {
  it('finds bytes and trailers, wherever the framed body is cut', () => {
    const chunk = fc.uint8Array({ minLength: 1, maxLength: 40 });
    const extension = fc.constantFrom('', ';chunk-signature=0123456789abcdef');
    fc.assert(fc.property(fc.array(chunk), extension, fc.array(fc.nat()), (chunks, signature, places) => {
      const decoder = new AwsChunkedDecoder();
      const framed = frame(chunks, { 'X-Amz-Checksum-Crc32': 'AAAAAA==' }, signature);
      const decoded = cut(framed, places).flatMap((piece) => [...decoder.decode(piece)]);
      expect(Buffer.concat(decoded).equals(Buffer.concat(chunks))).toBe(true);
      expect(decoder.trailers).toEqual({ 'x-amz-checksum-crc32': 'AAAAAA==' });
      expect(decoder.ended).toBe(true);
    }));
  });

  it('has not ended before the last chunk', () => {
    const framed = frame([Buffer.from('0123456789')], {}, '');
    const decoder = new AwsChunkedDecoder();
    expect(Buffer.concat([...decoder.decode(framed.subarray(0, 12))]).toString()).toBe('012345678');
    expect(decoder.ended).toBe(false);
  });
});
