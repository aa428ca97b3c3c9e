import { Duration } from 'aws-cdk-lib';
import * as sfn from 'aws-cdk-lib/aws-stepfunctions';
import {
  LOST_INVOCATION_RETRY_ATTEMPTS, NEW_PROCESS_RETRY_ATTEMPTS, STEP_RETRY_ATTEMPTS, STEP_RETRY_BASE_SECONDS, STEP_RETRY_CAP_SECONDS,
} from '../../protocol/defaults';
import { HandlerCrashError, SourceLoadError, StoreUnavailableError } from '../../protocol/errors';
import { PASSING_LAMBDA_ERRORS } from '../../protocol/lambda-failures';

/**
 * What Step Functions retries, and how often. CDK's own list for Lambda tasks lacks throttling and timeouts. Errors that a retry cannot
 * cure (a refused page, a handler that has failed for good, a missing bucket) are not listed. They end the execution at once, without
 * losing anything committed.
 *
 * Attempts are counted per list each time a state is entered, and start again after a redrive. Delays are random, up to a bound that
 * doubles from 2 seconds to 300 (full jitter):
 *
 * | list | attempts | total delay | each attempt may run for | |---|---|---|---|
 * | transient failures of a service | 10 | 18.5 minutes at most, half of that on average | seconds |
 * | invocations that ended without an answer | 3 | 14 seconds at most | the function's whole timeout |
 * | handlers that crashed, modules that failed to load | 2 | 6 seconds at most | the function's whole timeout |
 */

/** Lambda did not run the function, or S3 did not complete the function's request. Nothing indicates a problem with the import. */
const PASSING_FAILURES = [...PASSING_LAMBDA_ERRORS, StoreUnavailableError.NAME];

/** The invocation ended without an answer: it ran out of time or memory, or its process died. It may still be running. */
const LOST_INVOCATIONS = [
  'Sandbox.Timedout', 'Lambda.Unknown', 'Runtime.ExitError', 'Runtime.OutOfMemory', 'Runtime.UnhandledPromiseRejection', 'Runtime.Unknown',
  sfn.Errors.TIMEOUT,
];

/** Fetch ends its process after these: another attempt only makes sense in a new one. */
const NEEDS_NEW_PROCESS = [HandlerCrashError.NAME, SourceLoadError.NAME];

/** Step Functions did not start the child execution, or did not confirm it. In that case two may run, which is harmless. */
const FAILED_STARTS = [
  'StepFunctions.ExecutionLimitExceededException',
  'StepFunctions.ThrottlingException',
  'StepFunctions.ServiceUnavailableException',
  'StepFunctions.SdkClientException',
];

/** Retries of every step. Fetch itself counts the attempts at a page. */
export function retryStep(task: sfn.TaskStateBase): void {
  retryPassingFailures(task, PASSING_FAILURES);
  retryLostInvocations(task, LOST_INVOCATIONS);
}

/** The same for Fetch, which runs the user's code. */
export function retryFetch(task: sfn.TaskStateBase): void {
  retryStep(task);
  task.addRetry({ errors: NEEDS_NEW_PROCESS, maxAttempts: NEW_PROCESS_RETRY_ATTEMPTS, ...BACKOFF });
}

/** Retries of starting a child execution. A failed child is not started again: its steps had their own retries. */
export function retryStart(task: sfn.TaskStateBase): void {
  retryPassingFailures(task, FAILED_STARTS);
}

function retryPassingFailures(task: sfn.TaskStateBase, errors: string[]): void {
  task.addRetry({ errors, maxAttempts: STEP_RETRY_ATTEMPTS, ...BACKOFF });
}

function retryLostInvocations(task: sfn.TaskStateBase, errors: string[]): void {
  task.addRetry({ errors, maxAttempts: LOST_INVOCATION_RETRY_ATTEMPTS, ...BACKOFF });
}

const BACKOFF = {
  interval: Duration.seconds(STEP_RETRY_BASE_SECONDS),
  backoffRate: 2,
  maxDelay: Duration.seconds(STEP_RETRY_CAP_SECONDS),
  jitterStrategy: sfn.JitterType.FULL,
};
