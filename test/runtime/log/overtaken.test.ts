import { NonRetryableError } from '../../../src/source';
import { flaggedSource, jsonLines, numberedRecords, ScriptedSource } from '../../kit/scripted-source';
import { TestMachine, TestMachineOptions } from '../../kit/test-machine';

/** An attempt whose page fails, after another execution of the import has committed that page and all later ones. */

const RECORDS = numberedRecords(6);

/** Ways in which the attempt's page can fail; for the other execution, the source works. */
const ENDINGS: readonly [string, () => unknown, Partial<TestMachineOptions>][] = [
  ['fails', () => { throw new NonRetryableError('the source is out of order'); }, {}],
  ['is refused', () => ({ records: 'none' }), {}],
  ['asks for a wait', () => ({ retryAfterSeconds: 600 }), {}],
  ['asks for too long a wait', () => ({ retryAfterSeconds: 600 }), { maxWaitSeconds: 60 }],
  ['has too many records', () => ({ records: numberedRecords(100), hasMore: true }), { settings: { maxRecords: 20 } }],
];

test.each(ENDINGS)('a page that %s: the attempt adopts what the other has committed', async (_what, answer, options) => {
  const other = flaggedSource(RECORDS);
  const machine: TestMachine = new TestMachine({
    ...options,
    source: new ScriptedSource(async (request) => {
      if (request.pageNumber < 2) return { records: RECORDS.slice(0, 2), hasMore: true };
      await new TestMachine({ source: other, s3: machine.s3, clock: machine.clock }).run({ resumeFrom: request.importId });
      return answer();
    }),
    settings: { chunkBytes: 1, ...options.settings },
  });
  const state = await machine.fetch(await machine.initialize());

  expect(state).toMatchObject({ continue: false, waitSeconds: 0, records: RECORDS.length });
  await expect(machine.finish(state)).resolves.toMatchObject({ outcome: 'published', records: RECORDS.length });
  await expect(machine.published()).resolves.toBe(jsonLines(RECORDS));
});

test('an attempt that was not overtaken fails because of its page', async () => {
  const machine = new TestMachine({ source: new ScriptedSource(() => { throw new NonRetryableError('the source is out of order'); }) });

  await expect(machine.run()).rejects.toThrow('the source is out of order');
});
