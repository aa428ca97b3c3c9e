/** Longest delay of a Node.js timer, in milliseconds. https://nodejs.org/api/timers.html#settimeoutcallback-delay-args */
const LONGEST_TIMER = 2 ** 31 - 1;

/**
 * The time of one line of states. With a scale below 1 its waits end sooner, and what was left out counts all the same, so
 * that a machine's timeout still ends it where it would on AWS.
 */
export class Clock {
  private notWaited = 0;

  /** @param scale real seconds per second waited, from 0 */
  constructor(private readonly scale: number, private readonly start: number = Date.now()) {}

  /** Milliseconds since the start. */
  get elapsed(): number {
    return Date.now() - this.start + this.notWaited;
  }

  /** Milliseconds that were to be waited and were not. */
  get skipped(): number {
    return this.notWaited;
  }

  /** Counts what was not waited elsewhere while somebody waited here. */
  skip(milliseconds: number): void {
    this.notWaited += milliseconds;
  }

  /** The time of a branch, which starts now. */
  fork(): Clock {
    const branch = new Clock(this.scale, this.start);
    branch.skip(this.skipped);
    return branch;
  }

  /** Goes on where the last of its branches ended. */
  join(branches: readonly Clock[]): void {
    this.notWaited = Math.max(this.skipped, ...branches.map(({ skipped }) => skipped));
  }

  /** Rejects with the signal's reason when that comes first. */
  async sleep(milliseconds: number, signal: AbortSignal): Promise<void> {
    const real = Math.max(milliseconds, 0) * this.scale;
    await delay(real, signal);
    this.skip(Math.max(milliseconds, 0) - real);
  }
}

/** Waits, however long; rejects with the signal's reason when that comes first. */
export async function delay(milliseconds: number, signal: AbortSignal): Promise<void> {
  let rest = milliseconds;
  for (; rest > LONGEST_TIMER; rest -= LONGEST_TIMER) await timer(LONGEST_TIMER, signal);
  await timer(rest, signal);
}

async function timer(milliseconds: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    signal.throwIfAborted();
    const onAbort = (): void => {
      clearTimeout(timeout);
      reject(signal.reason as Error);
    };
    const timeout = setTimeout(() => {
      signal.removeEventListener('abort', onAbort);
      resolve();
    }, milliseconds);
    signal.addEventListener('abort', onAbort, { once: true });
  });
}
