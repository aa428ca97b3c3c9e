/**
 * The error catalogue, in the order of docs/errors.md. Lambda reports an error's `name` as its type, and Step Functions matches it in Retry
 * and Catch. The constructs use each class's `NAME`, so that no name is typed twice. Every message says what was wrong and where, and ends
 * with the way out. The same facts are fields of the error. No message or field contains a record, a page token (only its digest) or a
 * secret.
 */

export { type Closing, PaginatedImportError } from './paginated-import-error';
export type { ImportContext, PageContext } from './import-context';
export { DeployedAdvice } from './advice';
export { resumeHint } from './resume-hint';

// About the handler and its source.
export * from './handler-errors';
export * from './page-content-errors';
export * from './loop-errors';
export * from './page-count-errors';
export * from './limit-errors';
export * from './source-errors';

// About the import and its cache.
export * from './log-errors';
export * from './import-errors';
export * from './file-errors';
export * from './recorded-error';

// About S3 and the stack.
export type { StoreAnswer } from './store-answer';
export * from './store-errors';
export * from './publish-errors';
export * from './gate-errors';
export * from './configuration-errors';
