import { gunzipSync } from 'node:zlib';
import { csvParseRows } from 'd3-dsv';
import * as fc from 'fast-check';
import { Compression, UnknownColumns } from '../../../src/protocol/choices';
import { CommitRecord, decodeCommitRecord } from '../../../src/protocol/commit-record';
import { JsonObject, JsonValue } from '../../../src/protocol/json';
import { LoopState } from '../../../src/protocol/machine-state';
import { DEFAULT_OUTPUT, fileExtension, FormatName, FormatSettings, Layout, OutputSettings } from '../../../src/protocol/output-settings';
import { crc32Of } from '../../../src/runtime/bytes/crc32';
import { NonRetryableError } from '../../../src/source';
import { collect } from '../../kit/collect';
import { MemoryS3 } from '../../kit/memory-store';
import { ScriptedSource, tokenSource } from '../../kit/scripted-source';
import { SeededChance } from '../../kit/seeded-chance';
import { storeWith } from '../../kit/store-with';
import { CACHE_BUCKET, DESTINATION_BUCKET, TestMachine, TestMachineOptions } from '../../kit/test-machine';
import { VirtualClock } from '../../kit/virtual-clock';

const CSV: FormatSettings = { name: FormatName.CSV, unknownColumns: UnknownColumns.FAIL };
const CSV_OF_SOME: FormatSettings = { name: FormatName.CSV, columns: ['n', 'b'], unknownColumns: UnknownColumns.DROP };
const FORMATS: readonly (readonly [string, FormatSettings])[] = [
  ['JSON Lines', { name: FormatName.JSON_LINES }],
  ['a JSON array', { name: FormatName.JSON_ARRAY }],
  ['CSV', CSV],
  ['CSV with columns of its own', CSV_OF_SOME],
];

const OUTPUTS = FORMATS.flatMap(([name, format]) => Object.values(Compression).flatMap((compression) => (
  Object.values(Layout).map((layout) => {
    const output: OutputSettings = { ...DEFAULT_OUTPUT, format, compression, layout };
    return [`${name}, compression ${compression}, layout ${layout}`, output] as const;
  })
)));

const OBJECT_KEY = 'orders/{importId}';

/** A machine that also closes chunks by time: the size of a compressed one is known only when it is closed. */
function machineOf(output: OutputSettings, options: Omit<TestMachineOptions, 'output' | 'destinationKey'>): TestMachine {
  return new TestMachine({
    ...options, output,
    destinationKey: output.layout === Layout.PARTS ? `${OBJECT_KEY}/` : OBJECT_KEY,
    s3: options.s3 ?? new MemoryS3({ partMinBytes: 1 }), partLimits: { minBytes: 1, maxParts: 1000 },
  });
}

/** The published objects with records, by name. */
async function publishedBy(machine: TestMachine): Promise<Map<string, Buffer>> {
  const store = machine.s3.store(DESTINATION_BUCKET);
  const keys = (await collect(store.list(''))).filter((key) => !key.endsWith('manifest.json'));
  return new Map(await Promise.all(keys.map(async (key) => [key, Buffer.from((await store.read(key))!)] as const)));
}

/** An object as a reader of its format sees it. Throws if it is not valid. */
function rowsOf(bytes: Buffer, { format, compression }: OutputSettings): unknown[] {
  const text = (compression === Compression.GZIP ? gunzipSync(bytes) : bytes).toString();
  switch (format.name) {
    case FormatName.JSON_LINES:
      return text.split('\n').slice(0, -1).map((line) => JSON.parse(line) as unknown);
    case FormatName.JSON_ARRAY:
      return JSON.parse(text) as unknown[];
    case FormatName.CSV: {
      const [columns, ...rows] = csvParseRows(text);
      return rows.map((row) => {
        expect(row).toHaveLength(columns!.length);
        return Object.fromEntries(row.map((cell, index) => [columns![index]!, cell]));
      });
    }
  }
}

/** A record as a reader of the format sees it. */
function asRow(record: JsonObject, { format }: OutputSettings): unknown {
  if (format.name !== FormatName.CSV) return record;
  const columns = format.columns ?? COLUMNS;
  return Object.fromEntries(columns.map((column) => [column, asCell(record[column])]));
}

function asCell(value: JsonValue | undefined): string {
  if (value === undefined || value === null) return '';
  return typeof value === 'string' ? value : JSON.stringify(value);
}

