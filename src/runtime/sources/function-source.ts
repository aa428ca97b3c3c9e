import { InvokeCommand, InvokeCommandOutput, LambdaClient } from '@aws-sdk/client-lambda';
import { FUNCTION_NOT_READY_SECONDS } from '../../protocol/defaults';
import { FetchPageRequest } from '../../protocol/fetch-contract';
import { NOT_READY_FAILURES } from '../../protocol/lambda-failures';
import { RetryLaterError } from '../../source/handler/errors';
import { Chance, PageSource } from '../ports/ports';

/** The user's function, in any language: one invocation per page. */
export class FunctionSource implements PageSource {
  /**
   * @param functionName name or ARN of the function
   * @param client a client without retries, see `lambdaClient`
   * @param chance spreads the waits for a function that is not ready: many imports may wait for the same one
   */
  constructor(private readonly functionName: string, private readonly client: LambdaClient, private readonly chance: Pick<Chance, 'fraction'>) {}

  public async fetchPage(request: FetchPageRequest, signal: AbortSignal): Promise<unknown> {
    const { FunctionError, Payload } = await this.invoke(JSON.stringify(request), signal);
    const text = Payload === undefined ? 'null' : Payload.transformToString();
    if (FunctionError !== undefined) throw new FunctionFailure(text);
    return parseAnswer(text);
  }

  private async invoke(payload: string, signal: AbortSignal): Promise<InvokeCommandOutput> {
    try {
      return await this.client.send(new InvokeCommand({ FunctionName: this.functionName, Payload: payload }), { abortSignal: signal });
    } catch (error) {
      throw isNotReady(error) ? this.notReady(error) : error;
    }
  }

  /** A page's few quick attempts would be over long before the function is awake. */
  private notReady(error: NotReady): RetryLaterError {
    const spread = FUNCTION_NOT_READY_SECONDS * (0.5 + this.chance.fraction());
    // When Lambda throttles, it may say for how long.
    const seconds = Math.max(spread, Number(error.retryAfterSeconds) || 0);
    return new RetryLaterError(seconds, `Lambda does not run the fetch-page function yet: ${error.name}`, { cause: error });
  }
}

type NotReady = Error & { readonly retryAfterSeconds?: string };

function isNotReady(error: unknown): error is NotReady {
  return NOT_READY_FAILURES.some((name) => name === (error as Error | undefined)?.name);
}

/** The parser's own message quotes the text, which may be a record or a page token. */
function parseAnswer(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new Error('the function\'s answer is not JSON');
  }
}

/** The function's own error: type and message, without the stack trace. */
class FunctionFailure extends Error {
  constructor(payload: string) {
    const { errorType, errorMessage } = parsePayload(payload);
    super(errorMessage ?? 'the function failed without a message');
    this.name = errorType ?? 'Error';
  }
}

function parsePayload(payload: string): { readonly errorType?: string; readonly errorMessage?: string } {
  try {
    const value = JSON.parse(payload) as { readonly errorType?: string; readonly errorMessage?: string } | null;
    return value ?? {};
  } catch {
    return {};
  }
}
