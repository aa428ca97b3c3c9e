import { Invocation } from '../ports/ports';

/** Commits that may still have to end when the last page is in: two on their way and the one that is being built. */
const COMMITS_OUTSTANDING = 3;

/** Before the first commit has been measured, it is taken to last so many times the slowest read of the start-up. */
const COMMIT_OVER_READ = 10;

/** Least time kept for commits, in milliseconds: a timer and the reply to Lambda are not free. */
const LEAST_RESERVE = 500;

/** Most that is kept for commits, as a share of the invocation: a slow start must not leave no time for pages. */
const LARGEST_RESERVE_SHARE = 0.5;

/** Share of the invocation after which a large commit is made: early enough that what it took can still be kept in reserve. */
const MEASURED_BY_SHARE = 1 / 4;

/**
 * Decides whether there is time for one more page. It knows no page's duration in advance: it takes the slowest page and the
 * slowest commit seen in this invocation, and is thereby right for sources of 20 ms and of 5 minutes a page.
 *
 * ```
 * |<-- pages ... ->|<- slowest page ->|<- reserve: outstanding commits ->|  end of the invocation
 *                  no page starts after this point
 *                                     the page under way is aborted here
 * ```
 */
export class TimeBudget {
  private readonly total: number;
  private slowestPage = 0;
  private slowestCommit = 0;
  private slowestRead = 0;

  constructor(private readonly invocation: Invocation) {
    this.total = invocation.remainingMilliseconds();
  }

  /** A page took so many milliseconds, retries included. */
  public notePage(milliseconds: number): void {
    this.slowestPage = Math.max(this.slowestPage, milliseconds);
  }

  /** A chunk and its record took so many milliseconds. */
  public noteCommit(milliseconds: number): void {
    this.slowestCommit = Math.max(this.slowestCommit, milliseconds);
  }

  /** A read of the store took so many milliseconds. */
  public noteRead(milliseconds: number): void {
    this.slowestRead = Math.max(this.slowestRead, milliseconds);
  }

  /** Milliseconds until a page under way must be given up, so that what was fetched before it can be committed. */
  public get untilAbort(): number {
    return Math.max(0, this.invocation.remainingMilliseconds() - this.reserve);
  }

  /** Whether a page as slow as the slowest so far would still be in time. */
  public get hasTimeForPage(): boolean {
    return this.hasTimeForPageAfter(0);
  }

  /** The same for several pages, one after the other. */
  public hasTimeForPages(count: number): boolean {
    return this.untilAbort > this.slowestPage * count;
  }

  /** The same after a wait of so many milliseconds. */
  public hasTimeForPageAfter(milliseconds: number): boolean {
    return this.untilAbort - milliseconds > this.slowestPage;
  }

  /** Milliseconds after which a large commit should be made, so that it is known what to reserve for the others. */
  public get longestUnmeasured(): number {
    return this.total * MEASURED_BY_SHARE;
  }

  /** Milliseconds since the budget was made. */
  public get elapsed(): number {
    return this.total - this.invocation.remainingMilliseconds();
  }

  private get reserve(): number {
    const commit = this.slowestCommit > 0 ? this.slowestCommit : this.slowestRead * COMMIT_OVER_READ;
    return Math.min(Math.max(commit * COMMITS_OUTSTANDING, LEAST_RESERVE), this.total * LARGEST_RESERVE_SHARE);
  }
}
