import { RepeatedPages } from '../../../src/protocol/choices';
import { PageTokenLoopError, RepeatedPageError } from '../../../src/protocol/errors';
import { FetchSettings } from '../../../src/runtime/fetch/fetch';
import { jsonLines, ScriptedSource } from '../../kit/scripted-source';
import { TestMachine } from '../../kit/test-machine';

/** Pages with the records of the previous page, which some sources return legitimately. */

const EQUAL = [{ state: 'ok' }, { state: 'ok' }];

/** Four equal pages by token. */
const equalPages = (): ScriptedSource => new ScriptedSource(({ pageNumber }) => ({ records: EQUAL, nextPageToken: pageNumber < 4 ? `t${pageNumber}` : null }));

test.each<Partial<FetchSettings>>([{}, { chunkBytes: 1 }])('fail the import, unless they are allowed: %j', async (settings) => {
  await expect(new TestMachine({ source: equalPages(), settings }).run()).rejects.toThrow(RepeatedPageError);

  const machine = new TestMachine({ source: equalPages(), settings: { ...settings, repeatedPages: RepeatedPages.ALLOW } });
  await machine.run();
  await expect(machine.published()).resolves.toBe(jsonLines([...EQUAL, ...EQUAL, ...EQUAL, ...EQUAL]));
});

test('that are allowed later let the import continue where it stopped', async () => {
  const machine = new TestMachine({ source: equalPages() });
  const state = await machine.initialize();
  await expect(machine.fetchAll(state)).rejects.toThrow(RepeatedPageError);

  const source = equalPages();
  const allowed = new TestMachine({ s3: machine.s3, clock: machine.clock, source, settings: { repeatedPages: RepeatedPages.ALLOW } });
  await expect(allowed.run({ resumeFrom: state.importId })).resolves.toMatchObject({ pages: 4, records: 8 });
  expect(source.pageNumbers).toEqual([2, 3, 4]);
});

test('that are allowed do not hide a cycle of tokens', async () => {
  const source = new ScriptedSource(({ pageNumber }) => ({ records: EQUAL, nextPageToken: `t${pageNumber % 3}` }));

  await expect(new TestMachine({ source, settings: { repeatedPages: RepeatedPages.ALLOW } }).run()).rejects.toThrow(PageTokenLoopError);
});
