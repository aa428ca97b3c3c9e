import { fullJitterMilliseconds } from './backoff';
import { World } from './ports';

/** Upper bound of the first pause, in seconds. It doubles with each attempt. */
const BASE_SECONDS = 0.2;

/** Upper bound of every pause, in seconds. */
const CAP_SECONDS = 5;

/** How often the store is asked. */
export interface Attempts {
  readonly attempts: number;
  /** Called after the last attempt: why nothing is settled. */
  failure(): Error;
}

/** Asks the store again, with a pause after each attempt, until one settles the matter: until it returns anything but `undefined`. */
export async function untilSettled<Settled>(
  attempt: () => Promise<Settled | undefined>, { attempts, failure }: Attempts, { clock, chance }: World,
): Promise<Settled> {
  for (let number = 1; number <= attempts; number++) {
    const settled = await attempt();
    if (settled !== undefined) return settled;
    await clock.sleep(fullJitterMilliseconds(number, BASE_SECONDS, CAP_SECONDS, chance));
  }
  throw failure();
}
