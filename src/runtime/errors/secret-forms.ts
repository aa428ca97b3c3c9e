/**
 * Removes what has the form of a secret. Every pattern runs in linear time: it begins at a rare character or at the start of a word, and
 * what it may go through before it fails is bounded.
 */

/**
 * Stands for a secret while others are looked for. A single character, and a noncharacter of Unicode: no pattern ends within it, and no
 * text has it.
 */
export const REDACTED = '\uFDD2';

/** Maximum characters of a part that a pattern may go through in vain. */
const PART = '{1,1000}';

/** An absolute URL, to its end. JSON may escape its slashes. */
const ABSOLUTE_URL = /[a-z][a-z0-9+.-]{0,20}:(?:\\?\/){2}[^\s"<>]+/gi;

/** Its user and password, up to the last @ before its path. */
const USER_INFO = new RegExp(`(:(?:\\\\?/){2})[^/?#\\\\]${PART}@`);

/** `?name=value&name=value`, in relative URLs and in forms. A value may be JSON or quoted. */
const QUERY = /([?&][^\s=&?#"'<>]*=)(?:[{[]\S*|"[^"\r\n]*"|[^\s&#"<>]+)/g;

/** The same, encoded as part of something else. */
const ENCODED_QUERY = /((?:%3f|%26)[\w.~-]{1,200}%3d)[^\s&#"'<>]+/gi;

/** Names of headers and fields whose values are secrets. Bounded on both sides, and begun at the start of a word. */
const SECRET_NAME = '(?<![\\w-])[\\w-]{0,60}?(?:token|secret|passw(?:or)?d|passphrase|credential|jwt|sess(?:ion)?[-_]?id'
  + '|(?:api|access|account|auth|client|encryption|functions|private|secret|shared|signing|subscription)[-_]?key'
  + '|(?<![a-z])(?:pwd|auth)(?![a-z]))[\\w-]{0,60}';

/** Headers whose values go on to the end of the line. */
const WHOLE_LINE_NAME = '(?<![\\w-])[\\w-]{0,60}?(?:authorization|cookie)2?';

/** What separates a name from its value: in headers, JSON, `util.inspect`, forms, and lists of names and values. */
const SEPARATOR = '(?:\\\\*["\']?\\]?\\s{0,5}(?:=>|[:=]|%3[ad])\\s{0,5}(?:\\[\\s{0,5})?|\\\\*["\']\\s{0,5},\\s{0,5}(?=\\\\*["\']))';

/** A value in quotes, to the same quotes. */
const QUOTED = '(\\\\*["\'`])(?:(?!\\2)(?:\\\\.|[^\\\\\\r\\n]))+';

const WHOLE_LINE = new RegExp(`(${WHOLE_LINE_NAME}${SEPARATOR})(?:${QUOTED}|[^"'\\s\uFDD2][^\\r\\n]*)`, 'gi');
const SECRET_VALUE = new RegExp(`(${SECRET_NAME}${SEPARATOR})(?:${QUOTED}|(?!\uFDD2|(?:bearer|basic)\\b)[^\\s"'\`,;&<>(){}[\\]\\\\]+)`, 'gi');

/** Words that follow "bearer" or "basic" in prose. */
const NO_CREDENTIALS = '(?!(?:auth\\w*|tokens?|access|schemes?|credentials?|realm)\\b)';
const CREDENTIALS = new RegExp(`\\b((?:bearer|basic)(?:\\s{1,5}|%20|\\+)["']?)${NO_CREDENTIALS}[a-z0-9._~+/=%\uFDD0-\uFDD2-]+`, 'gi');

/** `JSON.parse` quotes what it could not read, which may be part of a record. The beginning of a page of HTML or XML stays. */
const UNPARSED_JSON = /(, )(?:\.\.\.)?"(?!\s*<)[^]{1,100}?"(?:\.\.\.)?(?= is not valid JSON)/g;

export function withoutSecretForms(text: string): string {
  return text
    .replace(UNPARSED_JSON, `$1"${REDACTED}"`)
    .replace(ABSOLUTE_URL, withoutUrlSecrets)
    .replace(QUERY, `$1${REDACTED}`)
    .replace(ENCODED_QUERY, `$1${REDACTED}`)
    .replace(WHOLE_LINE, withoutValue)
    .replace(CREDENTIALS, `$1${REDACTED}`)
    .replace(SECRET_VALUE, withoutValue);
}

function withoutValue(_all: string, name: string, quote: string | undefined): string {
  return `${name}${quote ?? ''}${REDACTED}`;
}

/** Without user, password, fragment, and the values of the query. A query without names is a value. */
function withoutUrlSecrets(url: string): string {
  const fragment = url.indexOf('#');
  const [beforeFragment, hidden] = fragment < 0 ? [url, ''] : [url.slice(0, fragment), `#${REDACTED}`];
  const query = beforeFragment.indexOf('?');
  const place = (query < 0 ? beforeFragment : beforeFragment.slice(0, query)).replace(USER_INFO, `$1${REDACTED}@`);
  const parts = query < 0 ? '' : `?${beforeFragment.slice(query + 1).split('&').map(withoutQueryValue).join('&')}`;
  return `${place}${parts}${fragment === url.length - 1 ? '#' : hidden}`;
}

function withoutQueryValue(part: string): string {
  const equals = part.indexOf('=');
  if (part === '' || equals === part.length - 1) return part;
  return equals < 0 ? REDACTED : `${part.slice(0, equals)}=${REDACTED}`;
}
