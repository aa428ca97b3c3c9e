import { crc32 } from 'node:zlib';

/**
 * CRC32 of pieces, and of joined pieces without their data. zlib has the first; the second is the classic combination over GF(2) (Mark
 * Adler, zlib's crc32_combine): the CRC of A followed by B is the CRC of A, shifted by the length of B, xor the CRC of B.
 *
 * `crc` names a number, `crc32` the base64 that S3 writes.
 */

/** The CRC of no bytes. */
export const EMPTY_CRC = 0;

/** The CRC of `bytes`, continuing from that of the bytes before them. */
export function crcOf(bytes: Uint8Array, before: number = EMPTY_CRC): number {
  return crc32(bytes, before);
}

/** The CRC of two joined pieces, from their CRCs and the length of the second, in O(log length). */
export function combineCrcs(first: number, second: number, secondBytes: number): number {
  if (first === EMPTY_CRC) return second;
  return (multiply(first, powerOfX(secondBytes)) ^ second) >>> 0;
}

/** The CRC32 of any number of pieces joined in order, all as S3 writes them. */
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

/** The inverse of `encodeCrc32`. */
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

/**
 * x^(8 * digit * 256^n) modulo the CRC polynomial, by n and digit: the factor for a checksum that so many bytes follow. A length is at most
 * seven digits to the base 256, so at most seven products: logs have hundreds of thousands of chunks.
 */
const POWERS: number[][] = [];

function powersOfDigit(n: number): readonly number[] {
  return POWERS[n] ??= powersOf(n === 0 ? ONE >>> 8 : multiply(powersOfDigit(n - 1)[255]!, powersOfDigit(n - 1)[1]!));
}

/** A factor to the powers of 0 to 255. */
function powersOf(factor: number): number[] {
  const powers = [ONE];
  while (powers.length < 256) powers.push(multiply(powers.at(-1)!, factor));
  return powers;
}

/** x^(8 * bytes) modulo the CRC polynomial. */
function powerOfX(bytes: number): number {
  let power = ONE;
  // No bit operators: a length may exceed 32 bits.
  for (let rest = bytes, n = 0; rest > 0; rest = Math.floor(rest / 256), n++) {
    power = multiply(power, powersOfDigit(n)[rest % 256]!);
  }
  return power;
}
