import { FETCH_MEMORY_MIB } from '../src/protocol/defaults';
import { Usage } from './usage';

/** A measured run of the classic loop. */
export interface ClassicPoint {
  readonly pages: number;
  readonly pageSize: number;
  readonly seconds: number;
}

/**
 * The time of the classic loop: a constant per page, plus a constant per record that is read and written back with it. Page n moves the
 * records of n pages, so the second part grows with the square of the pages. Both are fitted to measurements.
 */
export class ClassicFormula {
  /** Least squares over the two parts. */
  public static fit(points: readonly ClassicPoint[]): ClassicFormula {
    const rows = points.map(({ pages, pageSize, seconds }) => ({ x: pages, y: recordsMoved(pages, pageSize), t: seconds }));
    const sum = (term: (row: typeof rows[number]) => number): number => rows.reduce((total, row) => total + term(row), 0);
    const [xx, xy, yy] = [sum(({ x }) => x * x), sum(({ x, y }) => x * y), sum(({ y }) => y * y)];
    const [xt, yt] = [sum(({ x, t }) => x * t), sum(({ y, t }) => y * t)];
    const perPage = (xt * yy - yt * xy) / (xx * yy - xy * xy);
    // Noise may make the small part negative: then all the time is attributed to the records.
    return perPage > 0 ? new ClassicFormula(perPage, (yt - perPage * xy) / yy) : new ClassicFormula(0, yt / yy);
  }

  private constructor(public readonly secondsPerPage: number, public readonly secondsPerRecordMoved: number) {}

  public seconds(pages: number, pageSize: number): number {
    return this.secondsPerPage * pages + this.secondsPerRecordMoved * recordsMoved(pages, pageSize);
  }

  /**
   * What the loop would use as a real state machine: one page per invocation with two transitions (Fetch and PersistOrContinue), plus the
   * start and the publishing. Its function has our default memory.
   *
   * @param pageSeconds time that the source takes for a page
   */
  public usage(pages: number, pageSize: number, pageSeconds: number): Usage {
    return {
      transitions: 2 * pages + 2,
      invocations: pages + 2,
      gigabyteSeconds: (this.seconds(pages, pageSize) + pages * pageSeconds) * FETCH_MEMORY_MIB / 1024,
      writeRequests: pages + 2,
      readRequests: pages + 1,
    };
  }
}

/** Total number of records that are read and written back. */
function recordsMoved(pages: number, pageSize: number): number {
  return pageSize * pages * (pages + 1) / 2;
}
