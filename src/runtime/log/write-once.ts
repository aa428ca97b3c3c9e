import { StoreUnavailableError } from '../../protocol/errors';
import { ObjectStore } from '../ports/object-store';
import { World } from '../ports/ports';
import { untilSettled } from '../ports/until-settled';

const ATTEMPTS = 6;

/**
 * Fills a slot that is written at most once, even if several writers try. Resolves with what the slot holds: `body`, or what another writer
 * (or an earlier, late attempt of this one) put there first.
 *
 * Only the store knows who was first. Unless it acknowledges the write, the slot is read:
 *
 * ```
 * PUT -> 200                                  ours
 * PUT -> 412/409/5xx/time-out -> GET present  the slot is settled: adopt it, ours or not
 *                                GET absent   put the same body again: if the first PUT still arrives, one of the two is refused
 *                                GET fails    throw: the next reader settles the slot
 * ```
 *
 * @throws StoreUnavailableError if the slot is still empty after all attempts
 */
export async function writeOnce(store: ObjectStore, key: string, body: Uint8Array, world: World): Promise<Uint8Array> {
  return untilSettled(async () => {
    if (await store.writeIf(key, body, 'absent') === 'done') return body;
    return store.read(key);
  }, {
    attempts: ATTEMPTS,
    failure: () => new StoreUnavailableError('the conditional PutObject', store.bucket, key, { answer: store.answerOf?.(key) }),
  }, world);
}