async function recordsOfLog(machine: TestMachine, importId: string): Promise<CommitRecord[]> {
  const store = machine.s3.store(CACHE_BUCKET);
  const keys = await collect(store.list(machine.keys(importId).commits));
  return Promise.all(keys.map(async (key) => decodeCommitRecord(key, (await store.read(key))!)));
}

const COLUMNS = ['n', 'a', 'b'];

/** Records with every kind of value and character. Each has its number, so no two pages are the same. */
const values: fc.Arbitrary<JsonValue> = fc.oneof(
  fc.string({ unit: fc.constantFrom('"', ',', '\n', '\r', 'a', 'ä', '😀', '\u2028', '[', ']') }),
  // Without -0, which JSON turns into 0.
  fc.jsonValue({ maxDepth: 2 }).map((value) => JSON.parse(JSON.stringify(value)) as JsonValue),
);
const record = fc.record({ a: values, b: values }, { requiredKeys: [] });

/** Pages, the time of each, and how often the import is stopped on the way. */
const imports = fc.record({
  pages: fc.array(fc.record({
    records: fc.array(record, { maxLength: 3 }),
    milliseconds: fc.constantFrom(0, 0, 0, 600, 1000),
    fails: fc.constantFrom(false, false, false, true),
  }), { minLength: 1, maxLength: 8 }),
  remaining: fc.constantFrom(4000, 900_000),
  chunkBytes: fc.constantFrom(1, 60, 1024 * 1024),
});

/** The first record has all columns. */
function numbered(pages: readonly (readonly Partial<Record<'a' | 'b', JsonValue>>[])[]): JsonObject[][] {
  let n = 0;
  return pages.map((records) => records.map((each) => ({ n, ...n++ === 0 ? { a: null, b: null } : {}, ...each }) as JsonObject));
}

test.each(OUTPUTS)('for any pages, chunks and interruptions, exactly the records are published: %s', async (_name, output) => {
  await fc.assert(fc.asyncProperty(imports, async ({ pages: drawn, remaining, chunkBytes }) => {
    const clock = new VirtualClock();
    const pages = numbered(drawn.map(({ records }) => records));
    const failing = new Set(drawn.flatMap(({ fails }, index) => fails ? [index] : []));
    const source = new ScriptedSource(async ({ pageToken }) => {
      const index = (pageToken ?? 0) as number;
      await clock.sleep(drawn[index]!.milliseconds);
      if (failing.delete(index)) throw new NonRetryableError('out of order');
      return { records: pages[index], nextPageToken: index + 1 < pages.length ? index + 1 : null };
    });
    const machine = machineOf(output, { source, clock, remaining, settings: { checkpointMilliseconds: 1000, chunkBytes } });

    const { importId, bytes, records, manifestKey } = await runResuming(machine);

    const objects = await publishedBy(machine);
    const rows = [...objects.values()].flatMap((object) => rowsOf(object, output));
    expect(rows).toEqual(pages.flat().map((each) => asRow(each, output)));
    const whole = Buffer.concat([...objects.values()]);
    expect({ bytes, records }).toEqual({ bytes: whole.byteLength, records: rows.length });
    expect(JSON.parse((await machine.published(manifestKey))!)).toMatchObject({ crc32: crc32Of(whole) });
    await expectOwnBytes(machine, importId, pages, output);
  }), { numRuns: 25 });
}, 60_000);

/** Runs the import to its end, resuming it as often as it fails on purpose. */
async function runResuming(machine: TestMachine) {
  const { importId } = await machine.initialize();
  for (let runs = 0; runs < 20; runs++) {
    const result = await machine.run({ resumeFrom: importId }).catch((error: Error) => {
      if (!error.message.includes('out of order')) throw error;
    });
    if (result !== undefined) return result;
  }
  throw new Error('the import does not end');
}

/** The ledger counts a page's own bytes, in any chunk: the same for both layouts and compressions. */
async function expectOwnBytes(
  machine: TestMachine, importId: string, pages: readonly JsonObject[][], output: OutputSettings,
): Promise<void> {
  const ledger = (await recordsOfLog(machine, importId)).flatMap((each) => each.streams.records.ledger);
  expect(ledger.map(([records]) => records)).toEqual(pages.map(({ length }) => length));
  if (output.format.name !== FormatName.JSON_LINES) return;
  expect(ledger.map(([, bytes]) => bytes)).toEqual(pages.map((page) => (
    page.reduce((sum, each) => sum + Buffer.byteLength(JSON.stringify(each)) + 1, 0)
  )));
}

