import { writeFileSync } from 'node:fs';
import { LocalS3, startLocalS3 } from '../../src/local/s3/local-s3';
import { SeededChance } from '../kit/seeded-chance';
import { Crash, crashesOf, runCrash, Scenario, SCENARIOS } from './crash-matrix';
import { RealPlatform } from './real-platform';
import { Tally } from './tally';

/**
 * A sample of the crash matrix through the S3 client that is shipped, with its own retries and its reading of replies, against the local
 * server: each fault happens to a request on the wire.
 */

// Thousands of real requests, on machines that do other things meanwhile.
jest.setTimeout(1_200_000);

const SAMPLED = Number(process.env.DURABILITY_REAL ?? 112);
const SEED = Number(process.env.DURABILITY_SEED ?? 1);

/** Chunks that S3 itself copies into the published object. */
const COPIED: Scenario = {
  name: 'large chunks', source: { style: 'token', shape: [1, 1, 1], padding: 5 * 1024 * 1024 }, chunkBytes: 1, remaining: 900_000,
};

/** Small chunks between large ones: S3 joins them in a fold, of which one part is filled up with the head of a chunk. */
const FOLDED: Scenario = {
  name: 'large and small chunks', source: { style: 'token', shape: [1, 4, 1, 2], padding: 2.6 * 1024 * 1024 }, chunkBytes: 1, remaining: 900_000,
};

/** Those of the matrix whose calls do not depend on how fast the computer is. */
const REAL_SCENARIOS = [...SCENARIOS.filter(({ remaining }) => remaining >= 900_000), COPIED, FOLDED];

let s3: LocalS3;
let platforms = 0;
beforeAll(async () => { s3 = await startLocalS3(); });
afterAll(async () => {
  await s3.close();
  if (process.env.DURABILITY_REPORT !== undefined) writeFileSync(process.env.DURABILITY_REPORT, JSON.stringify(all));
});

/** What is found, for `npm run test:durability`. */
const all = new Tally();

function newPlatform(): RealPlatform {
  return new RealPlatform(s3, String(platforms++));
}

async function sample(scenario: Scenario): Promise<Crash[]> {
  const chance = new SeededChance(SEED);
  const crashes = await crashesOf(scenario, newPlatform());
  return Array.from({ length: Math.ceil(SAMPLED / REAL_SCENARIOS.length) }, () => chance.pick(crashes));
}

test.each(REAL_SCENARIOS.map((scenario): [string, Scenario] => [scenario.name, scenario]))('%s', async (_name, scenario) => {
  const tally = new Tally();
  for (const crash of await sample(scenario)) {
    const platform = newPlatform();
    await runCrash(crash, tally, platform);
    await platform.clear();
  }
  all.add(tally);

  expect(tally.violations).toEqual([]);
  expect(tally.faultsInjected).toBeGreaterThan(0);
});

// Not of each scenario, which has few: real requests do not come in the same order each time, and a deletion of nothing makes none.
test('most of the faults have struck', () => {
  expect(all.faultsInjected).toBeGreaterThan(all.schedules / 2);
});
