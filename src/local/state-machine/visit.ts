import { JsonValue } from '../../protocol/json';
import { State } from './definition';
import { ContextObject, Interpreter } from './interpreter';
import { Line } from './line';

/** One attempt at a state. */
export interface Visit {
  readonly name: string;
  readonly state: State;
  /** Before `InputPath`. */
  readonly input: JsonValue;
  readonly line: Line;
  readonly interpreter: Interpreter;
  /** An interpreter that sees an item of this Map state in the context object. */
  interpreterFor(item: ContextObject): Interpreter;
}

/** Where a state leads. */
export interface Step {
  readonly output: JsonValue;
  /** Undefined at the end of the line. */
  readonly next?: string;
}
