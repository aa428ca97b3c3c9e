import { writeFileSync } from 'node:fs';
import { setTimeout } from 'node:timers/promises';
import { crc32, gunzipSync } from 'node:zlib';
import { Size } from 'aws-cdk-lib';
import * as s3 from 'aws-cdk-lib/aws-s3';
import { Compression, ImportDestination, OnEmpty, OutputFormat, OutputOptions, UnknownColumns } from 'cdk-paginated-import';
import type { LocalObject } from 'cdk-paginated-import/local';
import { csvParse, csvParseRows } from 'd3-dsv';
import type { LatestPointer } from '../../src/protocol/latest-pointer';
import type { ImportResult } from '../../src/protocol/machine-state';
import { manifestKey } from '../../src/protocol/manifest';
import { CELLS_AS_TEXT } from './fixtures/cells';
import { Order } from './fixtures/order';
import { Build, failureOf, handlerOf, ImportsStack, orders, resumeHintOf, TestCloud } from './kit';

/** What is published, and how, as its readers find it. */

interface FormatCase {
  readonly format: OutputFormat;
  readonly contentType: string;
  /** The records of a whole object. */
  read(text: string): unknown[];
}

const FORMATS: Readonly<Record<string, FormatCase>> = {
  jsonl: { format: OutputFormat.jsonLines(), contentType: 'application/jsonl', read: (text) => text.split('\n').slice(0, -1).map((line) => JSON.parse(line)) },
  json: { format: OutputFormat.jsonArray(), contentType: 'application/json', read: (text) => JSON.parse(text) },
  csv: {
    format: OutputFormat.csv({ columns: ['id', 'label', 'text'] }),
    contentType: 'text/csv; charset=utf-8; header=present',
    read: (text) => {
      expect(csvParseRows(text)[0]).toEqual(['id', 'label', 'text']);
      return [...csvParse(text, ({ id, label, text: said }): Order => ({ id: Number(id), label: label!, text: said! }))];
    },
  },
};

const casesOf = (layout: string) => Object.keys(FORMATS).flatMap((name) => [false, true].map((gzip) => ({ name, gzip, layout })));
type Case = ReturnType<typeof casesOf>[number];

const TAGS = { 'team': 'orders + items', 'cost:centre': '' };

/** What is compressed is more, or it would all be in the compressor when a page has been fetched, and in one chunk in the end. */
function pageSizeOf({ gzip }: Case): number {
  return gzip ? 1000 : 10;
}

function idOf({ name, gzip, layout }: Case): string {
  return ['Out', name, layout, ...gzip ? ['gzip'] : []].join('-');
}

function destinationOf(stack: ImportsStack, { name, gzip, layout }: Case): ImportDestination {
  const extension = `${name}${gzip ? '.gz' : ''}`;
  const options: OutputOptions = {
    format: FORMATS[name]!.format,
    compression: gzip ? Compression.GZIP : Compression.NONE,
    tags: TAGS,
    storageClass: s3.StorageClass.INFREQUENT_ACCESS,
    latestKey: `latest/${extension}-${layout}.json`,
  };
  return layout === 'parts'
    ? ImportDestination.toPrefix(stack.bucket, { prefix: `${extension}/{date}/{importId}`, ...options })
    : ImportDestination.toBucket(stack.bucket, { key: `${extension}/{importId}/{executionName}.${extension}`, ...options });
}

/** Every page is a chunk of its own. */
const SMALL = { chunkSize: Size.bytes(1) };

let cloud: TestCloud;

/** A cloud for the tests around it alone: it keeps a thread for each function that has run, and those of all tests would take gigabytes. */
function useCloud(build: Build): void {
  beforeAll(async () => { cloud = await TestCloud.start(build); });
  afterAll(async () => cloud?.[Symbol.asyncDispose]());
}

function bytesOf(key: string): Buffer {
  return cloud.local.s3.read(cloud.local.bucketName('Destination'), key);
}

