import { FETCH_MEMORY_MIB } from '../src/protocol/defaults';
import { Usage } from './usage';

/** A measured run of the classic loop. */
export interface ClassicPoint {
  readonly pages: number;
  readonly pageSize: number;
  readonly seconds: number;
}

/**
 * The time of the classic loop: a constant part for each page, and a part for each record that is read and written back with it. Page n
 * moves the records of n pages, so that the second part grows with the square of the pages. Both are fitted to what was measured.
 */
export class ClassicFormula {
  /** Least squares over the two parts. */
  public static fit(points: readonly ClassicPoint[]): ClassicFormula {
    const rows = points.map(({ pages, pageSize, seconds }) => ({ x: pages, y: recordsMoved(pages, pageSize), t: seconds }));
    const sum = (term: (row: typeof rows[number]) => number): number => rows.reduce((total, row) => total + term(row), 0);
    const [xx, xy, yy] = [sum(({ x }) => x * x), sum(({ x, y }) => x * y), sum(({ y }) => y * y)];
    const [xt, yt] = [sum(({ x, t }) => x * t), sum(({ y, t }) => y * t)];
    const perPage = (xt * yy - yt * xy) / (xx * yy - xy * xy);
    // Noise may take the small part below nothing: then all of the time is that of the records.
    return perPage > 0 ? new ClassicFormula(perPage, (yt - perPage * xy) / yy) : new ClassicFormula(0, yt / yy);
  }

  private constructor(public readonly secondsPerPage: number, public readonly secondsPerRecordMoved: number) {}

  public seconds(pages: number, pageSize: number): number {
    return this.secondsPerPage * pages + this.secondsPerRecordMoved * recordsMoved(pages, pageSize);
  }

  /**
   * What the loop would use as the state machine that it is meant for: one page in an invocation, and two transitions for it (Fetch and
   * PersistOrContinue); in between it begins and publishes once. Its function has the memory that ours has by default.
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

/** How often a record is read and written back. */
function recordsMoved(pages: number, pageSize: number): number {
  return pageSize * pages * (pages + 1) / 2;
}
