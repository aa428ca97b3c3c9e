import { OnEmpty, RepeatedPages, ShortPages, TotalMismatch, UnknownColumns } from '../../../src/protocol/choices';
import * as catalogue from '../../../src/protocol/errors';
import { FormatName } from '../../../src/protocol/output-settings';
import { BrokenProcess } from '../../../src/runtime/ports/broken-process';
import { outputOf } from '../../kit/ready-import';
import { Answer, never, ScriptedSource, sequence } from '../../kit/scripted-source';
import { SeededChance } from '../../kit/seeded-chance';
import { TestMachine, TestMachineOptions } from '../../kit/test-machine';

/**
 * Messages are right about resuming: an unchanged import fails again with the same error; with the change that the message names, it is
 * published; and if the message offers no resume, nothing helps.
 */

interface Case {
  /** How it fails. */
  readonly fails: Partial<TestMachineOptions>;
  /** What the message says to change. */
  readonly changes: Readonly<Record<string, Partial<TestMachineOptions>>>;
  /** What the message does not offer, because it does not help. */
  readonly inVain?: Readonly<Record<string, Partial<TestMachineOptions>>>;
}

const source = (answer: Answer): Partial<TestMachineOptions> => ({ source: new ScriptedSource(answer) });

/** Three pages by token. */
const tokens: Answer = ({ pageNumber }) => ({ records: [{ n: pageNumber }], nextPageToken: pageNumber < 3 ? `t${pageNumber}` : null });
const RIGHT = source(tokens);

/** The same pages, except one. */
const butPage = (page: number, answer: Answer): Answer => (request, signal) => (
  request.pageNumber === page ? answer(request, signal) : tokens(request, signal)
);

/** Pages by offset with one record instead of two, or with three. */
const offsets = (records: number): Answer => ({ pageNumber }) => (pageNumber < 3 ? Array.from({ length: records }, (_, n) => ({ n: `${pageNumber}.${n}` })) : []);

const CSV = outputOf({ format: { name: FormatName.CSV, unknownColumns: UnknownColumns.FAIL } });

const CASES: Readonly<Record<string, Case>> = {
  [catalogue.InvalidPageError.NAME]: { fails: source(butPage(2, () => 'none')), changes: { 'a corrected handler': RIGHT } },
  [catalogue.FetchPageError.NAME]: {
    fails: { ...source(butPage(2, () => { throw new Error('503'); })), pageAttempts: 1 }, changes: { 'a source that answers again': RIGHT },
  },
  [catalogue.HandlerCrashError.NAME]: {
    fails: source(butPage(2, () => { throw new BrokenProcess('uncaughtException', new Error('late')); })), changes: { 'a corrected handler': RIGHT },
  },
  [catalogue.SourceLoadError.NAME]: {
    fails: source(butPage(2, () => { throw new BrokenProcess('load', new Error('no settings')); })), changes: { 'a module that loads again': RIGHT },
  },
  [catalogue.FetchPageTimeoutError.NAME]: {
    fails: { ...source(butPage(1, never)), remaining: 5000 }, changes: { 'a source that answers again': RIGHT },
  },
  [catalogue.MaxWaitExceededError.NAME]: {
    fails: { ...source(butPage(2, () => ({ retryAfterSeconds: 100 }))), maxWaitSeconds: 50 },
    changes: { 'a source that answers again': { ...RIGHT, maxWaitSeconds: 50 } },
  },
  [catalogue.UnknownColumnError.NAME]: {
    fails: { ...source(butPage(2, () => ({ records: [{ n: 2, more: 1 }], nextPageToken: 't2' }))), output: CSV }, changes: { 'a corrected handler': RIGHT },
  },
  [catalogue.PageTooLargeError.NAME]: {
    fails: { ...source(butPage(2, () => ({ records: ['x'.repeat(500)], nextPageToken: 't2' }))), settings: { pageBytes: 100 } },
    changes: { 'more memory': source(butPage(2, () => ({ records: ['x'.repeat(500)], nextPageToken: 't2' }))) },
  },
  [`${catalogue.PageTokenLoopError.NAME}, of one page`]: {
    fails: source(butPage(2, () => ({ records: [{ n: 2 }], nextPageToken: 't1' }))), changes: { 'a corrected handler': RIGHT },
  },
  [`${catalogue.PageTokenLoopError.NAME}, of several pages`]: {
    fails: source(({ pageNumber }) => ({ records: [{ n: pageNumber }], nextPageToken: `t${pageNumber % 2}` })), changes: {},
    inVain: { 'a corrected handler': RIGHT },
  },
  [catalogue.RepeatedPageError.NAME]: {
    fails: source(butPage(2, () => ({ records: [{ n: 1 }], nextPageToken: 't2' }))),
    changes: {
      'a corrected handler': RIGHT,
      'repeatedPages: ALLOW': { ...source(butPage(2, () => ({ records: [{ n: 1 }], nextPageToken: 't2' }))), settings: { repeatedPages: RepeatedPages.ALLOW } },
    },
  },
  [catalogue.ShortPageError.NAME]: {
    fails: source(offsets(1)),
    changes: { 'shortPages: ALLOW': { ...source(offsets(1)), settings: { shortPages: ShortPages.ALLOW } } },
    inVain: { 'a corrected handler': source(offsets(2)), 'another page size': { ...source(offsets(1)), pageSize: 1 } },
  },
  [catalogue.LongPageError.NAME]: {
    fails: source(offsets(3)), changes: {},
    inVain: { 'a corrected handler': source(offsets(2)), 'another page size': { ...source(offsets(3)), pageSize: 3 } },
  },
  [catalogue.EarlyEndError.NAME]: {
    fails: source(({ pageNumber }) => (pageNumber === 2 ? [] : [{ n: `${pageNumber}.0` }, { n: `${pageNumber}.1` }])), changes: { 'a corrected handler': source(offsets(2)) },
  },
  [catalogue.MaxEmptyPagesExceededError.NAME]: {
    fails: { ...source(butPage(2, () => ({ records: [], nextPageToken: 't2' }))), settings: { maxEmptyPages: 0 } },
    changes: { 'maxEmptyPages raised': source(butPage(2, () => ({ records: [], nextPageToken: 't2' }))) },
  },
  [catalogue.MaxPagesExceededError.NAME]: { fails: { ...RIGHT, settings: { maxPages: 2 } }, changes: { 'maxPages raised': { ...RIGHT, settings: { maxPages: 3 } } } },
  [catalogue.MaxRecordsExceededError.NAME]: {
    fails: { ...RIGHT, settings: { maxRecords: 2 } }, changes: { 'maxRecords raised': { ...RIGHT, settings: { maxRecords: 3 } } },
  },
  [catalogue.TotalMismatchError.NAME]: {
    fails: source(() => ({ records: [1], total: 2 })),
    changes: { 'onTotalMismatch: WARN': { source: sequence(), onTotalMismatch: TotalMismatch.WARN } },
    inVain: { 'a corrected handler': source(() => ({ records: [1, 2], total: 2 })) },
  },
  [catalogue.TooFewRecordsError.NAME]: {
    fails: { ...RIGHT, minRecords: 4 }, changes: { 'minRecords lowered': { source: sequence(), minRecords: 3 } }, inVain: { 'a source that has more': { ...RIGHT, minRecords: 4 } },
  },
  [catalogue.EmptyImportError.NAME]: {
    fails: { ...source(() => []), onEmpty: OnEmpty.FAIL },
    changes: { 'onEmpty: PUBLISH': { source: sequence(), onEmpty: OnEmpty.PUBLISH } }, inVain: { 'a source that has more': { ...RIGHT, onEmpty: OnEmpty.FAIL } },
  },
};

