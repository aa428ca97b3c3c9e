import { DeployedAdvice } from './advice';
import { PageContext } from './import-context';
import { askedWith, PageError } from './page-error';
import { hintAfterChange } from './resume-hint';

/** A record has a field that is no column of the CSV. */
export class UnknownColumnError extends PageError {
  public static readonly NAME = 'UnknownColumnError';
  /**
   * @param index of the record in its page
   * @param column the field's name; `undefined` where it does not look like one, and may be data
   */
  constructor(page: PageContext, public readonly index: number, public readonly column: string | undefined) {
    super(page, `Page ${page.pageNumber} was refused: records[${index}] has ${column === undefined ? 'a field' : `the field ${column}`}, which is no column of the CSV. `
      + `The columns are those of the construct's format or, without any, the fields of the import's first record. ${askedWith(page)} `
      + 'Correct the handler, so that it leaves the field out; or start a new import with the column among those of the format, or with unknown columns '
      + `dropped. ${hintAfterChange(page)}`);
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
