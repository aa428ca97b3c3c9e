import * as fc from 'fast-check';
import { TotalMismatch } from '../../../src/protocol/choices';
import { MaxPagesExceededError, MaxRecordsExceededError, TooFewRecordsError, TotalMismatchError } from '../../../src/protocol/errors';
import { ImportWarning } from '../../../src/protocol/import-warning';
import { LoopState } from '../../../src/protocol/machine-state';
import { FetchSettings } from '../../../src/runtime/fetch/fetch';
import { flaggedSource, jsonLines, numberedRecords, offsetSource, ScriptedSource, sequence, tokenSource } from '../../kit/scripted-source';
import { SeededChance } from '../../kit/seeded-chance';
import { storeWith } from '../../kit/store-with';
import { DESTINATION_BUCKET, TestMachine, TestMachineOptions } from '../../kit/test-machine';

const TEN = numberedRecords(10);

/** The log, as seen by a new attempt that must not fetch: one that resumes the import. */
async function logged(machine: TestMachine, { importId }: LoopState): Promise<Pick<LoopState, 'pages' | 'records'>> {
  const { pages, records } = await machine.initialize({ resumeFrom: importId });
  return { pages, records };
}

/** The same import after a deployment with other limits. */
function redeployed(machine: TestMachine, options: TestMachineOptions): TestMachine {
  return new TestMachine({ s3: machine.s3, clock: machine.clock, ...options });
}

describe('maxPages', () => {
  test('lets an import of exactly that many pages pass', async () => {
    const machine = new TestMachine({ source: flaggedSource(TEN), settings: { maxPages: 5 } });

    await expect(machine.run()).resolves.toMatchObject({ pages: 5, records: 10 });
  });

  test('ends a longer one before it requests the next page, with all earlier pages committed', async () => {
    const source = flaggedSource(TEN);
    const machine = new TestMachine({ source, settings: { maxPages: 3 } });
    const start = await machine.initialize();

    await expect(machine.fetch(start)).rejects.toThrow(MaxPagesExceededError);
    expect(source.pageNumbers).toEqual([1, 2, 3]);
    await expect(logged(machine, start)).resolves.toEqual({ pages: 3, records: 6 });
    await expect(machine.fetch(start)).rejects.toThrow('Page 4 was not requested: the import has 3 pages, and maxPages is 3. The request has no page token.');
    expect(source.pageNumbers).toEqual([1, 2, 3]);
  });

  test('counts the empty page that ends a source of bare arrays', async () => {
    const options = { source: offsetSource(TEN), settings: { maxPages: 5 } };

    await expect(new TestMachine(options).run()).rejects.toThrow(MaxPagesExceededError);
    await expect(new TestMachine({ ...options, settings: { maxPages: 6 } }).run()).resolves.toMatchObject({ pages: 6 });
  });

  test('lets the import continue where it stopped when raised', async () => {
    const source = flaggedSource(TEN);
    const machine = new TestMachine({ source, settings: { maxPages: 3 } });
    const start = await machine.initialize();
    await expect(machine.fetch(start)).rejects.toThrow(MaxPagesExceededError);

    const raised = redeployed(machine, { source, settings: { maxPages: 5 } });
    await raised.finish(await raised.fetchAll(start));

    expect(source.pageNumbers).toEqual([1, 2, 3, 4, 5]);
    await expect(raised.published()).resolves.toBe(jsonLines(TEN));
  });

  test('reports the number of pages when lowered below it', async () => {
    const source = sequence({ records: [1, 2], hasMore: true }, { records: [3, 4], hasMore: true }, { retryAfterSeconds: 60 });
    const machine = new TestMachine({ source });
    const state = await machine.fetch(await machine.initialize());

    await expect(redeployed(machine, { source, settings: { maxPages: 1 } }).fetch(state)).rejects
      .toThrow('Page 3 was not requested: the import has 2 pages, and maxPages is 1.');
  });
});

