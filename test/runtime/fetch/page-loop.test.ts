import { ShortPages, UnknownColumns } from '../../../src/protocol/choices';
import { CommitRecord } from '../../../src/protocol/commit-record';
import {
  FetchPageError, FetchPageTimeoutError, HandlerCrashError, InvalidPageError, PageTokenLoopError, PageTooLargeError, RepeatedPageError,
} from '../../../src/protocol/errors';
import { LoopState } from '../../../src/protocol/machine-state';
import { FormatName } from '../../../src/protocol/output-settings';
import { BrokenProcess } from '../../../src/runtime/ports/broken-process';
import { ObjectStore } from '../../../src/runtime/ports/object-store';
import { Observer } from '../../../src/runtime/ports/observer';
import { NonRetryableError } from '../../../src/source';
import { MemoryS3 } from '../../kit/memory-store';
import { outputOf } from '../../kit/ready-import';
import { flaggedSource, never, numberedRecords, offsetSource, ScriptedSource, sequence, tokenSource } from '../../kit/scripted-source';
import { storeWith } from '../../kit/store-with';
import { CACHE_BUCKET, TestMachine, TestMachineOptions } from '../../kit/test-machine';
import { VirtualClock } from '../../kit/virtual-clock';

const SECOND = 1000;
const MINUTE = 60 * SECOND;

/** Endless pages of one record, each taking its time. */
function endless(clock: VirtualClock, millisecondsOf: (pageNumber: number) => number): ScriptedSource {
  return new ScriptedSource(async ({ pageNumber }) => {
    await clock.sleep(millisecondsOf(pageNumber));
    return [{ n: pageNumber }];
  });
}

function machineOver(options: TestMachineOptions): TestMachine {
  return new TestMachine({ pageSize: 1, ...options, settings: { chunkBytes: 1024 * 1024, ...options.settings } });
}

/** The commit records of an import, in order. */
async function recordsOf(machine: TestMachine, { importId }: LoopState): Promise<CommitRecord[]> {
  const keys = await machine.cacheKeys(machine.keys(importId).commits);
  const files = await Promise.all(keys.map((key) => machine.s3.store(CACHE_BUCKET).read(key)));
  return files.map((bytes) => JSON.parse(new TextDecoder().decode(bytes)) as CommitRecord);
}

async function pagesOfRecords(machine: TestMachine, state: LoopState): Promise<number[]> {
  return (await recordsOf(machine, state)).map(({ streams }) => streams.records.ledger.length);
}

/** Publishes only one field of each record. */
const ONE_COLUMN = outputOf({ format: { name: FormatName.CSV, columns: ['status'], unknownColumns: UnknownColumns.DROP } });

describe('a page request', () => {
  test('has the page\'s place in the source, and the import\'s shared settings', async () => {
    const source = flaggedSource(numberedRecords(5));
    const machine = machineOver({ source, pageSize: 2 });
    const { importId } = await machine.fetch(await machine.initialize({ since: 'yesterday' }));

    expect(source.requests).toEqual([0, 2, 4].map((offset, index) => ({
      offset, pageNumber: index + 1, pageToken: null, pageSize: 2, input: { since: 'yesterday' }, importId, attempt: 1,
    })));
  });

  test('continues in the next invocation with the last committed token', async () => {
    const clock = new VirtualClock();
    const tokens: unknown[] = [];
    const source = new ScriptedSource(async ({ pageToken, pageNumber }) => {
      tokens.push(pageToken);
      await clock.sleep(10 * MINUTE);
      return { records: [pageNumber], nextPageToken: pageNumber < 4 ? { page: pageNumber + 1 } : null };
    });
    const machine = machineOver({ source, clock });
    const state = await machine.fetchAll(await machine.initialize());

    expect(tokens).toEqual([null, { page: 2 }, { page: 3 }, { page: 4 }]);
    expect(state).toMatchObject({ continue: false, pages: 4, records: 4, chunks: 4, round: 4 });
  });
});

