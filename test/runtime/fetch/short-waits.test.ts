import * as fc from 'fast-check';
import { SHORT_WAIT_SECONDS, SHORT_WAITS_PER_PAGE } from '../../../src/protocol/defaults';
import { MaxWaitExceededError } from '../../../src/protocol/errors';
import { LoopState } from '../../../src/protocol/machine-state';
import { never, ScriptedSource, sequence } from '../../kit/scripted-source';
import { TestMachine } from '../../kit/test-machine';

const later = (retryAfterSeconds: number): unknown => ({ retryAfterSeconds });

/** Each round of an import whose source always asks for the same wait. */
async function roundsOf(seconds: number, count: number): Promise<LoopState[]> {
  const machine = new TestMachine({ source: new ScriptedSource(() => later(seconds)) });
  const states = [await machine.initialize()];
  while (states.length <= count) states.push(await machine.fetch(states.at(-1)!));
  return states.slice(1);
}

describe('a wait of a few seconds', () => {
  test('is spent in the invocation, and the same page is requested again', async () => {
    const source = sequence([1], later(3), [2], []);
    const machine = new TestMachine({ source, pageSize: 1 });

    await expect(machine.fetch(await machine.initialize())).resolves.toMatchObject({ continue: false, pages: 3, round: 1 });
    expect(source.requests.map(({ pageNumber, attempt }) => [pageNumber, attempt])).toEqual([[1, 1], [2, 1], [2, 1], [3, 1]]);
    expect(machine.clock.elapsed).toBe(3000);
  });

  test('may be a fraction of a second', async () => {
    const machine = new TestMachine({ source: sequence(later(0.2), []) });

    await expect(machine.fetch(await machine.initialize())).resolves.toMatchObject({ continue: false });
    expect(machine.clock.elapsed).toBe(200);
  });

  test('is limited to what costs no more than a Wait state', async () => {
    const [atMost] = await roundsOf(SHORT_WAIT_SECONDS, 1);
    const [longer] = await roundsOf(SHORT_WAIT_SECONDS + 0.001, 1);

    expect(atMost).toMatchObject({ waitSeconds: SHORT_WAIT_SECONDS, waitedSeconds: SHORT_WAIT_SECONDS * (SHORT_WAITS_PER_PAGE + 1) });
    expect(longer).toMatchObject({ waitSeconds: SHORT_WAIT_SECONDS + 1, waitedSeconds: SHORT_WAIT_SECONDS + 1 });
  });

  test('is left to the Wait state after several for one page', async () => {
    await expect(roundsOf(2, 2)).resolves.toMatchObject([
      { continue: true, waitSeconds: 2, waitedSeconds: 8, round: 2 }, { continue: true, waitSeconds: 2, waitedSeconds: 16, round: 4 },
    ]);
  });

  test('is counted separately for the next page', async () => {
    const source = sequence(later(1), later(1), later(1), [1], later(1), later(1), later(1), [2], []);
    const machine = new TestMachine({ source, pageSize: 1, maxWaitSeconds: 3 });

    await expect(machine.fetch(await machine.initialize())).resolves.toMatchObject({ continue: false, pages: 3 });
  });

  test('is left to the Wait state if the page after it might not be in time', async () => {
    const source: ScriptedSource = new ScriptedSource(async () => {
      await machine.clock.sleep(6000);
      return later(3);
    });
    const machine: TestMachine = new TestMachine({ source, remaining: 14_000 });

    await expect(machine.fetch(await machine.initialize())).resolves.toMatchObject({ continue: true, waitSeconds: 3, waitedSeconds: 3 });
    expect(machine.clock.elapsed).toBe(6000);
  });

  test('does not delay the checkpoint of the earlier pages', async () => {
    const committed: number[] = [];
    let asked = 0;
    const source: ScriptedSource = new ScriptedSource(async ({ pageNumber, importId }) => {
      if (pageNumber === 1) return [1];
      if (pageNumber === 3) return [];
      committed.push((await machine.cacheKeys(machine.keys(importId).commits)).length);
      return asked++ === 0 ? later(4) : [];
    });
    const machine: TestMachine = new TestMachine({ source, pageSize: 1, settings: { checkpointMilliseconds: 1000 } });

    await machine.fetch(await machine.initialize());

    expect(committed).toEqual([0, 1]);
  });
});

describe('waits inside and outside of invocations add up', () => {
  test('to maxWait and no further', async () => {
    const machine = new TestMachine({ source: new ScriptedSource(() => later(3)), maxWaitSeconds: 7 });
    const start = await machine.initialize();

    await expect(machine.fetch(start)).rejects.toThrow(MaxWaitExceededError);
    await expect(machine.fetch(start)).rejects.toThrow('asks for 3 s more before page 1, for which the import has waited 6 s; maxWait is 7 s');
    expect(machine.clock.elapsed).toBe(2 * 6000);
  });

  test('across rounds', async () => {
    const machine = new TestMachine({ source: sequence(later(2), later(30), later(4), later(30), later(1)), maxWaitSeconds: 66 });
    const first = await machine.fetch(await machine.initialize());
    const second = await machine.fetch(first);

    expect([first.waitedSeconds, second.waitedSeconds]).toEqual([32, 66]);
    await expect(machine.fetch(second)).rejects.toThrow('asks for 1 s more before page 1, for which the import has waited 66 s');
  });

  test('including fractions', async () => {
    const waits = [0.1, 0.2, 0.3, 10];
    const machine = new TestMachine({ source: sequence(...[...waits, ...waits].map(later)) });
    const first = await machine.fetch(await machine.initialize());

    expect(first.waitedSeconds).toBe(10.6);
    await expect(machine.fetch(first)).resolves.toMatchObject({ waitedSeconds: 21.2 });
  });

  test('when the invocation ends before the page has come', async () => {
    const machine = new TestMachine({ source: sequence([1], later(4), never, later(30)), pageSize: 1 });
    const first = await machine.fetch(await machine.initialize());

    expect(first).toMatchObject({ continue: true, pages: 1, waitSeconds: 0, waitedSeconds: 4 });
    await expect(machine.fetch(first)).resolves.toMatchObject({ waitSeconds: 30, waitedSeconds: 34 });
  });

  test('and none is ever shorter than the source asked', async () => {
    const milliseconds = fc.oneof(fc.integer({ min: 1, max: 7000 }), fc.integer({ min: 7001, max: 90_000 }));
    await fc.assert(fc.asyncProperty(fc.array(milliseconds, { minLength: 1, maxLength: 12 }), async (asked) => {
      const askedAt: number[] = [];
      const source: ScriptedSource = new ScriptedSource(({ pageNumber }) => {
        if (pageNumber > 1) return [];
        askedAt.push(machine.clock.elapsed);
        return askedAt.length <= asked.length ? later(asked[askedAt.length - 1]! / 1000) : [];
      });
      const machine: TestMachine = new TestMachine({ source });
      await machine.fetchAll(await machine.initialize());

      const waited = askedAt.slice(1).map((at, index) => at - askedAt[index]!);
      expect(waited).toHaveLength(asked.length);
      waited.forEach((wait, index) => expect(wait).toBeGreaterThanOrEqual(asked[index]!));
    }));
  });
});
