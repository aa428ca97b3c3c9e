import { Json } from './definition';

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
  readonly input: Json;
  /** Of an execution that succeeded. */
  readonly output?: Json;
  /** Of any other. */
  readonly error?: string;
  readonly cause?: string;
  readonly startDate: Date;
  readonly stopDate: Date;
  /** How often it was redriven, and when last. */
  readonly redriveCount: number;
  readonly redriveDate?: Date;
  /** Events of its history, of the 25,000 that there may be. */
  readonly historyEvents: number;
}
