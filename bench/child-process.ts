import { ChildProcess } from 'node:child_process';
import { once } from 'node:events';

/** Sends a message and waits for the answer. @throws Error if the process ends instead */
export async function ask<Answer>(child: ChildProcess, message: object): Promise<Answer> {
  const answer = nextMessage<Answer>(child);
  child.send(message);
  return answer;
}

/** The next message of a process. @throws Error if it ends instead */
export async function nextMessage<Message>(child: ChildProcess): Promise<Message> {
  const over = new AbortController();
  try {
    return await Promise.race([
      once(child, 'message', { signal: over.signal }).then(([message]) => message as Message),
      once(child, 'exit', { signal: over.signal }).then(([code, signal]) => {
        throw new Error(`A process of the benchmark ended early (${code ?? signal}): see its messages above.`);
      }),
    ]);
  } finally {
    over.abort();
  }
}

/** Ends a process that waits for messages. */
export async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null) return;
  const ended = once(child, 'exit');
  if (child.connected) child.disconnect();
  await ended;
}
