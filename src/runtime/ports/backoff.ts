import { Chance, World } from './ports';

/** Bound of the first pause before the store is asked again, in seconds. Doubled for each further attempt. */
const STORE_BASE_SECONDS = 0.2;

/** Bound of any such pause, in seconds. */
const STORE_CAP_SECONDS = 5;

/**
 * A random delay for the retry after `attempt` failed: uniform between nothing and a bound that doubles from attempt to attempt
 * ("full jitter": https://aws.amazon.com/blogs/architecture/exponential-backoff-and-jitter/).
 *
 * @param attempt the attempt that failed, from 1
 */
export function fullJitterMilliseconds(attempt: number, baseSeconds: number, capSeconds: number, chance: Chance): number {
  const bound = Math.min(capSeconds, baseSeconds * 2 ** (attempt - 1));
  return Math.round(bound * 1000 * chance.fraction());
}

/** Waits before the store is asked once more for what it has not settled. */
export async function pauseBeforeAskingAgain(attempt: number, { clock, chance }: World): Promise<void> {
  await clock.sleep(fullJitterMilliseconds(attempt, STORE_BASE_SECONDS, STORE_CAP_SECONDS, chance));
}
