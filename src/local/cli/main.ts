import { readArguments, USAGE, UsageError } from './arguments';
import { runImport } from './run-import';

/** Exit codes: as shells and their users expect them. */
const FAILED = 1;
const WRONG_USAGE = 2;

/** Runs the command line. Resolves with the exit code. */
export async function main(args: readonly string[]): Promise<number> {
  try {
    const request = readArguments(args);
    if (request.command === 'run') return await runImport(request) ? 0 : FAILED;
    console.log(USAGE);
    return 0;
  } catch (error) {
    if (error instanceof UsageError) console.error(`cdk-paginated-import: ${error.message}\n\n${USAGE}`);
    else console.error(`cdk-paginated-import: ${(error as Error).message}`);
    return error instanceof UsageError ? WRONG_USAGE : FAILED;
  }
}
