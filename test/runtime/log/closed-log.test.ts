import { CommitRecord } from '../../../src/protocol/commit-record';
import { CommitLogError, PageTokenLoopError, StoreUnavailableError } from '../../../src/protocol/errors';
import { LoopState } from '../../../src/protocol/machine-state';
import { ObjectStore } from '../../../src/runtime/ports/object-store';
import { Answer, jsonLines, numberedRecords, ScriptedSource, tokenSource } from '../../kit/scripted-source';
import { SeededChance } from '../../kit/seeded-chance';
import { storeWith } from '../../kit/store-with';
import { CACHE_BUCKET, TestMachine, TestMachineOptions } from '../../kit/test-machine';

/** Failures that show that committed pages are wrong: the attempt closes the log before it fails, and nothing continues it. */

const PAGES = numberedRecords(7).map((record) => [record]);

/** Seven pages. The last one ends with the token of the first again. */
const circle: Answer = ({ pageToken }) => {
  const index = pageToken === null ? 0 : (pageToken as { readonly secret: number }).secret;
  return { records: PAGES[index], nextPageToken: { secret: (index + 1) % PAGES.length } };
};

/** The page that reveals the cycle. */
const NOTICED = 14;

function circularMachine(options: Partial<TestMachineOptions> = {}): { readonly machine: TestMachine; readonly source: ScriptedSource } {
  const source = new ScriptedSource(circle);
  return { machine: new TestMachine({ source, settings: { chunkBytes: 1 }, ...options }), source };
}

/** A store that interferes with the slot of the closing record. */
function atClosingSlot(machine: () => TestMachine, meddle: (put: () => ReturnType<ObjectStore['writeIf']>) => ReturnType<ObjectStore['writeIf']>) {
  return (bucket: string): ObjectStore => {
    const store = machine().s3.store(bucket);
    return storeWith(store, {
      writeIf: (key, body, ...rest) => {
        const put = (): ReturnType<ObjectStore['writeIf']> => store.writeIf(key, body, ...rest);
        return Buffer.from(body).includes('"failure"') ? meddle(put) : put();
      },
    });
  };
}

/** An import that was stopped by a cycle. */
async function stopped(options: Partial<TestMachineOptions> = {}): Promise<{ readonly machine: TestMachine; readonly state: LoopState }> {
  const { machine } = circularMachine(options);
  const state = await machine.initialize();
  await expect(machine.fetchAll(state)).rejects.toThrow(PageTokenLoopError);
  return { machine, state };
}

/** The same import with a handler that gives each page once. */
function corrected({ s3, clock }: TestMachine): { readonly machine: TestMachine; readonly source: ScriptedSource } {
  const source = tokenSource(PAGES);
  return { machine: new TestMachine({ s3, clock, source, chance: new SeededChance(2) }), source };
}

async function recordsOf(machine: TestMachine, { importId }: LoopState): Promise<CommitRecord[]> {
  const keys = await machine.cacheKeys(machine.keys(importId).commits);
  const files = await Promise.all(keys.map((key) => machine.s3.store(CACHE_BUCKET).read(key)));
  return files.map((bytes) => JSON.parse(Buffer.from(bytes!).toString()) as CommitRecord);
}

const CLOSED = { name: PageTokenLoopError.NAME, message: expect.stringMatching(/so this import cannot be resumed\..* start a new import\.$/) as string };

test('the closing record is the last one, has no page, and gives the reason without the token', async () => {
  const { machine, state } = await stopped();
  const records = await recordsOf(machine, state);
  const { failure, ...closing } = records.at(-1)!;

  expect(records.slice(0, -1).filter((record) => record.failure !== undefined)).toEqual([]);
  expect(closing).toMatchObject({
    index: NOTICED - 1, firstPage: NOTICED, lastPage: NOTICED - 1,
    start: { pageNumber: NOTICED }, end: { pageNumber: NOTICED },
    streams: { records: { chunk: null, ledger: [], totals: { records: NOTICED - 1 } } }, final: false,
  });
  expect(closing.loopGuard).toEqual(records.at(-2)!.loopGuard);
  expect(failure).toEqual({ error: PageTokenLoopError.NAME, page: NOTICED, message: CLOSED.message });
  expect(failure!.message).not.toContain('secret');
});

test('a corrected handler cannot publish the laps: every step fails with the same error, without requesting a page', async () => {
  const { machine, state } = await stopped();
  const { machine: resumed, source } = corrected(machine);

  await expect(resumed.initialize({ resumeFrom: state.importId })).rejects.toMatchObject(CLOSED);
  await expect(resumed.fetch(state)).rejects.toMatchObject(CLOSED);
  await expect(resumed.summarize(state)).rejects.toMatchObject(CLOSED);
  await expect(resumed.persist(state)).rejects.toMatchObject(CLOSED);
  await expect(resumed.cleanUp(state)).rejects.toThrow(CommitLogError);

  expect(source.requests).toEqual([]);
  await expect(machine.published()).resolves.toBeUndefined();
  await expect(resumed.run()).resolves.toMatchObject({ records: 7 });
});

