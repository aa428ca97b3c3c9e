import { ATTEMPT_FAILED_MESSAGE } from '../../protocol/environment';
import { FailedAttemptListener } from '../ports/ports';
import { logLine, LogLevel } from './log-line';

/** Writes an attempt that failed to the function's log: one line of JSON, also where a later attempt makes it good. */
export const logFailedAttempt: FailedAttemptListener = (failed) => logLine(LogLevel.WARN, { message: ATTEMPT_FAILED_MESSAGE, ...failed });
