import { JsonValue } from '../../protocol/json';
import { StateMachineDefinition } from './definition';
import { History } from './history';
import { TaskResources } from './task-resources';

/** What all attempts of an execution share. */
export interface ExecutionSetup {
  readonly executionArn: string;
  readonly name: string;
  readonly stateMachine: { readonly arn: string; readonly name: string; readonly roleArn: string };
  /** Normalized, see `normalize`. */
  readonly definition: StateMachineDefinition;
  readonly input: JsonValue;
  readonly history: History;
  readonly tasks: TaskResources;
  /** Real seconds for each second that the machine waits. */
  readonly timeScale: number;
}
