import { World } from './ports';

/** Time that is kept for what comes after the last part, in milliseconds. */
const LEAST_RESERVE = 5000;

/** Stops the work on parts when the invocation's time runs short, by how long the slowest one took. */
export class PartTime {
  private slowest = 0;
  private started = 0;

  constructor(private readonly world: World) {}

  /** Puts one part in place, if there is time for it. */
  public async spend<Result>(work: () => Promise<Result>): Promise<Result | 'out-of-time'> {
    const { clock, invocation } = this.world;
    // The first one is tried however little time is left: an invocation that puts none in place would be repeated for ever.
    if (this.started++ > 0 && invocation.remainingMilliseconds() < LEAST_RESERVE + 2 * this.slowest) return 'out-of-time';
    const startedAt = clock.now();
    const result = await work();
    this.slowest = Math.max(this.slowest, clock.now() - startedAt);
    return result;
  }
}
