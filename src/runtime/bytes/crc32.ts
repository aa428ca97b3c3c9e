import { crc32 } from 'node:zlib';

/**
 * CRC32 of pieces, and of pieces joined without their data. zlib has the first; the second is the classic combination over
 * GF(2) (Mark Adler, zlib's crc32_combine): the CRC of A followed by B is the CRC of A, moved on by the length of B, xor
 * the CRC of B.
 *
 * A number is called `crc`, and what S3 writes, in base64, `crc32`.
 */

/** The CRC of no bytes. */
export const EMPTY_CRC = 0;

/** The CRC of `bytes`, going on from that of what stands before them. */
export function crcOf(bytes: Uint8Array, before: number = EMPTY_CRC): number {
  return crc32(bytes, before);
}

/** The CRC of two pieces joined, from their own and the length of the second, in O(log length). */
export function combineCrcs(first: number, second: number, secondBytes: number): number {
  if (first === EMPTY_CRC) return second;
  return (multiply(first, powerOfX(secondBytes)) ^ second) >>> 0;
}

/** The CRC32 of any number of pieces joined, in their order: as S3 writes it, as are their own. */
export function joinedCrc32(pieces: readonly { readonly bytes: number; readonly crc32: string }[]): string {
  return encodeCrc32(pieces.reduce((crc, piece) => combineCrcs(crc, decodeCrc32(piece.crc32), piece.bytes), EMPTY_CRC));
}

/** The CRC32 of bytes, as S3 writes it. */
export function crc32Of(bytes: Uint8Array): string {
  return encodeCrc32(crcOf(bytes));
}

/** As S3 writes a CRC32: base64 of its four bytes, big-endian. */
export function encodeCrc32(crc: number): string {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(crc);
  return bytes.toString('base64');
}

/** The number that S3 writes so. */
export function decodeCrc32(text: string): number {
  return Buffer.from(text, 'base64').readUInt32BE();
}

/** The CRC-32 polynomial with its bits reflected: bit 31 is x^0. */
const POLYNOMIAL = 0xedb88320;

/** The polynomial 1. */
const ONE = 0x80000000;

/** The product of two polynomials modulo the CRC polynomial. */
function multiply(a: number, b: number): number {
  let product = 0;
  let shifted = b;
  for (let bit = ONE; bit !== 0; bit >>>= 1) {
    if ((a & bit) !== 0) product ^= shifted;
    shifted = (shifted & 1) === 0 ? shifted >>> 1 : (shifted >>> 1) ^ POLYNOMIAL;
  }
  return product;
}

/** x^(8 * 2^n) modulo the CRC polynomial: what a checksum is multiplied by when 2^n bytes follow. As far as a number is exact. */
const POWERS: readonly number[] = Array.from({ length: 53 }).reduce<number[]>((powers) => {
  const last = powers.at(-1);
  return [...powers, last === undefined ? ONE >>> 8 : multiply(last, last)];
}, []);

/** The same for any number of bytes. */
function powerOfX(bytes: number): number {
  let power = ONE;
  // Not by bit operators: a length may pass 32 bits.
  for (let rest = bytes, n = 0; rest > 0; rest = Math.floor(rest / 2), n++) {
    if (rest % 2 === 1) power = multiply(power, POWERS[n]!);
  }
  return power;
}
