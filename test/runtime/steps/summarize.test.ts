import { Compression, UnknownColumns } from '../../../src/protocol/choices';
import { SUMMARY_SAMPLES } from '../../../src/protocol/defaults';
import { CommitLogError, ImportExpiredError, ImportNotFoundError } from '../../../src/protocol/errors';
import { FORMAT_VERSION } from '../../../src/protocol/file-format';
import { ImportSummary, SummaryState } from '../../../src/protocol/import-summary';
import { Outcome } from '../../../src/protocol/machine-state';
import { FormatName, FormatSettings, Layout } from '../../../src/protocol/output-settings';
import { ObjectStore } from '../../../src/runtime/ports/object-store';
import { MemoryS3 } from '../../kit/memory-store';
import { outputOf, PARTS_KEY, readyImport, ReadyOptions } from '../../kit/ready-import';
import { Recorder } from '../../kit/recorder';
import { numberedRecords, offsetSource, sequence, tokenSource } from '../../kit/scripted-source';
import { CACHE_BUCKET, DESTINATION_BUCKET, DESTINATION_KEY, TestMachine } from '../../kit/test-machine';

/** One page per chunk, even if compressed. */
const A_CHUNK_PER_PAGE = { chunkBytes: 1, checkpointMilliseconds: 0 };

async function summaryAt(s3: MemoryS3, { summary }: SummaryState): Promise<ImportSummary> {
  return JSON.parse(String(Buffer.from((await s3.store(summary.bucket).read(summary.key))!))) as ImportSummary;
}

async function summarizedImport(options: ReadyOptions = {}) {
  const ready = await readyImport({ settings: A_CHUNK_PER_PAGE, ...options });
  const summarized = await ready.machine.summarize(ready.state);
  return { ...ready, summarized, summary: await summaryAt(ready.s3, summarized) };
}

describe('the summary before publishing', () => {
  test('says what the import has, and where it will be published', async () => {
    const { state, summarized, summary } = await summarizedImport({ source: sequence({ records: [1, 22], total: 2, hasMore: false }) });
    const destination = { bucket: DESTINATION_BUCKET, key: DESTINATION_KEY, manifestKey: 'orders/_latest.jsonl.manifest.json' };

    expect(summarized).toEqual({
      importId: state.importId, pages: 1, records: 2, bytes: 5, destination,
      summary: { bucket: CACHE_BUCKET, key: expect.stringMatching(/\/data\/summary-[0-9a-f-]{36}\.json$/) as string },
    });
    expect(summary).toEqual({
      formatVersion: FORMAT_VERSION, importId: state.importId, startTime: '2026-01-02T03:04:05.000Z', ...destination,
      pages: 1, records: 2, bytes: 5, sourceTotal: 2, warnings: [], samples: [{ page: 1, record: 1 }],
    });
  });

  test('names the prefix if parts are published', async () => {
    const { state, summary } = await summarizedImport({ output: outputOf({ layout: Layout.PARTS }), destinationKey: PARTS_KEY });
    const prefix = `orders/${state.importId}/`;

    expect(summary).toMatchObject({ key: prefix, manifestKey: `${prefix}_manifest.json`, records: 8 });
    expect(summary).not.toHaveProperty('sourceTotal');
  });

  test('publishes nothing, and changes nothing for Persist', async () => {
    const { machine, state, bucket } = await summarizedImport();

    await expect(bucket.inspect(DESTINATION_KEY)).resolves.toBeUndefined();
    await expect(machine.finish(state)).resolves.toMatchObject({ outcome: Outcome.PUBLISHED, records: 8 });
  });

  test('is written again under another key: the first summary stays readable', async () => {
    const { machine, state, s3, summarized, summary } = await summarizedImport();
    const again = await machine.summarize(state);

    expect(again.summary.key).not.toBe(summarized.summary.key);
    await expect(summaryAt(s3, again)).resolves.toEqual(summary);
    await expect(summaryAt(s3, summarized)).resolves.toEqual(summary);
  });

  test('is deleted with the chunks, since it contains records', async () => {
    const { machine, state } = await summarizedImport();
    await machine.finish(state);

    await expect(machine.cacheKeys(machine.keys(state.importId).data)).resolves.toEqual([]);
  });
});

