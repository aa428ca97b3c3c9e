/**
 * When to ask a source again: a number of seconds, a time, or the text of a `Retry-After` header, which is either of these
 * (https://www.rfc-editor.org/rfc/rfc9110.html#section-10.2.3). `null`, which `Headers.get` returns for a missing header, is no hint.
 */
export type RetryAfter = number | string | Date | null;

const SECONDS = /^\d+(\.\d+)?$/;

/** HTTP dates: today's form, and the older one with the full name of the day. */
const HTTP_DATE = /^[a-z]+, \d\d[ -][a-z]{3}[ -](\d\d|\d{4}) \d\d:\d\d:\d\d GMT$/i;

/** The oldest form of HTTP dates, that of C's `asctime`. It has no time zone and is in UTC. */
const ASCTIME_DATE = /^[a-z]{3} [a-z]{3} [ \d]\d \d\d:\d\d:\d\d \d{4}$/i;

/** A `Date` in JSON. */
const ISO_TIME = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)$/;

/**
 * The seconds until the source may be asked again.
 *
 * @param now milliseconds since the epoch
 * @returns 0 for no hint: anything that is not a time in the future, such as NaN, a past date, or unreadable text
 */
export function secondsUntil(retryAfter: unknown, now: number): number {
  const seconds = typeof retryAfter === 'string' ? secondsInText(retryAfter.trim(), now) : secondsIn(retryAfter, now);
  return Number.isFinite(seconds) && seconds > 0 ? seconds : 0;
}

function secondsIn(retryAfter: unknown, now: number): number {
  if (typeof retryAfter === 'number') return retryAfter;
  return retryAfter instanceof Date ? (retryAfter.getTime() - now) / 1000 : NaN;
}

/** `Date.parse` alone would read "5 minutes" as a day in May 2001. */
function secondsInText(text: string, now: number): number {
  if (SECONDS.test(text)) return Number(text);
  if (HTTP_DATE.test(text) || ISO_TIME.test(text)) return (Date.parse(text) - now) / 1000;
  return ASCTIME_DATE.test(text) ? (Date.parse(`${text} GMT`) - now) / 1000 : NaN;
}
