import { LAMBDA_RESPONSE_BYTES } from '../../protocol/limits';
import { FunctionError, LambdaErrorType } from './function-error';

/** How an invocation of a function ended. */
export interface InvocationOutcome {
  readonly requestId: string;
  /** JSON: what the handler returned, or a `FunctionError`. */
  readonly payload: string;
  readonly failed: boolean;
}

/** A function that can be invoked by its name. */
export interface InvokableFunction {
  readonly name: string;
  readonly arn: string;
  /** @param payload JSON */
  invoke(payload: string): Promise<InvocationOutcome>;
  /** Stops running invocations and releases resources. */
  close(): Promise<void>;
}

/** A line that a function logged. */
export interface FunctionLogLine {
  readonly functionName: string;
  readonly stream: 'stdout' | 'stderr';
  readonly text: string;
}

export function succeeded(requestId: string, payload: string): InvocationOutcome {
  return { requestId, payload, failed: false };
}

/** The outcome for a function's response. Lambda refuses one that is too large. */
export function answered(requestId: string, payload: string): InvocationOutcome {
  if (Buffer.byteLength(payload) <= LAMBDA_RESPONSE_BYTES) return succeeded(requestId, payload);
  return failed(requestId, {
    errorType: LambdaErrorType.RESPONSE_TOO_LARGE,
    errorMessage: `Response payload size exceeded maximum allowed payload size (${LAMBDA_RESPONSE_BYTES} bytes).`,
  });
}

export function failed(requestId: string, error: FunctionError): InvocationOutcome {
  return { requestId, payload: JSON.stringify(error), failed: true };
}