describe('maxRecords', () => {
  test('lets an import of exactly that many records pass, and an empty page after them', async () => {
    const machine = new TestMachine({ source: offsetSource(TEN), settings: { maxRecords: 10 } });

    await expect(machine.run()).resolves.toMatchObject({ pages: 6, records: 10 });
  });

  test('keeps the page that would exceed it out of the log, and the earlier pages in', async () => {
    const machine = new TestMachine({ source: flaggedSource(TEN), settings: { maxRecords: 5 } });
    const start = await machine.initialize();

    await expect(machine.fetch(start)).rejects.toThrow(MaxRecordsExceededError);
    await expect(machine.fetch(start)).rejects
      .toThrow('Page 3 was not committed: it has 2 records, the pages before it have 4, and maxRecords is 5.');
    await expect(logged(machine, start)).resolves.toEqual({ pages: 2, records: 4 });
  });

  test('lets the import continue with that page when raised', async () => {
    const source = flaggedSource(TEN);
    const machine = new TestMachine({ source, settings: { maxRecords: 5 } });
    const start = await machine.initialize();
    await expect(machine.fetch(start)).rejects.toThrow(MaxRecordsExceededError);

    const raised = redeployed(machine, { source, settings: { maxRecords: 10 } });
    await raised.finish(await raised.fetchAll(start));

    expect(source.pageNumbers).toEqual([1, 2, 3, 3, 4, 5]);
    await expect(raised.published()).resolves.toBe(jsonLines(TEN));
  });
});

test('for any pages, chunks and rounds, the log has the pages within both limits, and the rest follows when they are raised', async () => {
  const limit = fc.option(fc.integer({ min: 1, max: 20 }), { nil: undefined });
  const cases = fc.record({
    sizes: fc.array(fc.nat(4), { minLength: 1, maxLength: 12 }),
    maxPages: limit,
    maxRecords: limit,
    chunkBytes: fc.integer({ min: 1, max: 60 }),
    remaining: fc.integer({ min: 2000, max: 20_000 }),
  });
  await fc.assert(fc.asyncProperty(cases, async ({ sizes, chunkBytes, remaining, ...limits }) => {
    const pages = sizes.map((size, page) => Array.from({ length: size }, (_, record) => ({ page, record })));
    const machine: TestMachine = machineOver(pages, { settings: { chunkBytes, ...limits }, remaining });
    const start = await machine.initialize();
    const fits = pagesWithin(sizes, limits);
    const failed = await machine.fetchAll(start).then(() => false, () => true);

    expect(failed).toBe(fits < sizes.length);
    expect(await logged(machine, start)).toEqual({ pages: fits, records: pages.slice(0, fits).flat().length });

    const raised = machineOver(pages, { s3: machine.s3, clock: machine.clock });
    await raised.finish(await raised.fetchAll(start));
    expect(await raised.published()).toBe(jsonLines(pages.flat()));
  }), { numRuns: 100 });
});

/** A source whose pages take a second each. */
function machineOver(pages: readonly (readonly unknown[])[], options: Omit<TestMachineOptions, 'source'>): TestMachine {
  const inTime = tokenSource(pages);
  const source = new ScriptedSource(async (request, signal) => {
    await machine.clock.sleep(1000);
    return inTime.fetchPage(request, signal);
  });
  const machine: TestMachine = new TestMachine({ source, ...options });
  return machine;
}

function pagesWithin(sizes: readonly number[], { maxPages = Infinity, maxRecords = Infinity }: Pick<FetchSettings, 'maxPages' | 'maxRecords'>): number {
  let records = 0;
  const beyond = sizes.findIndex((size, index) => index >= maxPages || (records += size) > maxRecords);
  return beyond < 0 ? sizes.length : beyond;
}

