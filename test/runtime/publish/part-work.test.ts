import { PartWork } from '../../../src/runtime/publish/part-work';
import { testWorld } from '../../kit/test-world';

const SECOND = 1000;

test('the slowest part counts, also if a quicker one that began before its end ends after it', async () => {
  const world = testWorld();
  const { clock, invocation } = world;
  const work = new PartWork({ copied: 4 }, world);
  const copy = (seconds: number) => work.inLane('copied', work.turn(), async () => {
    await clock.sleep(seconds * SECOND);
    return 'done';
  });

  const slow = copy(10);
  await clock.sleep(9 * SECOND);
  const quick = copy(2);
  await expect(Promise.all([slow, quick])).resolves.toEqual(['done', 'done']);

  invocation.setRemaining(20 * SECOND);
  await expect(copy(1)).resolves.toBe('out-of-time');
  invocation.setRemaining(25 * SECOND);
  await expect(copy(1)).resolves.toBe('done');
});
