import { randomUUID } from 'node:crypto';
import { StepFunctionsError } from './step-functions-error';

/** https://docs.aws.amazon.com/step-functions/latest/apireference/API_StartExecution.html */
const LONGEST_NAME = 80;
// eslint-disable-next-line no-control-regex
const REFUSED = /[\s<>{}[\]?*"#%\\^|~`$&,;:/\u0000-\u001f\u007f-\u009f]/;

/** The name itself, or a new one. @throws StepFunctionsError where Step Functions would refuse it */
export function executionName(name: string = randomUUID()): string {
  if (name.length > 0 && name.length <= LONGEST_NAME && !REFUSED.test(name)) return name;
  throw new StepFunctionsError('InvalidName',
    `Invalid Name: '${name}'. An execution's name has 1 to ${LONGEST_NAME} characters, without white space, brackets, wildcards and special characters.`);
}
