import { NO_OBSERVER, Observer } from '../../src/runtime/ports/observer';
import { Chance, Invocation, World } from '../../src/runtime/ports/ports';
import { SeededChance } from './seeded-chance';
import { VirtualClock } from './virtual-clock';

/** Time limit of an invocation, unless a test says otherwise: Lambda's 15 minutes. */
export const INVOCATION_MILLISECONDS = 900_000;

/** An invocation whose end is a point in virtual time. A test may move it. */
export class VirtualInvocation implements Invocation {
  private endsAt: number;

  constructor(private readonly clock: VirtualClock, milliseconds: number = INVOCATION_MILLISECONDS) {
    this.endsAt = clock.now() + milliseconds;
  }

  public remainingMilliseconds(): number {
    return Math.max(0, this.endsAt - this.clock.now());
  }

  public setRemaining(milliseconds: number): void {
    this.endsAt = this.clock.now() + milliseconds;
  }
}

/** A world in which the test controls time and chance. */
export interface TestWorld extends World {
  readonly clock: VirtualClock;
  readonly invocation: VirtualInvocation;
}

export interface TestWorldOptions {
  readonly clock?: VirtualClock;
  readonly chance?: Chance;
  /** Time limit of the invocation, in milliseconds. */
  readonly remaining?: number;
  readonly observer?: Partial<Observer>;
}

/** A world at the start of an invocation. */
export function testWorld(options: TestWorldOptions = {}): TestWorld {
  const { clock = new VirtualClock(), chance = new SeededChance(), remaining, observer } = options;
  return { clock, chance, invocation: new VirtualInvocation(clock, remaining), observer: { ...NO_OBSERVER, ...observer } };
}
