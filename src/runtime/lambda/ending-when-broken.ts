import { ModuleSource } from '../sources/module-source';
import { StepHandler } from './step';

/**
 * Turns of the event loop until a failure has been reported: Lambda's runtime reports it at once or one turn later, and synchronously.
 * Holds for Node.js 24 and earlier, `aws-lambda-ric` 3 and 4.
 */
const TURNS_UNTIL_REPORTED = 2;

/**
 * Ends the process after an invocation that has broken it, once the failure has been reported: the retry gets a new process. Lambda's
 * runtime for Node.js 22 does the same after unhandled errors.
 *
 * @param exit ends the process
 */
export function endingWhenBroken<Request, Result>(
  source: Pick<ModuleSource, 'broken' | 'endInvocation'>, handler: StepHandler<Request, Result>, exit: () => void = () => process.exit(1),
): StepHandler<Request, Result> {
  return async (request, context) => {
    try {
      return await handler(request, context);
    } finally {
      source.endInvocation();
      if (source.broken !== undefined) afterTurns(TURNS_UNTIL_REPORTED, exit);
    }
  };
}

function afterTurns(turns: number, callBack: () => void): void {
  setImmediate(turns === 1 ? callBack : () => afterTurns(turns - 1, callBack));
}
