import { RESUME_FROM } from '../fetch-contract';
import { DeployedAdvice } from './advice';
import { ImportContext } from './import-context';

/**
 * How to resume a failed import, as the end of a message. It is always right to redrive the execution that started the import, wherever it
 * failed: in a child execution, a resumed one or inside a larger machine. The log says where to continue.
 *
 * The input of a larger machine is not the import's. An item of a Distributed Map is redriven through the execution that contains the Map,
 * whose ARN the item does not know. https://docs.aws.amazon.com/step-functions/latest/dg/redrive-map-run.html
 */
export function resumeHint(failed: ImportContext): string {
  const input = JSON.stringify({ [RESUME_FROM]: failed.importId });
  const ways = failed.embedded === true
    ? `redrive with ${redriveCommand(failed)} (for an item of a Distributed Map, redrive the execution that holds the Map), or start a new execution of `
      + `the larger machine in which the import's own first state gets ${input} as its input`
    : `redrive with ${redriveCommand(failed)}, or start a new execution with ${input}`;
  return `Nothing committed is lost: ${ways}.`;
}

/** The same for failures that a resume alone would repeat. Follows the text that says what to change. */
export function hintAfterChange(failed: ImportContext): string {
  return `${DeployedAdvice.CHANGE} ${resumeHint(failed)}`;
}

function redriveCommand({ executionArn }: ImportContext): string {
  return `\`aws stepfunctions redrive-execution --execution-arn ${executionArn}\``;
}
