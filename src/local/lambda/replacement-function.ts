import { randomUUID } from 'node:crypto';
import { functionErrorOf } from './function-error';
import { failed, InvocationOutcome, InvokableFunction, succeeded } from './invocation';

/** Replaces a Lambda function, in this thread. What it throws becomes the function's error. */
export type Replacement = (payload: unknown) => unknown;

/** A function that runs instead of a Lambda function's own code. Payloads still go through JSON. */
export class ReplacementFunction implements InvokableFunction {
  constructor(readonly name: string, readonly arn: string, private readonly replacement: Replacement) {}

  async invoke(payload: string): Promise<InvocationOutcome> {
    const requestId = randomUUID();
    try {
      return succeeded(requestId, JSON.stringify(await this.replacement(JSON.parse(payload))) ?? 'null');
    } catch (error) {
      return failed(requestId, functionErrorOf(error));
    }
  }

  async close(): Promise<void> {}
}
