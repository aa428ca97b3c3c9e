/**
 * Maximum characters that a message quotes from foreign text. Lambda reports a message twice, since the stack repeats it, and Step
 * Functions truncates it at 32,768 characters. The end of the message, which says what to do, must not be lost.
 */
const QUOTED_CHARACTERS = 2000;

/** Foreign text, truncated for use in a message. */
export function quoted(text: string): string {
  return text.length <= QUOTED_CHARACTERS ? text : `${text.slice(0, QUOTED_CHARACTERS)} [${text.length - QUOTED_CHARACTERS} characters more]`;
}
