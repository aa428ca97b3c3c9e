import { LoopState } from '../../protocol/machine-state';
import { CommitLog } from '../log/commit-log';

/** The part of the state that is not in the log. */
export type RoundState = Pick<LoopState, 'round' | 'waitSeconds' | 'waitedSeconds' | 'failedAttempts' | 'redriveCount' | 'parentRedriveCount'>;

/** Before the first round. */
export const FIRST_ROUND: RoundState = {
  round: 0, waitSeconds: 0, waitedSeconds: 0, failedAttempts: 0, redriveCount: 0, parentRedriveCount: 0,
};

/** The state after a round. Whether and where to continue comes from the log, never from an attempt's memory. */
export function loopState(importId: string, log: CommitLog, round: RoundState): LoopState {
  return {
    ...round,
    ...log.isFinal ? { waitSeconds: 0, waitedSeconds: 0, failedAttempts: 0 } : {},
    importId,
    continue: !log.isFinal,
    chunks: log.nextIndex,
    pages: log.totals.pages,
    records: log.totals.records,
  };
}
