import { environment } from './lambda/environment';
import { fetchHandler } from './lambda/fetch-handler';
import { FunctionSource } from './sources/function-source';
import { lambdaClient } from './sources/lambda-client';

/** Fetch, with the user's handler in a function of its own. */
export const handler = fetchHandler(new FunctionSource(environment.fetchPageFunction(), lambdaClient(), { fraction: Math.random }));
