import { LambdaClient } from '@aws-sdk/client-lambda';
import { environment } from './lambda/environment';
import { fetchHandler } from './lambda/fetch-handler';
import { FunctionSource } from './sources/function-source';

/** Fetch, with the user's handler in a function of its own. */
export const handler = fetchHandler(new FunctionSource(
  environment.fetchPageFunction(), new LambdaClient({ maxAttempts: 1 }), { fraction: Math.random },
));
