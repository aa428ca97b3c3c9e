import { setTimeout as sleep } from 'node:timers/promises';
import { NonRetryableError } from '../handler/errors';
import { readEnvironment } from './auth/secrets';
import { HttpTools } from './auth/tools';

/** Time, chance and secrets as they are in a process. */
export const HTTP_TOOLS: HttpTools = {
  now: Date.now,
  sleep: (milliseconds, signal) => sleep(milliseconds, undefined, { signal }).catch(() => {}),
  fraction: Math.random,
  readSecret: async (reference) => {
    if (reference.environment !== undefined) return readEnvironment(reference);
    throw new NonRetryableError('Only secrets in environment variables can be read here');
  },
  log: (message) => console.info(message),
};
