import { RequestPlace, ResponsePlace } from '../http-settings';
import { exactlyOne, textLike } from './checks';

/** Checks of places in requests and responses. */

export const NAME = textLike(/^[^\s:]+$/, 'a name without spaces');
export const JSON_PATH = textLike(/^\$/, 'a JSONPath such as "$.data"');

export const REQUEST_PLACE = exactlyOne<RequestPlace>({
  query: textLike(/./, 'the name of a parameter'),
  header: NAME,
  body: textLike(/^\/./, 'a JSON Pointer such as "/page/offset"'),
  path: textLike(/^\w+$/, 'the name of a placeholder'),
}, '{ "query": "offset" }, or one with header, body or path');

export const RESPONSE_PLACE = exactlyOne<ResponsePlace>({ body: JSON_PATH, header: NAME }, '{ "body": "$.total" } or { "header": "X-Total" }');
