import { Invocation } from '../ports/ports';

/** Commits that may be outstanding after the last page: two uploads and the chunk being built. */
const COMMITS_OUTSTANDING = 3;

/** Until a commit has been measured, assume this many times the slowest read at start-up. */
const COMMIT_OVER_READ = 10;

/** Minimum time kept for commits, in milliseconds: a timer and the reply to Lambda are not free. */
const LEAST_RESERVE = 500;

/** Maximum time kept for commits, as a share of the invocation: after a slow start, there must be time for pages. */
const LARGEST_RESERVE_SHARE = 0.5;

/** Share of the invocation after which to make the first large commit: early enough to reserve as much time for later ones. */
const MEASURED_BY_SHARE = 1 / 4;

/**
 * Decides whether there is time for another page, from the slowest page and the slowest commit of this invocation. So it suits sources
 * of 20 ms and of 5 minutes a page.
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

  /** Milliseconds until the current request must be aborted, so that the pages before it can be committed. */
  public get untilAbort(): number {
    return Math.max(0, this.invocation.remainingMilliseconds() - this.reserve);
  }

  /** Whether there is time for a page as slow as the slowest so far. */
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

  /** Milliseconds after which to make a large commit, to learn how much time to reserve for the others. */
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
