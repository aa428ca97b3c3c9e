/** Characters that steer a terminal, break a line, or cannot be seen. */
const STEERING = /[\p{Cc}\p{Cf}\p{Co}\p{Zl}\p{Zp}]+/gu;

/** A source's text as one line that is safe on a terminal. */
export function visible(text: string): string {
  return text.replace(STEERING, ' ');
}
