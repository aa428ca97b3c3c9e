import { gunzipSync } from 'node:zlib';
import { Compression, OnEmpty, TotalMismatch, UnknownColumns } from '../../../src/protocol/choices';
import { EmptyImportError, TooFewRecordsError, TotalMismatchError } from '../../../src/protocol/errors';
import { Outcome } from '../../../src/protocol/machine-state';
import { manifestKey } from '../../../src/protocol/manifest';
import { FormatName, FormatSettings, Layout, OutputSettings } from '../../../src/protocol/output-settings';
import { collect } from '../../kit/collect';
import { outputOf, PARTS_KEY, readyImport, ReadyOptions } from '../../kit/ready-import';
import { offsetSource, sequence, tokenSource } from '../../kit/scripted-source';
import { CACHE_BUCKET, DESTINATION_KEY } from '../../kit/test-machine';

const LATEST = 'orders/latest.json';

/** Each format, and the content of its object without records. */
const FORMATS: readonly (readonly [FormatSettings, string])[] = [
  [{ name: FormatName.JSON_LINES }, ''],
  [{ name: FormatName.JSON_ARRAY }, '[]\n'],
  [{ name: FormatName.CSV, columns: ['a', 'b'], unknownColumns: UnknownColumns.FAIL }, 'a,b\n'],
  [{ name: FormatName.CSV, unknownColumns: UnknownColumns.FAIL }, ''],
];

const OUTPUTS = FORMATS.flatMap(([format, empty]) => (
  Object.values(Compression).flatMap((compression) => Object.values(Layout).map((layout) => {
    const columns = 'columns' in format ? ' with columns' : '';
    return [`${format.name}${columns}, compression ${compression}, layout ${layout}`, outputOf({ format, compression, layout }), empty] as const;
  }))
));

/** An import of two pages without records. */
function emptyImport(output: OutputSettings, options: ReadyOptions = {}) {
  const destinationKey = output.layout === Layout.PARTS ? PARTS_KEY : DESTINATION_KEY;
  return readyImport({ source: tokenSource([[], []]), output: { ...output, latestKey: LATEST }, destinationKey, ...options });
}

describe.each(OUTPUTS)('an import without records as %s', (_name, output, empty) => {
  const { layout, compression } = output;

  test.each([OnEmpty.PUBLISH, undefined])('is published as a valid object if onEmpty is %s', async (onEmpty) => {
    const { machine, state, bucket } = await emptyImport(output, { onEmpty });
    const { outcome, records, key, manifestKey: manifest, bytes } = await machine.finish(state);

    expect({ outcome, records }).toEqual({ outcome: Outcome.PUBLISHED, records: 0 });
    const expected = layout === Layout.PARTS ? [manifest, LATEST] : [LATEST, key, manifest];
    await expect(collect(bucket.list(''))).resolves.toEqual(expected.toSorted());
    if (layout === Layout.PARTS) return;
    const object = Buffer.from((await bucket.read(key))!);
    expect(object.byteLength).toBe(bytes);
    expect(String(compression === Compression.GZIP ? gunzipSync(object) : object)).toBe(empty);
  });

  test('is skipped: the destination is unchanged', async () => {
    const { machine, state, bucket } = await emptyImport(output, { onEmpty: OnEmpty.SKIP });
    const before = layout === Layout.PARTS ? [LATEST] : [LATEST, DESTINATION_KEY, manifestKey(DESTINATION_KEY)];
    for (const key of before) await bucket.writeIf(key, Buffer.from(`old ${key}`), 'absent');

    const expected = { importId: state.importId, outcome: Outcome.SKIPPED, records: 0, pages: 2 };
    await expect(machine.finish(state)).resolves.toMatchObject(expected);

    await expect(collect(bucket.list(''))).resolves.toEqual(before.toSorted());
    for (const key of before) await expect(machine.published(key)).resolves.toBe(`old ${key}`);
  });

  test('fails: the destination is unchanged, and the import has not ended', async () => {
    const { machine, state, bucket, s3 } = await emptyImport(output, { onEmpty: OnEmpty.FAIL });
    await bucket.writeIf(LATEST, Buffer.from('old'), 'absent');

    await expect(machine.persist(state)).rejects.toThrow(EmptyImportError);
    await expect(machine.persist(state)).rejects.toThrow(`Import ${state.importId} has no records, and onEmpty is FAIL`);
    await expect(collect(bucket.list(''))).resolves.toEqual([LATEST]);
    await expect(s3.store(CACHE_BUCKET).read(machine.keys(state.importId).published)).resolves.toBeUndefined();
  });
});

