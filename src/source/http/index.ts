import { setTimeout as sleep } from 'node:timers/promises';
import { HttpSettings } from '../../protocol/http-settings';
import type { Source } from '../handler/define-source';
import { NonRetryableError } from '../handler/errors';
import { readEnvironment } from './auth/secrets';
import { HttpTools } from './auth/tools';
import { HttpSource } from './http-source';

const TOOLS: HttpTools = {
  now: Date.now,
  sleep: (milliseconds, signal) => sleep(milliseconds, undefined, { signal }).catch(() => {}),
  fraction: Math.random,
  readSecret: async (reference) => {
    if (reference.environment !== undefined) return readEnvironment(reference);
    throw new NonRetryableError('Only secrets in environment variables can be read here');
  },
  log: (message) => console.info(message),
};

/** A source by settings: the default export of a fetch-page module that needs no code for requests. */
export function httpSource(settings: HttpSettings): Source {
  return new HttpSource(settings, TOOLS);
}
