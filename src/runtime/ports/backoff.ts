import { Chance } from './ports';

/**
 * A random delay for the retry after `attempt` failed: uniform between 0 and a bound that doubles with each attempt ("full jitter":
 * https://aws.amazon.com/blogs/architecture/exponential-backoff-and-jitter/).
 *
 * @param attempt the attempt that failed, from 1
 */
export function fullJitterMilliseconds(attempt: number, baseSeconds: number, capSeconds: number, chance: Chance): number {
  const bound = Math.min(capSeconds, baseSeconds * 2 ** (attempt - 1));
  return Math.round(bound * 1000 * chance.fraction());
}
