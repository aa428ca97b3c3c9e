/** `cdk-paginated-import/source`: what authors of fetch-page modules import. It imports neither the CDK nor an AWS SDK. */
export { defineSource } from './handler/define-source';
export type { FetchPage, Source, SourceOptions, SourceRequest } from './handler/define-source';
export { httpClient } from './http/define-http-client';
export type { HttpClientForHandlers, HttpClientRequest, HttpClientResponse, HttpClientSettings } from './http/define-http-client';
export { httpSource } from './http/define-http-source';
export type { HttpSourceOptions } from './http/define-http-source';
export { linkOf } from './http/link-of';
export type { HttpResponse } from './http/message/http-response';
export { NonRetryableError, RetryLaterError } from './handler/errors';
export type { StandardSchema } from './handler/standard-schema';
export type { FetchPageRequest, FetchPageResponse, FlaggedPage, RetryLater, TokenPage } from '../protocol/fetch-contract';
export { HttpDecoder, HttpErrorAction, HttpMethod, LargeNumbers, OffsetAdvance, TimeFormat } from '../protocol/http-choices';
export { HmacAlgorithm, SignatureEncoding } from '../protocol/http-choices';
export type { HttpSettings } from '../protocol/http-settings';
export type { JsonObject, JsonValue } from '../protocol/json';
export type { RetryAfter } from '../protocol/retry-after';
