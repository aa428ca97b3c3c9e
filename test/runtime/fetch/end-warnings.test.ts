import { RepeatedPages, ShortPages } from '../../../src/protocol/choices';
import { EarlyEndError } from '../../../src/protocol/errors';
import { WarningCode } from '../../../src/protocol/import-warning';
import { ImportResult } from '../../../src/protocol/machine-state';
import { FetchSettings } from '../../../src/runtime/fetch/fetch';
import { NonRetryableError } from '../../../src/source';
import { Answer, numberedRecords, ScriptedSource } from '../../kit/scripted-source';
import { TestMachine } from '../../kit/test-machine';

/** A handler that filters records can leave out a whole page: then an empty array ends the import too early. */

const NINETY = numberedRecords(90);

/** Leaves out a range of records: initially those of the third page of ten. */
const filtered = (offset: number, pageSize: number, from = 20, to = 30): unknown[] => (
  NINETY.slice(offset, offset + pageSize).filter(({ n }) => n < from || n >= to)
);

async function run(answer: Answer, settings: Partial<FetchSettings> = {}): Promise<ImportResult & { readonly machine: TestMachine }> {
  const machine = new TestMachine({ source: new ScriptedSource(answer), pageSize: 10, settings });
  return { ...await machine.run(), machine };
}

const AT_EMPTY_PAGE = {
  code: WarningCode.END_AT_EMPTY_PAGE, page: 3, counts: { records: 20, lastRecords: 10, pageSize: 10 },
  message: expect.stringMatching(/^The import ended with 20 records, at page 3, an empty array\..* shortPages set to ALLOW\./) as string,
};

describe('an empty array with records behind it', () => {
  test.each([
    ['after full pages', 20, 30, 3],
    ['after a short page, where the records after it are left out, too', 15, 30, 3],
    ['at the beginning', 0, 10, 1],
  ])('%s fails the import, whether short pages are allowed or not', async (_where, from, to, page) => {
    for (const shortPages of Object.values(ShortPages)) {
      const ended = run(({ offset, pageSize }) => filtered(offset, pageSize, from, to), { shortPages });

      await expect(ended).rejects.toThrow(EarlyEndError);
      await expect(ended).rejects.toThrow(new RegExp(`^Page ${page} is an empty array, which ends an import, but the page after it has records\\.`));
    }
  });

  test('keeps the earlier pages, and a corrected handler continues after them', async () => {
    const machine = new TestMachine({ source: new ScriptedSource(({ offset, pageSize }) => filtered(offset, pageSize)), pageSize: 10 });
    const state = await machine.initialize();
    await expect(machine.fetchAll(state)).rejects.toThrow(EarlyEndError);
    const { importId } = state;

    const source = new ScriptedSource(({ offset, pageSize }) => ({ records: filtered(offset, pageSize), hasMore: offset + pageSize < 90 }));
    const settings = { shortPages: ShortPages.ALLOW };
    const corrected = new TestMachine({ s3: machine.s3, clock: machine.clock, source, pageSize: 10, settings });

    await expect(corrected.run({ resumeFrom: importId })).resolves.toMatchObject({ records: 80, warnings: [] });
    expect(source.pageNumbers).toEqual([3, 4, 5, 6, 7, 8, 9]);
  });

  test.each<[string, Answer]>([
    ['throws', () => { throw new NonRetryableError('no such page'); }],
    ['asks for a later retry', () => ({ retryAfterSeconds: 60 })],
    ['answers with something else', () => null],
  ])('is the end where the source %s behind it', async (_what, odd) => {
    const ended = run((request, signal) => (request.pageNumber === 2 ? odd(request, signal) : []));

    await expect(ended).resolves.toMatchObject({ records: 0, warnings: [] });
  });
});

test.each([{}, { chunkBytes: 1 }])('an empty array right after a full page is a warning in result and manifest: %j', async (settings) => {
  const { records, warnings, machine } = await run(({ pageNumber }) => full(pageNumber), settings);

  expect([records, warnings]).toEqual([20, [AT_EMPTY_PAGE]]);
  await expect(machine.manifest()).resolves.toMatchObject({ warnings });
});

test.each<[string, Answer]>([
  ['flag', ({ offset, pageSize }) => ({ records: filtered(offset, pageSize), hasMore: offset + pageSize < 90 })],
  ['token', ({ pageToken, pageSize }) => {
    const offset = pageToken === null ? 0 : pageToken as number;
    const hasMore = offset + pageSize < 90;
    return { records: filtered(offset, pageSize), nextPageToken: hasMore ? offset + pageSize : null, hasMore };
  }],
])('with a %s, and short pages allowed, the handler brings all that it does not leave out', async (_what, answer) => {
  await expect(run(answer, { shortPages: ShortPages.ALLOW })).resolves.toMatchObject({ records: 80, warnings: [] });
});

