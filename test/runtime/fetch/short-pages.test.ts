import { randomUUID } from 'node:crypto';
import { RepeatedPages, ShortPages } from '../../../src/protocol/choices';
import { LongPageError, RepeatedPageError, ShortPageError } from '../../../src/protocol/errors';
import { FetchPageRequest } from '../../../src/protocol/fetch-contract';
import { ImportWarning, WarningCode } from '../../../src/protocol/import-warning';
import { FetchSettings } from '../../../src/runtime/fetch/fetch';
import { NonRetryableError } from '../../../src/source';
import { Answer, jsonLines, never, numberedRecords, ScriptedSource } from '../../kit/scripted-source';
import { TestMachine } from '../../kit/test-machine';

/** Pages by offset with more or fewer records than requested: records are lost or come twice. */

const THOUSAND = numberedRecords(1000);

/** A server that returns at most 100 records, however many are requested. */
function capped({ offset, pageSize }: FetchPageRequest): unknown[] {
  return THOUSAND.slice(offset, offset + Math.min(pageSize, 100));
}

const STYLES: Readonly<Record<string, (request: FetchPageRequest, page: unknown[]) => unknown>> = {
  'a bare array': (_request, page) => page,
  'hasMore by what came': ({ offset }, page) => ({ records: page, hasMore: offset + page.length < THOUSAND.length }),
  'hasMore by pageSize': ({ offset, pageSize }, page) => ({ records: page, hasMore: offset + pageSize < THOUSAND.length }),
};

interface Import {
  readonly machine: TestMachine;
  readonly source: ScriptedSource;
}

function machineOf(answer: Answer, pageSize: number, settings: Partial<FetchSettings> = {}): Import {
  const source = new ScriptedSource(answer);
  return { machine: new TestMachine({ source, pageSize, settings }), source };
}

/** The same import after a deployment. */
function redeployed({ s3, clock }: TestMachine, answer: Answer, settings: Partial<FetchSettings> = {}): Import {
  const source = new ScriptedSource(answer);
  return { machine: new TestMachine({ s3, clock, source, settings }), source };
}

describe.each(Object.entries(STYLES))('a server that returns at most 100 records: %s', (_style, answer) => {
  test.each([250, 500, 1000])('page size %i fails with an error of its own', async (pageSize) => {
    const { machine } = machineOf((request) => answer(request, capped(request)), pageSize);

    const failure = await machine.run().catch((error: unknown) => error);

    expect(failure).toBeInstanceOf(ShortPageError);
    expect((failure as Error).message).toMatch(new RegExp(`^Page 1 has 100 of the ${pageSize} requested records`));
    expect((failure as Error).message).toMatch(/start a new import with pageSize 100, or with a handler that answers \{ records, nextPageToken \}\..* set shortPages to ALLOW/);
    await expect(machine.published()).resolves.toBeUndefined();
  });

  test('page size 100 imports all of them', async () => {
    const { machine } = machineOf((request) => answer(request, capped(request)), 100);

    await machine.run();

    await expect(machine.published()).resolves.toBe(jsonLines(THOUSAND));
  });
});