test('fetched but uncommitted pages are committed before it', async () => {
  const { machine, state } = await stopped({ settings: { chunkBytes: 1024 * 1024 } });

  await expect(recordsOf(machine, state)).resolves.toMatchObject([{ lastPage: NOTICED - 1 }, { index: 1, failure: { page: NOTICED } }]);
});

test('a cycle of one page closes nothing: that page was not committed', async () => {
  const stuck = new ScriptedSource(({ pageToken }) => {
    const n = pageToken as number | null ?? 0;
    return { records: [{ n }], nextPageToken: Math.min(n + 1, 3) };
  });
  const machine = new TestMachine({ source: stuck });
  const state = await machine.initialize();
  await expect(machine.fetchAll(state)).rejects.toMatchObject({ name: PageTokenLoopError.NAME, message: expect.stringMatching(/those before it are correct.* redrive with/) as string });

  await corrected(machine).machine.run({ resumeFrom: state.importId });

  await expect(machine.published()).resolves.toBe(jsonLines(PAGES.flat()));
});

describe('the slot of the closing record', () => {
  test('is filled before the attempt fails: if that is impossible, the attempt fails because of the store', async () => {
    const { machine }: { machine: TestMachine } = circularMachine({ openStore: atClosingSlot(() => machine, async () => 'unknown') });

    await expect(machine.fetchAll(await machine.initialize())).rejects.toThrow(StoreUnavailableError);
  });

  test('stays open if the attempt dies before: the next one requests the page again, and fills the slot', async () => {
    let dies = true;
    const { machine, source }: { machine: TestMachine; source: ScriptedSource } = circularMachine({
      openStore: atClosingSlot(() => machine, async (put) => (dies ? Promise.reject(new Error('the process died')) : put())),
    });
    const state = await machine.initialize();
    await expect(machine.fetchAll(state)).rejects.toThrow('the process died');
    dies = false;

    await expect(machine.fetchAll(state)).rejects.toThrow(PageTokenLoopError);
    expect(source.pageNumbers.slice(-2)).toEqual([NOTICED, NOTICED]);
    await expect(corrected(machine).machine.run({ resumeFrom: state.importId })).rejects.toMatchObject(CLOSED);
  });

  test('is already filled if the attempt dies after it: the next one requests nothing', async () => {
    const { machine, source }: { machine: TestMachine; source: ScriptedSource } = circularMachine({
      openStore: atClosingSlot(() => machine, async (put) => {
        await put();
        throw new Error('the process died');
      }),
    });
    const state = await machine.initialize();
    await expect(machine.fetchAll(state)).rejects.toThrow('the process died');
    const asked = source.requests.length;

    await expect(machine.fetchAll(state)).rejects.toMatchObject(CLOSED);
    expect(source.requests.length).toBe(asked);
  });

  test('decides if another attempt has filled it with a page: the one that noticed the cycle continues after that', async () => {
    let rivals = 0;
    const { machine }: { machine: TestMachine } = circularMachine({
      openStore: atClosingSlot(() => machine, async (put) => {
        // A second execution, whose handler has been corrected meanwhile, ends the import first.
        const rival = new TestMachine({ s3: machine.s3, clock: machine.clock, source: ending });
        if (rivals++ === 0) await rival.fetchAll(await rival.initialize({ resumeFrom: importId }));
        return put();
      }),
    });
    const ending = new ScriptedSource(() => ({ records: [], nextPageToken: null }));
    const state = await machine.initialize();
    const { importId } = state;

    await expect(machine.fetchAll(state)).resolves.toMatchObject({ continue: false, pages: NOTICED });
    expect(rivals).toBe(1);
  });

  test('is lost to a zombie with a page: it adopts the closing record, and fails with its error', async () => {
    const { machine } = circularMachine();
    const state = await machine.initialize();
    // It requested the page before the cycle was noticed, and gets the answer after the log has been closed.
    const zombie = new TestMachine({
      s3: machine.s3, clock: machine.clock, settings: { chunkBytes: 1 },
      source: new ScriptedSource(async (request, signal) => {
        if (request.pageNumber < NOTICED) return circle(request, signal);
        await expect(machine.fetchAll(state)).rejects.toMatchObject({ name: PageTokenLoopError.NAME });
        return { records: [{ n: 'zombie' }], nextPageToken: { secret: 'fresh' } };
      }),
    });

    await expect(zombie.fetch(state)).rejects.toMatchObject(CLOSED);
    expect((await recordsOf(machine, state)).at(-1)).toMatchObject({ failure: { error: PageTokenLoopError.NAME } });
  });
});
