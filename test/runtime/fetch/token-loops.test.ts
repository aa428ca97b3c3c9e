import * as fc from 'fast-check';
import { CommitRecord } from '../../../src/protocol/commit-record';
import { PageTokenLoopError } from '../../../src/protocol/errors';
import { LoopState } from '../../../src/protocol/machine-state';
import { ScriptedSource } from '../../kit/scripted-source';
import { CACHE_BUCKET, TestMachine, TestMachineOptions } from '../../kit/test-machine';

/** An import of a source that repeats `cycle` pages after `tail` pages. Each takes a second. */
interface Circle {
  readonly tail: number;
  readonly cycle: number;
}

/** The token is the place in the cycle. The records are new on every page, so that only tokens reveal it. */
function circular({ tail, cycle }: Circle, options: Omit<TestMachineOptions, 'source'>): { readonly machine: TestMachine; readonly source: ScriptedSource } {
  const source: ScriptedSource = new ScriptedSource(async ({ pageNumber }) => {
    await machine.clock.sleep(1000);
    const place = pageNumber < tail ? pageNumber : tail + (pageNumber - tail) % cycle;
    return { records: [pageNumber], nextPageToken: { place } };
  });
  const machine: TestMachine = new TestMachine({ source, ...options });
  return { machine, source };
}

/** Runs rounds until the import fails. After those that `resumes` selects, continues in a new execution that resumes the import. */
async function failureOf(machine: TestMachine, start: LoopState, resumes: readonly boolean[]): Promise<unknown> {
  let state = start;
  try {
    for (let round = 0; ; round++) {
      state = await machine.fetch(state);
      if (resumes[round % resumes.length]) state = await machine.initialize({ resumeFrom: state.importId });
    }
  } catch (error) {
    return error;
  }
}

/** The guard's state after each chunk. */
async function guardsOf(machine: TestMachine, { importId }: LoopState): Promise<string[]> {
  const keys = await machine.cacheKeys(machine.keys(importId).commits);
  const files = await Promise.all(keys.map((key) => machine.s3.store(CACHE_BUCKET).read(key)));
  return files.map((bytes) => JSON.stringify((JSON.parse(new TextDecoder().decode(bytes)) as CommitRecord).loopGuard));
}

test('a cycle of any length is noticed across chunks, rounds and resumes, and the guard\'s state does not grow', async () => {
  const cases = fc.record({
    tail: fc.nat(40),
    cycle: fc.integer({ min: 1, max: 40 }),
    chunkBytes: fc.integer({ min: 1, max: 40 }),
    remaining: fc.integer({ min: 2000, max: 20_000 }),
    resumes: fc.array(fc.boolean(), { minLength: 1, maxLength: 5 }),
  });
  await fc.assert(fc.asyncProperty(cases, async ({ tail, cycle, chunkBytes, remaining, resumes }) => {
    const { machine, source } = circular({ tail, cycle }, { settings: { chunkBytes }, remaining });
    const start = await machine.initialize();

    expect(await failureOf(machine, start, resumes)).toBeInstanceOf(PageTokenLoopError);

    const last = Math.max(...source.pageNumbers);
    expect(last).toBeLessThanOrEqual(3 * (tail + cycle));
    // Each page was requested once: all but the last are committed when the guard stops the import.
    expect(source.pageNumbers).toEqual(Array.from({ length: last }, (_, index) => index + 1));
    const guards = await guardsOf(machine, start);
    expect(Math.max(0, ...guards.map(({ length }) => length))).toBeLessThan(200);
  }), { numRuns: 100 });
});

test.each([
  ['of one page, which is not committed, asks for that page again', { tail: 3, cycle: 1 }, 1],
  ['of several pages, which may be committed, asks for none', { tail: 3, cycle: 4 }, 0],
])('an import that was stopped by a circle %s when it is resumed without a cure', async (_what, circle, pages) => {
  const { machine, source } = circular(circle, { settings: { chunkBytes: 1 } });
  const start = await machine.initialize();
  await expect(machine.fetch(start)).rejects.toThrow(PageTokenLoopError);
  const asked = source.requests.length;

  const resumed = async (): Promise<LoopState> => machine.fetch(await machine.initialize({ resumeFrom: start.importId }));
  await expect(resumed()).rejects.toMatchObject({ name: PageTokenLoopError.NAME });

  expect(source.pageNumbers.slice(asked)).toEqual(Array.from({ length: pages }, () => asked));
});