describe('an import without records', () => {
  const EXPECTED: Readonly<Record<string, string>> = { 'JSON Lines': '', 'a JSON array': '[]\n', 'CSV': '', 'CSV with columns of its own': 'n,b\n' };

  test.each(OUTPUTS.filter(([, { layout }]) => layout === Layout.OBJECT))('is a valid empty object: %s', async (name, output) => {
    for (const pages of [[[]], [[], [], []]]) {
      const machine = machineOf(output, { source: tokenSource(pages), settings: { checkpointMilliseconds: 0 } });
      await expect(machine.run()).resolves.toMatchObject({ records: 0 });

      const [object] = [...(await publishedBy(machine)).values()];
      const text = output.compression === Compression.GZIP ? gunzipSync(object!) : object!;
      expect(text.toString()).toBe(EXPECTED[name.split(', ')[0]!]);
    }
  });

  test.each(OUTPUTS.filter(([, { layout }]) => layout === Layout.PARTS))('has no parts: %s', async (_name, output) => {
    const machine = machineOf(output, { source: tokenSource([[], []]), settings: { checkpointMilliseconds: 0 } });
    await expect(machine.run()).resolves.toMatchObject({ records: 0, bytes: 0 });

    expect((await publishedBy(machine)).size).toBe(0);
  });
});

test('names of chunks end as the format and the compression say', async () => {
  for (const [, output] of OUTPUTS) {
    const machine = machineOf(output, { source: tokenSource([[{ n: 1, b: 2 }]]) });
    const { importId } = await machine.fetchAll(await machine.initialize());

    const [key] = await machine.cacheKeys(machine.keys(importId).data);
    expect(key!.endsWith(`.${fileExtension(output)}`)).toBe(true);
  }
});

describe('columns from the first record', () => {
  const output: OutputSettings = { ...DEFAULT_OUTPUT, format: CSV };
  const everyPageAChunk = { settings: { chunkBytes: 1 } };

  async function text(machine: TestMachine): Promise<string> {
    return [...(await publishedBy(machine)).values()].join('');
  }

  test('are in each commit record from that record on, and in the manifest', async () => {
    const source = tokenSource([[], [{ b: 1, a: 2 }], [], [{ a: 3 }]]);
    const machine = machineOf(output, { source, settings: { checkpointMilliseconds: 0 } });
    const { importId } = await machine.run();

    const columns = (await recordsOfLog(machine, importId)).map((each) => each.columns);
    expect(columns).toEqual([undefined, ['b', 'a'], ['b', 'a'], ['b', 'a']]);
    await expect(machine.manifest(`orders/${importId}`)).resolves.toMatchObject({ columns: ['b', 'a'] });
    await expect(text(machine)).resolves.toBe('b,a\n1,2\n,3\n');
  });

  test('are those of the winning attempt, and the other one continues with them', async () => {
    const clock = new VirtualClock();
    const s3 = new MemoryS3({ partMinBytes: 1 });
    const PAGES = 6;
    /** Both sources have the same records, with their fields in a different order, and take turns being faster. */
    const sourceOf = (reversed: boolean): ScriptedSource => new ScriptedSource(async ({ pageToken }) => {
      const page = (pageToken ?? 0) as number;
      const quick = reversed ? 100 : 50;
      await clock.sleep((page % 2 === 0) === reversed ? quick : 700);
      const fields = [['n', page], ['a', `a${page}`], ['b', `b${page}`]];
      return { records: [Object.fromEntries(reversed ? fields.reverse() : fields)], nextPageToken: page + 1 < PAGES ? page + 1 : null };
    });
    const [one, other] = [true, false].map((reversed) => machineOf(output, {
      source: sourceOf(reversed), clock, s3, chance: new SeededChance(reversed ? 1 : 2), ...everyPageAChunk,
    }));
    const state = await one!.initialize();

    const [end, otherEnd] = await Promise.all([one!.fetch(state), other!.fetch(state)]);

    expect(end).toEqual(otherEnd);
    await one!.finish(end);
    const records = await recordsOfLog(one!, state.importId);
    expect(new Set(records.map(({ writerId }) => writerId)).size).toBeGreaterThan(1);
    const rows = rowsOf([...(await publishedBy(one!)).values()][0]!, output);
    expect(rows).toEqual(Array.from({ length: PAGES }, (_, page) => ({ n: String(page), a: `a${page}`, b: `b${page}` })));
    expect(Object.keys(rows[0]!)).toEqual(records[0]!.columns);
  });

  test('do not come from a page that was refused', async () => {
    let page2: unknown = { records: [{ x: 1 }, { x: 2 }], nextPageToken: null };
    const source = new ScriptedSource(({ pageToken }) => pageToken === null ? { records: [], nextPageToken: 2 } : page2);
    const machine = machineOf(output, { source, settings: { maxRecords: 1 } });
    const { importId } = await machine.initialize();
    await expect(machine.run({ resumeFrom: importId })).rejects.toThrow('Page 2 was not committed');
    expect((await recordsOfLog(machine, importId)).map((each) => each.columns)).toEqual([undefined]);

    page2 = { records: [{ y: 1 }], nextPageToken: null };
    await machine.run({ resumeFrom: importId });

    await expect(text(machine)).resolves.toBe('y\n1\n');
  });

  test('nor from a repeated page', async () => {
    const source = new ScriptedSource(({ pageToken }) => pageToken === null
      ? { records: [], nextPageToken: 'same' }
      : { records: [{ x: 1 }], nextPageToken: 'same' });
    const machine = machineOf(output, { source });
    const { importId } = await machine.initialize();

    await expect(machine.run({ resumeFrom: importId })).rejects.toThrow('the source repeats itself');
    expect((await recordsOfLog(machine, importId)).map((each) => each.columns)).toEqual([undefined]);
  });
});