function objectsBelow(prefix: string): LocalObject[] {
  return cloud.local.s3.list(cloud.local.bucketName('Destination'), prefix);
}

function recordsIn(key: string, { name, gzip }: Case): unknown[] {
  const bytes = bytesOf(key);
  return FORMATS[name]!.read((gzip ? gunzipSync(bytes) : bytes).toString());
}

function latest(key: string): LatestPointer {
  return JSON.parse(bytesOf(key).toString()) as LatestPointer;
}

function base64(checksum: number): string {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(checksum);
  return bytes.toString('base64');
}

/** The objects that hold an import's records, in order. */
function recordKeys({ key }: ImportResult, { layout }: Case): string[] {
  return layout === 'object' ? [key] : objectsBelow(`${key}part-`).map((object) => object.key);
}

describe.each(['object', 'parts'])('as %s', (layout) => {
  useCloud((stack) => casesOf(layout).forEach((output) => {
    stack.machine(idOf(output), { ...SMALL, pageSize: pageSizeOf(output), destination: destinationOf(stack, output) });
  }));

  describe.each(casesOf(layout))('$name, gzip: $gzip', (output) => {
    const extension = `${output.name}${output.gzip ? '.gz' : ''}`;
    const latestKey = `latest/${extension}-${output.layout}.json`;
    // Four and a half pages.
    const count = 4.5 * pageSizeOf(output);

    test('every object is complete by itself, and together they have every record once, in order', async () => {
      const { output: result } = await cloud.import(idOf(output), { count });
      const chunks = cloud.manifest(result).chunks.filter(({ records }) => records > 0);
      expect(chunks.length).toBeGreaterThan(1);
      const keys = recordKeys(result, output);
      if (output.layout === 'parts') expect(keys).toEqual(chunks.map((_, part) => `${result.key}part-0000000${part}.${extension}`));
      expect(keys.flatMap((key) => recordsIn(key, output))).toEqual(orders(count));

      const published = Buffer.concat(keys.map(bytesOf));
      expect(result).toMatchObject({ outcome: 'published', records: count, pages: 6, bytes: published.byteLength, crc32: base64(crc32(published)) });
    });

    test('manifest and pointer say what is there', async () => {
      const { output: { outcome: _, ...told }, result: { executionArn } } = await cloud.import(idOf(output), { count });
      const manifest = cloud.manifest(told);
      expect({ ...manifest, manifestKey: told.manifestKey }).toMatchObject({ ...told, executionArn });
      expect(manifest).toMatchObject({ layout: output.layout, format: output.name, compression: output.gzip ? 'gzip' : 'none' });
      expect(manifest.columns).toEqual(output.name === 'csv' ? ['id', 'label', 'text'] : undefined);
      const chunks = manifest.chunks.filter(({ bytes }) => bytes > 0);
      expect(chunks.length).toBeGreaterThan(1);
      chunks.forEach((chunk) => {
        const object = output.layout === 'parts' ? bytesOf(chunk.key!) : bytesOf(told.key).subarray(chunk.offset, chunk.offset + chunk.bytes);
        expect({ bytes: object.byteLength, crc32: base64(crc32(object)) }).toEqual({ bytes: chunk.bytes, crc32: chunk.crc32 });
      });
      expect(latest(latestKey)).toEqual({ ...told, formatVersion: manifest.formatVersion, startTime: manifest.startTime });
    });

    test('type, encoding, storage class and tags are those that were asked for', async () => {
      const { output: result } = await cloud.import(idOf(output), { count });
      const keys = recordKeys(result, output);
      expect(keys.length).toBeGreaterThan(output.layout === 'parts' ? 1 : 0);
      keys.forEach((key) => expect(objectsBelow(key)[0]).toMatchObject({
        key, contentType: FORMATS[output.name]!.contentType, contentEncoding: output.gzip ? 'gzip' : undefined, storageClass: 'STANDARD_IA', tags: TAGS,
      }));
      [result.manifestKey, latestKey].forEach((key) => expect(objectsBelow(key)[0]).toMatchObject({
        key, contentType: 'application/json', contentEncoding: undefined, storageClass: undefined, tags: TAGS,
      }));
    });

    test('an import without records is as complete', async () => {
      const { output: result } = await cloud.import(idOf(output), { count: 0 });
      expect(result).toMatchObject({ outcome: 'published', records: 0, pages: 1 });
      const keys = recordKeys(result, output);
      expect(keys).toHaveLength(output.layout === 'parts' ? 0 : 1);
      expect(keys.flatMap((key) => recordsIn(key, output))).toEqual([]);
      expect(cloud.manifest(result)).toMatchObject({ records: 0, bytes: result.bytes, crc32: result.crc32 });
      expect(latest(latestKey)).toMatchObject({ importId: result.importId, records: 0 });
    });

    test('the pointer stays with the newer import, whenever the older one is done', async () => {
      const gate = cloud.unusedPath();
      const older = cloud.import(idOf(output), { count: 25, label: 'older', gate });
      await setTimeout(20);
      const { output: { outcome: _, ...newest } } = await cloud.import(idOf(output), { count: 15, label: 'newer' });
      writeFileSync(gate, '');
      const { output: result } = await older;
      expect(result.outcome).toBe('published');
      expect(recordKeys(result, output).flatMap((key) => recordsIn(key, output))).toEqual(orders(25, 'older'));
      expect(latest(latestKey)).toMatchObject(newest);
    });

    test('nothing but the log stays in the cache', async () => {
      const { output: result } = await cloud.import(idOf(output), { count });
      const prefix = cloud.folderOf(result.importId);
      expect(cloud.cached(`${prefix}/data/`)).toEqual([]);
      expect(cloud.cached(`${prefix}/folds/`)).toEqual([]);
      expect(cloud.cached(`${prefix}/`)).toContain(`${prefix}/published.json`);
    });
  });
});

