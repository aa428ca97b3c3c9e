import { LAMBDA_PAYLOAD_BYTES } from '../../protocol/limits';
import { InvocationOutcome, InvokableFunction } from './invocation';

/** An error of the Lambda API, with the name that its SDKs throw. */
export class LambdaApiError extends Error {
  constructor(name: string, readonly statusCode: number, message: string) {
    super(message);
    this.name = name;
  }
}

/** The functions of one account, as the Lambda API knows them. */
export class LambdaService {
  private readonly functions = new Map<string, InvokableFunction>();

  add(lambdaFunction: InvokableFunction): void {
    this.functions.set(lambdaFunction.name, lambdaFunction);
  }

  /**
   * Invokes a function and waits for it.
   *
   * @param nameOrArn name, partial ARN or ARN, with or without a version or alias
   * @param payload JSON; an empty string means an empty object
   * @throws LambdaApiError if there is no such function, or the payload is too large or not JSON
   */
  async invoke(nameOrArn: string, payload: string): Promise<InvocationOutcome> {
    const lambdaFunction = this.find(nameOrArn);
    const event = payload === '' ? '{}' : payload;
    requireRequestSize(event);
    requireJson(event);
    return lambdaFunction.invoke(event);
  }

  /** @throws LambdaApiError if there is no such function */
  find(nameOrArn: string): InvokableFunction {
    const found = this.functions.get(functionName(nameOrArn));
    if (!found) throw new LambdaApiError('ResourceNotFoundException', 404, `Function not found: ${nameOrArn}`);
    return found;
  }

  async close(): Promise<void> {
    await Promise.all([...this.functions.values()].map(async (lambdaFunction) => lambdaFunction.close()));
  }
}

/** `arn:aws:lambda:region:account:function:name:alias`, `account:function:name` or `name:alias`. */
function functionName(nameOrArn: string): string {
  const parts = nameOrArn.split(':');
  const marker = parts.indexOf('function');
  return parts[marker + 1] ?? '';
}

function requireRequestSize(payload: string): void {
  const bytes = Buffer.byteLength(payload);
  if (bytes <= LAMBDA_PAYLOAD_BYTES) return;
  throw new LambdaApiError('RequestTooLargeException', 413,
    `${bytes} byte payload is too large for the RequestResponse invocation type (limit ${LAMBDA_PAYLOAD_BYTES} bytes)`);
}

function requireJson(payload: string): void {
  try {
    JSON.parse(payload);
  } catch (error) {
    throw new LambdaApiError('InvalidRequestContentException', 400, `Could not parse request body into json: ${(error as Error).message}`);
  }
}
