import { Field } from '../signs/fields';
import { Candidate } from './candidate';
import { flagIn } from './flags';
import { Sample } from './sample';

/** A token's name in responses, as `plain` writes it, and its usual names in requests. The clearest first. */
const TOKENS: readonly (readonly [name: string, ...sent: string[]])[] = [
  ['nextpagetoken', 'pageToken', 'page_token', 'nextPageToken'],
  ['nextcontinuationtoken', 'continuation-token', 'continuationToken'],
  ['continuationtoken', 'continuationToken', 'continuation_token'],
  ['continuation', 'continuation', 'continuationToken'],
  ['nextcursor', 'cursor', 'next_cursor', 'page_cursor', 'start_cursor', 'after'],
  ['nexttoken', 'nextToken', 'next_token', 'pagination_token', 'token'],
  ['pagingnextafter', 'after'],
  ['nextafter', 'after'],
  ['cursorsafter', 'after'],
  ['aftercursor', 'after', 'after_cursor'],
  ['endcursor', 'after', 'cursor'],
  ['nextmarker', 'marker'],
  ['nextoffset', 'offset'],
  ['bookmark', 'bookmark'],
  ['scrollid', 'scroll_id'],
  ['nextpage', 'page', 'next_page', 'pageToken'],
  ['cursornext', 'cursor'],
  ['cursor', 'cursor'],
  ['next', 'cursor', 'next', 'after', 'token', 'page'],
  ['after', 'after'],
  ['offset', 'offset'],
];

/** A token, or a cursor, in the body. */
export function byToken({ fields }: Sample): readonly Candidate[] {
  const flag = flagIn(fields);
  const end = flag === undefined ? {} : { end: { hasMore: { body: flag.path } } };
  for (const [name, ...sent] of TOKENS) {
    const token = fields.find((field) => isNamed(field, name) && isToken(field));
    if (token === undefined) continue;
    const reason = token.value === null || token.value === '' ? `${token.path} is empty, as a token is on the last page` : `${token.path} looks like the token of the next page`;
    return sent.map((query) => ({ pagination: { style: 'token', token: { body: token.path }, send: { query } }, reason, ...end }));
  }
  return [];
}

function isNamed({ plainName, plainPath }: Field, name: string): boolean {
  return plainName === name || plainPath.endsWith(name);
}

/** An offset that is a number is where this page is. A token may be a number, but not a link. */
function isToken({ plainName, value }: Field): boolean {
  if (typeof value === 'string') return !/^(?:https?:\/\/|\/|\?)/i.test(value);
  if (plainName === 'offset' || plainName === 'cursor' || plainName === 'after') return false;
  return typeof value === 'number' || value === null;
}
