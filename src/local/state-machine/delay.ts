/** Longest delay of a Node.js timer, in milliseconds. https://nodejs.org/api/timers.html#settimeoutcallback-delay-args */
const LONGEST_TIMER = 2 ** 31 - 1;

/** Waits for any length of time. Rejects with the signal's reason if it aborts first. */
export async function delay(milliseconds: number, signal: AbortSignal): Promise<void> {
  let rest = milliseconds;
  for (; rest > LONGEST_TIMER; rest -= LONGEST_TIMER) await timer(LONGEST_TIMER, signal);
  await timer(rest, signal);
}

async function timer(milliseconds: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    signal.throwIfAborted();
    const onAbort = (): void => {
      clearTimeout(timeout);
      reject(signal.reason as Error);
    };
    const timeout = setTimeout(() => {
      signal.removeEventListener('abort', onAbort);
      resolve();
    }, milliseconds);
    signal.addEventListener('abort', onAbort, { once: true });
  });
}
