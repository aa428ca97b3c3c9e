import { readArguments } from './arguments';
import { ExitCode } from './exit-code';
import { runDetect } from './run-detect';
import { runImport } from './run-import';
import { runPreview } from './run-preview';
import { USAGE } from './usage';
import { UsageError } from './usage-error';

const NAME = 'cdk-paginated-import';

/** Set when the command is bundled. */
const VERSION = process.env.CDK_PAGINATED_IMPORT_VERSION ?? 'unbundled';

/** Runs the command line. Resolves with the exit code. */
export async function main(args: readonly string[]): Promise<ExitCode> {
  try {
    const request = readArguments(args);
    if (request.command === 'run') return await runImport(request);
    if (request.command === 'preview') return await runPreview(request);
    if (request.command === 'detect') return await runDetect(request);
    console.log(request.command === 'help' ? USAGE : VERSION);
    return ExitCode.SUCCEEDED;
  } catch (error) {
    console.error(`${NAME}: ${(error as Error).message}`);
    if (!(error instanceof UsageError)) return ExitCode.FAILED;
    console.error(`All options: ${NAME} --help`);
    return ExitCode.WRONG_USAGE;
  }
}
