import { MaxWaitExceededError, PageContext } from '../../protocol/errors';

/**
 * How long, and how often, the source has made the import wait for one page, in Wait states and inside of invocations. Counted in
 * milliseconds, so that fractions of seconds add up to what they are.
 */
export class PageWaits {
  private milliseconds: number;
  private count = 0;

  /** @param waitedSeconds waited for the page in earlier invocations */
  constructor(private readonly maxWaitSeconds: number, waitedSeconds: number) {
    this.milliseconds = Math.round(waitedSeconds * 1000);
  }

  /** Seconds so far. */
  public get seconds(): number {
    return this.milliseconds / 1000;
  }

  /** Number of waits in this invocation. */
  public get inThisInvocation(): number {
    return this.count;
  }

  /** Counts a wait before it begins. Throws MaxWaitExceededError if it would exceed the limit. */
  public add(seconds: number, page: PageContext): void {
    const milliseconds = this.milliseconds + Math.ceil(seconds * 1000);
    if (milliseconds > this.maxWaitSeconds * 1000) throw new MaxWaitExceededError(page, this.seconds, seconds, this.maxWaitSeconds);
    this.milliseconds = milliseconds;
    this.count += 1;
  }
}