describe('a short page', () => {
  const PAGES = [[1, 2], [3], [], [4, 5]];
  const flagged: Answer = ({ pageNumber }) => ({ records: PAGES[pageNumber - 1], hasMore: pageNumber < PAGES.length });

  test('is the last one', async () => {
    const { machine } = machineOf(({ pageNumber }) => [[1, 2], [3], []][pageNumber - 1], 2);

    await expect(machine.run()).resolves.toMatchObject({ records: 3, warnings: [] });
  });

  test('fails the import if a later page has records, however many commits, invocations and empty pages are in between', async () => {
    for (const settings of [{}, { chunkBytes: 1 }, { chunkBytes: 1, checkpointMilliseconds: 0 }]) {
      for (const remaining of [900_000, 1500]) {
        const source = new ScriptedSource(flagged);
        const machine = new TestMachine({ source, settings, remaining });
        const state = await machine.initialize();

        await expect(machine.fetchAll(state)).rejects.toThrow('Page 2 has 1 of the 2 requested records, but page 4, ');
        await expect(machine.initialize({ resumeFrom: state.importId })).resolves.toMatchObject({ pages: 3, records: 3 });
      }
    }
  });

  test('leads to advice on the page size only if the source has never filled a page', async () => {
    const { machine } = machineOf(flagged, 2);

    const failure = await machine.run().catch((error: unknown) => error) as Error;

    expect(failure.message).toContain('records were skipped. Start a new import with a handler that answers { records, nextPageToken }.');
  });

  test('may be empty, if it says that there is more', async () => {
    const { machine } = machineOf(({ pageNumber }) => ({ records: pageNumber === 1 ? [] : [1], hasMore: pageNumber < 2 }), 2);

    await expect(machine.run()).rejects.toThrow('Page 1 has 0 of the 2 requested records');
  });

  test('with a token does not count: the token says where to continue', async () => {
    const { machine } = machineOf(({ pageNumber }) => ({ records: [pageNumber], nextPageToken: pageNumber < 4 ? `t${pageNumber}` : null }), 2);

    await expect(machine.run()).resolves.toMatchObject({ records: 4 });
  });

  test('passes if allowed', async () => {
    const { machine } = machineOf(flagged, 2, { shortPages: ShortPages.ALLOW });

    await expect(machine.run()).resolves.toMatchObject({ records: 5, warnings: [] });
  });

  test('that comes twice is reported as a repeated page', async () => {
    await expect(machineOf(() => [1], 2).machine.run()).rejects.toThrow(RepeatedPageError);
    await expect(machineOf(() => [1], 2, { repeatedPages: RepeatedPages.ALLOW }).machine.run()).rejects.toThrow(ShortPageError);
  });
});

describe('an import stopped by a short page', () => {
  async function stopped(): Promise<{ readonly machine: TestMachine; readonly importId: string }> {
    const { machine } = machineOf((request) => capped(request), 250);
    const { importId, ...state } = await machine.initialize();
    await expect(machine.fetchAll({ importId, ...state })).rejects.toThrow(ShortPageError);
    return { machine, importId };
  }

  test.each<[string, Answer]>([
    ['gives whole pages', ({ offset, pageSize }) => THOUSAND.slice(offset, offset + pageSize)],
    ['has nothing left', () => []],
    ['says that it is the end', () => ({ records: [], hasMore: false })],
    ['gives tokens', () => ({ records: [], nextPageToken: null })],
  ])('stays stopped by the same name, and asks for no page, when its handler %s', async (_what, answer) => {
    const { machine, importId } = await stopped();
    const resumed = redeployed(machine, answer);

    for (let times = 0; times < 2; times++) {
      await expect(resumed.machine.run({ resumeFrom: importId })).rejects.toMatchObject({ name: ShortPageError.NAME });
    }
    expect(resumed.source.requests).toEqual([]);
    await expect(resumed.machine.finish({ importId } as never)).rejects.toMatchObject({ name: ShortPageError.NAME });
    await expect(machine.published()).resolves.toBeUndefined();
  });

  test('continues where it stopped when short pages are allowed', async () => {
    const { machine, importId } = await stopped();
    const resumed = redeployed(machine, (request) => capped(request), { shortPages: ShortPages.ALLOW });

    await expect(resumed.machine.run({ resumeFrom: importId })).resolves.toMatchObject({ records: 400, pages: 5 });
    expect(resumed.source.pageNumbers).toEqual([2, 3, 4, 5]);
  });

  test('is stopped again if they are allowed only temporarily', async () => {
    const { machine, importId } = await stopped();
    const paused: Answer = (request) => (request.pageNumber < 3 ? capped(request) : { retryAfterSeconds: 60 });
    const allowed = redeployed(machine, paused, { shortPages: ShortPages.ALLOW });
    await allowed.machine.fetch(await allowed.machine.initialize({ resumeFrom: importId }));

    const resumed = redeployed(machine, (request) => capped(request));
    await expect(resumed.machine.run({ resumeFrom: importId })).rejects.toThrow('Page 1 has 100 of the 250 requested records');
    expect(resumed.source.pageNumbers).toEqual([3]);
  });
});

