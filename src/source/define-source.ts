import { FetchPageRequest, FetchPageResponse } from '../protocol/fetch-contract';
import { NonRetryableError } from './errors';
import { SchemaMismatch, StandardSchema, validate } from './standard-schema';

/** What a handler in the fetch function is asked for. */
export interface SourceRequest<Input = unknown> extends Omit<FetchPageRequest, 'input'> {
  /** The input of the execution; as the input schema makes it, where there is one. */
  readonly input: Input;
  /** Fires shortly before the function's time is up: hand it to `fetch` and the like. */
  readonly signal: AbortSignal;
}

/** A fetch-page handler. */
export type FetchPage<Row = unknown, Input = unknown> = (
  request: SourceRequest<Input>,
) => FetchPageResponse<Row> | Promise<FetchPageResponse<Row>>;

/** A source that fetches pages. */
export interface Source<Row = unknown, Input = unknown> {
  readonly fetchPage: FetchPage<Row, Input>;
}

/** How to define a source. */
export interface SourceOptions<Row, Input> {
  /** Fetches one page. */
  readonly fetchPage: FetchPage<Row, Input>;
  /**
   * Schema of the execution's input. An input that does not match fails the import at its first page.
   * @default - the input is not checked
   */
  readonly input?: StandardSchema<unknown, Input>;
  /**
   * Schema of a record; what it makes of a record is what is imported. A record that does not match fails the import.
   * @default - records are imported as they are
   */
  readonly record?: StandardSchema;
}

/**
 * Defines a source: the default export of a fetch-page module. It infers the types of input and records, and checks them at run time
 * where schemas are given.
 *
 * @throws NonRetryableError from `fetchPage` when input or records do not match their schema
 */
export function defineSource<Row = unknown, Input = unknown>(options: SourceOptions<Row, Input>): Source<unknown, unknown> {
  return {
    fetchPage: async (request) => {
      const response = await options.fetchPage(await checkedRequest(options, request));
      return checkedRecords(options, request, response);
    },
  };
}

async function checkedRequest<Input>(options: SourceOptions<unknown, Input>, request: SourceRequest): Promise<SourceRequest<Input>> {
  const input = options.input === undefined ? request.input as Input : await checked(options.input, request.input, 'The input of the execution');
  return { ...request, input };
}

async function checkedRecords(
  { record }: { readonly record?: StandardSchema }, { pageNumber }: SourceRequest, response: FetchPageResponse,
): Promise<FetchPageResponse> {
  if (record === undefined) return response;
  const check = (records: readonly unknown[]): Promise<unknown[]> => Promise.all(
    records.map((value, index) => checked(record, value, `records[${index}] of page ${pageNumber}`)),
  );
  if (Array.isArray(response)) return check(response);
  const { records } = response as { readonly records?: unknown };
  // Anything that is no page is refused by the loop, with the field and what was expected.
  return Array.isArray(records) ? { ...response as object, records: await check(records) } as FetchPageResponse : response;
}

/** The same input, and most likely the same record, would come again: a retry would only cost time. */
async function checked<Output>(schema: StandardSchema<unknown, Output>, value: unknown, what: string): Promise<Output> {
  try {
    return await validate(schema, value, what);
  } catch (error) {
    throw error instanceof SchemaMismatch ? new NonRetryableError(error.message) : error;
  }
}
