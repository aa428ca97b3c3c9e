/** Bytes in the store, as far as it tells. */
interface Found {
  readonly bytes: number;
  readonly crc32?: string;
}

/** What they are to be. The CRC32 is `undefined` where it is not known beforehand. */
interface Expected {
  readonly bytes: number;
  readonly crc32: string | undefined;
}

/** Whether what is in the store is what it is to be. A store without checksums is believed by the size. */
export function matches(found: Found | undefined, { bytes, crc32 }: Expected): boolean {
  if (found?.bytes !== bytes) return false;
  return found.crc32 === undefined || crc32 === undefined || found.crc32 === crc32;
}
