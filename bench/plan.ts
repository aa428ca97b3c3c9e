import { PageSize } from './bench-app';

/** What is measured, and how often. */
export interface Plan {
  /** Runs of each import and each memory measurement; the median counts. */
  readonly rounds: number;
  /** Records of the large imports. */
  readonly records: number;
  /** Numbers of pages, of 25 records each, for the comparison with the classic loop. */
  readonly classicPages: readonly number[];
  /** Numbers of records for Fetch's memory: some, and four times as many. */
  readonly memoryRecords: readonly number[];
  /** Memory of the Fetch function: its default, and a small one where garbage cannot accumulate unnoticed. */
  readonly memoryMib: readonly number[];
  /** Pages of a slow source. */
  readonly slowPages: number;
  /** Loads of each bundle. They are short, and therefore noisy. */
  readonly loads: number;
}

export const FULL: Plan = {
  rounds: 3,
  records: 1_000_000,
  classicPages: [100, 200, 400, 800],
  memoryRecords: [1_000_000, 4_000_000],
  memoryMib: [1024, 256],
  slowPages: 400,
  loads: 9,
};

/** Takes less than a minute. A single run is not a median: repeat surprising measurements. */
export const QUICK: Plan = {
  rounds: 1,
  records: 1_000_000,
  classicPages: [100, 800],
  memoryRecords: [250_000, 1_000_000],
  memoryMib: [1024],
  slowPages: 80,
  loads: 3,
};

/** Page sizes of the large imports. */
export const COMPARED_PAGE_SIZES: readonly PageSize[] = [25, 1000];

/** Page size that only the cost table needs. */
export const COST_PAGE_SIZE: PageSize = 100;

/** Page size of the classic loop, as found in the wild. */
export const CLASSIC_PAGE_SIZE: PageSize = 25;

/** Time that the slow source takes for a page, in milliseconds, and its page size. */
export const SLOW_PAGE_MILLISECONDS = 50;
export const SLOW_PAGE_SIZE: PageSize = 1000;
