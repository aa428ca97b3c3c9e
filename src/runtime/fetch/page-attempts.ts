/**
 * The failed attempts at one page, in this invocation and earlier ones. Short invocations do not reduce the attempts that a page gets.
 */
export class PageAttempts {
  private failedHere = 0;

  /**
   * @param most maximum attempts at a page
   * @param failedBefore failed attempts of earlier invocations
   */
  constructor(public readonly most: number, private readonly failedBefore: number) {}

  /** Number of the next attempt, from 1. */
  public get next(): number {
    return this.failed + 1;
  }

  /** Failed attempts in all invocations. */
  public get failed(): number {
    return this.failedBefore + this.failedHere;
  }

  /** Whether an attempt has failed in this invocation. */
  public get haveFailedHere(): boolean {
    return this.failedHere > 0;
  }

  /** Whether no further attempt may follow a failure. If the limit has been lowered meanwhile, the page still gets the next attempt. */
  public get areUsedUp(): boolean {
    return this.failed >= this.most;
  }

  /** Counts a failed attempt. */
  public noteFailure(): void {
    this.failedHere += 1;
  }
}
