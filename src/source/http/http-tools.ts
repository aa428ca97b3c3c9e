import { setTimeout as sleep } from 'node:timers/promises';
import { readAwsSecret, writeAwsSecret } from './auth/aws-secrets';
import { readEnvironment } from './auth/secrets';
import { HttpTools } from './auth/tools';

/** Time, chance and secrets as they are in a process. */
export const HTTP_TOOLS: HttpTools = {
  now: Date.now,
  sleep: (milliseconds, signal) => sleep(milliseconds, undefined, { signal }).catch(() => {}),
  fraction: Math.random,
  readSecret: async (reference, signal) => (
    reference.environment === undefined ? readAwsSecret(reference, Date.now(), signal) : readEnvironment(reference)
  ),
  writeSecret: async (reference, text, signal) => writeAwsSecret(reference, text, Date.now(), signal),
  log: (message) => console.info(message),
};
