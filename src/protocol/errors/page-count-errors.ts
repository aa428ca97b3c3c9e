import { CountedPage } from '../count-guard-state';
import { FailureUnless } from '../log-failure';
import { DeployedAdvice } from './advice';
import { PageContext } from './import-context';
import { PageError } from './page-error';
import { Closing } from './paginated-import-error';
import { hintAfterChange } from './resume-hint';

/** A page by offset has fewer records than asked for, and there are more behind it: those between were not read. */
export class ShortPageError extends PageError {
  public static readonly NAME = 'ShortPageError';
  public override readonly closing: Closing;

  /** @param page the page that has shown it, or that was asked for once more before the end */
  constructor(page: PageContext, public readonly shortPage: ShortPage) {
    const { page: number, records, pageSize, shownBy } = shortPage;
    const evidence = shownBy === 'later page'
      ? `page ${page.pageNumber}, whose offset lies behind all ${pageSize}, is not empty`
      : `the source has others at offset ${shortPage.offset + records}`;
    super(page, `Page ${number} has ${records} of the ${pageSize} records that it was asked for, but ${evidence}: records were skipped. ${newImportWith(shortPage)} `
      + `${DeployedAdvice.SHORT_PAGES} ${hintAfterChange(page)}`);
    this.closing = { page: page.pageNumber, unless: FailureUnless.SHORT_PAGES_ALLOWED };
  }
}

/** What is known of a short page. */
export interface ShortPage extends CountedPage {
  readonly pageSize: number;
  /** Records of the largest page so far. */
  readonly mostRecords: number;
  /** By a later page that is not empty, or by asking the source once more, where the short page ends. */
  readonly shownBy: 'later page' | 'question';
}

/** A source that has filled a page does not give fewer than that: then a smaller page size helps nothing. */
function newImportWith({ mostRecords, pageSize }: ShortPage): string {
  const withTokens = 'with a handler that answers { records, nextPageToken }.';
  return mostRecords > 0 && mostRecords < pageSize
    ? `If the source gives at most ${mostRecords === 1 ? '1 record' : `${mostRecords} records`} at a time, start a new import with pageSize ${mostRecords}, or ${withTokens}`
    : `Start a new import ${withTokens}`;
}

/** An empty array would have ended the import, and there are records behind it. */
export class EarlyEndError extends PageError {
  public static readonly NAME = 'EarlyEndError';

  /** @param page the page that was not committed */
  constructor(page: PageContext) {
    super(page, `Page ${page.pageNumber} is an empty array, which ends an import, but the page after it has records. The handler probably leaves records out by `
      + 'itself, and has left out all of this page. The page was not committed. Correct the handler: answer { records, hasMore } or '
      + `{ records, nextPageToken }${DeployedAdvice.FILTERING} ${hintAfterChange(page)}`);
  }
}

/** A page by offset has more records than asked for, and there are more behind it: those come twice. */
export class LongPageError extends PageError {
  public static readonly NAME = 'LongPageError';
  public override readonly closing: Closing;

  /** @param page the page that has shown it */
  constructor(page: PageContext, public readonly longPage: CountedPage, public readonly pageSize: number) {
    const { page: number, records } = longPage;
    super(page, `Page ${number} has ${records} records, though it was asked for ${pageSize}, and page ${page.pageNumber} is not empty. Offsets grow by pageSize, so `
      + `records come twice. This import keeps its page size and cannot be resumed. Start a new import with pageSize ${records}, or with a handler that `
      + 'answers { records, nextPageToken }.');
    this.closing = { page: page.pageNumber };
  }
}
