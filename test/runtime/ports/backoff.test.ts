import * as fc from 'fast-check';
import { fullJitterMilliseconds } from '../../../src/runtime/ports/backoff';

const chance = (fraction: number) => ({ uuid: () => 'unused', fraction: () => fraction });

test('a delay is anywhere between 0 and its bound', () => {
  expect(fullJitterMilliseconds(3, 1, 60, chance(0))).toBe(0);
  expect(fullJitterMilliseconds(3, 1, 60, chance(0.5))).toBe(2000);
  expect(fullJitterMilliseconds(3, 1, 60, chance(0.999999))).toBe(4000);
});

test('the bound doubles with each attempt, up to the cap', () => {
  const longest = [1, 2, 3, 6, 7, 1000].map((attempt) => fullJitterMilliseconds(attempt, 1, 60, chance(1)));

  expect(longest).toEqual([1000, 2000, 4000, 32_000, 60_000, 60_000]);
});

test('for any attempt, base and chance, a delay is never negative, infinite or over the cap', () => {
  const double = (min: number, max: number): fc.Arbitrary<number> => fc.double({ min, max, noNaN: true });
  fc.assert(fc.property(fc.integer({ min: 1, max: 2000 }), double(0.001, 10), double(0, 1), (attempt, base, fraction) => {
    const delay = fullJitterMilliseconds(attempt, base, 60, chance(fraction));

    return Number.isInteger(delay) && delay >= 0 && delay <= 60_000;
  }));
});
