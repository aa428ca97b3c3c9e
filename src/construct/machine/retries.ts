import { Duration } from 'aws-cdk-lib';
import * as sfn from 'aws-cdk-lib/aws-stepfunctions';
import {
  LOST_INVOCATION_RETRY_ATTEMPTS, NEW_PROCESS_RETRY_ATTEMPTS, STEP_RETRY_ATTEMPTS, STEP_RETRY_BASE_SECONDS, STEP_RETRY_CAP_SECONDS,
} from '../../protocol/defaults';
import { HandlerCrashError, SourceLoadError, StoreUnavailableError } from '../../protocol/errors';
import { PASSING_LAMBDA_ERRORS } from '../../protocol/lambda-failures';

/**
 * What Step Functions retries, and how often. CDK's own list for Lambda tasks lacks throttling and time-outs. Errors that a retry
 * cannot cure (a page that is refused, a handler that has failed for good, a bucket that is not there) are not in these lists: they
 * end the execution at once, with nothing that was committed lost.
 *
 * Attempts are counted per entry of a state and per list, and start anew with a redrive. Delays are random, up to a bound that doubles
 * from 2 seconds to 300 (full jitter):
 *
 * | list | attempts | delays add up to | and each attempt may run for |
 * |---|---|---|---|
 * | passing failures of a service | 10 | 18.5 minutes at most, half of that on average | seconds |
 * | invocations that ended without an answer | 3 | 14 seconds at most | the function's whole timeout |
 * | handlers that crashed, modules that failed to load | 2 | 6 seconds at most | the function's whole timeout |
 */

/** Lambda did not run the function, or S3 did not do what the function asked for. Nothing is known to be wrong with the import. */
const PASSING_FAILURES = [...PASSING_LAMBDA_ERRORS, StoreUnavailableError.NAME];

/** The invocation ran and ended without an answer: its time or its memory was up, or its process died. It may still be running. */
const LOST_INVOCATIONS = [
  'Sandbox.Timedout', 'Lambda.Unknown', 'Runtime.ExitError', 'Runtime.OutOfMemory', 'Runtime.UnhandledPromiseRejection', 'Runtime.Unknown',
  sfn.Errors.TIMEOUT,
];

/** What Fetch ends its process after: another attempt makes sense in a new one only. */
const NEEDS_NEW_PROCESS = [HandlerCrashError.NAME, SourceLoadError.NAME];

/** Step Functions did not start the child execution, or did not say so: then two may run, which does no harm. */
const FAILED_STARTS = [
  'StepFunctions.ExecutionLimitExceededException',
  'StepFunctions.ThrottlingException',
  'StepFunctions.ServiceUnavailableException',
  'StepFunctions.SdkClientException',
];

/** Retries of every step. Attempts at a page are counted by Fetch itself. */
export function retryStep(task: sfn.TaskStateBase): void {
  retryPassingFailures(task, PASSING_FAILURES);
  retryLostInvocations(task, LOST_INVOCATIONS);
}

/** The same for Fetch, in which the user's code runs. */
export function retryFetch(task: sfn.TaskStateBase): void {
  retryStep(task);
  task.addRetry({ errors: NEEDS_NEW_PROCESS, maxAttempts: NEW_PROCESS_RETRY_ATTEMPTS, ...BACKOFF });
}

/** Retries of starting a child execution. A child that has failed is not started again: its steps have had their retries. */
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