describe('a field that only a later record has', () => {
  const pages = [[{ n: 1 }], [{ n: 2 }, { n: 3, discount: 'MARKER' }], [{ n: 4 }]];

  test('fails the import, keeps the earlier pages, and another handler can resume it', async () => {
    let source = tokenSource(pages);
    const machine = machineOf({ ...DEFAULT_OUTPUT, format: CSV }, { source: new ScriptedSource((...asked) => source.fetchPage(...asked)) });
    const { importId } = await machine.initialize();

    const error = await machine.run({ resumeFrom: importId }).catch((thrown: Error) => thrown) as Error;
    expect(error.message).toContain('Page 2 was refused: records[1] has the field discount, which is not a column of the CSV');
    expect(error.message).not.toContain('MARKER');
    expect((await recordsOfLog(machine, importId)).at(-1)).toMatchObject({ lastPage: 1, streams: { records: { totals: { records: 1 } } } });

    source = tokenSource(pages.map((page) => page.map(({ n }) => ({ n }))));
    await machine.run({ resumeFrom: importId });
    expect([...(await publishedBy(machine)).values()].join('')).toBe('n\n1\n2\n3\n4\n');
    expect(source.pageNumbers).toEqual([2, 3]);
  });

  test('is dropped where the format says so', async () => {
    const format: FormatSettings = { name: FormatName.CSV, unknownColumns: UnknownColumns.DROP };
    const machine = machineOf({ ...DEFAULT_OUTPUT, format }, { source: tokenSource(pages) });
    await machine.run();

    expect([...(await publishedBy(machine)).values()].join('')).toBe('n\n1\n2\n3\n4\n');
  });
});

describe('the size of chunks', () => {
  /** Bytes of each chunk of an import with a first page of this many bytes, then pages of ten. */
  async function sizes(firstBytes: number, settings: TestMachineOptions['settings'], resumed: boolean = false): Promise<number[]> {
    const pages = [['x'.repeat(firstBytes - 3)], ...Array.from({ length: 60 }, (_, n) => [`page ${n + 10}`])];
    let failing = resumed ? 30 : -1;
    const plain = tokenSource(pages);
    const source = new ScriptedSource((request, signal) => {
      if (request.pageNumber === failing) {
        failing = -1;
        throw new NonRetryableError('out of order');
      }
      return plain.fetchPage(request, signal);
    });
    const machine = machineOf(DEFAULT_OUTPUT, { source, settings: { chunkBytes: 1, ...settings } });
    const { importId } = await runResuming(machine);
    return (await recordsOfLog(machine, importId)).map(({ streams }) => streams.records.chunk!.bytes);
  }

  test('does not grow before there are a thousand of them', async () => {
    expect(new Set((await sizes(10_000 - 3000, { maxChunkBytes: 1000 })).slice(1))).toEqual(new Set([10]));
  });

  test('is a thousandth of the import after that', async () => {
    const [, ...later] = await sizes(100_000, { maxChunkBytes: 1000 });

    expect(later.slice(0, -1)).toEqual([100, 110, 110, 110, 110]);
  });

  test('is limited by the memory', async () => {
    const [, ...later] = await sizes(100_000, { maxChunkBytes: 50 });

    expect(new Set(later)).toEqual(new Set([50]));
  });

  test('is never less than configured', async () => {
    const [, ...later] = await sizes(100_000, { chunkBytes: 200, maxChunkBytes: 50 });

    expect(new Set(later)).toEqual(new Set([200]));
  });

  test('continues to grow when an import is resumed', async () => {
    const [, ...later] = await sizes(100_000, { maxChunkBytes: 1000 }, true);

    // The failure at page 30 has made one chunk short.
    expect(later.slice(0, 4)).toEqual([100, 110, 70, 110]);
  });
});

