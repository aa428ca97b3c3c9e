import { LargeNumbers } from '../../../protocol/http-settings';

/**
 * Parses JSON without rounding its numbers.
 *
 * A reviver sees each number as it was written, but costs almost three times as much as parsing. So it runs only where the text has a
 * number of so many digits that a double may not hold it.
 */

/** A double keeps every number of up to 15 digits: https://en.cppreference.com/w/cpp/types/climits#Limits_of_floating-point_types */
const EXACT_DIGITS = 15;

const ZERO = 0x30;
const NINE = 0x39;
const POINT = 0x2e;
const QUOTE = 0x22;

/**
 * @param bytes UTF-8
 * @param text the same, decoded
 * @throws SyntaxError if it is not JSON
 */
export function parseExactly(bytes: Uint8Array, text: string, numbers: LargeNumbers): unknown {
  return mayHaveLargeNumber(bytes) ? JSON.parse(text, keeping(numbers)) : JSON.parse(text);
}

/**
 * Whether there is a number with more digits than a double surely keeps. A run of 16 digits has one at a multiple of 16, so that only one
 * byte in 16 is looked at. Digits in strings count only if they do not begin with the string.
 */
export function mayHaveLargeNumber(bytes: Uint8Array): boolean {
  const run = EXACT_DIGITS + 1;
  for (let at = 0; at < bytes.length; at += run) {
    if (isOfNumber(bytes[at]) && isLong(bytes, at)) return true;
  }
  return false;
}

function isLong(bytes: Uint8Array, at: number): boolean {
  let start = at;
  while (start > 0 && isOfNumber(bytes[start - 1])) start--;
  if (bytes[start - 1] === QUOTE) return false;
  let end = at + 1;
  while (isOfNumber(bytes[end])) end++;
  return end - start > EXACT_DIGITS;
}

function isOfNumber(byte: number | undefined): boolean {
  return byte !== undefined && ((byte >= ZERO && byte <= NINE) || byte === POINT);
}

/** Node.js has it since version 21, as well as the third argument of revivers. TypeScript's library knows neither yet. */
const { rawJSON } = JSON as unknown as { readonly rawJSON: (text: string) => object };

function keeping(numbers: LargeNumbers): (key: string, value: unknown) => unknown {
  const revive = (_key: string, value: unknown, { source }: { readonly source?: string }): unknown => (
    typeof value === 'number' && source !== undefined && isRounded(value, source) ? kept(source, numbers) : value
  );
  return revive as (key: string, value: unknown) => unknown;
}

/** Whether the number that was parsed is another one than the one that was written. */
function isRounded(value: number, source: string): boolean {
  return source.length > EXACT_DIGITS && significand(source) !== significand(String(value));
}

/** The digits of a number without those that do not change it, and its order of magnitude. */
function significand(text: string): string {
  const [mantissa = '', exponent = '0'] = text.toLowerCase().replace('-', '').split('e');
  const [whole = '', fraction = ''] = mantissa.split('.');
  const digits = `${whole}${fraction}`;
  const leading = digits.length - digits.replace(/^0+/, '').length;
  return `${digits.replace(/^0+|0+$/g, '')}e${whole.length - leading + Number(exponent)}`;
}

function kept(source: string, numbers: LargeNumbers): unknown {
  if (numbers === LargeNumbers.EXACT) return rawJSON(source);
  return numbers === LargeNumbers.BIGINT && /^-?\d+$/.test(source) ? BigInt(source) : source;
}
