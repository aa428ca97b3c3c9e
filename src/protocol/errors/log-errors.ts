import { sentence } from '../sentence';
import { ImportError } from './paginated-import-error';

/** The commit log is in a state that its writers cannot have left. */
export class CommitLogError extends ImportError {
  public static readonly NAME = 'CommitLogError';
  constructor(importId: string, public readonly problem: string) {
    super({ importId }, `The commit log of import ${importId} is damaged: ${sentence(problem)} Records and chunks of a running import must never be deleted or `
      + 'replaced: look for a lifecycle rule or a clean-up job on the cache prefix. Start a new import.');
  }
}
