import { JsonValue } from '../../protocol/json';
import { LambdaService } from '../lambda/lambda-service';
import { State, StateMachineDefinition } from './definition';
import { DefinitionError } from './definition-error';
import { lambdaFunction, lambdaInvoke } from './lambda-task';
import { allStates } from './normalize';
import { startExecutionTask, StartExecution } from './start-execution-task';
import { StateError } from './state-error';
import { TASK_EVENTS, TaskIntegration } from './task-integration';

/** Does the work of a Task state, in this thread. What it throws becomes the state's error, by its `name`. */
export type TaskReplacement = (input: unknown) => unknown;

/** Finds how to do the work of Task states. */
export class TaskResources {
  /** @param replacements by state name */
  constructor(
    private readonly lambda: LambdaService,
    private readonly startExecution: StartExecution,
    private readonly replacements: Readonly<Record<string, TaskReplacement>>,
  ) {}

  /** @throws DefinitionError if a Task state's service is not available, before anything runs */
  requireAll(definition: StateMachineDefinition): void {
    allStates(definition).filter(([, { Type }]) => Type === 'Task').forEach(([name, state]) => this.of(name, state));
  }

  /** @throws DefinitionError if the service is not available */
  of(name: string, { Resource = '' }: State): TaskIntegration {
    const replacement = this.replacements[name];
    if (replacement) return replacementTask(replacement);
    const [, service] = /^arn:[^:]+:states:[^:]*:[^:]*:(.+)$/.exec(Resource) ?? [];
    switch (service) {
      case 'lambda:invoke': return lambdaInvoke(this.lambda);
      case 'states:startExecution': return startExecutionTask(this.startExecution, 'not');
      case 'states:startExecution.sync': return startExecutionTask(this.startExecution, 'sync');
      case 'states:startExecution.sync:2': return startExecutionTask(this.startExecution, 'sync:2');
    }
    if (/^arn:[^:]+:lambda:/.test(Resource)) return lambdaFunction(this.lambda, Resource);
    throw new DefinitionError(`State ${name} calls ${Resource}, which cannot run here. Pass a function that does the work of this state.`);
  }
}

function replacementTask(replacement: TaskReplacement): TaskIntegration {
  return {
    events: TASK_EVENTS,
    run: async (parameters) => {
      try {
        return JSON.parse(JSON.stringify(await replacement(parameters)) ?? 'null') as JsonValue;
      } catch (error) {
        const { name, message } = error instanceof Error ? error : new Error(String(error));
        throw new StateError(name, message, { cause: error });
      }
    },
  };
}
