import { RESUME_FROM } from '../fetch-contract';
import { DeployedAdvice } from './advice';
import { ImportContext } from './import-context';

/**
 * How to go on with a failed import, as the end of a message. Redriving the execution that started it is right wherever it failed, in
 * a child execution, in a resumed one or inside a larger machine: the log says where to go on.
 *
 * The input of a larger machine is not the import's. And an item of a Distributed Map is redriven by the execution that holds the Map,
 * whose ARN the item does not know. https://docs.aws.amazon.com/step-functions/latest/dg/redrive-map-run.html
 */
export function resumeHint(failed: ImportContext): string {
  const input = JSON.stringify({ [RESUME_FROM]: failed.importId });
  const ways = failed.embedded === true
    ? `redrive by ${redriveCommand(failed)} (for an item of a Distributed Map, redrive the execution that holds the Map), or start a new execution of `
      + `the larger machine in which the import's own first state gets ${input} as its input`
    : `redrive by ${redriveCommand(failed)}, or start a new execution with ${input}`;
  return `Nothing that was committed is lost: ${ways}.`;
}

/** The same where a resume alone would come to the same failure. Stands behind what is to be changed. */
export function hintAfterChange(failed: ImportContext): string {
  return `${DeployedAdvice.CHANGE} ${resumeHint(failed)}`;
}

function redriveCommand({ executionArn }: ImportContext): string {
  return `\`aws stepfunctions redrive-execution --execution-arn ${executionArn}\``;
}
