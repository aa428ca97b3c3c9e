import { issuesText } from './issue-text';
import type { StandardSchema } from './standard-schema';

/**
 * The schema's output for a value.
 *
 * @param what how the message names the value, which is never shown: see `issuesText`
 */
export async function validate<Output>(schema: StandardSchema<unknown, Output>, value: unknown, what: string): Promise<Output> {
  const result = await schema['~standard'].validate(value);
  if (result.issues === undefined) return result.value;
  throw new SchemaMismatch(`${what} does not match its schema: ${issuesText(result.issues, schema, value)}`);
}

/** A value that its schema refuses. */
export class SchemaMismatch extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'SchemaMismatch';
  }
}
