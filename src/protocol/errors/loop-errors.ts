import { plural } from '../plural';
import { DeployedAdvice } from './advice';
import { PageContext } from './import-context';
import { askedWith, PageError } from './page-error';
import { Closing } from './paginated-import-error';
import { hintAfterChange } from './resume-hint';

/** The source's page tokens form a loop. */
export class PageTokenLoopError extends PageError {
  public static readonly NAME = 'PageTokenLoopError';
  /** In a loop of one page, nothing wrong is committed. In a longer loop, an unknown number of rounds may be. */
  public override readonly closing: Closing | undefined;

  /** @param endDigest digest of the token that the page ended with, shortened like the page's own */
  constructor(page: PageContext, public readonly endDigest: string, public readonly cycleLength: number) {
    super(page, `The page token that page ${page.pageNumber} ended with (SHA-256 ${endDigest}) was seen ${cycleLength} ${plural(cycleLength, 'page')} before: `
      + `the source repeats itself and would never end. ${askedWith(page)} ${cycleLength > 1
        ? 'Pages of the loop may have been committed several times, so this import cannot be resumed. Correct the handler\'s nextPageToken, and '
        + 'start a new import.'
        : `The page was not committed, and those before it are correct. Correct the handler's nextPageToken. ${hintAfterChange(page)}`}`);
    this.closing = cycleLength > 1 ? { page: page.pageNumber } : undefined;
  }
}

/** A page has the same content as the one before it. */
export class RepeatedPageError extends PageError {
  public static readonly NAME = 'RepeatedPageError';
  constructor(page: PageContext, public readonly contentDigest: string) {
    super(page, `Page ${page.pageNumber} has the same records as the page before it (SHA-256 ${contentDigest}): the source probably ignores `
      + `the offset or the token. ${askedWith(page)} The page was not committed, and the one before it was committed once. Correct the handler's request`
      + `${DeployedAdvice.REPEATED_PAGES} ${hintAfterChange(page)}`);
  }
}
