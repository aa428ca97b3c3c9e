import { DESTINATION_KEY } from '../kit/test-machine';
import { callsOf, exploreCrashMatrix, Scenario, SCENARIOS } from './crash-matrix';
import { DESTINATIONS } from './destination';
import { FAULTS, nameOf } from './faults';
import { Tally } from './tally';

/** The promises of the protocol, at every crash point. The other searches are in search.test.ts: two files run side by side. */

jest.setTimeout(1_200_000);

const tally = new Tally();

test('nothing is lost, nothing is doubled', async () => {
  await exploreCrashMatrix(tally, () => true);

  expect(tally.violations).toEqual([]);
  expect(tally.schedules).toBeGreaterThan(20_000);
});

test('every kind of fault struck many times', () => {
  expect(FAULTS.map(nameOf).filter((kind) => (tally.faults.get(kind) ?? 0) < 20)).toEqual([]);
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

  expect(await methodsAtKey(SCENARIOS.find(({ name }) => name === 'smaller than a part')!)).toBe('checkAccess,inspect,writeIf');
  expect(methods.filter((ofScenario) => ofScenario.includes('completeUpload')).length).toBeGreaterThan(3);
});
