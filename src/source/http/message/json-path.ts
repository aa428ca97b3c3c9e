import { jsonpath } from 'json-p3';

/** JSONPath (RFC 9535). */

/** A path that can be asked for what it finds. */
export interface JsonPath {
  readonly text: string;
  /** All that it finds in a value. */
  readonly find: (value: unknown) => readonly unknown[];
  /** Whether it finds one value at most. */
  readonly isSingular: boolean;
  /** The path of what its first wildcard goes through: `$.edges` for `$.edges[*].node`; `undefined` if it has none. */
  readonly around: JsonPath | undefined;
}

const WILDCARD = /\[\*\]|\.\*/;

/** @throws Error that says what is wrong with the path */
export function jsonPath(text: string): JsonPath {
  const query = jsonpath.compile(text);
  const wildcard = WILDCARD.exec(text);
  return {
    text,
    find: (value) => query.query(value as never).values(),
    isSingular: query.singularQuery(),
    around: wildcard === null || text.slice(0, wildcard.index).includes('..') ? undefined : jsonPath(text.slice(0, wildcard.index)),
  };
}
