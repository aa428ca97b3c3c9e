import { WARNING_MESSAGE } from '../../protocol/environment';
import { WarningListener } from '../publish/import-warnings';
import { logLine, LogLevel } from './log-line';

/** Writes a warning to the function's log: one line of JSON. */
export const logWarning: WarningListener = (importId, warning) => {
  logLine(LogLevel.WARN, { message: WARNING_MESSAGE, importId, warning });
};
