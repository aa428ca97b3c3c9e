import { delay } from './delay';

/**
 * The time of one line of states. With a scale below 1, waits are shorter in real time but count in full, so that a machine's timeout ends
 * it where it would on AWS.
 */
export class LineClock {
  private notWaited = 0;

  /** @param scale real seconds per second waited, from 0 */
  constructor(private readonly scale: number, private readonly start: number = Date.now()) {}

  /** Milliseconds since the start. */
  get elapsed(): number {
    return Date.now() - this.start + this.notWaited;
  }

  /** Milliseconds of waits that were skipped. */
  get skipped(): number {
    return this.notWaited;
  }

  /** Counts time that was skipped elsewhere while this line waited. */
  skip(milliseconds: number): void {
    this.notWaited += milliseconds;
  }

  /** The clock of a branch, which starts now. */
  fork(): LineClock {
    const branch = new LineClock(this.scale, this.start);
    branch.skip(this.skipped);
    return branch;
  }

  /** Continues where the last of its branches ended. */
  join(branches: readonly LineClock[]): void {
    this.notWaited = Math.max(this.skipped, ...branches.map(({ skipped }) => skipped));
  }

  /** Rejects with the signal's reason if it aborts first. */
  async sleep(milliseconds: number, signal: AbortSignal): Promise<void> {
    const real = Math.max(milliseconds, 0) * this.scale;
    await delay(real, signal);
    this.skip(Math.max(milliseconds, 0) - real);
  }
}
