import { PublishConflictError, StoreUnavailableError } from '../../protocol/errors';
import { pauseBeforeAskingAgain } from '../ports/backoff';
import { ConditionalOutcome } from '../ports/object-store';
import { Publication } from './publication';

const ATTEMPTS = 10;

/** It must be looked at again: something was in the way, or the store did not say how it ended. */
export type Unsettled = 'again' | 'unanswered';

/**
 * Tries to publish to a key until it is known how that ended: a condition may be lost to another writer, or a reply on its way.
 *
 * @throws StoreUnavailableError when the store does not even say how the last try ended
 * @throws PublishConflictError when it does, and something else is in the way each time
 */
export async function untilSettled<Settled>(
  key: string, { file, destination, world }: Pick<Publication, 'file' | 'destination' | 'world'>, attempt: () => Promise<Settled | Unsettled>,
): Promise<Settled> {
  let last: Unsettled | undefined;
  for (let number = 1; number <= ATTEMPTS; number++) {
    const outcome = await attempt();
    if (!isUnsettled(outcome)) return outcome;
    last = outcome;
    await pauseBeforeAskingAgain(number, world);
  }
  throw last === 'unanswered'
    ? new StoreUnavailableError('publishing', destination.bucket, key, { answer: destination.answerOf?.(key) })
    : new PublishConflictError(file, destination.bucket, key);
}

/** What a conditional write that was not acknowledged leaves open. */
export function unsettledBy(outcome: Exclude<ConditionalOutcome, 'done'>): Unsettled {
  return outcome === 'unknown' ? 'unanswered' : 'again';
}

function isUnsettled(outcome: unknown): outcome is Unsettled {
  return outcome === 'again' || outcome === 'unanswered';
}
