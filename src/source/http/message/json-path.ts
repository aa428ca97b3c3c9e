import { jsonpath } from 'json-p3';

/** JSONPath (RFC 9535). */

/** A path that can be asked for what it finds. */
export interface JsonPath {
  readonly text: string;
  /** All that it finds in a value. */
  readonly find: (value: unknown) => readonly unknown[];
  /** Whether it finds one value at most. */
  readonly isSingular: boolean;
}

/** @throws Error that says what is wrong with the path */
export function jsonPath(text: string): JsonPath {
  const query = jsonpath.compile(text);
  return {
    text,
    find: (value) => query.query(value as never).values(),
    isSingular: query.singularQuery(),
  };
}
