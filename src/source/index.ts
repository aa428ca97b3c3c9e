/** `cdk-paginated-import/source`: what authors of fetch-page modules import. It imports neither the CDK nor an AWS SDK. */
export { defineSource } from './define-source';
export type { FetchPage, Source, SourceOptions, SourceRequest } from './define-source';
export { NonRetryableError, RetryLaterError } from './errors';
export type { StandardSchema } from './standard-schema';
export type { FetchPageRequest, FetchPageResponse, FlaggedPage, RetryLater, TokenPage } from '../protocol/fetch-contract';
export type { JsonObject, JsonValue } from '../protocol/json';
export type { RetryAfter } from '../protocol/retry-after';
