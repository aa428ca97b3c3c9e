import { JsonValue } from '../../protocol/json';
import { ExecutionResult, ExecutionStatus } from './execution-result';
import { StateError, StatesErrorName } from './state-error';
import { TASK_EVENTS, TaskCall, TaskIntegration } from './task-integration';

/** What a task needs to know about the execution that it starts. */
export interface ChildExecution {
  readonly executionArn: string;
  readonly startDate: Date;
  /** Milliseconds of waits that it skipped. */
  readonly timeSkipped: number;
  result(): Promise<ExecutionResult>;
  abort(): void;
}

/** Starts an execution. @throws StateError if it cannot start */
export type StartExecution = (stateMachineArn: string, input: JsonValue, name: string | undefined) => ChildExecution;

/** Whether the task waits, according to its resource's suffix. `.sync` and `.sync:2` differ in the form of the output. */
export type Waiting = 'not' | 'sync' | 'sync:2';

/** `arn:aws:states:::states:startExecution`. https://docs.aws.amazon.com/step-functions/latest/dg/connect-stepfunctions.html */
export function startExecutionTask(startExecution: StartExecution, waiting: Waiting): TaskIntegration {
  return {
    events: TASK_EVENTS,
    run: async (parameters, call) => {
      const { StateMachineArn, Input = {}, Name } = parameters as { StateMachineArn: string; Input?: JsonValue; Name?: string };
      const child = startExecution(StateMachineArn, typeof Input === 'string' ? JSON.parse(Input) as JsonValue : Input, Name);
      if (waiting === 'not') return { ExecutionArn: child.executionArn, StartDate: child.startDate.getTime() };
      call.submitted();
      return described(await resultOf(child, call), waiting);
    },
  };
}

/** If the task stops waiting for the child, the child is stopped too. */
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

/** The answer of DescribeExecution. With `.sync:2`, input and output are JSON; otherwise JSON in a string. */
function described(result: ExecutionResult, waiting: Waiting): JsonValue {
  const form = (value: JsonValue): JsonValue => waiting === 'sync:2' ? value : JSON.stringify(value);
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
