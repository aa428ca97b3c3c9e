import { Lanes } from '../ports/in-order';
import { PartOutcome, UploadPart } from '../ports/object-store';
import { World } from '../ports/ports';

/** Time to keep for what follows the last part, in milliseconds. */
const MIN_RESERVE = 5000;

/** Why parts are not put in place. */
export type Stopped = Exclude<PartOutcome, UploadPart> | 'out-of-time';

/** The turn of one part. */
export interface Turn {
  /** Whether the part is put in place however little time is left. */
  readonly mustEnd: boolean;
}

/** Puts parts in place: so many of each kind at a time, while the invocation's time lasts, until something stops them all. */
export class PartWork<Kind extends string> {
  private readonly lanes = new Map<Kind, Lanes>();
  /** By kind, in milliseconds. */
  private readonly slowest = new Map<Kind, number>();
  private hasBegun = false;
  /** How all further work ends, once something has stopped it. */
  private ending: Promise<Stopped> | undefined;

  constructor(private readonly inFlight: Readonly<Record<Kind, number>>, private readonly world: World) {}

  /** The first part must end: an invocation that puts none in place would be repeated for ever. */
  public turn(): Turn {
    const mustEnd = !this.hasBegun;
    this.hasBegun = true;
    return { mustEnd };
  }

  /** Does the work as soon as a lane of its kind is free, if there is time for it then. */
  public inLane<Result>(kind: Kind, turn: Turn, work: () => Promise<Result>): Promise<Result | Stopped> {
    let lanes = this.lanes.get(kind);
    if (lanes === undefined) this.lanes.set(kind, lanes = new Lanes(this.inFlight[kind]));
    return lanes.run(() => this.inTime(kind, turn, work));
  }

  /** Does the work at once, if there is time: twice as much as the slowest of its kind took. */
  public async inTime<Result>(kind: Kind, { mustEnd }: Turn, work: () => Promise<Result>): Promise<Result | Stopped> {
    if (this.ending !== undefined) return this.ending;
    const { clock, invocation } = this.world;
    if (!mustEnd && invocation.remainingMilliseconds() < MIN_RESERVE + 2 * this.slowestOf(kind)) return 'out-of-time';
    const startedAt = clock.now();
    const result = await work();
    // Asked anew: others have ended meanwhile.
    this.slowest.set(kind, Math.max(this.slowestOf(kind), clock.now() - startedAt));
    return result;
  }

  /** All further work ends like this: with a reason, or with the first failure. */
  public stop(ending: Promise<Stopped>): void {
    // Without further work, nothing awaits it.
    ending.catch(() => undefined);
    this.ending ??= ending;
  }

  private slowestOf(kind: Kind): number {
    return this.slowest.get(kind) ?? 0;
  }
}
