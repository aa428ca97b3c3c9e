import { RepeatedPages } from '../../protocol/choices';
import { LoopGuardState } from '../../protocol/commit-record';
import { PageTokenLoopError, RepeatedPageError } from '../../protocol/errors';
import { JsonValue } from '../../protocol/json';
import { shortDigest, tokenDigest } from '../bytes/digest';
import { PageDigest } from '../bytes/page-digest';
import { AskedPage } from '../formats/asked-page';

/** Detects a source that never ends, in constant memory: it remembers the digests of one token and one page. */
export class LoopGuard {
  /** Digest of the last page; `undefined` if it had no records. */
  private lastPage: PageDigest | undefined;

  constructor(private state: LoopGuardState, private readonly repeatedPages: RepeatedPages) {
    this.lastPage = state.pageDigest === null ? undefined : PageDigest.ofSha256(state.pageDigest);
  }

  /**
   * Throws if the page shows that the source repeats itself. A refused page comes again after a resume, so record it only after all
   * guards have accepted it.
   *
   * @param digest of the page's content; `undefined` without records
   * @param nextPageToken the page's next token; `null` for none
   * @returns records the page
   */
  public check(page: AskedPage, digest: PageDigest | undefined, nextPageToken: JsonValue): () => void {
    // Two pages with the same content in a row: the source ignores the offset or the token.
    const isRepeated = digest !== undefined && this.lastPage !== undefined && digest.equals(this.lastPage);
    if (isRepeated && this.repeatedPages === RepeatedPages.FAIL) throw new RepeatedPageError(page, shortDigest(digest.sha256));
    const state = nextPageToken === null ? this.state : guardToken(this.state, page, nextPageToken);
    return () => {
      this.state = state;
      this.lastPage = digest;
    };
  }

  /** The state for the log. */
  public digested(): LoopGuardState {
    const pageDigest = this.lastPage?.sha256 ?? null;
    // Drops the text that the digest may hold, which is large.
    this.lastPage = pageDigest === null ? undefined : PageDigest.ofSha256(pageDigest);
    return this.state = { ...this.state, pageDigest };
  }
}

/**
 * Brent's cycle detection (R. P. Brent, An improved Monte Carlo factorization algorithm, 1980): compare every token with one
 * kept token, and replace the kept one after 1, 2, 4, 8, ... steps. A cycle of any length is detected within about three
 * times the pages before its first repetition.
 */
function guardToken(guard: LoopGuardState, page: AskedPage, nextPageToken: JsonValue): LoopGuardState {
  const digest = tokenDigest(nextPageToken);
  // Detects the most common loop at once, before Brent's kept token comes round.
  if (page.pageToken !== null && JSON.stringify(page.pageToken) === JSON.stringify(nextPageToken)) {
    throw new PageTokenLoopError(page, shortDigest(digest), 1);
  }
  const steps = guard.steps + 1;
  if (digest === guard.tokenDigest) throw new PageTokenLoopError(page, shortDigest(digest), steps);
  return steps === guard.power ? { ...guard, tokenDigest: digest, power: guard.power * 2, steps: 0 } : { ...guard, steps };
}
