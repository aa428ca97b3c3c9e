import { SeededChance } from '../kit/seeded-chance';
import { VirtualClock } from '../kit/virtual-clock';

/** Now and then time passes although calls are waiting: they come late. */
const LATE_ONE_IN = 20;

/** Store calls after which a schedule is taken to go round for ever: the longest ones that end make a tenth of it. */
const MOST_CALLS = 20_000;

/** Immediates in a row without anything left to do after which nothing will ever happen again. */
const IDLE_TICKS = 3;

/** Nothing is left to do, and yet what was to end has not ended; or it goes on without an end. */
export class NoEndError extends Error {}

/**
 * Orders the calls of everything that runs at the same time: each store call waits for its turn, and one is made at a time, between two
 * immediates. Without chance the calls are made in the order in which they came; with it, a seeded draw decides whose turn it is. Either
 * way the same schedule runs the same again.
 */
export class Schedule extends VirtualClock {
  private readonly waiting: (() => void)[] = [];
  private readonly alarms = new Set<{ readonly at: number; ring(): void }>();
  private watching = false;
  /** Store calls so far. */
  private made = 0;

  /**
   * @param chance draws whose turn it is
   * @param callMilliseconds time that a store call takes
   */
  constructor(private readonly chance?: SeededChance, private readonly callMilliseconds: number = 0) {
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

  /** Resolves when so many more calls have been made; never, if there are no more. */
  public async afterCalls(count: number): Promise<void> {
    await new Promise<void>((resolve) => {
      const alarm = { at: this.made + count, ring: () => resolve() };
      this.alarms.add(alarm);
    });
  }

  /** Starts a call that takes no turn: a look from outside. */
  public watch<Result>(call: () => Result): Result {
    this.watching = true;
    try {
      return call();
    } finally {
      this.watching = false;
    }
  }

  /** Waits for work that must come to an end. Throws NoEndError where it never will. */
  public async untilEnd<Result>(work: Promise<Result>): Promise<Result> {
    let ended = false;
    const end = (): void => { ended = true; };
    work.then(end, end);
    for (let idle = 0; !ended; idle = this.isIdle ? idle + 1 : 0) {
      if (idle > IDLE_TICKS) throw new NoEndError('nothing is left to do, but it has not ended');
      if (this.made > MOST_CALLS) throw new NoEndError(`it has not ended after ${MOST_CALLS} store calls`);
      await new Promise<void>((resolve) => setImmediate(resolve));
    }
    return work;
  }

  protected override get isIdle(): boolean {
    return this.waiting.length === 0 && super.isIdle;
  }

  protected override step(): void {
    if (this.isTimeToPass()) super.step();
    else this.makeCall();
  }

  private isTimeToPass(): boolean {
    return this.waiting.length === 0 || (!super.isIdle && this.chance !== undefined && this.chance.oneIn(LATE_ONE_IN));
  }

  private makeCall(): void {
    this.pass(this.callMilliseconds);
    this.waiting.splice(this.chance?.below(this.waiting.length) ?? 0, 1)[0]!();
    this.noteCall();
  }

  /** A call has been made. */
  protected noteCall(): void {
    this.made += 1;
    for (const alarm of this.alarms) {
      if (alarm.at > this.made) continue;
      this.alarms.delete(alarm);
      alarm.ring();
    }
  }
}
