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
      : `the source has others at offset ${shortPage.offset}`;
    super(page, `Page ${number} has ${records} of the ${pageSize} records that it was asked for, but ${evidence}: records were skipped. ${newImportWith(shortPage)} `
      + `${DeployedAdvice.SHORT_PAGES} ${hintAfterChange(page)}`);
    this.closing = { page: page.pageNumber, unless: FailureUnless.SHORT_PAGES_ALLOWED };
  }
}

/** What is known of a short page. */
export type ShortPage = CountedPage & {
  readonly pageSize: number;
  /** Records of the largest page so far. */
  readonly mostRecords: number;
} & (
  /** A later page is not empty. */
  { readonly shownBy: 'later page' }
  /** The source was asked once more, where the short page ends. */
  | { readonly shownBy: 'question'; readonly offset: number }
);

/** A source that has filled a page does not give fewer than that: then a smaller page size helps nothing. */
function newImportWith({ mostRecords, pageSize }: ShortPage): string {
  const withTokens = 'with a handler that answers { records, nextPageToken }.';
  return mostRecords > 0 && mostRecords < pageSize
    ? `If the source gives at most ${mostRecords} records at a time, start a new import with pageSize ${mostRecords}, or ${withTokens}`
    : `Start a new import ${withTokens}`;
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
