import { Compression, UnknownColumns } from '../../../src/protocol/choices';
import { manifestKey } from '../../../src/protocol/manifest';
import { FormatName, FormatSettings, Layout, OutputSettings } from '../../../src/protocol/output-settings';
import { collect } from '../../kit/collect';
import { MemoryS3 } from '../../kit/memory-store';
import { outputOf, PARTS_KEY, readyImport } from '../../kit/ready-import';
import { offsetSource } from '../../kit/scripted-source';
import { DESTINATION_BUCKET, DESTINATION_KEY } from '../../kit/test-machine';

/** The properties of objects: who may read them, what they cost, how they are read. */

const LATEST = 'orders/latest.json';
const TAGS = [{ key: 'team', value: 'orders' }, { key: 'retention', value: 'a year' }];

const FORMATS: readonly (readonly [FormatSettings, string])[] = [
  [{ name: FormatName.JSON_LINES }, 'application/jsonl'],
  [{ name: FormatName.JSON_ARRAY }, 'application/json'],
  [{ name: FormatName.CSV, unknownColumns: UnknownColumns.FAIL }, 'text/csv; charset=utf-8; header=present'],
];

async function published(output: OutputSettings, records: readonly unknown[] = [{ a: 1 }, { a: 2 }, { a: 3 }]) {
  const s3 = new MemoryS3({ partMinBytes: 1 });
  const destinationKey = output.layout === Layout.PARTS ? PARTS_KEY : DESTINATION_KEY;
  const { machine, state, bucket } = await readyImport({ s3, output, destinationKey, source: offsetSource(records) });
  const { key } = await machine.finish(state);
  const properties = (of: string) => s3.propertiesOf(DESTINATION_BUCKET, of);
  const files = [manifestKey(key, output.layout), ...output.latestKey === undefined ? [] : [output.latestKey]];
  const objects = (await collect(bucket.list(''))).filter((found) => !files.includes(found));
  return { properties, files, objects };
}

describe.each(Object.values(Layout))('layout %s', (layout) => {
  test.each(FORMATS)('objects of %j have their type, and their encoding if compressed', async (format, contentType) => {
    for (const compression of Object.values(Compression)) {
      const { properties, objects } = await published(outputOf({ layout, format, compression }));

      // Compressed data has no known size before its end: it is one chunk.
      expect(objects).toHaveLength(layout === Layout.PARTS && compression === Compression.NONE ? 2 : 1);
      for (const key of objects) {
        expect(properties(key)).toMatchObject({ contentType });
        expect(properties(key)!.contentEncoding).toBe(compression === Compression.GZIP ? 'gzip' : undefined);
      }
    }
  });

  test('all objects have the tags, and those with records the storage class', async () => {
    const { properties, files, objects } = await published(outputOf({ layout, tags: TAGS, storageClass: 'STANDARD_IA', latestKey: LATEST }));

    expect(files).toHaveLength(2);
    expect(objects).toHaveLength(layout === Layout.PARTS ? 2 : 1);
    for (const key of [...objects, ...files]) expect(properties(key)).toMatchObject({ tags: TAGS });
    for (const key of objects) expect(properties(key)).toMatchObject({ storageClass: 'STANDARD_IA' });
    for (const key of files) expect(properties(key)!.storageClass).toBeUndefined();
  });

  test('an import without records has the tags too', async () => {
    const { properties, files, objects } = await published(outputOf({ layout, tags: TAGS, latestKey: LATEST }), []);

    expect(files).toHaveLength(2);
    expect(objects).toHaveLength(layout === Layout.PARTS ? 0 : 1);
    for (const key of [...objects, ...files]) expect(properties(key)).toMatchObject({ tags: TAGS });
  });

  test('manifest and pointer are JSON, and not compressed', async () => {
    const { properties, files } = await published(outputOf({ layout, compression: Compression.GZIP, latestKey: LATEST }));

    expect(files).toHaveLength(2);
    for (const key of files) {
      expect(properties(key)).toMatchObject({ contentType: 'application/json' });
      expect(properties(key)!.contentEncoding).toBeUndefined();
    }
  });

  test('properties that are not configured are absent', async () => {
    const { properties, objects } = await published(outputOf({ layout }));

    expect(objects).toHaveLength(layout === Layout.PARTS ? 2 : 1);
    for (const key of objects) expect(properties(key)).toMatchObject({ tags: [], storageClass: undefined, contentEncoding: undefined });
  });
});