describe('a chunk is committed', () => {
  test('when it has its size', async () => {
    const machine = machineOver({ source: offsetSource(numberedRecords(6)), settings: { chunkBytes: 16 } });
    const state = await machine.fetch(await machine.initialize());

    // {"n":0} and its end of line are 8 bytes.
    await expect(recordsOf(machine, state)).resolves.toMatchObject([
      { firstPage: 1, lastPage: 2, streams: { records: { chunk: { bytes: 16 } } } },
      { firstPage: 3, lastPage: 4 },
      { firstPage: 5, lastPage: 6, final: false },
      { firstPage: 7, lastPage: 7, streams: { records: { chunk: null } }, final: true },
    ]);
  });

  test('when the checkpoint interval is over', async () => {
    const clock = new VirtualClock();
    const source = endless(clock, () => 8 * SECOND);
    const machine = machineOver({ source, clock, remaining: 100 * SECOND, settings: { checkpointMilliseconds: 30 * SECOND } });
    const state = await machine.fetch(await machine.initialize());
    const pages = await pagesOfRecords(machine, state);

    // The fourth page is under way when the interval ends, and must not delay the three before it.
    expect(pages.slice(0, -1)).toEqual([3, 4, 4]);
    expect(state.pages).toBe(12);
  });

  test('while a slow page is under way', async () => {
    const clock = new VirtualClock();
    let committed: string[] = [];
    const source = new ScriptedSource(async ({ pageNumber, importId }) => {
      if (pageNumber < 3) return [{ n: pageNumber }];
      await clock.sleep(5 * MINUTE);
      committed = await machine.cacheKeys(machine.keys(importId).commits);
      return [];
    });
    const machine = machineOver({ source, clock, settings: { checkpointMilliseconds: MINUTE } });
    const state = await machine.fetch(await machine.initialize());

    expect(committed).toHaveLength(1);
    await expect(pagesOfRecords(machine, state)).resolves.toEqual([2, 1]);
  });

  test('before an invocation shorter than the interval has fetched more than it can upload', async () => {
    const clock = new VirtualClock();
    const s3 = new MemoryS3();
    const source = new ScriptedSource(async ({ pageNumber }) => {
      await clock.sleep(SECOND);
      return pageNumber > 100 ? [] : [`${pageNumber}`.padEnd(1024 * 1024)];
    });
    const slow = (plain: ObjectStore): ObjectStore => storeWith(plain, {
      write: async (key, pieces, checksum) => {
        await clock.sleep(pieces.reduce((sum, { byteLength }) => sum + byteLength, 0) / (10 * 1024 * 1024) * SECOND);
        return plain.write(key, pieces, checksum);
      },
    });
    const machine = machineOver({
      source, clock, s3, remaining: 40 * SECOND, openStore: (bucket) => slow(s3.store(bucket)),
      settings: { chunkBytes: 1024 ** 3, pageBytes: 2 * 1024 * 1024, checkpointMilliseconds: MINUTE },
    });

    for (let state = await machine.initialize(); state.continue;) {
      const end = clock.now() + 40 * SECOND;
      state = await machine.fetch(state);
      expect(clock.now()).toBeLessThan(end);
    }
  });

  test('when the source has ended, the empty last page with it', async () => {
    const machine = machineOver({ source: offsetSource(numberedRecords(2)) });
    const state = await machine.fetch(await machine.initialize());

    await expect(recordsOf(machine, state)).resolves.toMatchObject([{ firstPage: 1, lastPage: 3, final: true, end: null }]);
  });

  test('of an empty import, without a chunk', async () => {
    const machine = machineOver({ source: offsetSource([]) });
    const state = await machine.fetch(await machine.initialize());

    expect(state).toMatchObject({ continue: false, chunks: 1, pages: 1, records: 0 });
    await expect(recordsOf(machine, state)).resolves.toMatchObject([{
      final: true, streams: { records: { chunk: null, ledger: [[0, 0]] } },
    }]);
  });

  test('with the last total that the source gave', async () => {
    const pages = [{ records: [1], total: 9, hasMore: true }, { records: [2], total: 10, hasMore: true }, { records: [3], hasMore: false }];
    const source = sequence(...pages);
    const machine = machineOver({ source });
    const state = await machine.fetch(await machine.initialize());

    await expect(recordsOf(machine, state)).resolves.toMatchObject([{ sourceTotal: 10 }]);
  });
});

test.each([1, 1024 * 1024])('pages that differ only in fields that a CSV leaves out are not repeated pages, in chunks of %i bytes', async (chunkBytes) => {
  const machine = machineOver({ source: offsetSource([1, 2, 3].map((id) => ({ status: 'new', id }))), output: ONE_COLUMN, settings: { chunkBytes } });

  await expect(machine.run()).resolves.toMatchObject({ records: 3 });
  await expect(machine.published()).resolves.toBe('status\nnew\nnew\nnew\n');
});

