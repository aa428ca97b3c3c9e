import { DeployedAdvice, ImportContext, resumeHint } from '../../protocol/errors';

/**
 * An error's message without what holds for deployed imports only: there is nothing to redrive, to resume or to deploy.
 *
 * @param failed `undefined` where no import has begun
 * @param moduleAdvice what to do about a module that cannot be loaded
 */
export function localMessage(message: string, failed: ImportContext | undefined, moduleAdvice = 'Correct the module.'): string {
  const advice = [
    [DeployedAdvice.LOGS, 'What the source has logged stands above.'],
    [DeployedAdvice.MODULE, moduleAdvice],
    [DeployedAdvice.LOAD, 'If the cause has passed, run it again. Else correct the module or its environment.'],
    [DeployedAdvice.TOTAL, 'Correct the source if need be. Or, to write the records as they are, add --on-total-mismatch warn.'],
    [DeployedAdvice.PAGE_BYTES, 'Lower --page-size.'],
    [DeployedAdvice.REPEATED_PAGES, '; or, where equal pages are right for this source, add --repeated-pages allow.'],
    [DeployedAdvice.SHORT_PAGES, 'Or, if the source leaves out records by itself and nothing is missing, add --short-pages allow.'],
    [DeployedAdvice.FILTERING, ', and add --short-pages allow.'],
    [DeployedAdvice.EMPTY_PAGES, '; else raise --max-empty-pages.'],
    [DeployedAdvice.NON_FINITE_NUMBERS, '--non-finite-numbers null'],
    [DeployedAdvice.COLUMNS, '--columns'],
    [DeployedAdvice.CHANGE, ''],
  ] as const;
  const withoutHint = failed === undefined ? message : message.replace(resumeHint(failed), () => '').trimEnd();
  return advice.reduce((text, [deployed, local]) => text.replace(deployed, () => local), withoutHint).trimEnd();
}
