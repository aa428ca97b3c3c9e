/**
 * Most characters that a message quotes of somebody else's text. Lambda reports a message twice (the stack repeats it) and Step
 * Functions cuts what passes 32,768 characters, where it is the end of the message that helps.
 */
const QUOTED_CHARACTERS = 2000;

/** Somebody else's text, as long as a message may quote it. */
export function quoted(text: string): string {
  return text.length <= QUOTED_CHARACTERS ? text : `${text.slice(0, QUOTED_CHARACTERS)} [${text.length - QUOTED_CHARACTERS} characters more]`;
}