/** Two full pages, and an empty one. */
const full = (pageNumber: number): unknown[] => (pageNumber < 3 ? numberedRecords(10 * pageNumber).slice(-10) : []);

test.each<[string, Answer]>([
  ['the page before the last is short', ({ pageNumber }) => [numberedRecords(10), [1], []][pageNumber - 1] ?? []],
  ['there is no record at all', () => []],
  ['a flag has ended it', ({ pageNumber }) => ({ records: full(pageNumber), hasMore: pageNumber < 3 })],
  ['a token has ended it', ({ pageNumber }) => ({ records: full(pageNumber), nextPageToken: pageNumber < 3 ? pageNumber : null })],
  ['the source\'s total is what came', ({ pageNumber }) => (
    pageNumber < 3 ? { records: full(pageNumber), total: 20, hasMore: true } : []
  )],
])('no warning where %s', async (_what, answer) => {
  await expect(run(answer)).resolves.toMatchObject({ warnings: [] });
});

test.each<[string, Answer, number]>([
  ['a short page', ({ pageNumber }) => [numberedRecords(10), [1], []][pageNumber - 1] ?? [], 11],
  ['no page', () => [], 0],
])('where short pages are allowed, an empty array after %s may be a page that was left out too', async (_what, answer, records) => {
  const allowed = run(answer, { shortPages: ShortPages.ALLOW });

  await expect(allowed).resolves.toMatchObject({ records, warnings: [{ code: WarningCode.END_AT_EMPTY_PAGE }] });
});

test('empty pages that announce more do not hide that the last page with records was full', async () => {
  const answer: Answer = ({ pageNumber }) => [numberedRecords(10), { records: [], hasMore: true }, []][pageNumber - 1] ?? [];

  await expect(run(answer)).resolves.toMatchObject({ records: 10, warnings: [{ code: WarningCode.END_AT_EMPTY_PAGE, page: 3 }] });
});

describe('a full last page', () => {
  const ALL = numberedRecords(30);

  /** Three pages of ten by token, and what the last one says beside. */
  const tokens = (end: object, count = 30): Answer => ({ pageToken, pageSize }) => {
    const from = pageToken as number | null ?? 0;
    const records = ALL.slice(0, count).slice(from, from + pageSize);
    return from + pageSize < count ? { records, nextPageToken: from + pageSize } : { records, ...end };
  };

  test.each([{ nextPageToken: null }, {}, { nextPageToken: '' }])('without a token, %j, is a warning in result and manifest', async (end) => {
    const { records, warnings, machine } = await run(tokens(end));

    expect([records, warnings]).toEqual([30, [{
      code: WarningCode.FULL_LAST_PAGE, page: 3, counts: { records: 10, pageSize: 10 }, message: expect.stringMatching(/^The last page, 3, has 10 records/) as string,
    }]]);
    await expect(machine.manifest()).resolves.toMatchObject({ warnings });
  });

  test.each<[string, Answer]>([
    ['hasMore', tokens({ nextPageToken: null, hasMore: false })],
    ['hasMore alone', ({ pageNumber }) => ({ records: full(pageNumber), hasMore: pageNumber < 3 })],
    ['a total', tokens({ nextPageToken: null, total: 30 })],
    ['a number of pages', tokens({ nextPageToken: null, totalPages: 3 })],
    ['a page that is not full', tokens({ nextPageToken: null }, 29)],
    ['more records than asked for', () => ({ records: numberedRecords(11), nextPageToken: null })],
  ])('is none where %s confirms the end', async (_what, answer) => {
    await expect(run(answer)).resolves.toMatchObject({ warnings: [] });
  });
});

describe('a number of pages', () => {
  /** Two pages of ten, and perhaps an empty one. */
  const pages = (totalPages: number | null, count = 2): Answer => ({ pageNumber }) => (
    { records: pageNumber > 2 ? [] : numberedRecords(10), hasMore: pageNumber < count, totalPages }
  );

  test.each([[3, 2, 2], [1, 2, 2], [4, 3, 2], [1, 3, 2]])('of %d, where %d came, is a warning', async (totalPages, count, withRecords) => {
    const { warnings } = await run(pages(totalPages, count), { repeatedPages: RepeatedPages.ALLOW });

    expect(warnings).toEqual([{
      code: WarningCode.PAGE_COUNT_MISMATCH,
      page: count,
      counts: { pages: withRecords, sourcePages: totalPages },
      message: expect.stringMatching(/^The import has 2 pages with records, but the source gave \d as its number of pages\./) as string,
    }]);
  });

  test.each([[2, 2], [2, 3], [3, 3], [null, 2]])('of %d, where %d came, is none', async (totalPages, count) => {
    await expect(run(pages(totalPages, count), { repeatedPages: RepeatedPages.ALLOW })).resolves.toMatchObject({ warnings: [] });
  });
});
