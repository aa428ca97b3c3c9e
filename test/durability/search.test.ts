import { DESTINATION_KEY } from '../kit/test-machine';
import { callsOf, Scenario, SCENARIOS } from './crash-matrix';
import { DESTINATIONS } from './destination';
import { FAULTS, nameOf } from './faults';
import { PAGE_FAULTS } from './page-faults';
import { PARTS } from './parts';
import { Tally } from './tally';

/**
 * The promises of the protocol, at every crash point and at random. `npm run test:durability` runs more random schedules, and any one of
 * them again.
 */

// A few thousand schedules each, on machines that do other things meanwhile.
jest.setTimeout(1_200_000);

const OPTIONS = { schedules: 300, seed: 1, only: () => true };

const all = new Tally();

test.each(Object.entries(PARTS))('%s: nothing is lost, nothing is doubled', async (_name, run) => {
  const tally = new Tally();
  await run(tally, OPTIONS);
  all.add(tally);

  expect(tally.violations).toEqual([]);
  // A search that has run nothing has proved nothing.
  expect(tally.schedules).toBeGreaterThan(200);
});

test('the exhaustive ones go through every call that makes a fold, and divide a chunk', async () => {
  const calls = (await Promise.all(SCENARIOS.map((scenario) => callsOf(scenario)))).flat();
  const methodsOf = (folder: string): string[] => (
    [...new Set(calls.filter(({ key }) => key.includes(folder)).map(({ method }) => method))].sort());

  // A deletion goes by its first key, which is a chunk's.
  expect(methodsOf('/folds/')).toEqual(['completeUpload', 'copyPart', 'createUpload', 'inspect', 'writePart']);
  expect(methodsOf('/data/')).toContain('readRange');
});

test('the exhaustive ones publish in every way, and copy parts', async () => {
  const calls = (await Promise.all(SCENARIOS.map((scenario) => callsOf(scenario)))).flat();
  const copied = calls.filter(({ method }) => method === 'copy').map(({ key }) => key.replace(/.*\//, ''));

  expect(new Set(SCENARIOS.map(({ destination = 'an object' }) => destination))).toEqual(new Set(Object.keys(DESTINATIONS)));
  expect(copied).toEqual(['part-00000000.jsonl', 'part-00000001.jsonl']);
  expect(calls.filter(({ attempt: { step } }) => step === 'Summarize').map(({ method }) => method)).toContain('readRange');
});

test('the exhaustive ones put a small object at once, and others in parts', async () => {
  const methodsAtKey = async (scenario: Scenario): Promise<string> => (
    (await callsOf(scenario)).filter(({ key }) => key === DESTINATION_KEY).map(({ method }) => method).join());
  const methods = await Promise.all(SCENARIOS.map(methodsAtKey));

  expect(await methodsAtKey(SCENARIOS.find(({ name }) => name === 'smaller than a part')!)).toBe('inspect,writeIf');
  expect(methods.filter((ofScenario) => ofScenario.includes('completeUpload')).length).toBeGreaterThan(3);
});

test('every kind of fault struck many times', () => {
  const kinds = [...FAULTS.map(nameOf), ...Object.keys(PAGE_FAULTS).map((kind) => `page ${kind}`)];

  expect(kinds.filter((kind) => (all.faults.get(kind) ?? 0) < 20)).toEqual([]);
});
