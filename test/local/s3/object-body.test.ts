import { createHash } from 'node:crypto';
import { crc32 } from 'node:zlib';
import fc from 'fast-check';
import { ObjectBody } from '../../../src/local/s3/object-body';

const pieces = fc.array(fc.uint8Array({ maxLength: 30 }).map((piece) => Buffer.from(piece)));

describe('the body of an object', () => {
  it('has the bytes and digests of its pieces joined', () => {
    fc.assert(fc.property(fc.array(pieces), (bodies) => {
      const body = ObjectBody.concat(bodies.map((each) => ObjectBody.of(each)));
      const joined = Buffer.concat(bodies.flat());
      expect(body.toBuffer().equals(joined)).toBe(true);
      expect(body.bytes).toBe(joined.length);
      expect(body.crc()).toBe(crc32(joined));
      expect(body.md5()).toBe(createHash('md5').update(joined).digest('hex'));
    }));
  });

  it('gives ranges of its bytes', () => {
    fc.assert(fc.property(pieces, fc.nat(400), fc.nat(100), (list, first, length) => {
      const range = ObjectBody.of(list).range(first, first + length);
      expect(range.toBuffer().equals(Buffer.concat(list).subarray(first, first + length + 1))).toBe(true);
    }));
  });
});
