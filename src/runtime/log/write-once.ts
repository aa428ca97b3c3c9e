import { StoreUnavailableError } from '../../protocol/errors';
import { pauseBeforeAskingAgain } from '../ports/backoff';
import { ObjectStore } from '../ports/object-store';
import { World } from '../ports/ports';

const ATTEMPTS = 6;

/**
 * Fills a slot that is written at most once, whoever else tries, and resolves with what the slot holds: `body` itself, or what
 * another writer (or an earlier, late attempt of this one) put there first.
 *
 * Only the store's own word counts. After anything but an acknowledgement the slot is read again:
 *
 * ```
 * PUT -> 200                                  ours
 * PUT -> 412/409/5xx/time-out -> GET present  the slot is settled: adopt it, be it ours or not
 *                                GET absent   put the same body again: should the first PUT still arrive, one of the two is refused
 *                                GET fails    throw: a reader of the log decides later
 * ```
 *
 * @throws StoreUnavailableError when the slot stays empty however often it is written
 */
export async function writeOnce(store: ObjectStore, key: string, body: Uint8Array, world: World): Promise<Uint8Array> {
  for (let attempt = 1; attempt <= ATTEMPTS; attempt++) {
    if (await store.writeIf(key, body, 'absent') === 'done') return body;
    const settled = await store.read(key);
    if (settled !== undefined) return settled;
    await pauseBeforeAskingAgain(attempt, world);
  }
  throw new StoreUnavailableError('the conditional PutObject', store.bucket, key, { answer: store.answerOf?.(key) });
}
