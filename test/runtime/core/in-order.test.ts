import * as fc from 'fast-check';
import { mapInOrder } from '../../../src/runtime/core/in-order';
import { collect } from '../../kit/collect';
import { VirtualClock } from '../../kit/virtual-clock';

test('results come in the order of the items, whatever each takes, with as many calls under way as allowed', async () => {
  await fc.assert(fc.asyncProperty(fc.array(fc.nat(100), { maxLength: 20 }), fc.integer({ min: 1, max: 8 }), async (delays, inFlight) => {
    const clock = new VirtualClock();
    let underWay = 0;
    let most = 0;
    const results = await collect(mapInOrder(delays.entries(), inFlight, async ([index, delay]) => {
      most = Math.max(most, ++underWay);
      await clock.sleep(delay);
      underWay -= 1;
      return index;
    }));

    expect(results).toEqual([...delays.keys()]);
    expect(most).toBeLessThanOrEqual(inFlight);
  }));
});

test('calls overlap', async () => {
  const clock = new VirtualClock();
  await collect(mapInOrder([1, 2, 3, 4], 4, () => clock.sleep(100)));

  expect(clock.elapsed).toBe(100);
});

test('a failed call ends it, those before it come first, and those behind it fail unheard', async () => {
  const seen: number[] = [];
  const results = mapInOrder([1, 2, 3], 3, async (item) => {
    if (item > 1) throw new Error(`call ${item}`);
    return item;
  });
  const reading = (async () => { for await (const item of results) seen.push(item); })();

  await expect(reading).rejects.toThrow('call 2');
  expect(seen).toEqual([1]);
});
