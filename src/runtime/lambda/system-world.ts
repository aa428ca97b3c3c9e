import { randomUUID } from 'node:crypto';
import type { Context } from 'aws-lambda';
import { Clock, World } from '../ports/ports';
import { environment } from './environment';
import { logObserver } from './log-observer';

const systemClock: Clock = {
  now: Date.now,
  sleep: (milliseconds, signal) => new Promise((resolve) => {
    if (signal?.aborted) return resolve();
    const finish = (): void => {
      clearTimeout(timer);
      signal?.removeEventListener('abort', finish);
      resolve();
    };
    const timer = setTimeout(finish, milliseconds);
    signal?.addEventListener('abort', finish);
  }),
  after: (milliseconds, callBack) => {
    const timer = setTimeout(callBack, milliseconds);
    return () => clearTimeout(timer);
  },
  giveWay: () => new Promise((resolve) => { setImmediate(resolve); }),
};

/** One per process, so that the progress interval spans invocations. */
const observer = logObserver(environment.progressIntervalSeconds());

/** The world of one invocation. */
export function systemWorld(context: Context): World {
  return {
    clock: systemClock,
    chance: { uuid: randomUUID, fraction: Math.random },
    observer,
    invocation: { remainingMilliseconds: () => context.getRemainingTimeInMillis() },
  };
}
