import { Json, StateGraph } from './definition';
import { ExecutionScope } from './execution-scope';
import { ContextObject } from './interpreter';
import { LineClock } from './line-clock';

/** One line of states as a state in it sees it. Parallel and Map states begin lines of their own inside it. */
export interface Line {
  readonly scope: ExecutionScope;
  readonly clock: LineClock;
  /** Ends the line from outside. */
  readonly signal: AbortSignal;
  readonly hasEnded: boolean;

  /**
   * Runs from the first state, or from where it stands, to the end. Returns the output of the last one.
   *
   * @param input of the first state
   * @throws StateError, or the signal's reason
   */
  run(input: Json): Promise<Json>;

  /** A line of states inside the current one, which holds several. */
  branch(index: number, graph: StateGraph, signal: AbortSignal, item?: ContextObject): Line;

  /** Waits on the clock of this line. */
  sleep(seconds: number): Promise<void>;

  /** Counts the milliseconds that a child execution did not wait, for which this line would have waited, too. */
  skip(milliseconds: number): void;
}
