import { PAGE_FAULTS } from './page-faults';
import { PARTS } from './parts';
import { Tally } from './tally';

/**
 * The promises of the protocol, among several attempts, with sources that fail or are wrong, and at random. `npm run test:durability` runs
 * more random schedules, and any one of them again. The crash matrix has a file of its own.
 */

// A few thousand schedules each, on machines that do other things meanwhile.
jest.setTimeout(1_200_000);

const OPTIONS = { schedules: 300, seed: 1, only: () => true };

const { 'crash matrix': _crashMatrix, ...searches } = PARTS;

const all = new Tally();

test.each(Object.entries(searches))('%s: nothing is lost, nothing is doubled', async (_name, run) => {
  const tally = new Tally();
  await run(tally, OPTIONS);
  all.add(tally);

  expect(tally.violations).toEqual([]);
  // A search that has run nothing has proved nothing.
  expect(tally.schedules).toBeGreaterThan(200);
});

test('every kind of page fault struck many times', () => {
  const kinds = Object.keys(PAGE_FAULTS).map((kind) => `page ${kind}`);

  expect(kinds.filter((kind) => (all.faults.get(kind) ?? 0) < 20)).toEqual([]);
});
