import { DeployedAdvice } from './advice';
import { PageContext } from './import-context';
import { askedWith, PageError } from './page-error';
import { hintAfterChange } from './resume-hint';

/** More empty pages in a row than the import may have. */
export class MaxEmptyPagesExceededError extends PageError {
  public static readonly NAME = 'MaxEmptyPagesExceededError';
  /** @param page the page that was not committed */
  constructor(page: PageContext, public readonly maxEmptyPages: number) {
    super(page, `Page ${page.pageNumber} was not committed: it is empty and not the last one, as are the ${maxEmptyPages} pages before it, and maxEmptyPages is `
      + `${maxEmptyPages}. ${askedWith(page)} Correct the handler if the source should have ended${DeployedAdvice.EMPTY_PAGES} `
      + `${hintAfterChange(page)}`);
  }
}

/** The import has as many pages as it may have, and the source has more. */
export class MaxPagesExceededError extends PageError {
  public static readonly NAME = 'MaxPagesExceededError';
  /** @param page the page that was not asked for any more */
  constructor(page: PageContext, public readonly maxPages: number) {
    super(page, `Page ${page.pageNumber} was not asked for: the import has ${page.pageNumber - 1} pages, and maxPages is ${maxPages}. ${askedWith(page)} `
      + `Correct the handler if the source should have ended; else raise maxPages and deploy. ${hintAfterChange(page)}`);
  }
}

/** One more page would give the import more records than it may have. */
export class MaxRecordsExceededError extends PageError {
  public static readonly NAME = 'MaxRecordsExceededError';
  /** @param page the page that was not committed */
  constructor(
    page: PageContext, public readonly records: number, public readonly recordsBefore: number, public readonly maxRecords: number,
  ) {
    super(page, `Page ${page.pageNumber} was not committed: it has ${records} records, the pages before it have ${recordsBefore}, and maxRecords is ${maxRecords}. `
      + `${askedWith(page)} Correct the handler if the source should have ended; else raise maxRecords and deploy. ${hintAfterChange(page)}`);
  }
}
