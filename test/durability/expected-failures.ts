import { FetchPageError, FetchPageTimeoutError, HandlerCrashError, PublishConflictError, StoreUnavailableError } from '../../src/protocol/errors';
import { LostInvocation } from './attempt';

/** What passes by itself, or in a new process: the state machine tries again. */
const PASSING = [LostInvocation, StoreUnavailableError, HandlerCrashError];

/** What an execution may fail with when store and source have failed it. Anything else blames somebody for damage that is not there. */
const EXPECTED = [...PASSING, FetchPageError, FetchPageTimeoutError, PublishConflictError];

/** Whether a fault explains the failure. */
export function isExpectedFailure(error: unknown): boolean {
  return EXPECTED.some((type) => error instanceof type);
}

/** Whether the state machine tries the step again. */
export function isRetried(error: unknown): boolean {
  return PASSING.some((type) => error instanceof type);
}
