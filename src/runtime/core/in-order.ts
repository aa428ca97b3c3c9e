/**
 * Maps with several calls in flight and yields the results in the order of the items. A failed call ends the iteration; the
 * calls under way are left to end by themselves.
 */
export async function* mapInOrder<Item, Result>(
  items: AsyncIterable<Item> | Iterable<Item>, inFlight: number, map: (item: Item) => Promise<Result>,
): AsyncGenerator<Result> {
  const pending: Promise<Result>[] = [];
  for await (const item of items) {
    const call = map(item);
    // A call behind a failed one is never awaited: its own failure must not count as unhandled.
    call.catch(() => undefined);
    pending.push(call);
    if (pending.length >= inFlight) yield await pending.shift()!;
  }
  while (pending.length > 0) yield await pending.shift()!;
}
