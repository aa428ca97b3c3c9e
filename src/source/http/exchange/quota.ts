/** What a source's headers say about how often it may still be asked. */
export interface Quota {
  readonly remaining: number | undefined;
  /** When it is full again, in milliseconds since the epoch. */
  readonly resetAt: number;
}

/** Values above this are times since 1970, in seconds; above 1000 times as much, in milliseconds. */
const EARLIEST_EPOCH_SECONDS = 1_000_000_000;

/**
 * Reads `RateLimit` (https://datatracker.ietf.org/doc/draft-ietf-httpapi-ratelimit-headers/), the older `RateLimit-Remaining` and
 * `RateLimit-Reset`, and the `X-RateLimit-*` headers that many sources send. A reset is a number of seconds, a time since 1970, or a date.
 *
 * @param now milliseconds since the epoch
 */
export function quotaIn(headers: Readonly<Record<string, string>>, now: number): Quota | undefined {
  return structured(headers.ratelimit, now) ?? separate(headers, now);
}

const REMAINING = /;\s*r=(\d+)/;
const RESET = /;\s*t=(\d+)/;
const OLDER_REMAINING = /\bremaining=(\d+)/;
const OLDER_RESET = /\breset=(\d+)/;

/** `"default";r=50;t=30`, or `limit=100, remaining=50, reset=30` of older drafts. The policy with the least left counts. */
function structured(header: string | undefined, now: number): Quota | undefined {
  if (header === undefined) return undefined;
  const policies = OLDER_REMAINING.test(header) ? [header] : header.split(',');
  const quotas = policies.flatMap((policy) => {
    const remaining = (REMAINING.exec(policy) ?? OLDER_REMAINING.exec(policy))?.[1];
    const reset = (RESET.exec(policy) ?? OLDER_RESET.exec(policy))?.[1];
    return remaining === undefined || reset === undefined ? [] : [{ remaining: Number(remaining), resetAt: now + Number(reset) * 1000 }];
  });
  return quotas.sort((a, b) => a.remaining - b.remaining)[0];
}

const PREFIXES = ['ratelimit-', 'x-ratelimit-', 'x-rate-limit-'];

function separate(headers: Readonly<Record<string, string>>, now: number): Quota | undefined {
  for (const prefix of PREFIXES) {
    const remaining = headers[`${prefix}remaining`];
    const resetAt = resetTime(headers[`${prefix}reset`], now);
    if (remaining !== undefined && /^\d+$/.test(remaining) && resetAt !== undefined) return { remaining: Number(remaining), resetAt };
  }
  return undefined;
}

function resetTime(text: string | undefined, now: number): number | undefined {
  if (text === undefined) return undefined;
  const number = Number(text);
  if (Number.isNaN(number)) return Number.isNaN(Date.parse(text)) ? undefined : Date.parse(text);
  if (number > EARLIEST_EPOCH_SECONDS * 1000) return number;
  return number > EARLIEST_EPOCH_SECONDS ? number * 1000 : now + number * 1000;
}
