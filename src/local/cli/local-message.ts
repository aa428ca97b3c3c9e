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
    [DeployedAdvice.TOTAL, 'Correct the source.'],
    [DeployedAdvice.PAGE_BYTES, 'Lower --page-size.'],
    [DeployedAdvice.REPEATED_PAGES, '.'],
    // The command has no such switch: a handler that leaves records out answers with tokens there.
    [DeployedAdvice.SHORT_PAGES, 'Or, if the source leaves out records by itself, answer with nextPageToken.'],
    [DeployedAdvice.EMPTY_PAGES, '.'],
    [DeployedAdvice.CHANGE, ''],
  ] as const;
  const withoutHint = failed === undefined ? message : message.replace(resumeHint(failed), () => '').trimEnd();
  return advice.reduce((text, [deployed, local]) => text.replace(deployed, () => local), withoutHint).trimEnd();
}
