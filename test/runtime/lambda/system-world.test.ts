import type { Context } from 'aws-lambda';
import { systemWorld } from '../../../src/runtime/lambda/system-world';

const world = systemWorld({ getRemainingTimeInMillis: () => 1234 } as Context);
const LONG = 600_000;

test('the remaining time of the invocation comes from Lambda', () => {
  expect(world.invocation.remainingMilliseconds()).toBe(1234);
});

test('a sleep ends with its time', async () => {
  const before = world.clock.now();
  await world.clock.sleep(20);

  expect(world.clock.now() - before).toBeGreaterThanOrEqual(19);
});

test('a sleep ends when its signal fires, without an error', async () => {
  const abort = new AbortController();
  const sleep = world.clock.sleep(LONG, abort.signal);
  abort.abort();

  await expect(sleep).resolves.toBeUndefined();
});

test('a sleep whose signal has fired ends at once', async () => {
  await expect(world.clock.sleep(LONG, AbortSignal.abort())).resolves.toBeUndefined();
});

test('uuids are valid and unique', () => {
  const uuids = Array.from({ length: 100 }, () => world.chance.uuid());

  expect(new Set(uuids).size).toBe(100);
  for (const uuid of uuids) expect(uuid).toMatch(/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/);
});
