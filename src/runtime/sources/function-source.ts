import { InvokeCommand, LambdaClient } from '@aws-sdk/client-lambda';
import { FetchPageRequest } from '../../protocol/fetch-contract';
import { PageSource } from '../core/ports';

/** The user's function, in any language: one invocation per page. */
export class FunctionSource implements PageSource {
  /**
   * @param functionName name or ARN of the function
   * @param client made without retries of its own: each attempt at a page is counted
   */
  constructor(private readonly functionName: string, private readonly client: LambdaClient) {}

  public async fetchPage(request: FetchPageRequest, signal: AbortSignal): Promise<unknown> {
    const { FunctionError, Payload } = await this.client.send(
      new InvokeCommand({ FunctionName: this.functionName, Payload: JSON.stringify(request) }),
      { abortSignal: signal },
    );
    const text = Payload === undefined ? 'null' : Payload.transformToString();
    if (FunctionError !== undefined) throw new FunctionFailure(text);
    return parseAnswer(text);
  }
}

/** The parser's own message quotes the text, which may be a record or a page token. */
function parseAnswer(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new Error('the function\'s answer is not JSON');
  }
}

/** The function's own error: its type and message, not its trace. */
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