describe('samples', () => {
  const csv: FormatSettings = { name: FormatName.CSV, unknownColumns: UnknownColumns.FAIL };
  const records = [{ n: 1, s: 'a, "b"\nc' }, { n: 2, s: '' }, { n: 3, s: 'ü' }];
  const asTexts = records.map(({ n, s }) => ({ n: String(n), s }));
  const FORMATS: readonly (readonly [string, FormatSettings, readonly unknown[]])[] = [
    ['JSON Lines', { name: FormatName.JSON_LINES }, records],
    ['a JSON array', { name: FormatName.JSON_ARRAY }, records],
    ['a CSV with columns from its records', csv, asTexts],
    ['a CSV with columns', { ...csv, columns: ['s', 'n'] }, asTexts],
  ];
  const OUTPUTS = FORMATS.flatMap(([name, format, expected]) => Object.values(Compression).flatMap((compression) => (
    Object.values(Layout).map((layout) => [name, compression, layout, outputOf({ format, compression, layout }), expected] as const)
  )));

  test.each(OUTPUTS)('of %s, compression %s, layout %s, are the records', async (_name, _compression, layout, output, expected) => {
    const destinationKey = layout === Layout.PARTS ? PARTS_KEY : undefined;
    const { summary } = await summarizedImport({ output, destinationKey, pageSize: 1, source: offsetSource(records) });

    expect(summary.samples).toEqual(expected.map((record, index) => ({ page: index + 1, record })));
  });

  test('are spread evenly over the import, including the first and the last chunk', async () => {
    const { summary } = await summarizedImport({ pageSize: 1, source: offsetSource(numberedRecords(28)) });

    expect(summary.samples.map(({ page }) => page)).toEqual([1, 4, 7, 10, 13, 16, 19, 22, 25, 28]);
    expect(summary.samples[3]).toEqual({ page: 10, record: { n: 9 } });
    expect(summary.samples).toHaveLength(SUMMARY_SAMPLES);
  });

  test('name the page of their record, even after pages without any', async () => {
    const { summary } = await summarizedImport({ source: tokenSource([[], [], [7]]), settings: { chunkBytes: 1024 } });

    expect(summary.samples).toEqual([{ page: 3, record: 7 }]);
  });

  test('are absent without records, even though an object without records has bytes', async () => {
    const output = outputOf({ format: { name: FormatName.JSON_ARRAY }, compression: Compression.GZIP });
    const { summary } = await summarizedImport({ output, source: tokenSource([[], []]) });

    expect(summary).toMatchObject({ records: 0, samples: [] });
  });

  test.each(Object.values(Compression))('read no more than the beginning of a chunk, compression %s', async (compression) => {
    const records100 = Array.from({ length: 100 }, (_, n) => ({ n, text: 'x'.repeat(20_000) }));
    const { machine, state, s3 } = await readyImport({
      source: offsetSource(records100), pageSize: 100, output: outputOf({ compression }),
      settings: { chunkBytes: 64 * 1024 * 1024, pageBytes: 64 * 1024 * 1024 },
    });
    const recorder = new Recorder<ObjectStore>();
    const watched = new TestMachine({
      source: offsetSource([]), s3, clock: machine.clock,
      openStore: () => recorder.record(s3.store(CACHE_BUCKET)),
    });

    const { samples } = await summaryAt(s3, await watched.summarize(state));
    expect(samples).toEqual([{ page: 1, record: records100[0] }]);
    expect(recorder.of('readRange').map(([_key, { bytes }]) => bytes)).toEqual([64 * 1024]);
    expect(recorder.of('read').filter(([key]) => key.includes('/data/'))).toEqual([]);
  });

  test.each(Object.values(Compression))('read further for larger records, and leave out those that are too large, compression %s', async (compression) => {
    const large = { text: 'ä'.repeat(200_000) };
    const tooLarge = { text: 'x'.repeat(1024 * 1024) };
    const { summary } = await summarizedImport({
      source: tokenSource([[large], [tooLarge], ['small']]), output: outputOf({ compression }),
      settings: { ...A_CHUNK_PER_PAGE, pageBytes: 64 * 1024 * 1024 },
    });

    expect(summary.samples).toEqual([{ page: 1, record: large }, { page: 3, record: 'small' }]);
  });

  test('leave out missing chunks: Persist decides what that means', async () => {
    const { machine, state, s3 } = await readyImport();
    const [first] = await machine.cacheKeys(machine.keys(state.importId).data);
    await s3.store(CACHE_BUCKET).delete([first!]);

    const { samples } = await summaryAt(s3, await machine.summarize(state));
    expect(samples.map(({ page }) => page)).toEqual([2, 3, 4]);
  });
});

describe('an import', () => {
  test('that has ended has no samples, and keeps its result', async () => {
    const { machine, state, s3 } = await readyImport();
    const result = await machine.finish(state);

    const { samples, records } = await summaryAt(s3, await machine.summarize(state));
    expect({ samples, records }).toEqual({ samples: [], records: 8 });
    await expect(machine.finish(state)).resolves.toEqual(result);
  });

  test('whose log is not final is refused', async () => {
    const machine = new TestMachine({ source: sequence([1], { retryAfterSeconds: 9 }), pageSize: 1 });
    const state = await machine.fetch(await machine.initialize());

    await expect(machine.summarize(state)).rejects.toThrow(CommitLogError);
    await expect(machine.summarize(state)).rejects.toThrow('its last record, 0, is not final');
  });

  test('whose log has a gap is refused', async () => {
    const { machine, state, s3 } = await readyImport();
    await s3.store(CACHE_BUCKET).delete([machine.keys(state.importId).commit(1)]);

    await expect(machine.summarize(state)).rejects.toThrow(CommitLogError);
  });

  test('that is too old, or does not exist, is refused', async () => {
    const { machine, state } = await readyImport({ maximumAgeSeconds: 100 });
    await machine.clock.sleep(101_000);

    await expect(machine.summarize(state)).rejects.toThrow(ImportExpiredError);
    await expect(machine.summarize({ importId: 'nobody' })).rejects.toThrow(ImportNotFoundError);
  });
});
