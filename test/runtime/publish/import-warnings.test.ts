import { OnEmpty, TotalMismatch, UnknownColumns } from '../../../src/protocol/choices';
import { CommitRecord } from '../../../src/protocol/commit-record';
import { ImportWarning, WarningCode } from '../../../src/protocol/import-warning';
import { Outcome } from '../../../src/protocol/machine-state';
import { FormatName, FormatSettings, Layout } from '../../../src/protocol/output-settings';
import { readWholeLog } from '../../../src/runtime/log/whole-log';
import { warningsOf } from '../../../src/runtime/publish/import-warnings';
import { KEYS, logOf, storeLog } from '../../kit/log-fixtures';
import { MemoryS3 } from '../../kit/memory-store';
import { outputOf, PARTS_KEY } from '../../kit/ready-import';
import { ScriptedSource, sequence, tokenSource } from '../../kit/scripted-source';
import { storeWith } from '../../kit/store-with';
import { DESTINATION_BUCKET, DESTINATION_KEY, TestMachine, TestMachineOptions } from '../../kit/test-machine';

/** Warnings: the same in result, manifest, pointer and log, and no reason to fail. */

const LATEST = 'orders/latest.json';

/** Four records, but the source says three. */
const wrongTotal = (): ScriptedSource => sequence({ records: [1, 2], total: 3, hasMore: true }, { records: [3, 4], hasMore: false });

/** A machine with warnings, and the warnings that it has logged. */
function warningMachine(options: Partial<TestMachineOptions> = {}): { readonly machine: TestMachine; readonly told: ImportWarning[] } {
  const told: ImportWarning[] = [];
  const machine = new TestMachine({
    source: wrongTotal(), onTotalMismatch: TotalMismatch.WARN, observer: { warned: (_importId, warning) => told.push(warning) }, ...options,
  });
  return { machine, told };
}

test.each(Object.values(Layout))('are in result, manifest, pointer and log, layout %s', async (layout) => {
  const destinationKey = layout === Layout.PARTS ? PARTS_KEY : DESTINATION_KEY;
  const { machine, told } = warningMachine({ output: outputOf({ layout, latestKey: LATEST }), destinationKey });

  const { warnings, manifestKey } = await machine.run();

  expect(warnings).toEqual([
    { code: WarningCode.TOTAL_MISMATCH, message: expect.stringMatching(/has 4 records, but the source gave 3 as its total/), counts: { records: 4, sourceTotal: 3 } },
  ]);
  expect(told).toEqual(warnings);
  for (const key of [manifestKey, LATEST]) expect(JSON.parse((await machine.published(key))!)).toMatchObject({ warnings });
});

test('an import without any has none in result and manifest, and logs none', async () => {
  const { machine, told } = warningMachine({ source: sequence({ records: [1, 2], total: 2, hasMore: false }) });

  await expect(machine.run()).resolves.toMatchObject({ warnings: [] });

  await expect(machine.manifest()).resolves.toMatchObject({ warnings: [] });
  expect(told).toEqual([]);
});

test('are logged once, by the Persist that ends the import', async () => {
  const { machine, told } = warningMachine({
    // Two parts, and time for one per invocation.
    s3: new MemoryS3({ partMinBytes: 1 }), settings: { chunkBytes: 1 }, partLimits: { minBytes: 1, maxParts: 100 }, remaining: 4000,
  });
  const state = await machine.fetchAll(await machine.initialize());

  await expect(machine.persist(state)).resolves.toMatchObject({ continue: true, parts: 1 });
  expect(told).toEqual([]);
  await expect(machine.persist(state)).resolves.toMatchObject({ continue: false, parts: 2 });
  await machine.persist(state);
  expect(told).toHaveLength(1);
});

test('are logged before the marker: if an attempt dies in between, the next one logs them', async () => {
  let dies = true;
  const s3 = new MemoryS3();
  const { machine, told } = warningMachine({
    s3,
    openStore: (bucket) => storeWith(s3.store(bucket), {
      writeIf: async (key, ...rest) => (dies && key.endsWith('published.json') ? Promise.reject(new Error('the process died')) : s3.store(bucket).writeIf(key, ...rest)),
    }),
  });
  const state = await machine.fetchAll(await machine.initialize());
  await expect(machine.persist(state)).rejects.toThrow('the process died');
  dies = false;

  await expect(machine.finish(state)).resolves.toMatchObject({ warnings: told.slice(0, 1) });
  expect(told).toHaveLength(2);
  expect(told[0]).toEqual(told[1]);
});

