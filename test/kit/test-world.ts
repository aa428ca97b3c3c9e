import { NO_OBSERVER, Observer } from '../../src/runtime/ports/observer';
import { Chance, Invocation, World } from '../../src/runtime/ports/ports';
import { SeededChance } from './seeded-chance';
import { VirtualClock } from './virtual-clock';

/** Time that an invocation has, unless a test says otherwise: Lambda's 15 minutes. */
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

/** A world whose time and chance are the test's own. */
export interface TestWorld extends World {
  readonly clock: VirtualClock;
  readonly invocation: VirtualInvocation;
}

export interface TestWorldOptions {
  readonly clock?: VirtualClock;
  readonly chance?: Chance;
  /** Time that the invocation has, in milliseconds. */
  readonly remaining?: number;
  readonly observer?: Partial<Observer>;
}

/** A world in which an invocation has just begun. */
export function testWorld(options: TestWorldOptions = {}): TestWorld {
  const { clock = new VirtualClock(), chance = new SeededChance(), remaining, observer } = options;
  return { clock, chance, invocation: new VirtualInvocation(clock, remaining), observer: { ...NO_OBSERVER, ...observer } };
}
