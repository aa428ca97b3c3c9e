import { PROGRESS_MESSAGE } from '../../protocol/environment';
import { ProgressListener } from '../ports/ports';
import { logLine, LogLevel } from './log-line';

/** Writes how far the import is to the function's log, now and then: one line of JSON, counters only. */
export function progressLog(intervalSeconds: number): ProgressListener {
  let last = Date.now();
  return (progress) => {
    const now = Date.now();
    if (now - last < intervalSeconds * 1000) return;
    last = now;
    logLine(LogLevel.INFO, { message: PROGRESS_MESSAGE, ...progress });
  };
}
