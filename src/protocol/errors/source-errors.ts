import { sentence } from '../sentence';
import { DeployedAdvice } from './advice';
import { PageContext } from './import-context';
import { PageError } from './page-error';
import { PaginatedImportError } from './paginated-import-error';
import { quoted } from './quoted';
import { resumeHint } from './resume-hint';

/** The user's module cannot be used. */
export class SourceModuleError extends PaginatedImportError {
  public static readonly NAME = 'SourceModuleError';
  public readonly problem: string;

  constructor(problem: string, options?: ErrorOptions) {
    super(`The fetch-page module cannot be used: ${sentence(quoted(problem))} Its default export must be a function of the request, or what defineSource `
      + `returns. ${DeployedAdvice.MODULE}`, options);
    this.problem = quoted(problem);
  }
}

/** The user's module threw while it was loaded. The cause may be transient. */
export class SourceLoadError extends PageError {
  public static readonly NAME = 'SourceLoadError';
  public readonly reason: string;

  constructor(page: PageContext, reason: string, options?: ErrorOptions) {
    super(page, `The fetch-page module could not be loaded for page ${page.pageNumber}: ${sentence(quoted(reason))} ${DeployedAdvice.LOAD} ${resumeHint(page)}`,
      options);
    this.reason = quoted(reason);
  }
}
