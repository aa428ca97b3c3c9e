import { RepeatedPages } from '../../protocol/choices';
import { LoopGuardState } from '../../protocol/commit-record';
import { CHUNK_BYTES } from '../../protocol/defaults';
import { PageTokenLoopError, RepeatedPageError } from '../../protocol/errors';
import { JsonValue } from '../../protocol/json';
import { sha256, shortDigest, tokenDigest } from '../bytes/digest';
import { AskedPage } from '../formats/asked-page';

/** Longest text that is kept, in characters. One that is longer fills a chunk, and is dropped with it, unless it is compressed. */
const LONGEST_TEXT = CHUNK_BYTES;

/**
 * Notices a source that never ends, in constant memory: what it remembers is one token's digest and one page, however long the import is.
 * Of a page that was committed it remembers the digest. Of one that was not, the text, which is there anyhow: to compare texts takes no
 * time where they differ, and to hash every page would take a third of the time that it takes to make its text.
 */
export class LoopGuard {
  /** The last page's text; `undefined` where its digest is in the state. */
  private lastText: string | undefined;

  constructor(private state: LoopGuardState, private readonly repeatedPages: RepeatedPages) {}

  /**
   * Throws when one more page shows that the source goes round in a circle. A page that is refused comes again after a resume, so nothing
   * is noted of it before the others have let it pass.
   *
   * @param text the page's own, whatever stands around it, and whatever it leaves out
   * @param nextPageToken the token that it ended with; `null` for none
   * @returns what takes note of the page
   */
  public check(page: AskedPage, text: string, nextPageToken: JsonValue): () => void {
    if (text !== '' && this.repeatedPages === RepeatedPages.FAIL && this.isLast(text)) throw new RepeatedPageError(page, shortDigest(sha256(text)));
    const state = nextPageToken === null ? this.state : guardToken(this.state, page, nextPageToken);
    return () => {
      this.state = state;
      this.lastText = text;
      if (text.length > LONGEST_TEXT) this.digested();
    };
  }

  /** What the log is to remember. The last page's text is dropped. */
  public digested(): LoopGuardState {
    if (this.lastText !== undefined) this.state = { ...this.state, pageDigest: this.lastText === '' ? null : sha256(this.lastText) };
    this.lastText = undefined;
    return this.state;
  }

  /** Two non-empty pages running with the same content: the source ignores the offset or the token. */
  private isLast(text: string): boolean {
    if (this.lastText !== undefined) return text === this.lastText;
    return this.state.pageDigest !== null && sha256(text) === this.state.pageDigest;
  }
}

/**
 * Brent's cycle detection (R. P. Brent, An improved Monte Carlo factorization algorithm, 1980): compare every token with one
 * kept token, and replace the kept one after 1, 2, 4, 8, ... steps. A cycle of any length is noticed within about three
 * times the pages before its first repetition.
 */
function guardToken(guard: LoopGuardState, page: AskedPage, nextPageToken: JsonValue): LoopGuardState {
  const digest = tokenDigest(nextPageToken);
  // The commonest loop is noticed at once, not when Brent's kept token comes by.
  if (page.pageToken !== null && JSON.stringify(page.pageToken) === JSON.stringify(nextPageToken)) {
    throw new PageTokenLoopError(page, shortDigest(digest), 1);
  }
  const steps = guard.steps + 1;
  if (digest === guard.tokenDigest) throw new PageTokenLoopError(page, shortDigest(digest), steps);
  return steps === guard.power ? { ...guard, tokenDigest: digest, power: guard.power * 2, steps: 0 } : { ...guard, steps };
}
