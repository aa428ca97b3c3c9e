import { JsonValue } from '../../protocol/json';

/** https://docs.aws.amazon.com/step-functions/latest/apireference/API_DescribeExecution.html */
export const ExecutionStatus = {
  SUCCEEDED: 'SUCCEEDED',
  FAILED: 'FAILED',
  ABORTED: 'ABORTED',
  TIMED_OUT: 'TIMED_OUT',
} as const;
export type ExecutionStatus = typeof ExecutionStatus[keyof typeof ExecutionStatus];

/** How an execution ended. */
export interface ExecutionResult {
  readonly executionArn: string;
  readonly stateMachineArn: string;
  readonly name: string;
  readonly status: ExecutionStatus;
  readonly input: JsonValue;
  /** Set if the execution succeeded. */
  readonly output?: JsonValue;
  /** Set otherwise, like `cause`. */
  readonly error?: string;
  readonly cause?: string;
  readonly startDate: Date;
  readonly stopDate: Date;
  /** How often the execution was redriven. `redriveDate` is the last time. */
  readonly redriveCount: number;
  readonly redriveDate?: Date;
  /** Number of events in its history, at most 25,000. */
  readonly historyEvents: number;
}
