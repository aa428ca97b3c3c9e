import { FunctionSource } from '../sources/function-source';
import { lambdaClient } from '../sources/lambda-client';
import { environment } from './environment';
import { fetchHandler } from './fetch-handler';

/** Fetch, with the user's handler in a function of its own. */
export const handler = fetchHandler(new FunctionSource(environment.fetchPageFunction(), lambdaClient(), { fraction: Math.random }));
