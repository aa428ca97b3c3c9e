/** Share of the fetch function's memory that a page may have: it is there as the source's objects, as text and as bytes, beside chunks. */
const PAGE_SHARE_OF_MEMORY = 1 / 8;

/** However much memory there is: a page is one string for a while, and V8's longest has just under 512 MiB. */
const MOST_PAGE_BYTES = 256 * 1024 * 1024;

/** Largest page of a fetch function with so much memory, in bytes as text. */
export function largestPageBytes(memoryMib: number): number {
  return Math.min(Math.floor(memoryMib * 1024 * 1024 * PAGE_SHARE_OF_MEMORY), MOST_PAGE_BYTES);
}
