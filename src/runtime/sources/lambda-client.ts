import { LambdaClient, LambdaClientConfig } from '@aws-sdk/client-lambda';
import { FreshAfterFailure, newConnections, RequestHandler } from '../aws/connections';

/**
 * A client without retries: the page loop counts the attempts at a page. After a request without a reply, the next one uses a new
 * connection.
 */
export function lambdaClient(config: LambdaClientConfig = {}): LambdaClient {
  return new LambdaClient({ ...config, requestHandler: new FreshAfterFailure(newConnections(handlerOf, {})), maxAttempts: 1 });
}

function handlerOf(requestHandler: LambdaClientConfig['requestHandler']): RequestHandler {
  return new LambdaClient({ requestHandler }).config.requestHandler;
}