test.each([
  ['is superseded', Outcome.SUPERSEDED, {}],
  ['is skipped', Outcome.SKIPPED, { source: sequence({ records: [], total: 3, hasMore: false }), onEmpty: OnEmpty.SKIP }],
] as const)('are in the result of an import that %s', async (_what, outcome, options) => {
  const { machine, told } = warningMachine(options);
  if (outcome === Outcome.SUPERSEDED) {
    await machine.s3.store(DESTINATION_BUCKET).writeIf(DESTINATION_KEY, Buffer.from('newer'), 'absent', {
      metadata: { 'import-id': 'newer', 'import-start-time': '2026-01-02T03:10:00.000Z' },
    });
  }

  await expect(machine.run()).resolves.toMatchObject({ outcome, warnings: [{ code: WarningCode.TOTAL_MISMATCH }] });
  expect(told).toHaveLength(1);
});

test('are in the summary for the states before publishing', async () => {
  const { machine } = warningMachine();
  const { summary } = await machine.summarize(await machine.fetchAll(await machine.initialize()));

  const text = Buffer.from((await machine.s3.store(summary.bucket).read(summary.key))!).toString();
  expect(JSON.parse(text)).toMatchObject({ warnings: [{ code: WarningCode.TOTAL_MISMATCH }] });
});

describe('of columns that no record has', () => {
  const format: FormatSettings = { name: FormatName.CSV, columns: ['id', 'first', 'address.city', 'Total'], unknownColumns: UnknownColumns.DROP };
  const RECORDS = [{ id: 1, first: true, total: 5, address: { city: 'Bonn' } }, { id: 2 }, { id: 3 }].map((record) => [record]);

  test('name them, from all pages and rounds of the import', async () => {
    const machine = new TestMachine({
      // A chunk for each page, and a page for each round.
      source: tokenSource(RECORDS), output: outputOf({ format }), settings: { chunkBytes: 1 }, remaining: 1,
    });
    const warning = {
      code: WarningCode.UNSEEN_COLUMNS,
      message: 'No record has the columns "address.city", "Total" of the format, so the CSV is empty there. A column is a field of the record itself, with '
        + 'the same case: for a nested value, let the handler put it there. Else correct columns, and start a new import.',
      counts: { unseenColumns: 2 },
    };

    await expect(machine.run()).resolves.toMatchObject({ warnings: [warning] });
    await expect(machine.manifest()).resolves.toMatchObject({ warnings: [warning] });
  });

  test('are absent if every column occurs in some record', async () => {
    const machine = new TestMachine({ source: tokenSource([[{ id: 1 }], [{ 'first': 1, 'Total': 2, 'address.city': null }]]), output: outputOf({ format }) });

    await expect(machine.run()).resolves.toMatchObject({ warnings: [] });
  });

  test('are absent without records', async () => {
    const machine = new TestMachine({ source: tokenSource([[]]), output: outputOf({ format }) });

    await expect(machine.run()).resolves.toMatchObject({ warnings: [] });
  });

  test('name ten of many', async () => {
    const columns = ['id', ...Array.from({ length: 12 }, (_, index) => `column${index}`)];
    const machine = new TestMachine({ source: tokenSource([[{ id: 1 }]]), output: outputOf({ format: { ...format, columns } }) });

    const { warnings: [warning] } = await machine.run();
    expect(warning).toMatchObject({ message: expect.stringContaining('"column9" and 2 more of the format'), counts: { unseenColumns: 12 } });
  });
});

describe('of a log', () => {
  const warning = (page: number, message = 'Something may be wrong.'): ImportWarning => ({ code: WarningCode.TOTAL_MISMATCH, message, page });

  async function walked(records: readonly CommitRecord[]): Promise<readonly ImportWarning[]> {
    const store = new MemoryS3().store('bucket');
    await storeLog(store, KEYS, records);
    return warningsOf(await readWholeLog(store, KEYS));
  }

  test('are those of its records, in order, and then those that only the whole log shows', async () => {
    const records = logOf(3).map((record) => (record.index === 1 ? record : { ...record, warnings: [warning(record.index)] }));

    await expect(walked([...records.slice(0, 2), { ...records[2]!, sourceTotal: 5 }])).resolves.toEqual([
      warning(0), warning(2), expect.objectContaining({ counts: { records: 3, sourceTotal: 5 } }),
    ]);
  });

  test('are bounded in number and in size', async () => {
    const warnings = await walked(logOf(100).map((record) => ({ ...record, warnings: [warning(record.index, 'x'.repeat(5000))] })));

    expect(warnings.map(({ page }) => page)).toEqual(Array.from({ length: 20 }, (_, page) => page));
    expect(new Set(warnings.map(({ message }) => message.length))).toEqual(new Set([1000]));
  });
});