describe('a long page', () => {
  /** A server that returns at least 3 records. */
  const atLeastThree: Answer = ({ offset, pageSize }) => THOUSAND.slice(offset, offset + Math.max(pageSize, 3));

  test('fails the import if a page follows, with an error of its own, whatever is allowed', async () => {
    for (const shortPages of Object.values(ShortPages)) {
      const { machine } = machineOf(atLeastThree, 2, { shortPages, chunkBytes: 1 });

      await expect(machine.run()).rejects.toThrow(LongPageError);
      await expect(machine.run()).rejects.toThrow(/^Page 1 has 3 records, but 2 were requested, and page 2 is not empty.* Start a new import with pageSize 3, /);
    }
  });

  test('stops the import for good', async () => {
    const { machine } = machineOf(atLeastThree, 2);
    const state = await machine.initialize();
    await expect(machine.fetchAll(state)).rejects.toThrow(LongPageError);

    const resumed = redeployed(machine, () => [], { shortPages: ShortPages.ALLOW });
    await expect(resumed.machine.run({ resumeFrom: state.importId })).rejects.toMatchObject({ name: LongPageError.NAME });
    await expect(resumed.machine.fetchAll(state)).rejects.toMatchObject({ name: LongPageError.NAME });
    expect(resumed.source.requests).toEqual([]);
  });

  test('is the last one', async () => {
    await expect(machineOf(({ pageNumber }) => [[1, 2, 3], []][pageNumber - 1], 2).machine.run()).resolves.toMatchObject({ records: 3 });
    await expect(machineOf(() => ({ records: [1, 2, 3], hasMore: false }), 2).machine.run()).resolves.toMatchObject({ records: 3 });
  });
});

