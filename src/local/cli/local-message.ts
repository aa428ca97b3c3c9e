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
    [DeployedAdvice.TOTAL, 'Correct the source.'],
    [DeployedAdvice.CHANGE, ''],
  ] as const;
  const withoutHint = failed === undefined ? message : message.replace(resumeHint(failed), () => '').trimEnd();
  return advice.reduce((text, [deployed, local]) => text.replace(deployed, () => local), withoutHint).trimEnd();
}
