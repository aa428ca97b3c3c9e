import { isAscii, isUtf8 } from 'node:buffer';
import { HttpDecoder, LargeNumbers } from '../../../protocol/http-settings';
import { parseCsv } from './csv';
import { parseExactly } from './exact-json';
import { HttpResponse, RawResponse } from './http-response';

/** How bodies are read. */
export interface BodySettings {
  readonly decoder: HttpDecoder;
  readonly largeNumbers: LargeNumbers;
}

/** A body is read once, when it is first asked for. */
export function readable(response: RawResponse, settings: BodySettings): HttpResponse {
  let read: { readonly value: unknown } | undefined;
  return { ...response, body: () => (read ??= { value: decoded(response, settings) }).value };
}

function decoded(response: RawResponse, { decoder, largeNumbers }: BodySettings): unknown {
  const { bytes, headers } = response;
  if (bytes.byteLength === 0) return decoder === HttpDecoder.JSON_LINES ? [] : undefined;
  if (MARKUP.test(headers['content-type'] ?? '')) throw new Error('the response is a web page, not data: perhaps a proxy\'s, or a login');
  const text = textOf(response);
  switch (decoder) {
    case HttpDecoder.JSON: return json(() => parseExactly(bytes, text, largeNumbers), response);
    case HttpDecoder.JSON_LINES: return json(() => parseLines(text, largeNumbers), response);
    case HttpDecoder.CSV: return parseCsv(text);
  }
}

function parseLines(text: string, numbers: LargeNumbers): unknown[] {
  return text.split('\n').filter((line) => line.trim() !== '').map((line) => parseExactly(Buffer.from(line), line, numbers));
}

/** The parser's own message quotes the text, which may be a record. */
function json(parse: () => unknown, { headers, bytes }: RawResponse): unknown {
  try {
    return parse();
  } catch {
    const type = headers['content-type'] ?? 'no content type';
    throw new Error(`the body is not JSON: ${bytes.byteLength} bytes of ${type}. It may have been cut off, or be an error page`);
  }
}

/** What proxies and logins answer with, also with the status 200. */
const MARKUP = /^\s*(?:text\/html|application\/xhtml)/i;

const CHARSET = /;\s*charset="?([\w-]+)/i;

/** The body's text. Never replaces what it cannot decode: a record would be changed silently. */
function textOf({ bytes, headers }: RawResponse): string {
  const charset = CHARSET.exec(headers['content-type'] ?? '')?.[1]?.toLowerCase() ?? 'utf-8';
  if (charset === 'utf-8' || charset === 'utf8') return utf8(bytes);
  try {
    return new TextDecoder(charset, { fatal: true }).decode(bytes);
  } catch {
    throw new Error(`the body cannot be read as ${charset}, which its content type says it is`);
  }
}

const BYTE_ORDER_MARK = '\ufeff';

function utf8(bytes: Buffer): string {
  // Text of one byte per character takes half the memory, and is parsed faster.
  if (isAscii(bytes)) return bytes.toString('latin1');
  if (!isUtf8(bytes)) throw new Error('the body is not valid UTF-8; if it has another charset, its content type must say so');
  const text = bytes.toString('utf8');
  return text.startsWith(BYTE_ORDER_MARK) ? text.slice(1) : text;
}
