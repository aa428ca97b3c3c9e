import { ShortPages } from '../../../src/protocol/choices';
import { MAX_EMPTY_PAGES } from '../../../src/protocol/defaults';
import { MaxEmptyPagesExceededError } from '../../../src/protocol/errors';
import { FetchSettings } from '../../../src/runtime/fetch/fetch';
import { Answer, ScriptedSource } from '../../kit/scripted-source';
import { TestMachine } from '../../kit/test-machine';

/** Empty pages in a row: a few are fine, endless ones are not. */

const FOREVER: Readonly<Record<string, Answer>> = {
  'hasMore': () => ({ records: [], hasMore: true }),
  'fresh tokens': ({ pageNumber }) => ({ records: [], nextPageToken: `t${pageNumber}` }),
};

function machineOf(
  answer: Answer, settings: Partial<FetchSettings> = {}, remaining?: number,
): { readonly machine: TestMachine; readonly source: ScriptedSource } {
  const source: ScriptedSource = new ScriptedSource(async (request, signal) => {
    if (request.pageNumber > 2 * MAX_EMPTY_PAGES) throw new Error('the import has no end');
    if (remaining !== undefined) await machine.clock.sleep(remaining / 3);
    return answer(request, signal);
  });
  const machine: TestMachine = new TestMachine({ source, settings, remaining });
  return { machine, source };
}

test.each(Object.entries(FOREVER))('endless empty pages with %s fail with an error of their own', async (_what, answer) => {
  const { machine, source } = machineOf(answer);

  await expect(machine.run()).rejects.toThrow(MaxEmptyPagesExceededError);
  await expect(machine.run()).rejects.toThrow(new RegExp(`the ${MAX_EMPTY_PAGES} pages before it, and maxEmptyPages is ${MAX_EMPTY_PAGES}\\.`));
  expect(Math.max(...source.pageNumbers)).toBe(MAX_EMPTY_PAGES + 1);
});

test.each(Object.entries(FOREVER))('%s: they are counted across commits, invocations and resumes', async (_what, answer) => {
  const { machine, source } = machineOf(answer, { maxEmptyPages: 7, shortPages: ShortPages.ALLOW }, 6000);
  let state = await machine.initialize();

  await expect((async () => {
    for (;;) state = await machine.fetch(await machine.initialize({ resumeFrom: state.importId }));
  })()).rejects.toThrow('Page 8 was not committed: it is empty and not the last one, like the 7 pages before it');
  // Each page was requested once: several rounds, each with commits.
  expect(source.pageNumbers).toEqual([1, 2, 3, 4, 5, 6, 7, 8]);
  expect(state.chunks).toBeGreaterThan(2);
});

test('a page with records resets the count, and a last page does not count', async () => {
  const { machine } = machineOf(({ pageNumber }) => ({
    records: pageNumber % 4 === 0 ? [pageNumber] : [], nextPageToken: pageNumber === 11 ? null : `t${pageNumber}`,
  }), { maxEmptyPages: 3 });

  await expect(machine.run()).resolves.toMatchObject({ pages: 11, records: 2 });
  // Page 11, the last one, is the third in a row.
  const { machine: stricter } = machineOf(({ pageNumber }) => ({ records: [], nextPageToken: pageNumber === 3 ? null : `t${pageNumber}` }), { maxEmptyPages: 2 });
  await expect(stricter.run()).resolves.toMatchObject({ pages: 3, records: 0 });
});

test('a stopped import continues where it stopped once the limit is raised, and not before', async () => {
  const answer: Answer = ({ pageNumber }) => (pageNumber < 6 ? { records: [], nextPageToken: `t${pageNumber}` } : { records: [1] });
  const { machine, source } = machineOf(answer, { maxEmptyPages: 2 });
  const state = await machine.initialize();
  await expect(machine.fetchAll(state)).rejects.toThrow(MaxEmptyPagesExceededError);
  await expect(machine.fetchAll(state)).rejects.toThrow(MaxEmptyPagesExceededError);
  expect(source.pageNumbers).toEqual([1, 2, 3, 3]);

  const raised = new TestMachine({ s3: machine.s3, clock: machine.clock, source, settings: { maxEmptyPages: 5 } });
  await expect(raised.run({ resumeFrom: state.importId })).resolves.toMatchObject({ pages: 6, records: 1 });
  expect(source.pageNumbers.slice(4)).toEqual([3, 4, 5, 6]);
});