test('highly compressible data is one chunk, however much it is', async () => {
  const page = (n: number): unknown[] => Array.from({ length: 64 }, () => ({ n, text: 'x'.repeat(32 * 1024) }));
  const PAGES = 20;
  const machine = machineOf({ ...DEFAULT_OUTPUT, compression: Compression.GZIP }, {
    source: tokenSource(Array.from({ length: PAGES }, (_, n) => page(n))),
    settings: { chunkBytes: 1024 * 1024, pageBytes: 4 * 1024 * 1024 },
  });

  const { importId, records, bytes } = await machine.run();

  const log = await recordsOfLog(machine, importId);
  expect(log).toHaveLength(1);
  expect(log[0]!.streams.records.ledger.reduce((sum, [, pageBytes]) => sum + pageBytes, 0)).toBeGreaterThan(40 * 1024 * 1024);
  expect({ records, small: bytes < 500_000 }).toEqual({ records: PAGES * 64, small: true });
  const lines = gunzipSync([...(await publishedBy(machine)).values()][0]!).toString().split('\n').slice(0, -1);
  const expected = Array.from({ length: PAGES * 64 }, (_, n) => Math.floor(n / 64));
  expect(lines.map((line) => (JSON.parse(line) as { n: number }).n)).toEqual(expected);
});

test('a late repeated request that sends from reused memory changes nothing', async () => {
  const s3 = new MemoryS3({ partMinBytes: 1 });
  const late: (() => Promise<unknown>)[] = [];
  const pages = Array.from({ length: 6 }, (_, n) => [{ n, text: 'x'.repeat(n) }]);
  const machine = machineOf(DEFAULT_OUTPUT, {
    s3, source: tokenSource(pages), settings: { chunkBytes: 1 },
    openStore: (bucket) => storeWith(s3.store(bucket), {
      write: async (...args) => {
        const receipt = await s3.store(bucket).write(...args);
        late.push(() => s3.store(bucket).write(...args));
        return receipt;
      },
    }),
  });
  const state = await machine.fetchAll(await machine.initialize());

  const ends = await Promise.allSettled(late.map((repeat) => repeat()));
  expect(new Set(ends.map(({ status }) => status))).toContain('rejected');
  await machine.finish(state);

  const rows = rowsOf([...(await publishedBy(machine)).values()][0]!, DEFAULT_OUTPUT);
  expect(rows).toEqual(pages.flat());
});

test('two attempts at once publish one valid object, compressed too', async () => {
  for (const [, output] of OUTPUTS) {
    const clock = new VirtualClock();
    const s3 = new MemoryS3({ partMinBytes: 1 });
    const pages = Array.from({ length: 6 }, (_, n) => n === 3 ? [] : [{ n, a: 1, b: 'x' }]);
    let calls = 0;
    const plain = tokenSource(pages);
    const machine = machineOf(output, {
      clock, s3, settings: { checkpointMilliseconds: 0 },
      source: new ScriptedSource(async (...asked) => {
        await clock.sleep(++calls % 2 === 1 ? 900 : 400);
        return plain.fetchPage(...asked);
      }),
    });
    const state: LoopState = await machine.initialize();

    const [end] = await Promise.all([machine.fetch(state), machine.fetch(state)]);
    await machine.finish(end);

    const rows = [...(await publishedBy(machine)).values()].flatMap((object) => rowsOf(object, output));
    expect(rows).toEqual(pages.flat().map((each) => asRow(each as JsonObject, output)));
  }
});