describe('when a page fails, the earlier pages are committed', () => {
  test.each<[string, () => unknown, unknown]>([
    ['a handler that throws', () => { throw new NonRetryableError('gone'); }, FetchPageError],
    ['a handler that crashes', () => { throw new BrokenProcess('uncaughtException', new Error('late')); }, HandlerCrashError],
    ['an answer that is no page', () => 'MARKER', InvalidPageError],
    ['a record that JSON cannot carry', () => [{ id: 1n }], InvalidPageError],
    ['a page that is too large', () => ['x'.repeat(2000)], PageTooLargeError],
    ['the page before it once more', () => [{ n: 2 }], RepeatedPageError],
  ])('%s', async (_what, answer, type) => {
    const source = sequence([{ n: 1 }], [{ n: 2 }], answer);
    const machine = machineOver({ source, settings: { pageBytes: 1000 } });
    const start = await machine.initialize();

    await expect(machine.fetch(start)).rejects.toThrow(type as typeof Error);
    await expect(machine.fetch(start)).rejects.toThrow(/page 3/);
    await expect(pagesOfRecords(machine, start)).resolves.toEqual([2]);
  });

  test('the same page twice in a row, even if its fields are not columns', async () => {
    const second = [{ status: 'new', id: 2 }];
    const machine = machineOver({ source: sequence([{ status: 'new', id: 1 }], second, second), output: ONE_COLUMN });
    const start = await machine.initialize();

    await expect(machine.fetch(start)).rejects.toThrow(RepeatedPageError);
    await expect(pagesOfRecords(machine, start)).resolves.toEqual([2]);
  });

  test('and the next attempt continues with the failed page', async () => {
    const source = sequence([{ n: 1 }], () => { throw new NonRetryableError('gone'); }, [{ n: 2 }], []);
    const machine = machineOver({ source });
    const start = await machine.initialize();

    await expect(machine.fetch(start)).rejects.toThrow(FetchPageError);
    await expect(machine.fetch(start, { retryCount: 1 })).resolves.toMatchObject({ continue: false, pages: 3, records: 2 });
    expect(source.pageNumbers).toEqual([1, 2, 2, 3]);
  });

  test('even if the handler crashes after the last one, and nothing is left to fetch', async () => {
    const source: ScriptedSource & { broken?: BrokenProcess } = offsetSource([{ n: 1 }]);
    source.broken = new BrokenProcess('unhandledRejection', new Error('late'));
    const machine = machineOver({ source });
    const start = await machine.initialize();

    await expect(machine.fetch(start)).rejects.toThrow(HandlerCrashError);
    await expect(pagesOfRecords(machine, start)).resolves.toEqual([2]);
    await expect(machine.fetch(start, { retryCount: 1 })).resolves.toMatchObject({ continue: false, pages: 2 });
  });

  test('a cycle of tokens is noticed across invocations', async () => {
    const clock = new VirtualClock();
    const source = new ScriptedSource(async ({ pageNumber }) => {
      await clock.sleep(10 * MINUTE);
      return { records: [pageNumber], nextPageToken: `t${pageNumber % 3}` };
    });
    const machine = machineOver({ source, clock });

    await expect(machine.fetchAll(await machine.initialize())).rejects.toThrow(PageTokenLoopError);
    expect(source.requests.length).toBeLessThanOrEqual(9);
  });
});

