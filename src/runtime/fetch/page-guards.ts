import { RepeatedPages, ShortPages } from '../../protocol/choices';
import { GuardStates } from '../../protocol/commit-record';
import { MAX_EMPTY_PAGES, REPEATED_PAGES, SHORT_PAGES } from '../../protocol/defaults';
import { MaxPagesExceededError, MaxRecordsExceededError } from '../../protocol/errors';
import { PageDigest } from '../bytes/page-digest';
import { AskedPage } from '../formats/asked-page';
import { CommitLog } from '../log/commit-log';
import { CountGuard, CountGuardSettings } from './count-guard';
import { LastPage } from './import-end';
import { LoopGuard } from './loop-guard';
import { Page } from './page-response';

/** Settings of the guards. */
export interface PageGuardSettings {
  /**
   * Maximum pages of the log.
   * @default - no limit
   */
  readonly maxPages?: number;
  /**
   * Maximum records of the log.
   * @default - no limit
   */
  readonly maxRecords?: number;
  /**
   * Maximum empty pages in a row.
   * @default MAX_EMPTY_PAGES
   */
  readonly maxEmptyPages?: number;
  /** @default SHORT_PAGES */
  readonly shortPages?: ShortPages;
  /** @default REPEATED_PAGES */
  readonly repeatedPages?: RepeatedPages;
}

/** All that stands between a page and the log: limits, loops, and record counts that show a gap. */
export class PageGuards {
  private readonly loopGuard: LoopGuard;
  private readonly countGuard: CountGuard;
  private readonly counted: CountGuardSettings;
  /** Of the import so far. */
  private records: number;

  constructor(log: CommitLog, private readonly settings: PageGuardSettings, pageSize: number) {
    const { shortPages = SHORT_PAGES, repeatedPages = REPEATED_PAGES, maxEmptyPages = MAX_EMPTY_PAGES } = settings;
    this.loopGuard = new LoopGuard(log.loopGuard, repeatedPages);
    this.counted = { pageSize, shortPages, maxEmptyPages };
    this.countGuard = new CountGuard(log.countGuard, this.counted);
    this.records = log.totals.records;
  }

  /** A page that would be refused is not requested: it would only use up the source's quota. */
  public checkAsked(page: AskedPage): void {
    const { maxPages = Infinity } = this.settings;
    if (page.pageNumber > maxPages) throw new MaxPagesExceededError(page, maxPages);
  }

  /** A page is in the log as a whole or not at all. */
  public checkRecords({ streams: { records: { length: records } } }: Page, page: AskedPage): void {
    const { maxRecords = Infinity } = this.settings;
    if (this.records + records > maxRecords) throw new MaxRecordsExceededError(page, records, this.records, maxRecords);
  }

  /**
   * Takes note of a page. Throws, and notes nothing, when it shows that something is wrong.
   *
   * @param digest of the page's content; `undefined` without records
   */
  public take(answer: Page, page: AskedPage, digest: PageDigest | undefined): void {
    // That two pages are the same explains more than that the first of them is short.
    const noteDigest = this.loopGuard.check(page, digest, answer.next?.pageToken ?? null);
    this.countGuard.check(page, answer);
    noteDigest();
    this.countGuard.note(page, answer);
    this.records += answer.streams.records.length;
  }

  /** A page as the end of the import, if it is the last one. */
  public lastPage(answer: Page, page: AskedPage, sourceTotal: number | undefined): LastPage {
    const { pageSize, shortPages } = this.counted;
    const records = this.records + answer.streams.records.length;
    return { answer, page, guard: this.countGuard.state, records, sourceTotal, pageSize, shortPages };
  }

  /** What the log is to remember. */
  public states(): GuardStates {
    return { loopGuard: this.loopGuard.digested(), countGuard: this.countGuard.state };
  }
}
