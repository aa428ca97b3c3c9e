import { ERROR_CAUSE_CHARACTERS } from '../../protocol/limits';

/** The error names of the States Language. https://docs.aws.amazon.com/step-functions/latest/dg/concepts-error-handling.html */
export const StatesErrorName = {
  ALL: 'States.ALL',
  DATA_LIMIT_EXCEEDED: 'States.DataLimitExceeded',
  RUNTIME: 'States.Runtime',
  TASK_FAILED: 'States.TaskFailed',
  TIMEOUT: 'States.Timeout',
} as const;

/** A state's failure, with the error and cause that Step Functions reports. */
export class StateError extends Error {
  /**
   * @param error the name that Retry and Catch match
   * @param reason the `Cause`
   */
  constructor(readonly error: string, readonly reason: string, options?: ErrorOptions) {
    super(`${error}: ${reason}`, options);
    this.name = 'StateError';
  }

  get limitedReason(): string {
    return this.reason.slice(0, ERROR_CAUSE_CHARACTERS);
  }
}

/**
 * Whether an entry of `ErrorEquals` matches the error. `States.Runtime` always ends the execution, and wildcards do not match
 * `States.DataLimitExceeded`.
 */
export function errorMatches(errorEquals: readonly string[], { error }: StateError): boolean {
  if (error === StatesErrorName.RUNTIME) return false;
  if (errorEquals.includes(error)) return true;
  if (error === StatesErrorName.DATA_LIMIT_EXCEEDED) return false;
  if (errorEquals.includes(StatesErrorName.ALL)) return true;
  return errorEquals.includes(StatesErrorName.TASK_FAILED) && error !== StatesErrorName.TIMEOUT;
}
