import { FunctionSource } from '../sources/function-source';
import { lambdaClient } from '../sources/lambda-client';
import { environment } from './environment';
import { fetchHandler } from './fetch-handler';

const client = lambdaClient();

/** Fetch, with the user's handler in a separate function. */
export const handler = fetchHandler((_importFile, { chance }) => new FunctionSource(environment.fetchPageFunction(), client, chance));
