import { JsonValue } from '../../protocol/json';
import { HistoryEventType } from './history';

/** How a Task state calls the service that its `Resource` names. */
export interface TaskIntegration {
  readonly events: TaskEvents;
  /**
   * Does the task's work.
   *
   * @param parameters the state's effective input
   * @throws StateError
   */
  run(parameters: JsonValue, call: TaskCall): Promise<JsonValue>;
}

export interface TaskCall {
  /** Aborted when the task's result is no longer awaited. */
  readonly signal: AbortSignal;
  /** To be called once the job that the task waits for has started. */
  submitted(): void;
  /**
   * To be called with the milliseconds of waits that the job skipped.
   *
   * @throws the reason why the execution ends, if its time is up
   */
  skipped(milliseconds: number): void;
}

/** The history events of a way to call a service. */
export interface TaskEvents {
  readonly scheduled: HistoryEventType;
  readonly started: HistoryEventType;
  readonly succeeded: HistoryEventType;
  readonly failed: HistoryEventType;
  readonly timedOut: HistoryEventType;
}

/** Events of optimized integrations. */
export const TASK_EVENTS: TaskEvents = {
  scheduled: 'TaskScheduled', started: 'TaskStarted', succeeded: 'TaskSucceeded', failed: 'TaskFailed', timedOut: 'TaskTimedOut',
};

/** Events of tasks whose resource is the ARN of a function. */
export const LAMBDA_FUNCTION_EVENTS: TaskEvents = {
  scheduled: 'LambdaFunctionScheduled',
  started: 'LambdaFunctionStarted',
  succeeded: 'LambdaFunctionSucceeded',
  failed: 'LambdaFunctionFailed',
  timedOut: 'LambdaFunctionTimedOut',
};
