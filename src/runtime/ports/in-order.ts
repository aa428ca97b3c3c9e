import { PerStream, STREAM_NAMES, StreamName } from '../../protocol/streams';

/**
 * Maps with several calls in flight and yields the results in the order of the items. If a call fails or the consumer stops reading, the
 * iteration ends, once all calls under way have settled.
 */
export async function* mapInOrder<Item, Result>(
  items: AsyncIterable<Item> | Iterable<Item>, inFlight: number, map: (item: Item) => Promise<Result>,
): AsyncGenerator<Result> {
  const pending: Promise<Result>[] = [];
  try {
    for await (const item of items) {
      const call = map(item);
      // Calls after a failed one are awaited, but their results are ignored: their failures must not count as unhandled.
      call.catch(() => undefined);
      pending.push(call);
      if (pending.length >= inFlight) yield await pending.shift()!;
    }
    while (pending.length > 0) yield await pending.shift()!;
  } finally {
    await Promise.allSettled(pending);
  }
}

/**
 * Waits for concurrent calls. Rejects only when all have settled, with the failure of the first in order: nothing continues in the
 * background.
 */
export async function together<Calls extends readonly Promise<unknown>[]>(
  ...calls: Calls
): Promise<{ -readonly [Place in keyof Calls]: Awaited<Calls[Place]> }> {
  await Promise.allSettled(calls);
  return Promise.all(calls);
}

/** Makes the value of each stream, all at the same time, and fails as `together` does. */
export async function eachStream<Value>(valueOf: (name: StreamName) => Promise<Value>): Promise<PerStream<Value>> {
  const values = await together(...STREAM_NAMES.map(async (name) => [name, await valueOf(name)] as const));
  return Object.fromEntries(values) as PerStream<Value>;
}

/** Limits how many calls run at the same time. The others wait in order of arrival. */
export class Lanes {
  private readonly waiting: (() => void)[] = [];

  constructor(private free: number) {}

  public async run<Result>(call: () => Promise<Result>): Promise<Result> {
    if (this.free > 0) this.free -= 1;
    else await new Promise<void>((resolve) => this.waiting.push(resolve));
    try {
      return await call();
    } finally {
      this.leave();
    }
  }

  /** Hands the lane to the next in turn, so that no other call can take it. */
  private leave(): void {
    const next = this.waiting.shift();
    if (next === undefined) this.free += 1;
    else next();
  }
}
