export { ChunkCache, type ChunkCacheOptions } from './construct/chunk-cache';
export { type FetchFunctionOptions } from './construct/fetch-function-options';
export { FetchPageHandler, type SourceEntryOptions } from './construct/fetch-page-handler';
export { type BucketDestinationOptions, ImportDestination, IntegrityCheck } from './construct/import-destination';
export { PaginatedImport } from './construct/paginated-import';
export { type PaginatedImportProps } from './construct/paginated-import-props';
export { PaginatedImportStateMachine, type PaginatedImportStateMachineProps } from './construct/paginated-import-state-machine';
export { TotalMismatch } from './construct/total-mismatch';
