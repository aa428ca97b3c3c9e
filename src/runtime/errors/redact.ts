import { JsonValue } from '../../protocol/json';
import { KnownSecrets } from './known-secrets';
import { REDACTED, withoutSecretForms } from './secret-forms';
import { stringsIn } from './strings-in';

/**
 * Removes secrets from foreign text before it goes into a message or a log: what a handler throws may quote the failed request. It
 * recognizes common forms of secrets, and those that it is given. It cannot prove that a text has none.
 */

/** Returns the beginning of the text without its secrets. */
export type Redactor = (text: string) => string;

/** Shorter strings of the input, such as `north` or a page number, occur in many texts by chance. */
const INPUT_CHARACTERS = 8;

/** The same for page tokens, which occur by chance less often. */
const TOKEN_CHARACTERS = 4;

/** Maximum characters read of one text. */
const READ_CHARACTERS = 20_000;

/** Characters left out at the end of a text that is cut: the form of a secret may not be recognized without its end. */
const CUT_CHARACTERS = 1000;

/** Stand for the secrets that are known, see `REDACTED`. */
const TOKEN = '\uFDD0';
const INPUT = '\uFDD1';

const NAMES: Readonly<Record<string, string>> = { [TOKEN]: '[page token]', [INPUT]: '[input]', [REDACTED]: '[redacted]' };
const PLACEHOLDER = /[\uFDD0-\uFDD2]/g;

/** The possible secrets in a page request. */
export interface PageSecrets {
  readonly pageToken: JsonValue;
  readonly input: JsonValue;
}

/** Recognizes secrets by their form. */
export const plainRedactor: Redactor = redactorWith(new KnownSecrets());

/** Also recognizes the token and the input of the page request. */
export function redactorOf({ pageToken, input }: PageSecrets): Redactor {
  const secrets = new KnownSecrets();
  for (const { text } of stringsIn(pageToken)) if (text.length >= TOKEN_CHARACTERS) secrets.add(text, TOKEN);
  for (const { text, isSecretField } of stringsIn(input)) if (isSecretField || text.length >= INPUT_CHARACTERS) secrets.add(text, INPUT);
  return redactorWith(secrets);
}

function redactorWith(secrets: KnownSecrets): Redactor {
  return (text) => {
    const isCut = text.length > READ_CHARACTERS;
    const read = text.slice(0, READ_CHARACTERS).replace(PLACEHOLDER, '?');
    const redacted = withoutSecretForms(secrets.replacedIn(read, isCut)).replace(PLACEHOLDER, (placeholder) => NAMES[placeholder]!);
    return isCut ? redacted.slice(0, -CUT_CHARACTERS) : redacted;
  };
}
