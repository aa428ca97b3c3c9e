import { gunzipSync } from 'node:zlib';
import { Compression } from '../../src/protocol/choices';
import { FORMAT_VERSION } from '../../src/protocol/file-format';
import { ImportFile } from '../../src/protocol/import-file';
import { JsonObject, JsonValue } from '../../src/protocol/json';
import { seriesPrefix } from '../../src/protocol/keys';
import { PART_MIN_BYTES } from '../../src/protocol/limits';
import { ImportResult, Outcome } from '../../src/protocol/machine-state';
import { Layout } from '../../src/protocol/output-settings';
import { tokenDigest } from '../../src/runtime/bytes/digest';
import { S3_PART_LIMITS } from '../../src/runtime/publish/publish-plan';
import { collect } from '../kit/collect';
import { ScriptedSource } from '../kit/scripted-source';
import { SeededChance } from '../kit/seeded-chance';
import { SERIES } from '../kit/series';
import { DESTINATION_BUCKET, DESTINATION_KEY, TestMachine } from '../kit/test-machine';
import { bucketsWith, Files, filesOf, Golden, readGoldens, sourceOf } from './golden';

/** This version resumes and publishes what earlier versions have left behind. */

const goldens = readGoldens();

function golden(name: string): Golden {
  return goldens.find((candidate) => candidate.name === `format-${FORMAT_VERSION}/${name}`)!;
}

/** A machine of this version over the buckets of a golden log, with this minimum part size. */
async function machineOver(left: Golden, source: ScriptedSource, minBytes: number = PART_MIN_BYTES): Promise<TestMachine> {
  const s3 = await bucketsWith(left, { partMinBytes: minBytes });
  return new TestMachine({
    source, s3, chance: new SeededChance(7), partLimits: { ...S3_PART_LIMITS, minBytes },
    output: left.output, destinationKey: left.destinationKey,
  });
}

/** Resumes a golden log to its end and compares all of its results, with chunks gathered into parts or copied. */
async function verify(left: Golden): Promise<void> {
  for (const minBytes of [PART_MIN_BYTES, 1]) await verifyWith(left, minBytes);
}

async function verifyWith(left: Golden, minBytes: number): Promise<void> {
  const { importId, committedPages, result, expected } = left;
  const source = sourceOf(left);
  const machine = await machineOver(left, source, minBytes);

  const ended = await machine.run({ resumeFrom: importId });
  expect(ended).toMatchObject({ importId, ...result });

  const published = await publishedBy(machine, left, ended);
  expect(decompressed(published, left)).toBe(expected);
  if (result.outcome === Outcome.PUBLISHED) expect(await jsonAt(machine, ended.manifestKey)).toMatchObject(manifestOf(left, published));
  const latestKey = left.output?.latestKey;
  const pointer = { importId, key: ended.key, bytes: published.byteLength };
  if (latestKey !== undefined) expect(await jsonAt(machine, latestKey)).toMatchObject(pointer);
  expect(source.pageNumbers).toEqual(Array.from({ length: result.pages - committedPages }, (_, page) => committedPages + page + 1));
  expectKept(left, await filesOf(machine.s3));
}

/** The final object, or all parts in a row. */
async function publishedBy({ s3 }: TestMachine, { output }: Golden, { key }: ImportResult): Promise<Buffer> {
  const store = s3.store(DESTINATION_BUCKET);
  const keys = output?.layout === Layout.PARTS ? await collect(store.list(`${key}part-`)) : [key];
  return Buffer.concat(await Promise.all(keys.map(async (part) => (await store.read(part))!)));
}

async function jsonAt(machine: TestMachine, key: string): Promise<JsonObject> {
  return json(Buffer.from((await machine.published(key))!));
}

function decompressed(bytes: Uint8Array, { output }: Golden): string {
  return Buffer.from(output?.compression === Compression.GZIP ? gunzipSync(bytes) : bytes).toString();
}

/** Only chunks are deleted, nothing is replaced, and what was already published is not published again. */
function expectKept(left: Golden, now: Files): void {
  const kept = [...left.files].filter(([path]) => !path.includes(`/${left.importId}/data/`));
  expect(new Map(kept.map(([path]) => [path, now.get(path)]))).toEqual(new Map(kept));
  const uploads = (files: Files): string[] => [...files.keys()].filter((path) => path.includes('/uploads/'));
  if (left.files.has(`${DESTINATION_BUCKET}/${DESTINATION_KEY}`)) expect(uploads(now)).toEqual(uploads(left.files));
}

function filesAt(left: Golden, folder: string): [path: string, content: Buffer][] {
  return [...left.files].filter(([path]) => path.includes(`${seriesPrefix(SERIES)}${left.importId}/${folder}`)).sort();
}

function json(content: Buffer): JsonObject {
  return JSON.parse(content.toString()) as JsonObject;
}

function manifestOf(left: Golden, published: Uint8Array): JsonObject {
  const { importId, startTime, pageSize, destination: { bucket, key } } = json(filesAt(left, 'import.json')[0]![1]) as unknown as ImportFile;
  const { records, pages } = left.result;
  const totals = left.answers.map((answer) => (answer as JsonObject).total).filter((total) => total !== undefined);
  return {
    importId, startTime, pageSize, bucket, key, records, pages, bytes: published.byteLength,
    ...totals.length === 0 ? {} : { sourceTotal: totals.at(-1)! },
  };
}

test('there is a golden log of this version, and of every one before it', () => {
  const formats = new Set(goldens.map(({ name }) => name.split('/')[0]));

  expect([...formats].sort()).toEqual(Array.from({ length: FORMAT_VERSION }, (_, version) => `format-${version + 1}`));
});

