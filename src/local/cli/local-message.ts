import { DeployedAdvice, ImportContext, resumeHint } from '../../protocol/errors';

/**
 * An error's message without the parts that only apply to deployed imports: locally, nothing can be redriven, resumed or deployed.
 *
 * @param failed `undefined` if no import has begun
 * @param moduleAdvice what to do about a module that cannot be loaded
 */
export function localMessage(message: string, failed: ImportContext | undefined, moduleAdvice = 'Correct the module.'): string {
  const advice = [
    [DeployedAdvice.LOGS, 'The source\'s log output is above.'],
    [DeployedAdvice.MODULE, moduleAdvice],
    [DeployedAdvice.LOAD, 'If the cause has passed, run it again. Else correct the module or its environment.'],
    [DeployedAdvice.TOTAL, 'Correct the source if necessary. Or, to write the records as they are, add --on-total-mismatch warn.'],
    [DeployedAdvice.PAGE_BYTES, 'Lower --page-size.'],
    [DeployedAdvice.REPEATED_PAGES, '; or, if equal pages are correct for this source, add --repeated-pages allow.'],
    [DeployedAdvice.SHORT_PAGES, 'Or, if the source filters records itself and nothing is missing, add --short-pages allow.'],
    [DeployedAdvice.FILTERING, ', and add --short-pages allow.'],
    [DeployedAdvice.EMPTY_PAGES, '; else raise --max-empty-pages.'],
    [DeployedAdvice.NON_FINITE_NUMBERS, '--non-finite-numbers null'],
    [DeployedAdvice.COLUMNS, '--columns'],
    [DeployedAdvice.DESTINATION, 'Put the old destination back.'],
    [DeployedAdvice.CHANGE, ''],
  ] as const;
  const withoutHint = failed === undefined ? message : message.replace(resumeHint(failed), () => '').trimEnd();
  return advice.reduce((text, [deployed, local]) => text.replace(deployed, () => local), withoutHint).trimEnd();
}
