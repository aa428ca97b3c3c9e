import { setTimeout } from 'node:timers/promises';
import type { ImportSize } from './contender.mts';

/** Built once, since the benchmark measures the import, not the creation of records. About 190 characters. */
const TEXT = 'paginated import '.repeat(11);

/** The source that all contenders import: pages full of records of about 235 bytes each. */
export class PagedSource {
  /** Measured time of its pages so far. */
  public seconds = 0;
  private readonly size: ImportSize;

  constructor(size: ImportSize) {
    this.size = size;
  }

  /** @param pageNumber from 1 */
  public async page(pageNumber: number): Promise<object[]> {
    const startedAt = performance.now();
    const { pageSize, pageMilliseconds } = this.size;
    if (pageMilliseconds > 0) await setTimeout(pageMilliseconds);
    const offset = (pageNumber - 1) * pageSize;
    const records = Array.from({ length: pageSize }, (_, index) => ({ id: offset + index, name: `record ${offset + index}`, text: TEXT }));
    this.seconds += (performance.now() - startedAt) / 1000;
    return records;
  }
}
