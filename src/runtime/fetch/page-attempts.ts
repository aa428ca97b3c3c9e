/**
 * The attempts at one page that have failed, in this invocation and in earlier ones: a page gets as many as it may have, however short the
 * invocations are.
 */
export class PageAttempts {
  private failedHere = 0;

  /**
   * @param most attempts that a page may have
   * @param failedBefore those that have failed in earlier invocations
   */
  constructor(public readonly most: number, private readonly failedBefore: number) {}

  /** Number of the attempt that is due, from 1. */
  public get next(): number {
    return this.failed + 1;
  }

  /** All that have failed. */
  public get failed(): number {
    return this.failedBefore + this.failedHere;
  }

  /** Whether one has failed in this invocation. */
  public get haveFailedHere(): boolean {
    return this.failedHere > 0;
  }

  /** Whether no other attempt may follow. Where the limit was lowered meanwhile, the page still gets the one that is due. */
  public get areUsedUp(): boolean {
    return this.failed >= this.most;
  }

  /** The attempt that was due has failed. */
  public noteFailure(): void {
    this.failedHere += 1;
  }
}
