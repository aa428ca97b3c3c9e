import { writeFileSync } from 'node:fs';
import { HTTP_TOOLS } from '../../source/http/http-tools';
import { detectSource } from '../detect/detect-source';
import { proposalText } from '../detect/proposal-text';
import { visible } from '../visible';
import { DetectArguments } from './detect-arguments';
import { ExitCode } from './exit-code';
import { Interruption } from './interruption';
import { OutputFile } from './output-file';
import { TemporaryFiles } from './temporary-files';

/**
 * Proposes settings for a source: on standard output, or in a file. The reasons go to standard error. Resolves with the exit code.
 *
 * @throws UsageError if the file cannot be written
 */
export async function runDetect({ out, force, ...request }: DetectArguments): Promise<ExitCode> {
  using temporary = new TemporaryFiles();
  using interruption = new Interruption();
  const file = out === undefined ? undefined : new OutputFile(out, { force, sources: [], temporary });
  try {
    const proposal = await detectSource({ ...request, signal: interruption.signal }, { ...HTTP_TOOLS, log: () => {} });
    const text = JSON.stringify(proposal.settings, undefined, 2);
    console.error(proposalText(proposal));
    if (file === undefined) console.log(text);
    else await write(file, text);
    return ExitCode.SUCCEEDED;
  } catch (error) {
    if (interruption.exitCode !== undefined) return interruption.exitCode;
    console.error(`No settings were found: ${visible(commandMessage((error as Error).message))}`);
    return ExitCode.FAILED;
  }
}

async function write(file: OutputFile, text: string): Promise<void> {
  writeFileSync(file.draft, `${text}\n`);
  await file.publish();
}

/** The engine's advice is for settings, which do not exist yet. */
function commandMessage(message: string): string {
  return message.replace('set privateNetwork to true', 'add --private-network').replace('the proposal: credentials', 'credentials');
}
