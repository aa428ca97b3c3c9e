import { TOTAL_MISMATCH_MESSAGE } from '../../protocol/environment';
import { TotalMismatchListener } from '../core/publish-gate';

/** Writes a line of warning to the function's log: one line of JSON, counts only. */
export const logTotalMismatch: TotalMismatchListener = (mismatch) => {
  console.log(JSON.stringify({ level: 'WARN', message: TOTAL_MISMATCH_MESSAGE, ...mismatch }));
};