describe('large chunks', () => {
  useCloud((stack) => stack.machine('Joined', {
    fetchPage: handlerOf('sizes.source.ts'), pageSize: 1, ...SMALL,
    destination: stack.destination('joined/{importId}.json', { format: OutputFormat.jsonArray() }),
  }));

  test('a JSON array of chunks that S3 copies, joins and cuts is one array', async () => {
    const MIB = 1024 * 1024;
    // A small beginning, which is filled up from the chunk after it, and a small chunk between large ones.
    const sizes = [MIB, 11 * MIB, 6 * MIB, MIB, 6 * MIB, MIB, 0];
    const { output } = await cloud.import('Joined', { sizes });
    expect(output).toMatchObject({ outcome: 'published', records: sizes.length });
    const records = JSON.parse(bytesOf(output.key).toString()) as string[];
    expect(records.map(({ length }) => length)).toEqual(sizes);
    expect(records.filter((record) => !/^x*$/.test(record))).toEqual([]);
    expect(output.crc32).toBe(base64(crc32(bytesOf(output.key))));
  });
});

describe('a CSV', () => {
  useCloud((stack) => {
    const cells = { ...SMALL, fetchPage: handlerOf('cells.source.ts'), pageSize: 2 };
    stack.machine('Cells', { ...cells, destination: stack.destination('cells/{importId}.csv', { format: OutputFormat.csv() }) });
    const dropping = OutputFormat.csv({ columns: ['none', 'id'], unknownColumns: UnknownColumns.DROP });
    stack.machine('Dropping', { ...cells, destination: stack.destination('cells/{importId}.csv', { format: dropping }) });
  });

  const textOf = ({ key }: ImportResult): string => bytesOf(key).toString();

  test('quotes and flattens whatever a record holds, under the fields of the first one', async () => {
    const { output } = await cloud.import('Cells', {});
    const [header, ...rows] = csvParseRows(textOf(output));
    expect(header).toEqual(['id', 'name', 'nested', 'flag', 'none']);
    expect(rows.map((row) => Object.fromEntries(row.map((cell, index) => [header![index]!, cell])))).toEqual(CELLS_AS_TEXT);
    expect(cloud.manifest(output)).toMatchObject({ columns: header, records: CELLS_AS_TEXT.length });
  });

  test('refuses a field that is no column, and names page, record and field', async () => {
    const run = await cloud.run('Cells', { surprise: true });
    expect(run.result).toMatchObject({ status: 'FAILED', error: 'UnknownColumnError' });
    expect(failureOf(run).errorMessage).toContain('Page 3 was refused: records[1] has the field surprise');
    expect(resumeHintOf(run)).toEqual({ resumeFrom: expect.any(String) });
  });

  test('leaves it out where that was asked for, with the columns that were given', async () => {
    const { output } = await cloud.import('Dropping', { surprise: true });
    expect(textOf(output)).toBe(`none,id\n${[...CELLS_AS_TEXT, { id: '99', none: '' }].map(({ none, id }) => `${none},${id}\n`).join('')}`);
  });

  test('refuses a record that is no object', async () => {
    const run = await cloud.run('Cells', { scalar: true });
    expect(run.result).toMatchObject({ status: 'FAILED', error: 'InvalidPageError' });
    expect(failureOf(run).errorMessage).toMatch(/page 3.*records\[1\] is a string/);
  });
});

