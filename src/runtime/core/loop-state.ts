import { LoopState } from '../../protocol/machine-state';
import { CommitLog } from './commit-log';

/** The state after a round: whether and where to go on is what the log says, never what an attempt remembers. */
export function loopState(importId: string, log: CommitLog, round: Pick<LoopState, 'round' | 'waitSeconds' | 'waitedSeconds'>): LoopState {
  return {
    importId,
    continue: !log.isFinal,
    waitSeconds: log.isFinal ? 0 : round.waitSeconds,
    waitedSeconds: log.isFinal ? 0 : round.waitedSeconds,
    chunks: log.nextIndex,
    pages: log.totals.pages,
    records: log.totals.records,
    round: round.round,
  };
}
