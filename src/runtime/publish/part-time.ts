import { World } from '../ports/ports';

/** Time that is kept for what comes after the last part, in milliseconds. */
const LEAST_RESERVE = 5000;

/** Stops the work on parts of one kind when the invocation's time runs short, by how long the slowest of them took. */
export class PartTime {
  /** In milliseconds. */
  private slowest = 0;

  constructor(private readonly world: World) {}

  /**
   * Puts one part in place, if there is time for it.
   *
   * @param mustEnd whether it is put in place however little time is left. The first part of an invocation must be: an invocation that puts
   * none in place would be repeated for ever.
   */
  public async spend<Result>(mustEnd: boolean, work: () => Promise<Result>): Promise<Result | 'out-of-time'> {
    const { clock, invocation } = this.world;
    if (!mustEnd && invocation.remainingMilliseconds() < LEAST_RESERVE + 2 * this.slowest) return 'out-of-time';
    const startedAt = clock.now();
    const result = await work();
    this.slowest = Math.max(this.slowest, clock.now() - startedAt);
    return result;
  }
}
