import { CountedPage } from '../count-guard-state';
import { FailureUnless } from '../log-failure';
import { plural } from '../plural';
import { DeployedAdvice } from './advice';
import { PageContext } from './import-context';
import { PageError } from './page-error';
import { Closing } from './paginated-import-error';
import { hintAfterChange } from './resume-hint';

/** A page by offset has fewer records than requested and is not the last one: the records in between were not read. */
export class ShortPageError extends PageError {
  public static readonly NAME = 'ShortPageError';
  public override readonly closing: Closing;

  /** @param page the page that revealed it, or that was requested once more before the end */
  constructor(page: PageContext, public readonly shortPage: ShortPage) {
    const { page: number, records, pageSize, shownBy } = shortPage;
    const evidence = shownBy === 'later page'
      ? `page ${page.pageNumber}, which starts after all ${pageSize}, is not empty`
      : `the source has more at offset ${shortPage.offset + records}`;
    super(page, `Page ${number} has ${records} of the ${pageSize} requested records, but ${evidence}: records were skipped. ${newImportWith(shortPage)} `
      + `${DeployedAdvice.SHORT_PAGES} ${hintAfterChange(page)}`);
    this.closing = { page: page.pageNumber, unless: FailureUnless.SHORT_PAGES_ALLOWED };
  }
}

/** What is known about a short page. */
export interface ShortPage extends CountedPage {
  readonly pageSize: number;
  /** Records of the largest page so far. */
  readonly mostRecords: number;
  /** A later page that is not empty, or one more request to the source, at the end of the short page. */
  readonly shownBy: 'later page' | 'question';
}

/** If the source has filled a page, pageSize does not exceed its limit, and a smaller one would not help. */
function newImportWith({ mostRecords, pageSize }: ShortPage): string {
  const withTokens = 'with a handler that answers { records, nextPageToken }.';
  return mostRecords > 0 && mostRecords < pageSize
    ? `If the source returns at most ${mostRecords} ${plural(mostRecords, 'record')} at a time, start a new import with pageSize ${mostRecords}, or ${withTokens}`
    : `Start a new import ${withTokens}`;
}

/** An empty array would have ended the import, but there are records after it. */
export class EarlyEndError extends PageError {
  public static readonly NAME = 'EarlyEndError';

  /** @param page the page that was not committed */
  constructor(page: PageContext) {
    super(page, `Page ${page.pageNumber} is an empty array, which ends an import, but the page after it has records. The handler probably filters records `
      + 'itself and dropped all of this page. The page was not committed. Correct the handler: answer { records, hasMore } or '
      + `{ records, nextPageToken }${DeployedAdvice.FILTERING} ${hintAfterChange(page)}`);
  }
}

/** A page by offset has more records than requested and is not the last one: the extra records are duplicated. */
export class LongPageError extends PageError {
  public static readonly NAME = 'LongPageError';
  public override readonly closing: Closing;

  /** @param page the page that revealed it */
  constructor(page: PageContext, public readonly longPage: CountedPage, public readonly pageSize: number) {
    const { page: number, records } = longPage;
    super(page, `Page ${number} has ${records} ${plural(records, 'record')}, but ${pageSize} were requested, and page ${page.pageNumber} is not empty. Offsets grow by pageSize, so `
      + `records are duplicated. This import keeps its page size and cannot be resumed. Start a new import with pageSize ${records}, or with a handler that `
      + 'answers { records, nextPageToken }.');
    this.closing = { page: page.pageNumber };
  }
}
