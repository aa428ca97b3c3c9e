import { SeededChance } from '../kit/seeded-chance';
import { VirtualClock } from '../kit/virtual-clock';

/** Now and then time passes although calls are waiting: they come late. */
const LATE_ONE_IN = 20;

/**
 * Orders the calls of everything that runs at the same time: each store call waits for its turn, and a seeded draw decides whose it is.
 * One call is made at a time, between two immediates, so that the same seed always gives the same schedule.
 */
export class Schedule extends VirtualClock {
  private readonly waiting: (() => void)[] = [];
  private watching = false;

  constructor(private readonly chance: SeededChance) {
    super();
  }

  /** For `MemoryS3`: resolves when it is this call's turn. */
  public readonly turn = async (): Promise<void> => {
    if (this.watching) return;
    await new Promise<void>((resolve) => {
      this.waiting.push(resolve);
      this.arm();
    });
  };

  /** Starts a call that takes no turn: a look from outside. */
  public watch<Result>(call: () => Result): Result {
    this.watching = true;
    try {
      return call();
    } finally {
      this.watching = false;
    }
  }

  protected override get isIdle(): boolean {
    return this.waiting.length === 0 && super.isIdle;
  }

  protected override step(): void {
    const timePasses = this.waiting.length === 0 || (!super.isIdle && this.chance.oneIn(LATE_ONE_IN));
    if (timePasses) super.step();
    else this.waiting.splice(this.chance.below(this.waiting.length), 1)[0]!();
  }
}
