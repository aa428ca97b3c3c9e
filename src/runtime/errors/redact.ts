import { JsonValue } from '../../protocol/json';

/**
 * Takes secrets out of what others have written, before it goes into a message or a log: what a handler throws may quote the request that
 * failed. It knows what secrets look like in some places, and those that it is told of. It is no proof that a text holds none.
 */

/** Gives the text without the secrets in it. */
export type Redactor = (text: string) => string;

/** Stands for a secret. */
export const REDACTED = '[redacted]';

/** Shorter strings of the input, such as `north` or a page's number, are in many texts by chance. */
const INPUT_CHARACTERS = 8;

/** The same for a page token, which is more likely to be one where it stands. */
const TOKEN_CHARACTERS = 4;

/** Words that follow "bearer" or "basic" in sentences. */
const NO_CREDENTIALS = '(?!(?:auth\\w*|tokens?|access|schemes?|credentials?|realm)\\b)';

/** What secrets look like, each with what stays. All of these take time in proportion to the text. */
const PATTERNS: readonly (readonly [secret: RegExp, replacement: string])[] = [
  // scheme://user:password@host
  [/([a-z][a-z0-9+.-]{0,20}:\/\/)[^\s/?#@"'<>]{1,1000}@/gi, `$1${REDACTED}@`],
  // ?name=value&name=value, in whole URLs and in others
  [/([?&][^\s=&?#"'<>]{1,200}=)[^\s&#"'<>]+/g, `$1${REDACTED}`],
  // scheme://host/path#token
  [/([a-z][a-z0-9+.-]{0,20}:\/\/[^\s#"'<>]{1,2000}#)[^\s"'<>]+/gi, `$1${REDACTED}`],
  // Authorization: anything, to the end of the line or of the quotes
  [/\b((?:proxy-)?authorization["']?\s{0,5}[:=]\s{0,5}["']?)[^"'\r\n,;}\]]+/gi, `$1${REDACTED}`],
  [new RegExp(`\\b((?:bearer|basic)\\s{1,5})${NO_CREDENTIALS}[a-z0-9._~+/=-]{4,}`, 'gi'), `$1${REDACTED}`],
];

/** Knows what secrets look like. */
export const plainRedactor: Redactor = (text) => PATTERNS.reduce((left, [secret, replacement]) => left.replace(secret, replacement), text);

/** What a page is asked for with. */
export interface PageSecrets {
  readonly pageToken: JsonValue;
  readonly input: JsonValue;
}

/** Knows that, and what is asked for with the page. */
export function redactorOf({ pageToken, input }: PageSecrets): Redactor {
  const secrets = [
    ...stringsIn(pageToken).filter(({ length }) => length >= TOKEN_CHARACTERS).map((text): Secret => [text, '[page token]']),
    ...stringsIn(input).filter(({ length }) => length >= INPUT_CHARACTERS).map((text): Secret => [text, '[input]']),
  ];
  const written = secrets.flatMap(([text, name]) => [...new Set(waysToWrite(text))].map((way): Secret => [way, name]));
  // The longest first: one may be a part of another.
  written.sort(([one], [other]) => other.length - one.length);
  return (text) => plainRedactor(written.reduce((left, [secret, name]) => left.replaceAll(secret, name), text));
}

type Secret = readonly [text: string, name: string];

/** The strings of a value, and its numbers as they are written, but for the names of fields. */
function stringsIn(value: JsonValue): string[] {
  if (typeof value === 'string' || typeof value === 'number') return [String(value)];
  if (typeof value !== 'object' || value === null) return [];
  return (Object.values(value) as JsonValue[]).flatMap(stringsIn);
}

/** As it is, in a URL, in a form, and in JSON. */
function waysToWrite(text: string): string[] {
  const escaped = JSON.stringify(text).slice(1, -1);
  try {
    const encoded = encodeURIComponent(text);
    return [text, encoded, encoded.replaceAll('%20', '+'), escaped];
  } catch {
    // Half a surrogate pair.
    return [text, escaped];
  }
}
