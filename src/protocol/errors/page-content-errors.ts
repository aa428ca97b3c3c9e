import { DeployedAdvice } from './advice';
import { PageContext } from './import-context';
import { askedWith, PageError } from './page-error';
import { hintAfterChange } from './resume-hint';

/** A record has a field that is not a column of the CSV. */
export class UnknownColumnError extends PageError {
  public static readonly NAME = 'UnknownColumnError';
  /**
   * @param index index of the record in its page
   * @param column the field's name; `undefined` if it does not look like a name and may be data
   */
  constructor(page: PageContext, public readonly index: number, public readonly column: string | undefined) {
    super(page, `Page ${page.pageNumber} was refused: records[${index}] has ${column === undefined ? 'a field' : `the field ${column}`}, which is not a column of the CSV. `
      + `The columns come from the construct's format or, if it has none, from the import's first record. ${askedWith(page)} `
      + 'Correct the handler so that it omits the field; or start a new import that includes the column or drops unknown columns. '
      + hintAfterChange(page));
  }
}

/** One page does not fit in the fetch function's memory. */
export class PageTooLargeError extends PageError {
  public static readonly NAME = 'PageTooLargeError';
  constructor(page: PageContext, public readonly bytes: number, public readonly limitBytes: number) {
    super(page, `Page ${page.pageNumber} has at least ${bytes} bytes as text; the limit for this fetch function is ${limitBytes}. ${askedWith(page)} `
      + `${DeployedAdvice.PAGE_BYTES} ${hintAfterChange(page)}`);
  }
}
