import { STATUS_CODES } from 'node:http';
import { HttpResponse } from '../message/http-response';

/** How a refusal is told. */
export interface RefusedResponse {
  readonly message: string;
}

const BODY_SHOWN = 300;

/** Redacted before it is cut, so that no part of a secret is left. */
const BODY_READ = 4096;

const TEXT_TYPE = /json|text|xml/i;

/** Status, URL without its query, and the beginning of the body, which often says what is wrong. */
export function refusedResponse(
  method: string, url: URL, { status, headers, bytes }: HttpResponse, redacted: (text: string) => string,
): RefusedResponse {
  const answered = `${method} ${url.origin}${url.pathname} answered ${status} ${STATUS_CODES[status] ?? ''}`.trimEnd();
  const isText = TEXT_TYPE.test(headers['content-type'] ?? '');
  const body = isText ? beginning(redacted(bytes.subarray(0, BODY_READ).toString('utf8').replace(/\s+/g, ' ').trim())) : '';
  return { message: body === '' ? redacted(answered) : `${redacted(answered)}: ${body}` };
}

/** Ends between words: half of a token or of a value of the input would not be recognized as one. */
function beginning(text: string): string {
  return text.length <= BODY_SHOWN ? text : `${text.slice(0, BODY_SHOWN).replace(/[^\s"',:;={}[\]()<>]*$/, '')}...`;
}
