import { JsonValue } from '../../protocol/json';
import { StateGraph } from './definition';
import { ExecutionScope } from './execution-scope';
import { ContextObject } from './interpreter';
import { LineClock } from './line-clock';

/** A line of states, as one of its states sees it. Parallel and Map states start lines of their own inside it. */
export interface Line {
  readonly scope: ExecutionScope;
  readonly clock: LineClock;
  /** Ends the line from outside. */
  readonly signal: AbortSignal;
  readonly hasEnded: boolean;

  /**
   * Runs from the first state, or from the current one, to the end. Returns the output of the last state.
   *
   * @param input of the first state
   * @throws StateError, or the signal's reason
   */
  run(input: JsonValue): Promise<JsonValue>;

  /** A line of states inside the current state, which has several. */
  branch(index: number, graph: StateGraph, signal: AbortSignal, item?: ContextObject): Line;

  /** Waits on the clock of this line. */
  sleep(seconds: number): Promise<void>;

  /** Counts milliseconds that a child execution skipped, for which this line would have waited too. */
  skip(milliseconds: number): void;
}
