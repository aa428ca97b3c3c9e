/** Bytes in the store, as far as the store describes them. */
interface Found {
  readonly bytes: number;
  readonly crc32?: string;
}

/** What is expected. The CRC32 is `undefined` if it is not known beforehand. */
interface Expected {
  readonly bytes: number;
  readonly crc32: string | undefined;
}

/** Whether the store has what is expected. Without checksums, the size must do. */
export function matches(found: Found | undefined, { bytes, crc32 }: Expected): boolean {
  if (found?.bytes !== bytes) return false;
  return found.crc32 === undefined || crc32 === undefined || found.crc32 === crc32;
}
