import { randomUUID } from 'node:crypto';
import { EXECUTION_NAME_CHARACTERS } from '../../protocol/limits';
import { StepFunctionsError } from './step-functions-error';

/** https://docs.aws.amazon.com/step-functions/latest/apireference/API_StartExecution.html */
// eslint-disable-next-line no-control-regex
const REFUSED = /[\s<>{}[\]?*"#%\\^|~`$&,;:/\u0000-\u001f\u007f-\u009f]/;

/** The name itself, or a new one. @throws StepFunctionsError if Step Functions would refuse it */
export function executionName(name: string = randomUUID()): string {
  if (name.length > 0 && name.length <= EXECUTION_NAME_CHARACTERS && !REFUSED.test(name)) return name;
  throw new StepFunctionsError('InvalidName',
    `Invalid Name: '${name}'. An execution's name has 1 to ${EXECUTION_NAME_CHARACTERS} characters, without white space, brackets, wildcards and special characters.`);
}
