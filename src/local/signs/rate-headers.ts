/** What a source's headers say about how often it may be asked. */
export interface FoundRate {
  /** Names of the headers. */
  readonly headers: readonly string[];
  /** Requests per minute, if the headers say so. */
  readonly perMinute: number | undefined;
}

const RATE_HEADER = /^(?:x-)?rate-?limit(?:-|$)/;

/** `100;w=60` and `"default";q=100;w=60`, of the drafts for RateLimit: 100 requests in 60 seconds. */
const QUOTA_IN_WINDOW = /(?:^|;|=)\s*(\d+)\s*;\s*w=(\d+)/;

export function rateIn(headers: Readonly<Record<string, string>>): FoundRate | undefined {
  const names = Object.keys(headers).filter((name) => RATE_HEADER.test(name));
  if (names.length === 0) return undefined;
  const policy = names.map((name) => QUOTA_IN_WINDOW.exec(headers[name]!)).find((found) => found !== null);
  const [quota, seconds] = [Number(policy?.[1] ?? 0), Number(policy?.[2] ?? 0)];
  return { headers: names, perMinute: quota > 0 && seconds > 0 ? Math.floor(quota * 60 / seconds) : undefined };
}
