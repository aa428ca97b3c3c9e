import { Retrier } from './definition';
import { errorMatches, StateError } from './state-error';

/** The defaults of the States Language. https://states-language.net/spec.html#errors */
const DEFAULT_INTERVAL_SECONDS = 1;
const DEFAULT_MAX_ATTEMPTS = 3;
const DEFAULT_BACKOFF_RATE = 2;

/** Counts the retries of one visit to a state, separately per retrier, like Step Functions. */
export class RetryCounter {
  private readonly attempts: number[];

  /** @param random from 0 to 1, for full jitter */
  constructor(private readonly retriers: readonly Retrier[], private readonly random: () => number = Math.random) {
    this.attempts = retriers.map(() => 0);
  }

  /** Retries so far: `$$.State.RetryCount`. */
  get total(): number {
    return this.attempts.reduce((sum, attempts) => sum + attempts, 0);
  }

  /** The seconds to wait before the next attempt, or undefined if there is none. */
  next(error: StateError): number | undefined {
    const index = this.retriers.findIndex(({ ErrorEquals }) => errorMatches(ErrorEquals, error));
    const retrier = this.retriers[index];
    if (!retrier || this.attempts[index]! >= (retrier.MaxAttempts ?? DEFAULT_MAX_ATTEMPTS)) return undefined;
    return this.delay(retrier, this.attempts[index]!++);
  }

  private delay({ IntervalSeconds, BackoffRate, MaxDelaySeconds, JitterStrategy }: Retrier, attempt: number): number {
    const backoff = (IntervalSeconds ?? DEFAULT_INTERVAL_SECONDS) * (BackoffRate ?? DEFAULT_BACKOFF_RATE) ** attempt;
    const delay = Math.min(backoff, MaxDelaySeconds ?? Infinity);
    return JitterStrategy === 'FULL' ? delay * this.random() : delay;
  }
}