describe('minRecords', () => {
  const sourceOf = (count: number): ScriptedSource => flaggedSource(numberedRecords(count));

  test('lets an import of exactly that many records pass', async () => {
    await expect(new TestMachine({ source: sourceOf(4), minRecords: 4 }).run()).resolves.toMatchObject({ records: 4 });
  });

  test('keeps a smaller import from replacing the existing object, and leaves nothing at the destination', async () => {
    const before = new TestMachine({ source: sourceOf(4), minRecords: 4 });
    await before.run();
    const machine = redeployed(before, { source: sourceOf(3), minRecords: 4, chance: new SeededChance(2) });
    const state = await machine.fetchAll(await machine.initialize());

    await expect(machine.persist(state)).rejects.toThrow(TooFewRecordsError);
    await expect(machine.persist(state)).rejects.toThrow('has 3 records, but minRecords is 4');
    await expect(machine.published()).resolves.toBe(jsonLines(numberedRecords(4)));
    await expect(machine.cacheKeys(machine.keys(state.importId).uploads)).resolves.toEqual([]);
  });

  test('refuses an empty import, and 0 publishes it', async () => {
    const machine = new TestMachine({ source: offsetSource([]), minRecords: 1 });
    const state = await machine.fetchAll(await machine.initialize());

    await expect(machine.persist(state)).rejects.toThrow(TooFewRecordsError);
    await redeployed(machine, { source: offsetSource([]), minRecords: 0 }).finish(state);
    await expect(machine.published()).resolves.toBe('');
  });

  test('lets the import be published as it is when lowered', async () => {
    const source = sourceOf(3);
    const machine = new TestMachine({ source, minRecords: 4 });
    const state = await machine.fetchAll(await machine.initialize());
    await expect(machine.persist(state)).rejects.toThrow(TooFewRecordsError);
    const asked = source.requests.length;

    await redeployed(machine, { source, minRecords: 3 }).finish(state);

    await expect(machine.published()).resolves.toBe(jsonLines(numberedRecords(3)));
    expect(source.requests).toHaveLength(asked);
  });
});

test('an import whose object is already published is finished, even if the rules have changed', async () => {
  const source = flaggedSource(numberedRecords(3));
  const dying: TestMachine = new TestMachine({
    source,
    openStore: (bucket) => {
      const store = dying.s3.store(bucket);
      return bucket === DESTINATION_BUCKET ? store : storeWith(store, {
        writeIf: async (key, ...rest) => (key.endsWith('published.json') ? Promise.reject(new Error('the process died')) : store.writeIf(key, ...rest)),
      });
    },
  });
  const state = await dying.fetchAll(await dying.initialize());
  await expect(dying.persist(state)).rejects.toThrow('the process died');

  await expect(redeployed(dying, { source, minRecords: 4 }).finish(state)).resolves.toMatchObject({ outcome: 'published', records: 3 });
});

describe('a total that does not match', () => {
  const wrongTotal = (): ScriptedSource => sequence(
    { records: TEN.slice(0, 2), total: 3, hasMore: true }, { records: TEN.slice(2, 4), hasMore: false },
  );

  test('fails the import, even if somebody observes warnings', async () => {
    const told: ImportWarning[] = [];
    const machine = new TestMachine({ source: wrongTotal(), observer: { warned: (_importId, warning) => told.push(warning) } });
    const state = await machine.fetchAll(await machine.initialize());

    await expect(machine.persist(state)).rejects.toThrow(TotalMismatchError);
    expect(told).toEqual([]);
  });

  test('fails the import, which is published once a warning is enough, even if nobody observes it', async () => {
    const machine = new TestMachine({ source: wrongTotal() });
    const state = await machine.fetchAll(await machine.initialize());
    await expect(machine.persist(state)).rejects.toThrow(TotalMismatchError);

    await redeployed(machine, { source: sequence(), onTotalMismatch: TotalMismatch.WARN }).finish(state);

    await expect(machine.published()).resolves.toBe(jsonLines(TEN.slice(0, 4)));
  });
});