describe('an import whose last page with records is short asks once more before it ends', () => {
  const FORTY = numberedRecords(40);
  const byOffset: Answer = ({ offset, pageSize }) => FORTY.slice(offset, offset + pageSize);

  async function ended(answer: Answer, settings: Partial<FetchSettings> = {}) {
    const { machine, source } = machineOf(answer, 1000, settings);
    const { records, warnings } = await machine.run();
    return { records, warnings, asked: source.asked.map(({ pageNumber, offset }) => [pageNumber, offset]) };
  }
  const codes = (warnings: readonly ImportWarning[]): string[] => warnings.map(({ code }) => code);

  test('where the page ends, and the end is confirmed if nothing comes', async () => {
    await expect(ended(byOffset)).resolves.toEqual({ records: 40, warnings: [], asked: [[1, 0], [2, 1000], [3, 2000], [2, 40]] });
  });

  test('even if the earlier pages were full, and then the end needs no confirmation', async () => {
    const pages = [numberedRecords(1000), FORTY];
    const answer: Answer = ({ pageNumber, offset }) => (offset % 1000 > 0 ? { records: null } : pages[pageNumber - 1] ?? []);

    const { records, warnings, asked } = await ended(answer);

    expect([records, warnings]).toEqual([1040, []]);
    expect(asked).toEqual([[1, 0], [2, 1000], [3, 2000], [4, 3000], [3, 1040]]);
  });

  test('and after full pages, the end is confirmed if the page comes again, even with different records', async () => {
    const pages = [numberedRecords(1000), FORTY];
    const byPageNumber: Answer = ({ offset, pageSize }) => {
      const records: readonly object[] = pages[Math.floor(offset / pageSize)] ?? [];
      return records.map((record) => ({ ...record, url: randomUUID() }));
    };

    await expect(ended(byPageNumber)).resolves.toMatchObject({ records: 1040, warnings: [] });
  });

  test('and fails if more comes than the short page had, even though the page before it was full', async () => {
    const rows = numberedRecords(1900);
    const cut: Answer = ({ offset, pageSize }) => rows.slice(offset, offset + (offset === 1000 ? 500 : pageSize));

    await expect(ended(cut)).rejects.toThrow(
      'Page 2 has 500 of the 1000 requested records, but the source has more at offset 1500: records were skipped. Start a new import with a handler');
  });

  test('even if the page says that it is the last one', async () => {
    await expect(ended((request, signal) => ({ records: byOffset(request, signal) as unknown[], hasMore: false }))).resolves
      .toEqual({ records: 40, warnings: [], asked: [[1, 0], [2, 40]] });
  });

  test.each<[string, Answer, readonly (readonly number[])[]]>([
    ['gives tokens', () => ({ records: FORTY, nextPageToken: null }), [[1, 0]]],
    ['gives neither token nor flag', () => ({ records: FORTY }), [[1, 0]]],
    ['gives a total that is right', (request, signal) => ({ records: byOffset(request, signal) as unknown[], hasMore: false, total: 40 }), [[1, 0]]],
    ['has no record', () => [], [[1, 0], [2, 1000]]],
    ['ends with a full page', ({ pageNumber }) => ({ records: numberedRecords(1000 * pageNumber).slice(-1000), hasMore: pageNumber < 2 }), [[1, 0], [2, 1000]]],
  ])('but not a source that %s', async (_what, answer, asked) => {
    await expect(ended(answer)).resolves.toMatchObject({ asked, warnings: [] });
  });

  test('but not if short pages are allowed', async () => {
    await expect(ended(byOffset, { shortPages: ShortPages.ALLOW })).resolves.toMatchObject({ asked: [[1, 0], [2, 1000], [3, 2000]] });
  });

  test.each<[string, Answer]>([
    ['an error', () => { throw new Error('offset must be a multiple of limit'); }],
    ['an error that is not to be retried', () => { throw new NonRetryableError('offset must be a multiple of limit'); }],
    ['a wait', () => ({ retryAfterSeconds: 60 })],
    ['no page', () => 'nothing'],
    ['no answer in time', never],
    ['the page again, since the handler makes a page number of the offset', () => FORTY],
    ['a part of the page', () => FORTY.slice(3, 7)],
  ])('and warns that the end is not confirmed if that brings %s', async (_what, odd) => {
    const answer: Answer = (request, signal) => (request.offset === 40 ? odd(request, signal) : byOffset(request, signal));

    const { records, warnings, asked } = await ended(answer);

    expect([records, codes(warnings)]).toEqual([40, [WarningCode.END_NOT_CONFIRMED]]);
    expect(warnings[0]).toMatchObject({ page: 1, counts: { records: 40, pageSize: 1000 } });
    // One attempt, and if there were records, another request for the page itself.
    expect(asked.slice(4).length).toBeLessThanOrEqual(1);
  });

  test('and does not warn if the page has said that it is the last one', async () => {
    await expect(ended(() => ({ records: FORTY, hasMore: false }))).resolves.toMatchObject({ records: 40, warnings: [] });
  });

  test('and the end is confirmed if the source has grown meanwhile', async () => {
    let calls = 0;
    const growing: Answer = ({ offset, pageSize }) => numberedRecords(40 + Math.max(0, ++calls - 2)).slice(offset, offset + pageSize);

    await expect(ended(growing)).resolves.toMatchObject({ records: 40, warnings: [] });
  });

  test('and does not fail if the handler filters records', async () => {
    const rows = numberedRecords(400);
    const filtered: Answer = ({ offset, pageSize }) => rows.slice(offset, offset + pageSize).filter(({ n }) => n % 10 === 0);

    await expect(ended(filtered)).resolves.toMatchObject({ records: 40, warnings: [{ code: WarningCode.END_NOT_CONFIRMED }] });
  });

  test('in a round that has time for it', async () => {
    const source: ScriptedSource = new ScriptedSource(async (request, signal) => {
      await machine.clock.sleep(10_000);
      return byOffset(request, signal);
    });
    const machine: TestMachine = new TestMachine({ source, pageSize: 1000, remaining: 35_000 });

    await expect(machine.run()).resolves.toMatchObject({ records: 40, warnings: [] });
    expect(source.asked.map(({ pageNumber, offset }) => [pageNumber, offset])).toEqual([[1, 0], [2, 1000], [2, 1000], [3, 2000], [2, 40]]);
  });

  test('and again after a crash: nothing about it is recorded', async () => {
    let dies = true;
    const { machine, source } = machineOf((request, signal) => byOffset(request, signal), 1000, { chunkBytes: 1 });
    const dying = new TestMachine({
      s3: machine.s3, clock: machine.clock, pageSize: 1000, settings: { chunkBytes: 1 },
      source: new ScriptedSource((request, signal) => (dies && request.offset === 40 ? never(request, signal) : byOffset(request, signal))),
      remaining: 5000,
    });
    const state = await dying.initialize();
    void dying.fetch(state).catch(() => undefined);
    await machine.clock.sleep(1000);
    dies = false;

    await expect(machine.finish(await machine.fetchAll(state))).resolves.toMatchObject({ records: 40, warnings: [] });
    expect(source.asked.map(({ pageNumber, offset }) => [pageNumber, offset])).toEqual([[2, 1000], [3, 2000], [2, 40]]);
  });

  test('and imports nothing of the answer', async () => {
    const { machine } = machineOf((request) => capped(request), 1000, { chunkBytes: 1 });
    const state = await machine.initialize();
    await expect(machine.fetchAll(state)).rejects.toThrow('Page 1 has 100 of the 1000 requested records, but the source has more at offset 100');

    await expect(machine.initialize({ resumeFrom: state.importId })).resolves.toMatchObject({ pages: 1, records: 100 });
  });
});
