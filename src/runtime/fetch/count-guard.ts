import { ShortPages } from '../../protocol/choices';
import { CountGuardState } from '../../protocol/count-guard-state';
import { LongPageError, MaxEmptyPagesExceededError, ShortPageError } from '../../protocol/errors';
import { AskedPage } from '../formats/asked-page';
import { Page } from './page-response';

/** What the count guard is told. */
export interface CountGuardSettings {
  readonly pageSize: number;
  readonly shortPages: ShortPages;
  readonly maxEmptyPages: number;
}

/**
 * Notices what the numbers of records show: empty pages without an end, and pages by offset with another number of records than asked
 * for, which leave a gap, or make records come twice, where there is anything behind them.
 */
export class CountGuard {
  constructor(private current: CountGuardState, private readonly settings: CountGuardSettings) {}

  /** What the log is to remember. */
  public get state(): CountGuardState {
    return this.current;
  }

  /** Throws where one more page shows that something is wrong. Notes nothing: a page that is refused comes again after a resume. */
  public check(page: AskedPage, { records: { length: records }, next }: Page): void {
    if (records > 0) return this.checkGap(page, records);
    const { maxEmptyPages } = this.settings;
    if (next !== null && this.current.emptyPages >= maxEmptyPages) throw new MaxEmptyPagesExceededError(page, maxEmptyPages);
  }

  /** Takes note of a page. */
  public note({ pageNumber, offset }: AskedPage, { records: { length: records }, next }: Page): void {
    const { pageSize } = this.settings;
    const { shortPage, longPage, ...before } = this.current;
    const goesOnByOffset = next !== null && next.pageToken === null;
    const page = { page: pageNumber, offset, records };
    const short = shortPage ?? (goesOnByOffset && records < pageSize ? page : undefined);
    const long = longPage ?? (goesOnByOffset && records > pageSize ? page : undefined);
    this.current = {
      mostRecords: Math.max(before.mostRecords, records),
      lastRecords: records > 0 ? records : before.lastRecords,
      emptyPages: records > 0 ? 0 : before.emptyPages + 1,
      ...short === undefined ? {} : { shortPage: short },
      ...long === undefined ? {} : { longPage: long },
    };
  }

  /** A page that is not empty shows that there was something behind the page before it. */
  private checkGap(page: AskedPage, records: number): void {
    const { shortPage, longPage, mostRecords } = this.current;
    const { pageSize, shortPages } = this.settings;
    if (longPage !== undefined) throw new LongPageError(page, longPage, pageSize);
    if (shortPage === undefined || shortPages === ShortPages.ALLOW) return;
    throw new ShortPageError(page, { ...shortPage, pageSize, mostRecords: Math.max(mostRecords, records), shownBy: 'later page' });
  }
}
