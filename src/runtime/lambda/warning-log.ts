import { WARNING_MESSAGE } from '../../protocol/environment';
import { WarningListener } from '../core/import-warnings';

/** Writes a warning to the function's log: one line of JSON. */
export const logWarning: WarningListener = (importId, warning) => {
  console.log(JSON.stringify({ level: 'WARN', message: WARNING_MESSAGE, importId, warning }));
};
