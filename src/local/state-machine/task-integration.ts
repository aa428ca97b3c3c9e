import { Json } from './definition';
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
  run(parameters: Json, call: TaskCall): Promise<Json>;
}

export interface TaskCall {
  /** Aborted when nobody waits for the task any more. */
  readonly signal: AbortSignal;
  /** To be called once a job that the task waits for has started. */
  submitted(): void;
  /**
   * To be called with the milliseconds of waits that the job has left out.
   *
   * @throws the reason for which the execution ends, where its time is up
   */
  skipped(milliseconds: number): void;
}

/** The history events of the ways to call a service. */
export interface TaskEvents {
  readonly scheduled: HistoryEventType;
  readonly started: HistoryEventType;
  readonly succeeded: HistoryEventType;
  readonly failed: HistoryEventType;
  readonly timedOut: HistoryEventType;
}

/** Of optimized integrations. */
export const TASK_EVENTS: TaskEvents = {
  scheduled: 'TaskScheduled', started: 'TaskStarted', succeeded: 'TaskSucceeded', failed: 'TaskFailed', timedOut: 'TaskTimedOut',
};

/** Of tasks whose resource is the ARN of a function. */
export const LAMBDA_FUNCTION_EVENTS: TaskEvents = {
  scheduled: 'LambdaFunctionScheduled',
  started: 'LambdaFunctionStarted',
  succeeded: 'LambdaFunctionSucceeded',
  failed: 'LambdaFunctionFailed',
  timedOut: 'LambdaFunctionTimedOut',
};