describe('onEmpty', () => {
  const output = outputOf({});

  test('does not affect an import with a record', async () => {
    for (const onEmpty of Object.values(OnEmpty)) {
      const { machine, state } = await readyImport({ onEmpty, source: offsetSource([1]) });
      await expect(machine.finish(state)).resolves.toMatchObject({ outcome: Outcome.PUBLISHED, records: 1 });
    }
  });

  test('comes before minRecords, which applies only to an import that is to be published', async () => {
    const endOf = async (onEmpty: OnEmpty) => {
      const { machine, state } = await emptyImport(output, { onEmpty, minRecords: 1 });
      return machine.finish(state);
    };

    await expect(endOf(OnEmpty.SKIP)).resolves.toMatchObject({ outcome: Outcome.SKIPPED });
    await expect(endOf(OnEmpty.FAIL)).rejects.toThrow(EmptyImportError);
    await expect(endOf(OnEmpty.PUBLISH)).rejects.toThrow(TooFewRecordsError);
  });

  test.each([OnEmpty.SKIP, OnEmpty.PUBLISH])('%s does not save an import whose source announced records', async (onEmpty) => {
    const source = () => sequence({ records: [], total: 3, hasMore: false });
    const { machine, state } = await emptyImport(output, { onEmpty, minRecords: 0, source: source() });
    await expect(machine.finish(state)).rejects.toThrow(TotalMismatchError);

    const warned = await emptyImport(output, { onEmpty, source: source(), onTotalMismatch: TotalMismatch.WARN });
    const outcome = onEmpty === OnEmpty.SKIP ? Outcome.SKIPPED : Outcome.PUBLISHED;
    await expect(warned.machine.finish(warned.state)).resolves.toMatchObject({ outcome });
  });

  test('can be changed for an import that it has failed', async () => {
    const { machine, state } = await emptyImport(output, { onEmpty: OnEmpty.FAIL });
    await expect(machine.persist(state)).rejects.toThrow(EmptyImportError);
    const deployed = machine.redeployed({ onEmpty: OnEmpty.PUBLISH });

    await expect(deployed.finish(state)).resolves.toMatchObject({ outcome: Outcome.PUBLISHED, records: 0 });
    await expect(machine.published()).resolves.toBe('');
  });

  test('does not apply once the import is published', async () => {
    const { machine, state, s3 } = await emptyImport(output);
    await machine.persist(state);
    await s3.store(CACHE_BUCKET).delete([machine.keys(state.importId).published]);
    const deployed = machine.redeployed({ onEmpty: OnEmpty.FAIL });

    await expect(deployed.finish(state)).resolves.toMatchObject({ outcome: Outcome.PUBLISHED });
  });

  test('a skipped import stays skipped for late attempts', async () => {
    const { machine, state } = await emptyImport(output, { onEmpty: OnEmpty.SKIP });
    const result = await machine.finish(state);
    const deployed = machine.redeployed({ onEmpty: OnEmpty.PUBLISH });

    await expect(deployed.finish(state)).resolves.toEqual(result);
    await expect(machine.published()).resolves.toBeUndefined();
  });

  test('attempts at the same time all skip', async () => {
    const { machine, state, bucket } = await emptyImport(output, { onEmpty: OnEmpty.SKIP });
    await Promise.all([machine.persist(state), machine.persist(state)]);

    await expect(machine.cleanUp(state)).resolves.toMatchObject({ outcome: Outcome.SKIPPED });
    await expect(collect(bucket.list(''))).resolves.toEqual([]);
  });
});