describe('time', () => {
  test('slow pages: none is started without time to finish', async () => {
    const clock = new VirtualClock();
    const source = endless(clock, () => 4 * MINUTE);
    const machine = machineOver({ source, clock });
    const state = await machine.fetch(await machine.initialize());

    expect(state).toMatchObject({ continue: true, pages: 3, waitSeconds: 0 });
    expect(clock.elapsed).toBe(12 * MINUTE);
  });

  test('fast pages: the invocation is used to its end', async () => {
    const clock = new VirtualClock();
    const machine = machineOver({ source: endless(clock, () => 100), clock, remaining: MINUTE });
    const state = await machine.fetch(await machine.initialize());

    expect(clock.elapsed).toBeGreaterThan(58 * SECOND);
    expect(clock.elapsed).toBeLessThan(MINUTE);
    expect(state.pages).toBe(clock.elapsed / 100);
  });

  test('a slow first page is waited for', async () => {
    const clock = new VirtualClock();
    const machine = machineOver({ source: endless(clock, () => 14 * MINUTE), clock });

    await expect(machine.fetch(await machine.initialize())).resolves.toMatchObject({ continue: true, pages: 1 });
  });

  test('a page slower than all before it is given up in time to commit them', async () => {
    const clock = new VirtualClock();
    const machine = machineOver({ source: endless(clock, (page) => page < 5 ? SECOND : 60 * MINUTE), clock });

    await expect(machine.fetch(await machine.initialize())).resolves.toMatchObject({ continue: true, pages: 4, waitSeconds: 0 });
    expect(clock.elapsed).toBeLessThan(15 * MINUTE);
  });

  test('a handler that never answers keeps the committed pages, and fails the import if there is nothing else to wait for', async () => {
    const clock = new VirtualClock();
    const source = new ScriptedSource((request, signal) => request.pageNumber < 3 ? [request.pageNumber] : never(request, signal));
    const machine = machineOver({ source, clock });
    const state = await machine.fetch(await machine.initialize());

    expect(state).toMatchObject({ continue: true, pages: 2 });
    await expect(machine.fetchAll(state)).rejects.toThrow(FetchPageTimeoutError);
    await expect(machine.fetchAll(state)).rejects.toThrow('had not answered for page 3 after 900 s');
  });

  test('a retry that comes too late for this invocation is left to the next', async () => {
    const clock = new VirtualClock();
    const source = new ScriptedSource(async ({ pageNumber }) => {
      if (pageNumber === 1) return [1];
      await clock.sleep(890 * SECOND);
      throw new Error('after a long time');
    });
    const machine = machineOver({ source, clock, chance: { uuid: () => 'writer', fraction: () => 1 }, pageAttempts: 8, remaining: 890.8 * SECOND });
    const state = await machine.fetch(await machine.initialize());

    expect(state).toMatchObject({ continue: true, pages: 1, waitSeconds: 1, waitedSeconds: 0, failedAttempts: 1 });
    await expect(machine.fetch(state)).resolves.toMatchObject({ waitSeconds: 2, failedAttempts: 2 });
    await expect(machine.fetchAll(state)).rejects.toThrow('attempt 8: Error: after a long time');
  });

  test('an invocation without time for its first page is an error, not an endless loop', async () => {
    const clock = new VirtualClock();
    const machine = machineOver({
      source: endless(clock, () => SECOND), clock, remaining: 3 * SECOND,
      openStore: (bucket) => {
        const store = machine.s3.store(bucket);
        return storeWith(store, {
          read: async (key) => {
            await clock.sleep(SECOND);
            return store.read(key);
          },
        });
      },
    });

    await expect(machine.fetchAll(await machine.initialize())).rejects.toThrow(FetchPageTimeoutError);
  });

  test('a log that has ended needs no page', async () => {
    const source = sequence([]);
    const machine = machineOver({ source });
    const state = await machine.fetch(await machine.initialize());

    await expect(machine.fetch({ ...state, chunks: 0, continue: true })).resolves.toMatchObject({ continue: false, chunks: 1 });
    expect(source.requests).toHaveLength(1);
  });
});

