/**
 * Maps with several calls in flight and yields the results in the order of the items. A failed call ends the iteration, and so does whoever
 * reads no further; the calls under way have ended by then.
 */
export async function* mapInOrder<Item, Result>(
  items: AsyncIterable<Item> | Iterable<Item>, inFlight: number, map: (item: Item) => Promise<Result>,
): AsyncGenerator<Result> {
  const pending: Promise<Result>[] = [];
  try {
    for await (const item of items) {
      const call = map(item);
      // A call behind a failed one is waited for, but nobody asks what came of it: its own failure must not count as unhandled.
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
 * Waits for two calls that run at the same time. If they fail, it is with the failure of the first in order, and when both have ended:
 * nothing goes on behind the back of who waits.
 */
export async function together<One, Other>(one: Promise<One>, other: Promise<Other>): Promise<[One, Other]> {
  await Promise.allSettled([one, other]);
  return [await one, await other];
}

/** Lets so many calls run at the same time. The others wait for their turn, in the order in which they came. */
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

  /** The lane goes to the next in turn, so that nobody can come between. */
  private leave(): void {
    const next = this.waiting.shift();
    if (next === undefined) this.free += 1;
    else next();
  }
}