test.each(goldens.map((left) => [left.name, left.about, left] as const))('%s: an import, %s', async (_name, _about, left) => verify(left));

describe('what a log records about earlier pages is used', () => {
  /** The import resumed, with another answer for its next page. */
  async function withNextAnswer(left: Golden, answer: JsonValue): Promise<unknown> {
    const machine = await machineOver(left, new ScriptedSource(() => answer));
    return machine.run({ resumeFrom: left.importId });
  }

  test('the token that reveals a loop', async () => {
    const left = golden('unfinished-token');
    const { loopGuard } = json(filesAt(left, 'commits/').at(-1)![1]);
    const known = left.answers.map((answer) => (answer as JsonObject).nextPageToken!)
      .find((token) => tokenDigest(token) === (loopGuard as JsonObject).tokenDigest)!;

    await expect(withNextAnswer(left, { records: [1], nextPageToken: known })).rejects.toThrow(/token that page 7 ended with .* was seen \d page/);
  });

  test('the columns of a CSV', async () => {
    const left = golden('unfinished-csv');

    await expect(withNextAnswer(left, [{ id: 6, other: 1 }])).rejects.toThrow('records[0] has the field other, which is not a column of the CSV');
  });

  test('the content of the last page', async () => {
    const left = golden('unfinished-offset');

    await expect(withNextAnswer(left, left.answers[left.committedPages - 1]!)).rejects.toThrow('Page 4 has the same records as the page before it');
  });
});

/** The tests of this file fail when the format changes: each case here is such a change, seen from the other side. */
describe('a change of the format is detected', () => {
  type Change = (path: string, content: Buffer) => [path: string, content: Buffer];

  function changed(left: Golden, change: Change): Golden {
    const files: Files = new Map([...left.files].map(([path, content]) => (path.startsWith('cache-bucket/') ? change(path, content) : [path, content])));
    return { ...left, files };
  }

  /** Renames a field of a file, by its path in it. */
  function renamed(file: JsonObject, [field, ...inside]: readonly string[]): JsonObject {
    const { [field!]: value, ...others } = file;
    if (value === undefined || value === null) return file;
    return inside.length === 0 ? { ...others, [`${field}Renamed`]: value } : { ...file, [field!]: renamed(value as JsonObject, inside) };
  }

  const LEFT_WITH: Readonly<Record<string, string>> = {
    'import.json': 'unfinished-flag',
    'commits/': 'unfinished-flag',
    'uploads/': 'upload-begun',
    'published.json': 'published',
  };

  /** Every field of every kind of file that machines read. The loop guard's state has tests of its own. */
  const fields = Object.entries(LEFT_WITH).flatMap(([kind, name]) => {
    const file = json(filesAt(golden(name), kind)[0]![1]);
    const nested = ['streams', 'destination'].flatMap((field) => fieldsIn(file[field], field));
    return [...Object.keys(file), ...nested].map((field) => [kind, field, name] as const);
  });

  /** The fields inside of a field, however deep. */
  function fieldsIn(value: unknown, path: string): string[] {
    if (typeof value !== 'object' || value === null || Array.isArray(value)) return [];
    return Object.entries(value).flatMap(([name, inside]) => [`${path}.${name}`, ...fieldsIn(inside, `${path}.${name}`)]);
  }

  test('in all kinds of files', () => {
    expect(fields.length).toBeGreaterThan(40);
  });

  test.each(fields)('the field of %s %s under another name', async (kind, field, name) => {
    const left = changed(golden(name), (path, content) => (
      path.includes(`/${kind}`) ? [path, Buffer.from(JSON.stringify(renamed(json(content), field.split('.'))))] : [path, content]
    ));

    await expect(verify(left)).rejects.toThrow();
  });

  test.each<[string, Change]>([
    ['another version', (path, content) => [path, Buffer.from(content.toString().replace(`"formatVersion":${FORMAT_VERSION}`, `"formatVersion":${FORMAT_VERSION + 1}`))]],
    ['indices of seven digits', (path, content) => [path.replace('/commits/0', '/commits/'), content]],
    ['another folder for the records', (path, content) => [path.replace('/commits/', '/log/'), content]],
    ['another folder for the chunks', (path, content) => [path.replace('/data/', '/chunks/'), content]],
    ['another name of the import file', (path, content) => [path.replace('/import.json', '/start.json'), content]],
    ['another end of line', (path, content) => [path, path.includes('/data/') ? Buffer.from(content.toString().replaceAll('\n', '\r\n')) : content]],
    ['tokens as text', (path, content) => [path, Buffer.from(content.toString().replaceAll(/"pageToken":([^",}]+),/g, '"pageToken":"$1",'))]],
  ])('%s', async (_what, change) => {
    await expect(verify(changed(golden('unfinished-token'), change))).rejects.toThrow();
  });

  test('the columns of a CSV under another name', async () => {
    const left = changed(golden('unfinished-csv'), (path, content) => (
      path.includes('/commits/') ? [path, Buffer.from(JSON.stringify(renamed(json(content), ['columns'])))] : [path, content]
    ));

    await expect(verify(left)).rejects.toThrow();
  });

  test('the metadata of the published object under another name', async () => {
    const { metadata, ...left } = golden('object-published');
    const renamedMetadata = Object.fromEntries(Object.entries(metadata).map(([path, names]) => [path, renamed(names, ['import-id'])]));

    // The object would not be recognized as the import's own: it would be published again, by a second upload.
    await expect(verify({ ...left, metadata: renamedMetadata as Golden['metadata'] })).rejects.toThrow();
  });
});
