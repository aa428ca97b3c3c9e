import { LambdaClient, LambdaClientConfig } from '@aws-sdk/client-lambda';
import { FreshAfterFailure, newConnections, RequestHandler } from '../aws/connections';

/**
 * A client that makes one attempt at an invocation: the loop counts attempts at a page. After one that failed on its way, the next has a
 * connection of its own.
 */
export function lambdaClient(config: LambdaClientConfig = {}): LambdaClient {
  return new LambdaClient({ ...config, requestHandler: new FreshAfterFailure(newConnections(handlerOf, {})), maxAttempts: 1 });
}

function handlerOf(requestHandler: LambdaClientConfig['requestHandler']): RequestHandler {
  return new LambdaClient({ requestHandler }).config.requestHandler;
}