describe('when another attempt wins a slot', () => {
  test('later pages are dropped, and the loop continues from the end of the log', async () => {
    let rival: Promise<LoopState> | undefined;
    const start: { state?: LoopState } = {};
    const source: ScriptedSource = new ScriptedSource(async ({ pageNumber }) => {
      const call = source.requests.length;
      // The first attempt waits in its second page until the rival has committed two pages and failed on its third.
      if (call === 2) {
        rival = machine.fetch(start.state!);
        await rival.catch(() => undefined);
      }
      if (call === 5) throw new NonRetryableError('no more for the rival');
      return pageNumber <= 4 ? [{ n: pageNumber, call }] : [];
    });
    const machine = machineOver({ source });
    start.state = await machine.initialize();

    const late = await machine.fetch(start.state);

    await expect(rival).rejects.toThrow('no more for the rival');
    expect(late).toMatchObject({ continue: false, pages: 5, records: 4 });
    await machine.finish(late);
    const calls = (await machine.published())!.split('\n').slice(0, -1).map((line) => (JSON.parse(line) as { call: number }).call);
    // Its own calls 1, 2, 6, 7 and 8 are missing: they belonged to the dropped chain.
    expect(calls.slice(0, 2)).toEqual([3, 4]);
    expect(Math.min(...calls.slice(2))).toBeGreaterThan(8);
  });

  test.each<[string, unknown, TestMachineOptions['settings']]>([
    ['a page that repeats the one before', { records: [{ n: 1 }], hasMore: true }, {}],
    ['a page beyond maxPages', { records: [{ n: 2 }], hasMore: true }, { maxPages: 2 }],
    ['a page beyond maxRecords', { records: [{ n: 2 }, { n: 3 }], hasMore: true }, { maxRecords: 2 }],
  ])('what a guard has found in its chain counts for nothing: %s', async (_what, second, settings) => {
    let rival: Promise<LoopState> | undefined;
    const start: { state?: LoopState } = {};
    const source: ScriptedSource = new ScriptedSource(async ({ pageNumber }) => {
      if (source.requests.length === 2) {
        rival = machine.fetch(start.state!);
        await rival;
        return second;
      }
      return { records: [{ n: pageNumber }], hasMore: pageNumber < 2 };
    });
    const machine = machineOver({ source, settings });
    start.state = await machine.initialize();

    await expect(machine.fetch(start.state)).resolves.toMatchObject({ continue: false, pages: 2, records: 2 });
    await expect(rival).resolves.toMatchObject({ continue: false });
  });

  test('with no time left for another page, the round ends with the other\'s progress', async () => {
    const clock = new VirtualClock();
    let rival: Promise<LoopState> | undefined;
    const start: { state?: LoopState } = {};
    const source: ScriptedSource = new ScriptedSource(async ({ pageNumber }) => {
      const call = source.requests.length;
      if (call === 2) {
        rival = machine.fetch(start.state!);
        await rival.catch(() => undefined);
        await clock.sleep(8 * MINUTE);
      }
      // The rival commits its first page, and fails.
      if (call === 4) throw new NonRetryableError('no more for the rival');
      await clock.sleep(2 * MINUTE);
      return [{ n: pageNumber }];
    });
    const machine = machineOver({ source, clock, settings: { checkpointMilliseconds: 60 * MINUTE } });
    start.state = await machine.initialize();
    const late = await machine.fetch(start.state).catch((error: unknown) => error);

    await expect(rival).rejects.toThrow('no more for the rival');
    expect(late).toMatchObject({ continue: true, pages: 1, waitSeconds: 0 });
  });
});

test('progress is reported page by page, over all rounds', async () => {
  const told: unknown[] = [];
  const clock = new VirtualClock();
  const source = new ScriptedSource(async ({ pageNumber }) => {
    await clock.sleep(7 * MINUTE);
    return { records: [pageNumber, -pageNumber], hasMore: pageNumber < 3 };
  });
  const observer: Partial<Observer> = { pageDone: ({ pages, records, chunks }) => told.push([pages, records, chunks]) };
  const machine = machineOver({ source, clock, pageSize: 2, observer });
  await machine.fetchAll(await machine.initialize());

  expect(told).toEqual([[1, 2, 0], [2, 4, 1], [3, 6, 2]]);
});

describe('page styles', () => {
  test('empty pages with a token continue, any number of them', async () => {
    const machine = machineOver({ source: tokenSource([[1], [], [], [2], []]) });

    await expect(machine.fetch(await machine.initialize())).resolves.toMatchObject({ continue: false, pages: 5, records: 2 });
  });

  test('pages by offset may be short if allowed', async () => {
    const machine = machineOver({ source: sequence([1, 2], [3], [4, 5], []), pageSize: 2, settings: { shortPages: ShortPages.ALLOW } });

    await expect(machine.fetch(await machine.initialize())).resolves.toMatchObject({ continue: false, pages: 4, records: 5 });
  });

  test('pages with tokens may have any number of records', async () => {
    const machine = machineOver({ source: tokenSource([[1], [2, 3, 4], [5]]), pageSize: 2 });

    await expect(machine.fetch(await machine.initialize())).resolves.toMatchObject({ continue: false, pages: 3, records: 5 });
  });
});
