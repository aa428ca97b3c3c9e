import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import Ajv2020 from 'ajv/dist/2020';
import { Compression, TotalMismatch, UnknownColumns } from '../../../src/protocol/choices';
import { Manifest, ManifestChunk } from '../../../src/protocol/manifest';
import { FormatName, FormatSettings, Layout, OutputSettings } from '../../../src/protocol/output-settings';
import { outputOf, PARTS_KEY, readyImport, ReadyOptions } from '../../kit/ready-import';
import { offsetSource, sequence, tokenSource } from '../../kit/scripted-source';
import { DESTINATION_KEY } from '../../kit/test-machine';

/** The package's schema of its manifests, compared with published ones. */

const ROOT = join(__dirname, '../../..');
const GOLDEN = join(ROOT, 'test/golden');

interface Schema {
  readonly $id: string;
  readonly properties: Readonly<Record<string, Described>>;
  readonly $defs: Readonly<Record<'chunk' | 'warning', { readonly properties: Readonly<Record<string, Described>> }>>;
}

interface Described {
  readonly description?: string;
}

const schema = JSON.parse(readFileSync(join(ROOT, 'schema/manifest.schema.json'), 'utf8')) as Schema;
// Without it, Ajv warns when the schema is compiled.
const validate = new Ajv2020({ allErrors: true, strictTypes: true }).compile(schema);

/** The schema's objections to a manifest. */
function problemsOf(manifest: unknown): readonly string[] {
  return validate(manifest) ? [] : validate.errors!.map(({ instancePath, message }) => `${instancePath} ${message}`);
}

const FORMATS: readonly FormatSettings[] = [
  { name: FormatName.JSON_LINES },
  { name: FormatName.JSON_ARRAY },
  { name: FormatName.CSV, unknownColumns: UnknownColumns.FAIL },
  { name: FormatName.CSV, unknownColumns: UnknownColumns.DROP, columns: ['n', 'more'] },
];

const SOURCES = {
  'many pages': () => tokenSource([[{ n: 1 }], [], [{ n: 2 }, { n: 3 }], []]),
  'offsets': () => offsetSource([{ n: 1 }, { n: 2 }, { n: 3 }]),
  'a total that does not match': () => sequence({ records: [{ n: 1 }], total: 2, hasMore: false }),
  'a total': () => sequence({ records: [{ n: 1 }], total: 1, hasMore: false }),
  'no record': () => offsetSource([]),
};

async function manifestOf(output: OutputSettings, options: ReadyOptions = {}): Promise<Manifest> {
  const destinationKey = output.layout === Layout.PARTS ? PARTS_KEY : DESTINATION_KEY;
  const settings = { chunkBytes: 1, checkpointMilliseconds: 0 };
  const { machine, state } = await readyImport({ output, destinationKey, settings, onTotalMismatch: TotalMismatch.WARN, ...options });
  const { manifestKey } = await machine.finish(state);
  return JSON.parse((await machine.published(manifestKey))!) as Manifest;
}

const OUTPUTS = FORMATS.flatMap((format) => Object.values(Compression).flatMap((compression) => (
  Object.values(Layout).map((layout) => outputOf({ format, compression, layout }))
)));

describe.each(Object.entries(SOURCES))('of a source with %s', (_name, source) => {
  test.each(OUTPUTS)('the manifest of %j matches the schema', async (output) => {
    const manifest = await manifestOf(output, { source: source() });

    expect(problemsOf(manifest)).toEqual([]);
    // The schema describes all that is there.
    expect(Object.keys(manifest).filter((field) => !(field in schema.properties))).toEqual([]);
    const warningFields = manifest.warnings.flatMap((warning) => Object.keys(warning));
    expect(warningFields.filter((field) => !(field in schema.$defs.warning.properties))).toEqual([]);
    const chunkFields = manifest.chunks.flatMap((chunk) => Object.keys(chunk));
    expect(chunkFields.filter((field) => !(field in schema.$defs.chunk.properties))).toEqual([]);
  });
});