describe('an import without records', () => {
  useCloud((stack) => {
    const current = (onEmpty: OnEmpty): ImportDestination =>
      stack.destination('current/orders.jsonl', { onEmpty, latestKey: 'current/latest.json' });
    const publishes = stack.machine('PublishesEmpty', { destination: current(OnEmpty.PUBLISH) });
    stack.redeployed('SkipsEmpty', publishes, { destination: current(OnEmpty.SKIP), minRecords: 10 });
    stack.redeployed('FailsEmpty', publishes, { destination: current(OnEmpty.FAIL) });
  });

  const KEY = 'current/orders.jsonl';
  const current = (): unknown => ({
    records: cloud.records({ bucket: cloud.local.bucketName('Destination'), key: KEY }),
    manifest: JSON.parse(bytesOf(manifestKey(KEY)).toString()).importId,
    latest: latest('current/latest.json').importId,
  });

  test('is skipped: what was there before stands, and the import succeeds, whatever minRecords says', async () => {
    const before = await cloud.import('SkipsEmpty', { count: 15 });
    await setTimeout(5);
    const { output } = await cloud.import('SkipsEmpty', { count: 0 });
    expect(output).toMatchObject({ outcome: 'skipped', records: 0, pages: 1 });
    expect(current()).toEqual({ records: orders(15), manifest: before.output.importId, latest: before.output.importId });
    expect(cloud.cachedOf(output.importId, 'data/')).toEqual([]);
  });

  test('fails: what was there before stands, and a changed choice publishes it', async () => {
    const before = await cloud.import('FailsEmpty', { count: 15 });
    await setTimeout(5);
    const run = await cloud.run('FailsEmpty', { count: 0 });
    expect(run.result).toMatchObject({ status: 'FAILED', error: 'EmptyImportError' });
    expect(current()).toEqual({ records: orders(15), manifest: before.output.importId, latest: before.output.importId });

    const { output } = await cloud.import('PublishesEmpty', resumeHintOf(run));
    expect(output).toMatchObject({ outcome: 'published', records: 0 });
    expect(current()).toEqual({ records: [], manifest: output.importId, latest: output.importId });
  });

  test('is published unless asked otherwise', async () => {
    await cloud.import('PublishesEmpty', { count: 15 });
    await setTimeout(5);
    const { output } = await cloud.import('PublishesEmpty', { count: 0 });
    expect(current()).toEqual({ records: [], manifest: output.importId, latest: output.importId });
  });
});
