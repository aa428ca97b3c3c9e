/**
 * When to ask a source again: a number of seconds, a time, or the text of a `Retry-After` header, which is either of these
 * (https://www.rfc-editor.org/rfc/rfc9110.html#section-10.2.3). `null`, which `Headers.get` returns for a missing header, is no hint.
 */
export type RetryAfter = number | string | Date | null;

const SECONDS = /^\d+(\.\d+)?$/;

/** A date of HTTP in the form that is sent today, and in the older one with a name of the day in full. */
const HTTP_DATE = /^[a-z]+, \d\d[ -][a-z]{3}[ -](\d\d|\d{4}) \d\d:\d\d:\d\d GMT$/i;

/** The oldest form of a date of HTTP, that of C's `asctime`. It names no zone, and is in UTC. */
const ASCTIME_DATE = /^[a-z]{3} [a-z]{3} [ \d]\d \d\d:\d\d:\d\d \d{4}$/i;

/** What a `Date` is in JSON. */
const ISO_TIME = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)$/;

/**
 * The seconds until the source may be asked again.
 *
 * @param now milliseconds since the epoch
 * @returns 0 for no hint: what is no time in the future, such as NaN, a date that is over, or a text that cannot be read
 */
export function secondsUntil(retryAfter: unknown, now: number): number {
  const seconds = typeof retryAfter === 'string' ? secondsInText(retryAfter.trim(), now) : secondsIn(retryAfter, now);
  return Number.isFinite(seconds) && seconds > 0 ? seconds : 0;
}

function secondsIn(retryAfter: unknown, now: number): number {
  if (typeof retryAfter === 'number') return retryAfter;
  return retryAfter instanceof Date ? (retryAfter.getTime() - now) / 1000 : NaN;
}

/** `Date.parse` alone would take "5 minutes" for a day in May 2001. */
function secondsInText(text: string, now: number): number {
  if (SECONDS.test(text)) return Number(text);
  if (HTTP_DATE.test(text) || ISO_TIME.test(text)) return (Date.parse(text) - now) / 1000;
  return ASCTIME_DATE.test(text) ? (Date.parse(`${text} GMT`) - now) / 1000 : NaN;
}
