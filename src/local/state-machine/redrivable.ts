import { EXECUTION_HISTORY_EVENTS, REDRIVE_WINDOW_DAYS } from '../../protocol/limits';
import { ExecutionResult, ExecutionStatus } from './execution-result';
import { StepFunctionsError } from './step-functions-error';

const DAY = 24 * 3600 * 1000;

/**
 * Refuses an execution that Step Functions would not redrive.
 *
 * https://docs.aws.amazon.com/step-functions/latest/dg/redrive-executions.html#redrive-eligibility
 *
 * @throws StepFunctionsError `ExecutionNotRedrivable`
 */
export function requireRedrivable({ executionArn, status, stopDate, historyEvents }: ExecutionResult): void {
  if (status === ExecutionStatus.SUCCEEDED) throw notRedrivable(executionArn, 'has succeeded', 'There is nothing left to do.');
  if (Date.now() - stopDate.getTime() > REDRIVE_WINDOW_DAYS * DAY) {
    throw notRedrivable(executionArn, `ended more than ${REDRIVE_WINDOW_DAYS} days ago`, 'Start a new execution.');
  }
  // There must be room for ExecutionRedriven and at least one more event.
  if (historyEvents >= EXECUTION_HISTORY_EVENTS - 1) {
    throw notRedrivable(executionArn, `has ${historyEvents} of at most ${EXECUTION_HISTORY_EVENTS} history events`, 'Start a new execution.');
  }
}

/**
 * @param reason continues a sentence about the execution
 * @param wayOut a sentence
 */
export function notRedrivable(executionArn: string, reason: string, wayOut: string): StepFunctionsError {
  return new StepFunctionsError('ExecutionNotRedrivable', `Execution Not Redrivable: '${executionArn}' ${reason}. ${wayOut}`);
}