/** An import that has failed as the case says: its machine, its id and its error. */
async function failed({ fails }: Case): Promise<{ readonly machine: TestMachine; readonly importId: string; readonly failure: Error }> {
  const machine = new TestMachine(fails as TestMachineOptions);
  const state = await machine.initialize();
  const end = machine.fetchAll(state).then((fetched) => machine.finish(fetched));
  const failure = await end.then(() => undefined, (error: unknown) => error as Error);
  return { machine, importId: state.importId, failure: failure! };
}

function resume({ s3, clock }: TestMachine, importId: string, options: Partial<TestMachineOptions>): Promise<unknown> {
  return new TestMachine({ ...options as TestMachineOptions, s3, clock, chance: new SeededChance(2) }).run({ resumeFrom: importId });
}

describe.each(Object.entries(CASES))('%s', (title, of) => {
  const name = title.split(',')[0]!;

  test('fails an import, and fails it again when it is resumed unchanged', async () => {
    const { machine, importId, failure } = await failed(of);

    expect(failure.name).toBe(name);
    await expect(resume(machine, importId, of.fails)).rejects.toMatchObject({ name });
    await expect(machine.published()).resolves.toBeUndefined();
  });

  test('offers a resume exactly where one can help', async () => {
    const { failure } = await failed(of);

    expect(failure.message.includes('{"resumeFrom":')).toBe(Object.keys(of.changes).length > 0);
  });

  for (const [change, options] of Object.entries(of.changes)) {
    test(`can be resumed with ${change}`, async () => {
      const { machine, importId } = await failed(of);

      await expect(resume(machine, importId, options)).resolves.toMatchObject({ importId, outcome: 'published' });
    });
  }

  for (const [change, options] of Object.entries(of.inVain ?? {})) {
    test(`cannot be resumed with ${change}: by the same name`, async () => {
      const { machine, importId } = await failed(of);

      await expect(resume(machine, importId, options)).rejects.toMatchObject({ name });
      await expect(machine.published()).resolves.toBeUndefined();
    });
  }
});

test('every error that a page or the gate can fail an import with is here', () => {
  const names = Object.keys(CASES).map((title) => title.split(',')[0]);
  const elsewhere = [
    // Errors of the store, the stack and the cache have their own tests.
    'CommitLogError', 'ImportNotFoundError', 'ImportExpiredError', 'ForeignImportError', 'DestinationChangedError', 'InvalidInputError',
    'IncompatibleVersionError', 'MalformedFileError', 'StoreAccessError',
    'BucketNotFoundError', 'StoreUnavailableError', 'StoreRefusedError', 'IntegrityError', 'PublishConflictError', 'StaleObjectError', 'FutureObjectError', 'ObjectTooLargeError',
    'SourceModuleError', 'ConfigurationError', 'DestinationKeyError',
  ];
  const all = (Object.values(catalogue) as { readonly NAME?: string }[]).flatMap(({ NAME }) => NAME ?? []);

  expect([...new Set(names), ...elsewhere].sort()).toEqual([...all].sort());
});
