export { type BucketRequestOptions } from './construct/base/bucket-request-options';
export { ChunkCache, type ChunkCacheOptions, type OwnChunkCacheOptions } from './construct/cache/chunk-cache';
export { type FetchFunctionOptions } from './construct/source/fetch-function-options';
export { FetchPageHandler, type SourceEntryOptions } from './construct/source/fetch-page-handler';
export type { ClientCertificateOptions } from './construct/source/http/client-certificate';
export { Credentials } from './construct/source/http/credentials';
export type { AwsSignatureOptions, ClientCredentialsOptions, HmacOptions, RefreshTokenOptions } from './construct/source/http/credentials-options';
export { RequestField, ResponseField } from './construct/source/http/fields';
export {
  type HttpEndOptions, type HttpErrorRuleOptions, type HttpJobOptions, type HttpRateLimitOptions, type HttpSourceProps,
} from './construct/source/http/http-source-props';
export {
  type GraphqlPaginationOptions, type KeysetPaginationOptions, type LinkHeaderPaginationOptions, type NextLinkPaginationOptions,
  type OffsetPaginationOptions, type PageNumberPaginationOptions, Pagination, type TimeWindowPaginationOptions, type TokenPaginationOptions,
} from './construct/source/http/pagination';
export { SourceSecret } from './construct/source/http/secret';
export { type BucketDestinationOptions, ImportDestination, type PrefixDestinationOptions } from './construct/destination/import-destination';
export { type CsvOptions, OutputFormat } from './construct/destination/output-format';
export { type OutputOptions } from './construct/destination/output-options';
export { PaginatedImport } from './construct/paginated-import';
export { type PaginatedImportProps } from './construct/machine/paginated-import-props';
export { PaginatedImportStateMachine, type PaginatedImportStateMachineProps } from './construct/paginated-import-state-machine';
export {
  HmacAlgorithm, HttpDecoder, HttpErrorAction, HttpMethod, LargeNumbers, OffsetAdvance, SignatureEncoding, TimeFormat,
} from './protocol/http-choices';
export { Compression, IntegrityCheck, NonFiniteNumbers, OnEmpty, RepeatedPages, ServerSideEncryption, ShortPages, TotalMismatch, UnknownColumns } from './protocol/choices';
