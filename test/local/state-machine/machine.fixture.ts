import { FunctionError, functionErrorOf } from '../../../src/local/lambda/function-error';
import { LambdaService } from '../../../src/local/lambda/lambda-service';
import { Replacement, ReplacementFunction } from '../../../src/local/lambda/replacement-function';
import { State, StateMachineDefinition } from '../../../src/local/state-machine/definition';
import { Execution } from '../../../src/local/state-machine/execution';
import { ExecutionResult } from '../../../src/local/state-machine/execution-result';
import { ExecutionEvent } from '../../../src/local/state-machine/history';
import { StateMachineService, StartOptions } from '../../../src/local/state-machine/state-machine-service';
import { TaskReplacement } from '../../../src/local/state-machine/task-resources';

export const MACHINE_ARN = 'arn:aws:states:us-east-1:123456789012:stateMachine:';
export const FUNCTION_ARN = 'arn:aws:lambda:us-east-1:123456789012:function:';

export interface Account {
  readonly machines: Record<string, StateMachineDefinition>;
  readonly functions?: Record<string, Replacement>;
  readonly tasks?: Record<string, TaskReplacement>;
  readonly timeScale?: number;
}

/** State machines and functions, without AWS. */
export class TestAccount {
  readonly events: ExecutionEvent[] = [];
  readonly machines: StateMachineService;

  constructor({ machines, functions = {}, tasks, timeScale = 0 }: Account) {
    const lambda = new LambdaService();
    Object.entries(functions).forEach(([name, work]) => lambda.add(new ReplacementFunction(name, FUNCTION_ARN + name, work)));
    const setups = Object.entries(machines).map(([name, definition]) => ({
      name, arn: MACHINE_ARN + name, roleArn: 'arn:aws:iam::123456789012:role/Machine', definition: () => definition,
    }));
    this.machines = new StateMachineService(setups, { lambda, tasks, timeScale });
  }

  start(input: unknown = {}, options: StartOptions = {}, machine = 'Main'): Execution {
    return this.machines.start(MACHINE_ARN + machine, input, { onEvent: (event) => this.events.push(event), ...options });
  }

  async run(input: unknown = {}, options: StartOptions = {}): Promise<ExecutionResult> {
    return this.start(input, options).result();
  }

  /** Types of the events of one state, or of all. */
  types(state?: string): string[] {
    return this.events.filter((event) => state === undefined || event.state === state).map(({ type }) => type);
  }
}

/** A machine of states that follow one another, the last one an end. */
export function chain(states: Record<string, Partial<State>>, fields: Partial<StateMachineDefinition> = {}): StateMachineDefinition {
  const names = Object.keys(states);
  const linked = names.map((name, index): [string, State] => {
    const next = names[index + 1];
    const state = states[name] as State;
    const ends = 'Next' in state || ['Choice', 'Succeed', 'Fail'].includes(state.Type);
    return [name, ends ? state : { ...state, ...next === undefined ? { End: true } : { Next: next } }];
  });
  return { StartAt: names[0]!, States: Object.fromEntries(linked), ...fields };
}

export function one(account: Omit<Account, 'machines'> & { readonly states: Record<string, Partial<State>> }, fields = {}): TestAccount {
  return new TestAccount({ ...account, machines: { Main: chain(account.states, fields) } });
}

/** A task that invokes a function as LambdaInvoke of the CDK does. */
export function invoke(name: string, fields: Partial<State> = {}): Partial<State> {
  return {
    Type: 'Task',
    Resource: 'arn:aws:states:::lambda:invoke',
    OutputPath: '$.Payload',
    Parameters: { 'FunctionName': FUNCTION_ARN + name, 'Payload.$': '$' },
    ...fields,
  };
}

export function startChild(fields: Partial<State> = {}, pattern = '.sync:2'): Partial<State> {
  return {
    Type: 'Task',
    Resource: `arn:aws:states:::states:startExecution${pattern}`,
    Parameters: { 'StateMachineArn': `${MACHINE_ARN}Child`, 'Input.$': '$' },
    ...fields,
  };
}

/** An error as a function throws it, and as Step Functions hands it on. */
export function errorNamed(name: string, message = name): { thrown: Error; cause: () => FunctionError } {
  const thrown = Object.assign(new Error(message), { name });
  return { thrown, cause: () => functionErrorOf(thrown) };
}
