const MIB = 1024 * 1024;

/** Share of the fetch function's memory that a page may have: it is there as the source's objects, as text and as bytes, beside chunks. */
const PAGE_SHARE = 1 / 8;

/** Share of the fetch function's memory that a chunk may have: some are on their way while the next one is built. */
const CHUNK_SHARE = 1 / 8;

/** However much memory there is: a page is one string for a while, and V8's longest has just under 512 MiB. */
const MOST_PAGE_BYTES = 256 * MIB;

/** Largest page of a fetch function with so much memory, in bytes as text. */
export function largestPageBytes(memoryMib: number): number {
  return Math.min(Math.floor(memoryMib * MIB * PAGE_SHARE), MOST_PAGE_BYTES);
}

/** Largest chunk of a fetch function with so much memory, in bytes. */
export function largestChunkBytes(memoryMib: number): number {
  return Math.floor(memoryMib * MIB * CHUNK_SHARE);
}
