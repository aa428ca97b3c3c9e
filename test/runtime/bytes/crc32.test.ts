import { crc32 as zlibCrc32 } from 'node:zlib';
import { array, assert, integer, property, tuple, uint8Array } from 'fast-check';
import { combineCrcs, crcOf, decodeCrc32, EMPTY_CRC, encodeCrc32 } from '../../../src/runtime/bytes/crc32';

const checksum = () => integer({ min: 0, max: 0xffffffff });
/** Up to the largest object that S3 holds, 48.8 TiB, and beyond what bit operators can hold. */
const length = () => integer({ min: 0, max: 2 ** 46 });

describe('crc32', () => {
  test('has the standard check value', () => {
    expect(crcOf(Buffer.from('123456789'))).toBe(0xcbf43926);
    expect(crcOf(Buffer.alloc(0))).toBe(EMPTY_CRC);
  });

  test('continues from the bytes before', () => {
    assert(property(uint8Array(), uint8Array(), (first, second) => {
      expect(crcOf(second, crcOf(first))).toBe(zlibCrc32(Buffer.concat([first, second])));
    }));
  });
});

describe('combineCrcs', () => {
  test('gives the checksum of two pieces joined', () => {
    assert(property(uint8Array({ maxLength: 3000 }), uint8Array({ maxLength: 3000 }), (first, second) => {
      expect(combineCrcs(zlibCrc32(first), zlibCrc32(second), second.byteLength)).toBe(zlibCrc32(Buffer.concat([first, second])));
    }));
  });

  test('gives the checksum of any number of pieces joined', () => {
    assert(property(array(uint8Array({ maxLength: 300 })), (pieces) => {
      const combined = pieces.reduce((sum, piece) => combineCrcs(sum, zlibCrc32(piece), piece.byteLength), EMPTY_CRC);
      expect(combined).toBe(zlibCrc32(Buffer.concat(pieces)));
    }));
  });

  test('gives the checksum of pieces as large as chunks', () => {
    const [first, second] = [Buffer.alloc(8 * 1024 * 1024, 'first'), Buffer.alloc(5 * 1024 * 1024 + 1, 'second')];
    expect(combineCrcs(zlibCrc32(first), zlibCrc32(second), second.byteLength)).toBe(zlibCrc32(second, zlibCrc32(first)));
  });

  test('leaves a checksum unchanged if nothing follows, or nothing precedes', () => {
    assert(property(checksum(), length(), (value, bytes) => {
      expect(combineCrcs(value, EMPTY_CRC, 0)).toBe(value);
      expect(combineCrcs(EMPTY_CRC, value, bytes)).toBe(value);
    }));
  });

  test('is associative, at any length', () => {
    assert(property(tuple(checksum(), checksum(), checksum()), length(), length(), ([a, b, c], bytesOfB, bytesOfC) => {
      const [ab, bc] = [combineCrcs(a, b, bytesOfB), combineCrcs(b, c, bytesOfC)];
      expect(combineCrcs(ab, c, bytesOfC)).toBe(combineCrcs(a, bc, bytesOfB + bytesOfC));
    }));
  });

  // The polynomial is primitive: x has the order 2^32 - 1, so shifting by that many bytes changes nothing.
  test('repeats after 2^32 - 1 bytes', () => {
    assert(property(checksum(), checksum(), length(), integer({ min: 1, max: 1000 }), (first, second, bytes, rounds) => {
      expect(combineCrcs(first, second, bytes + rounds * (2 ** 32 - 1))).toBe(combineCrcs(first, second, bytes));
    }));
  });

  test('gives what polynomials over GF(2) give', () => {
    assert(property(checksum(), checksum(), length(), (first, second, bytes) => {
      expect(combineCrcs(first, second, bytes)).toBe(Number(moved(BigInt(first), BigInt(bytes)) ^ BigInt(second)));
    }));
  });
});

describe('the form that S3 writes', () => {
  test('is base64 of four bytes, the highest first', () => {
    expect(encodeCrc32(0xcbf43926)).toBe('y/Q5Jg==');
    expect(encodeCrc32(EMPTY_CRC)).toBe('AAAAAA==');
  });

  test('can be decoded', () => {
    assert(property(checksum(), (value) => {
      expect(decodeCrc32(encodeCrc32(value))).toBe(value);
    }));
  });
});

/** value * x^(8 * bytes) modulo the polynomial, in unreflected bits and by another method than the code under test. */
function moved(value: bigint, bytes: bigint): bigint {
  let [power, square] = [1n, 2n];
  for (let exponent = 8n * bytes; exponent > 0n; exponent >>= 1n) {
    if (exponent & 1n) power = product(power, square);
    square = product(square, square);
  }
  return reflected(product(reflected(value), power));
}

function product(a: bigint, b: bigint): bigint {
  let sum = 0n;
  for (let bit = 0n; bit < 32n; bit++) if ((b >> bit) & 1n) sum ^= a << bit;
  for (let bit = 63n; bit >= 32n; bit--) if ((sum >> bit) & 1n) sum ^= 0x104c11db7n << (bit - 32n);
  return sum;
}

function reflected(value: bigint): bigint {
  return BigInt(`0b${[...value.toString(2).padStart(32, '0')].reverse().join('')}`);
}