const GOLDEN_MANIFESTS = readdirSync(GOLDEN, { recursive: true, encoding: 'utf8' }).filter((file) => file.endsWith('manifest.json'));

test.each(GOLDEN_MANIFESTS)('the manifest of a released version matches the schema: %s', (file) => {
  expect(problemsOf(JSON.parse(readFileSync(join(GOLDEN, file), 'utf8')))).toEqual([]);
});

describe('the schema refuses', () => {
  const without = (field: string) => (manifest: Manifest): unknown => ({ ...manifest, [field]: undefined });
  const withChunk = (change: Partial<Record<keyof ManifestChunk, unknown>>) => (manifest: Manifest): unknown => ({
    ...manifest, chunks: manifest.chunks.map((chunk) => ({ ...chunk, ...change })),
  });

  test.each<[string, Layout, (manifest: Manifest) => unknown, RegExp]>([
    ['another format version', Layout.OBJECT, (manifest) => ({ ...manifest, formatVersion: 2 }), /^\/formatVersion must be equal to constant/],
    ['no import', Layout.OBJECT, without('importId'), /must have required property 'importId'/],
    ['no layout', Layout.OBJECT, without('layout'), /must have required property 'layout'/],
    ['an unknown format', Layout.OBJECT, (manifest) => ({ ...manifest, format: 'parquet' }), /^\/format must be equal to one of/],
    ['no warnings', Layout.OBJECT, without('warnings'), /must have required property 'warnings'/],
    ['a chunk without its ledger', Layout.OBJECT, withChunk({ ledger: undefined }), /^\/chunks\/0 must have required property 'ledger'/],
    ['a warning without a code', Layout.OBJECT, (manifest) => ({ ...manifest, warnings: [{ message: 'Why?' }] }), /^\/warnings\/0 must have required property 'code'/],
    ['a code in another form', Layout.OBJECT, (manifest) => ({ ...manifest, warnings: [{ code: 'Why', message: 'Why?' }] }), /^\/warnings\/0\/code must match pattern/],
    ['columns of JSON Lines', Layout.OBJECT, (manifest) => ({ ...manifest, columns: ['a'] }), /^\/columns boolean schema is false/],
    ['a time that is not in UTC', Layout.OBJECT, (manifest) => ({ ...manifest, startTime: '2026-01-02T03:04:05+01:00' }), /^\/startTime must match pattern/],
    ['a part of a record', Layout.OBJECT, (manifest) => ({ ...manifest, records: 1.5 }), /^\/records must be integer/],
    ['a checksum in hexadecimal', Layout.OBJECT, withChunk({ crc32: 'cbf43926' }), /^\/chunks\/0\/crc32 must match pattern/],
    ['a page token in the place of its digest', Layout.OBJECT, withChunk({ firstTokenDigest: 'token' }), /^\/chunks\/0\/firstTokenDigest must match pattern/],
    ['an object for each chunk of one', Layout.OBJECT, withChunk({ key: 'orders/part' }), /^\/chunks\/0\/key boolean schema is false/],
    ['parts without a key', Layout.PARTS, withChunk({ key: undefined }), /^\/chunks\/0 must have required property 'key'/],
    ['a prefix without a slash at its end', Layout.PARTS, (manifest) => ({ ...manifest, key: 'orders' }), /^\/key must match pattern/],
  ])('%s', async (_what, layout, change, problem) => {
    // Through JSON, which leaves out what is undefined.
    const changed: unknown = JSON.parse(JSON.stringify(change(await manifestOf(outputOf({ layout })))));

    expect(problemsOf(changed)).toContainEqual(expect.stringMatching(problem));
  });
});

test('every field is described, and the schema has an id', () => {
  const fields = { ...schema.properties, ...schema.$defs.chunk.properties, ...schema.$defs.warning.properties };

  expect(Object.keys(fields).filter((field) => (fields[field]!.description ?? '').length < 10)).toEqual([]);
  expect(schema.$id).toMatch(/^https:\/\/.*\/manifest\.schema\.json$/);
});
