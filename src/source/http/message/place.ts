import { RequestPlace, ResponsePlace } from '../../../protocol/http-settings';
import { HttpResponse } from './http-response';
import { JsonPath, jsonPath } from './json-path';

/** Reads a value from a response: `undefined` if it is not there, `null` if it is there but null. */
export type ReadPlace = (response: HttpResponse) => unknown;

/** @throws Error that says what is wrong with a path */
export function reader({ body, header }: ResponsePlace): ReadPlace {
  if (header !== undefined) return ({ headers }) => headers[header.toLowerCase()];
  const path = jsonPath(body ?? '$');
  return (response) => first(path, response.body());
}

function first(path: JsonPath, value: unknown): unknown {
  return path.find(value)[0];
}

/** How a place in a response is named in messages. */
export function placeInResponse({ body, header }: ResponsePlace): string {
  return header === undefined ? `${body} of the body` : `the header ${header}`;
}

/** How a place in a request is named in messages. */
export function placeInRequest({ query, header, body, path }: RequestPlace): string {
  if (query !== undefined) return `the query parameter ${query}`;
  if (header !== undefined) return `the header ${header}`;
  return body === undefined ? `{${path}} of the URL` : `${body} of the body`;
}
