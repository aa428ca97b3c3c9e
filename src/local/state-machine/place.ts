import { Step } from './visit';

/** When a state was entered. */
export interface Entry {
  readonly at: Date;
  /** The event's id in the history. */
  readonly id: number;
}

/**
 * Where a line of states stands. It outlives the attempt that moved it, so that a redrive goes on from the state that was not exited:
 * with the same input, and of its branches or items with those that had not ended.
 */
export class Place {
  private step?: Step;
  private entered?: Entry;
  private branches: Place[] = [];

  /** The state that is next, or that was entered and not exited, with its input; without `next` the line has ended. */
  get current(): Step | undefined {
    return this.step;
  }

  /** Of the current state, if it was entered. */
  get entry(): Entry | undefined {
    return this.entered;
  }

  get hasEnded(): boolean {
    return this.step !== undefined && this.step.next === undefined;
  }

  enter(entry: Entry): Entry {
    this.entered = entry;
    return entry;
  }

  moveTo(step: Step): Step {
    this.step = step;
    this.entered = undefined;
    this.forgetBranches();
    return step;
  }

  /** Of a branch, or of an item, of the current state. */
  branch(index: number): Place {
    return this.branches[index] ??= new Place();
  }

  /** Lets the current state begin anew, with all of its branches or items. */
  forgetBranches(): void {
    this.branches = [];
  }
}
