/**
 * Marks of this package's classes. An app can hold two copies of the package, and `instanceof` does not recognize objects of the other one.
 * A mark does: it is registered for the whole process.
 */
export enum Brand {
  FETCH_PAGE_HANDLER = 'FetchPageHandler',
  IMPORT_DESTINATION = 'ImportDestination',
  CHUNK_CACHE = 'ChunkCache',
  OUTPUT_FORMAT = 'OutputFormat',
  PAGINATION = 'Pagination',
  REQUEST_FIELD = 'RequestField',
  RESPONSE_FIELD = 'ResponseField',
  SOURCE_SECRET = 'SourceSecret',
  CREDENTIALS = 'Credentials',
  STATE_MACHINE = 'PaginatedImportStateMachine',
}

/** Marks a class and those derived from it. */
export function mark(type: { readonly prototype: object }, brand: Brand): void {
  Object.defineProperty(type.prototype, symbolOf(brand), { value: true });
}

/** Whether a value is an object of the class, or of a class derived from it. */
export function isMarked(value: unknown, brand: Brand): boolean {
  return typeof value === 'object' && value !== null && symbolOf(brand) in value;
}

function symbolOf(brand: Brand): symbol {
  return Symbol.for(`cdk-paginated-import.${brand}`);
}
