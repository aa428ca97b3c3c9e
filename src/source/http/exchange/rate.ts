import { HttpRateLimit } from '../../../protocol/http-settings';
import { RawResponse } from '../message/http-response';
import { quotaIn } from './quota';

/** Slowest pace that a source without a rate is slowed down to, in milliseconds between requests. */
const SLOWEST_MILLISECONDS = 60_000;

/** First pace after a source has said "too many requests". */
const FIRST_PACE_MILLISECONDS = 500;

/** After each answer, a source that was slowed down is asked a little sooner again. */
const RECOVERY = 0.95;

/**
 * When the next request may be sent. Requests are spread evenly, not sent in bursts, so that nothing about earlier requests needs to be
 * kept between invocations: a new process waits for as long as if it had just sent one.
 */
export class Rate {
  private readonly spacing: number;
  /** Milliseconds between requests that a source without a rate has forced. */
  private pace = 0;
  private nextAt: number;

  constructor(private readonly limit: HttpRateLimit, private readonly now: () => number) {
    const { perSecond = Infinity, perMinute = Infinity } = limit;
    this.spacing = Math.max(1_000 / perSecond, 60_000 / perMinute);
    this.nextAt = this.spacing > 0 ? now() + this.spacing : 0;
  }

  /** Milliseconds until the next request may be sent. */
  public get delay(): number {
    return Math.max(0, this.nextAt - this.now());
  }

  /** Notes that a request is sent. */
  public noteSent(): void {
    const between = Math.max(this.spacing, this.pace);
    if (between > 0) this.nextAt = Math.max(this.nextAt, this.now()) + between;
  }

  /** Notes what the response says about the quota. */
  public noteAnswer({ headers }: RawResponse): void {
    this.pace = this.pace * RECOVERY < FIRST_PACE_MILLISECONDS / 2 ? 0 : this.pace * RECOVERY;
    this.nextAt = Math.max(this.nextAt, this.now() + this.untilReset({ headers }));
  }

  /** Milliseconds until the quota is full again, if it is used up down to the reserve; else 0. */
  public untilReset({ headers }: Pick<RawResponse, 'headers'>): number {
    const quota = quotaIn(headers, this.now());
    const isUsedUp = quota?.remaining !== undefined && quota.remaining <= (this.limit.reserve ?? 0);
    return isUsedUp ? Math.max(0, quota.resetAt - this.now()) : 0;
  }

  /**
   * Slows down: the source has said "too many requests".
   *
   * @returns milliseconds between requests from now on
   */
  public slowDown(): number {
    this.pace = Math.min(SLOWEST_MILLISECONDS, Math.max(FIRST_PACE_MILLISECONDS, this.pace * 2));
    return Math.max(this.spacing, this.pace);
  }
}
