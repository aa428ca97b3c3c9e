import { ShortPages } from '../../protocol/choices';
import { CountGuardState } from '../../protocol/count-guard-state';
import { LongPageError, MaxEmptyPagesExceededError, ShortPageError } from '../../protocol/errors';
import { AskedPage } from '../formats/asked-page';
import { Page } from './page-response';

/** Settings of the count guard. */
export interface CountGuardSettings {
  readonly pageSize: number;
  readonly shortPages: ShortPages;
  readonly maxEmptyPages: number;
}

/**
 * Detects problems that record counts reveal: endless empty pages, and offset pages with more or fewer records than requested. With
 * more pages behind them, such pages duplicate or lose records.
 */
export class CountGuard {
  constructor(private current: CountGuardState, private readonly settings: CountGuardSettings) {}

  /** The state for the log. */
  public get state(): CountGuardState {
    return this.current;
  }

  /** Throws if the page reveals a problem. Records nothing: a refused page comes again after a resume. */
  public check(page: AskedPage, { streams: { records: { length: records } }, next }: Page): void {
    if (records > 0) return this.checkGap(page, records);
    const { maxEmptyPages } = this.settings;
    if (next !== null && this.current.emptyPages >= maxEmptyPages) throw new MaxEmptyPagesExceededError(page, maxEmptyPages);
  }

  /** Records a page. */
  public note({ pageNumber, offset }: AskedPage, { streams: { records: { length: records } }, next }: Page): void {
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

  /** A page with records proves that the page before it was not the last. */
  private checkGap(page: AskedPage, records: number): void {
    const { shortPage, longPage, mostRecords } = this.current;
    const { pageSize, shortPages } = this.settings;
    if (longPage !== undefined) throw new LongPageError(page, longPage, pageSize);
    if (shortPage === undefined || shortPages === ShortPages.ALLOW) return;
    throw new ShortPageError(page, { ...shortPage, pageSize, mostRecords: Math.max(mostRecords, records), shownBy: 'later page' });
  }
}
