import { LoopGuardState } from '../../protocol/commit-record';
import { PageContext, PageTokenLoopError, RepeatedPageError } from '../../protocol/errors';
import { JsonValue } from '../../protocol/json';
import { sha256, shortDigest, tokenDigest } from './digest';

/**
 * Notices a source that never ends, in constant memory: what it remembers is one token's digest and one page's, however long
 * the import is.
 */

/** The guard after one more page. Throws when the page shows that the source goes round in a circle. */
export function guardPage(guard: LoopGuardState, page: GuardedPage): LoopGuardState {
  return guardToken({ ...guard, pageDigest: guardContent(guard, page) }, page);
}

/** What the guard looks at. */
export interface GuardedPage extends PageContext {
  /** The page as JSON Lines. */
  readonly bytes: Uint8Array;
  /** The token that it was fetched with. */
  readonly pageToken: JsonValue;
  /** The token that it ended with; `null` for none. */
  readonly nextPageToken: JsonValue;
}

/** Two non-empty pages running with the same content: the source ignores the offset or the token. */
function guardContent(guard: LoopGuardState, page: GuardedPage): string | null {
  if (page.bytes.byteLength === 0) return null;
  const digest = sha256(page.bytes);
  if (digest === guard.pageDigest) throw new RepeatedPageError(page, shortDigest(digest));
  return digest;
}

/**
 * Brent's cycle detection (R. P. Brent, An improved Monte Carlo factorization algorithm, 1980): compare every token with one
 * kept token, and replace the kept one after 1, 2, 4, 8, ... steps. A cycle of any length is noticed within about three
 * times the pages before its first repetition.
 */
function guardToken(guard: LoopGuardState, page: GuardedPage): LoopGuardState {
  if (page.nextPageToken === null) return guard;
  const digest = tokenDigest(page.nextPageToken);
  // The commonest loop is noticed at once, not when Brent's kept token comes by.
  if (page.pageToken !== null && digest === tokenDigest(page.pageToken)) throw new PageTokenLoopError(page, shortDigest(digest), 1);
  const steps = guard.steps + 1;
  if (digest === guard.tokenDigest) throw new PageTokenLoopError(page, shortDigest(digest), steps);
  return steps === guard.power ? { ...guard, tokenDigest: digest, power: guard.power * 2, steps: 0 } : { ...guard, steps };
}
