import { PublishConflictError, StoreUnavailableError } from '../../protocol/errors';
import { ConditionalOutcome } from '../ports/object-store';
import { untilSettled } from '../ports/until-settled';
import { Publication } from './publication';

const ATTEMPTS = 10;

/** Look at the destination again: another writer was in the way, or the store did not say how the write ended. */
export type Unsettled = 'again' | 'unanswered';

/**
 * Tries to publish to a key until the outcome is known: another writer may break the condition, or a reply may be lost.
 *
 * @throws StoreUnavailableError if the store does not say how the last try ended
 * @throws PublishConflictError if it does, and another writer was in the way each time
 */
export async function untilPublished<Settled>(
  key: string, { file, destination, world }: Pick<Publication, 'file' | 'destination' | 'world'>, attempt: () => Promise<Settled | Unsettled>,
): Promise<Settled> {
  let last: Unsettled | undefined;
  return untilSettled(async () => {
    const outcome = await attempt();
    if (!isUnsettled(outcome)) return outcome;
    last = outcome;
    return undefined;
  }, {
    attempts: ATTEMPTS,
    failure: () => last === 'unanswered'
      ? new StoreUnavailableError('publishing', destination.bucket, key, { answer: destination.answerOf?.(key) })
      : new PublishConflictError(file, destination.bucket, key),
  }, world);
}

/** What an unacknowledged conditional write leaves open. */
export function unsettledBy(outcome: Exclude<ConditionalOutcome, 'done'>): Unsettled {
  return outcome === 'unknown' ? 'unanswered' : 'again';
}

function isUnsettled(outcome: unknown): outcome is Unsettled {
  return outcome === 'again' || outcome === 'unanswered';
}
