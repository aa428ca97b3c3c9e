import { FetchPageRequest, FetchPageResponse } from '../../protocol/fetch-contract';
import { NonRetryableError } from './errors';
import type { StandardSchema } from './standard-schema';
import { SchemaMismatch, validate } from './validate';

/** The request that a handler in the fetch function receives. */
export interface SourceRequest<Input = unknown> extends Omit<FetchPageRequest, 'input'> {
  /** The input of the execution or, with an input schema, the schema's output. */
  readonly input: Input;
  /** Fires shortly before the function's time is up. Pass it to `fetch` and similar calls. */
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

/** Options of `defineSource`. */
export interface SourceOptions<Row, Input> {
  /** Fetches one page. */
  readonly fetchPage: FetchPage<Row, Input>;
  /**
   * Schema of the execution's input. If the input does not match, the import fails at its first page.
   * @default - the input is not checked
   */
  readonly input?: StandardSchema<unknown, Input> | undefined;
  /**
   * Schema of a record. The import publishes the schema's output. A record that does not match fails the import.
   * @default - records are imported unchanged
   */
  readonly record?: StandardSchema | undefined;
}

/**
 * Defines a source: the default export of a fetch-page module. Infers the types of input and records, and checks them at run time if you
 * give schemas.
 *
 * @throws NonRetryableError from `fetchPage` if input or records do not match their schema
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
  { record }: Pick<SourceOptions<unknown, never>, 'record'>, { pageNumber }: SourceRequest, response: FetchPageResponse,
): Promise<FetchPageResponse> {
  const records = record === undefined ? undefined : recordsOf(response);
  if (record === undefined || records === undefined) return response;
  const made = await Promise.all(records.map((value, index) => checked(record, value, `records[${index}] of page ${pageNumber}`)));
  return Array.isArray(response) ? made : { ...response, records: made } as FetchPageResponse;
}

/** `undefined` for anything that is not a page or cannot be read: the loop refuses it and names the field. */
function recordsOf(response: unknown): readonly unknown[] | undefined {
  try {
    const records = Array.isArray(response) ? response : (response as { readonly records?: unknown } | null | undefined)?.records;
    return Array.isArray(records) ? records : undefined;
  } catch {
    return undefined;
  }
}

/** A retry would see the same input, and most likely the same record, so it would only cost time. */
async function checked<Output>(schema: StandardSchema<unknown, Output>, value: unknown, what: string): Promise<Output> {
  try {
    return await validate(schema, value, what);
  } catch (error) {
    throw error instanceof SchemaMismatch ? new NonRetryableError(error.message) : error;
  }
}
