import { Json } from './definition';
import { ExecutionResult, ExecutionStatus } from './execution-result';
import { StateError, StatesErrorName } from './state-error';
import { TASK_EVENTS, TaskCall, TaskIntegration } from './task-integration';

/** What a task needs of the execution that it starts. */
export interface ChildExecution {
  readonly executionArn: string;
  readonly startDate: Date;
  /** Milliseconds of waits that it has left out. */
  readonly timeSkipped: number;
  result(): Promise<ExecutionResult>;
  abort(): void;
}

/** Starts an execution. @throws StateError where it cannot start */
export type StartExecution = (stateMachineArn: string, input: Json, name: string | undefined) => ChildExecution;

/** How long the task waits, by the end of its resource. `.sync` and `.sync:2` differ in how the output comes. */
export type Waiting = 'not' | 'sync' | 'sync:2';

/** `arn:aws:states:::states:startExecution`. https://docs.aws.amazon.com/step-functions/latest/dg/connect-stepfunctions.html */
export function startExecutionTask(startExecution: StartExecution, waiting: Waiting): TaskIntegration {
  return {
    events: TASK_EVENTS,
    run: async (parameters, call) => {
      const { StateMachineArn, Input = {}, Name } = parameters as { StateMachineArn: string; Input?: Json; Name?: string };
      const child = startExecution(StateMachineArn, typeof Input === 'string' ? JSON.parse(Input) as Json : Input, Name);
      if (waiting === 'not') return { ExecutionArn: child.executionArn, StartDate: child.startDate.getTime() };
      call.submitted();
      return described(await resultOf(child, call), waiting);
    },
  };
}

/** Whoever stops waiting for the child stops the child. */
async function resultOf(child: ChildExecution, { signal, skipped }: TaskCall): Promise<ExecutionResult> {
  const abort = (): void => child.abort();
  signal.addEventListener('abort', abort, { once: true });
  try {
    const result = await child.result();
    skipped(child.timeSkipped);
    return result;
  } finally {
    signal.removeEventListener('abort', abort);
  }
}

/** The answer of DescribeExecution; with `.sync:2`, input and output are JSON, else text that holds JSON. */
function described(result: ExecutionResult, waiting: Waiting): Json {
  const form = (value: Json): Json => waiting === 'sync:2' ? value : JSON.stringify(value);
  const description = {
    ExecutionArn: result.executionArn,
    Input: form(result.input),
    InputDetails: { Included: true },
    Name: result.name,
    RedriveCount: result.redriveCount,
    StartDate: result.startDate.getTime(),
    StateMachineArn: result.stateMachineArn,
    Status: result.status,
    StopDate: result.stopDate.getTime(),
  };
  if (result.status === ExecutionStatus.SUCCEEDED) {
    return { ...description, Output: form(result.output!), OutputDetails: { Included: true } };
  }
  const { error: Error, cause: Cause } = result;
  throw new StateError(StatesErrorName.TASK_FAILED, JSON.stringify({ ...description, Input: JSON.stringify(result.input), Error, Cause }));
}
