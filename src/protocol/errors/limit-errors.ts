import { plural } from '../plural';
import { DeployedAdvice } from './advice';
import { PageContext } from './import-context';
import { askedWith, PageError } from './page-error';
import { hintAfterChange } from './resume-hint';

/** More consecutive empty pages than `maxEmptyPages`. */
export class MaxEmptyPagesExceededError extends PageError {
  public static readonly NAME = 'MaxEmptyPagesExceededError';
  /** @param page the page that was not committed */
  constructor(page: PageContext, public readonly maxEmptyPages: number) {
    super(page, `Page ${page.pageNumber} was not committed: it is empty and not the last one, like the ${maxEmptyPages} ${plural(maxEmptyPages, 'page')} before it, and maxEmptyPages is `
      + `${maxEmptyPages}. ${askedWith(page)} Correct the handler if the source should have ended${DeployedAdvice.EMPTY_PAGES} `
      + `${hintAfterChange(page)}`);
  }
}

/** The import has `maxPages` pages, and the source has more. */
export class MaxPagesExceededError extends PageError {
  public static readonly NAME = 'MaxPagesExceededError';
  /** @param page the page that was not requested */
  constructor(page: PageContext, public readonly maxPages: number) {
    super(page, `Page ${page.pageNumber} was not requested: the import has ${page.pageNumber - 1} pages, and maxPages is ${maxPages}. ${askedWith(page)} `
      + `Correct the handler if the source should have ended; else raise maxPages and deploy. ${hintAfterChange(page)}`);
  }
}

/** With the next page, the import would exceed `maxRecords`. */
export class MaxRecordsExceededError extends PageError {
  public static readonly NAME = 'MaxRecordsExceededError';
  /** @param page the page that was not committed */
  constructor(
    page: PageContext, public readonly records: number, public readonly recordsBefore: number, public readonly maxRecords: number,
  ) {
    super(page, `Page ${page.pageNumber} was not committed: it has ${records} ${plural(records, 'record')}, the pages before it have ${recordsBefore}, and maxRecords is ${maxRecords}. `
      + `${askedWith(page)} Correct the handler if the source should have ended; else raise maxRecords and deploy. ${hintAfterChange(page)}`);
  }
}
