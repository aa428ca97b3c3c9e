import { FunctionError } from './function-error';

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
  /** Ends what is running and frees what it holds. */
  close(): Promise<void>;
}

/** A line that a function has written. */
export interface FunctionLogLine {
  readonly functionName: string;
  readonly stream: 'stdout' | 'stderr';
  readonly text: string;
}

export function succeeded(requestId: string, payload: string): InvocationOutcome {
  return { requestId, payload, failed: false };
}

export function failed(requestId: string, error: FunctionError): InvocationOutcome {
  return { requestId, payload: JSON.stringify(error), failed: true };
}
