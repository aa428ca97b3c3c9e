import { History } from './history';
import { ContextObject } from './interpreter';
import { LineClock } from './line-clock';
import { TaskResources } from './task-resources';

/** What all lines of states of an execution share. */
export interface ExecutionScope {
  /** The parts of the context object that stay the same. */
  readonly context: ContextObject;
  readonly history: History;
  readonly tasks: TaskResources;
  /** @throws the reason why the execution ends, if its time is up */
  checkTime(clock: LineClock): void;
}
