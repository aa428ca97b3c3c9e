import { ATTEMPT_FAILED_MESSAGE, PROGRESS_MESSAGE, WARNING_MESSAGE } from '../../protocol/environment';
import { Observer } from '../ports/observer';
import { logLine, LogLevel } from './log-line';

/**
 * Writes lines of JSON to the function's log: progress from time to time (counters only), each failed attempt, and each warning.
 *
 * @param progressSeconds minimum time between two progress lines
 */
export function logObserver(progressSeconds: number): Observer {
  let last = Date.now();
  return {
    pageDone: (progress) => {
      const now = Date.now();
      if (now - last < progressSeconds * 1000) return;
      last = now;
      logLine(LogLevel.INFO, { message: PROGRESS_MESSAGE, ...progress });
    },
    attemptFailed: (failed) => logLine(LogLevel.WARN, { message: ATTEMPT_FAILED_MESSAGE, ...failed }),
    warned: (importId, warning) => logLine(LogLevel.WARN, { message: WARNING_MESSAGE, importId, warning }),
  };
}
