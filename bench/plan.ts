import { PageSize } from './bench-app';

/** What is measured, and how often. */
export interface Plan {
  /** Runs of each import and of each memory measurement, of which the median counts. */
  readonly rounds: number;
  /** Records of the large imports. */
  readonly records: number;
  /** Pages of 25 records for the classic loop and those that it is compared with. */
  readonly classicPages: readonly number[];
  /** Records for the memory of Fetch: some, and four times as many. */
  readonly memoryRecords: readonly number[];
  /** Memory of the Fetch function: its default, and a small one in which garbage cannot pile up unseen. */
  readonly memoryMib: readonly number[];
  /** Pages of a source that takes its time. */
  readonly slowPages: number;
  /** Loads of each bundle: short, and therefore noisy. */
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

/** Less than a minute. One run of each is no median: a figure that surprises is one to measure again. */
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

/** Page size of the classic loop, as it is found in the wild. */
export const CLASSIC_PAGE_SIZE: PageSize = 25;

/** Time that the slow source takes for a page, in milliseconds, and its page size. */
export const SLOW_PAGE_MILLISECONDS = 50;
export const SLOW_PAGE_SIZE: PageSize = 1000;
