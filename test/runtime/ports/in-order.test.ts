import * as fc from 'fast-check';
import { Lanes, mapInOrder, together } from '../../../src/runtime/ports/in-order';
import { collect } from '../../kit/collect';
import { VirtualClock } from '../../kit/virtual-clock';

test('results come in the order of the items, however long each takes, with as many calls under way as allowed', async () => {
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

test('a failed call ends it, earlier results come first, and later failures are ignored', async () => {
  const seen: number[] = [];
  const results = mapInOrder([1, 2, 3], 3, async (item) => {
    if (item > 1) throw new Error(`call ${item}`);
    return item;
  });
  const reading = (async () => { for await (const item of results) seen.push(item); })();

  await expect(reading).rejects.toThrow('call 2');
  expect(seen).toEqual([1]);
});

describe('the calls under way have ended', () => {
  const slow = (clock: VirtualClock, ended: number[]) => async (item: number): Promise<number> => {
    await clock.sleep(100 * item);
    ended.push(item);
    return item;
  };

  test('when one has failed', async () => {
    const clock = new VirtualClock();
    const ended: number[] = [];
    const results = mapInOrder([0, 1, 2, 3, 4], 3, async (item) => {
      if (item === 0) throw new Error('call 0');
      return slow(clock, ended)(item);
    });

    await expect(collect(results)).rejects.toThrow('call 0');
    expect(ended).toEqual([1, 2]);
  });

  test('when the reader stops reading', async () => {
    const clock = new VirtualClock();
    const ended: number[] = [];
    for await (const item of mapInOrder([1, 2, 3, 4, 5], 3, slow(clock, ended))) if (item === 1) break;

    expect(ended).toEqual([1, 2, 3]);
  });
});

describe('two calls together', () => {
  const after = async <Result>(clock: VirtualClock, milliseconds: number, result: () => Result): Promise<Result> => {
    await clock.sleep(milliseconds);
    return result();
  };
  const failing = (message: string) => (): never => { throw new Error(message); };

  test('overlap, and each has its result', async () => {
    const clock = new VirtualClock();

    await expect(together(after(clock, 200, () => 'one'), after(clock, 100, () => 2))).resolves.toEqual(['one', 2]);
    expect(clock.elapsed).toBe(200);
  });

  test('fail with the error of the first in order, whichever fails first', async () => {
    const clock = new VirtualClock();

    await expect(together(after(clock, 200, failing('one')), after(clock, 100, failing('other')))).rejects.toThrow('one');
  });

  test.each(['one', 'other'])('have both ended when %s has failed', async (failed) => {
    const clock = new VirtualClock();
    const pair = [after(clock, 100, failing('it failed')), after(clock, 200, () => 'done')] as const;

    await expect(failed === 'one' ? together(...pair) : together(pair[1], pair[0])).rejects.toThrow('it failed');
    expect(clock.elapsed).toBe(200);
  });
});

describe('lanes', () => {
  test('limit the calls that run at once; the others run in the order of arrival', async () => {
    await fc.assert(fc.asyncProperty(fc.array(fc.nat(100), { maxLength: 20 }), fc.integer({ min: 1, max: 4 }), async (delays, count) => {
      const clock = new VirtualClock();
      const lanes = new Lanes(count);
      const begun: number[] = [];
      let underWay = 0;
      let most = 0;
      await Promise.all(delays.map((delay, index) => lanes.run(async () => {
        begun.push(index);
        most = Math.max(most, ++underWay);
        await clock.sleep(delay);
        underWay -= 1;
      })));

      expect(begun).toEqual([...delays.keys()]);
      expect(most).toBe(Math.min(count, delays.length));
    }));
  });

  test('are free again after a failure', async () => {
    const lanes = new Lanes(1);

    await expect(lanes.run(async () => { throw new Error('the first'); })).rejects.toThrow('the first');
    await expect(lanes.run(async () => 'the second')).resolves.toBe('the second');
  });
});
