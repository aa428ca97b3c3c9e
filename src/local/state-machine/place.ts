import { Step } from './visit';

/** When a state was entered. */
export interface Entry {
  readonly at: Date;
  /** The event's id in the history. */
  readonly id: number;
}

/**
 * The current position in a line of states. It outlives an attempt, so that a redrive continues from the state that was not exited, with
 * the same input, and only with the branches or items that had not ended.
 */
export class Place {
  private step?: Step;
  private entered?: Entry;
  private branches: Place[] = [];

  /** The next state, or the one that was entered but not exited, with its input. Without `next`, the line has ended. */
  get current(): Step | undefined {
    return this.step;
  }

  /** When the current state was entered, if it was. */
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

  /** The position in a branch or item of the current state. */
  branch(index: number): Place {
    return this.branches[index] ??= new Place();
  }

  /** Restarts the current state, with all its branches or items. */
  forgetBranches(): void {
    this.branches = [];
  }
}
