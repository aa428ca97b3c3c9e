import { CommitRecord } from '../../../src/protocol/commit-record';
import { DestinationChangedError, ForeignImportError, MalformedFileError } from '../../../src/protocol/errors';
import { encodeFile } from '../../../src/protocol/file-format';
import { ImportFile } from '../../../src/protocol/import-file';
import { JsonObject } from '../../../src/protocol/json';
import { ImportKeys } from '../../../src/protocol/keys';
import { LoopState } from '../../../src/protocol/machine-state';
import { PublishedMarker } from '../../../src/protocol/published-marker';
import { collect } from '../../kit/collect';
import { readyImport, ReadyImport, RECORDS } from '../../kit/ready-import';
import { jsonLines, offsetSource } from '../../kit/scripted-source';
import { SERIES } from '../../kit/series';
import { CACHE_BUCKET, DESTINATION_BUCKET, DESTINATION_KEY, TestMachine } from '../../kit/test-machine';

/** An import publishes nothing but its own chunks, and only to its own destination, even if somebody else has written to its cache. */

/** Another object of the cache's bucket, which may be shared. */
const SECRET = 'hr/salaries.txt';

/** Changes a file of the cache, which no import ever does. */
async function tamper<File extends object>(
  { machine, state }: ReadyImport, keyOf: (keys: ImportKeys) => string, change: (file: File) => object,
): Promise<void> {
  const store = machine.s3.store(CACHE_BUCKET);
  const key = keyOf(machine.keys(state.importId));
  const file = JSON.parse(Buffer.from((await store.read(key))!).toString()) as File;
  await store.delete([key]);
  await store.writeIf(key, encodeFile(change(file)), 'absent');
}

/** Nothing has been published, by any step that could. */
async function expectNothingPublished({ machine }: ReadyImport): Promise<void> {
  await expect(collect(machine.s3.store(DESTINATION_BUCKET).list(''))).resolves.toEqual([]);
}

describe('a commit record', () => {
  /** Has the second record name another chunk. */
  async function withChunk(keyOf: (keys: ImportKeys) => string): Promise<ReadyImport> {
    const ready = await readyImport();
    const key = keyOf(ready.machine.keys(ready.state.importId));
    await tamper<CommitRecord>(ready, (keys) => keys.commit(1), (record) => {
      const { records } = record.streams;
      return { ...record, streams: { records: { ...records, chunk: { ...records.chunk!, key } } } };
    });
    return ready;
  }

  test.each<[string, (keys: ImportKeys) => string]>([
    ['any other object of the bucket', () => SECRET],
    ['a chunk of another import', () => new ImportKeys(SERIES, 'another-import').chunk(1, 'uuid', 'jsonl')],
    ['a chunk of another record', (keys) => keys.chunk(2, 'uuid', 'jsonl')],
    ['another file of the import', (keys) => keys.import],
    ['an object in a folder of the data', (keys) => `${keys.data}00000001-a/../../x`],
  ])('that names %s is refused, and nothing is published', async (_what, keyOf) => {
    const ready = await withChunk(keyOf);
    const { machine, state } = ready;

    const refused = /commit record 1: its chunk is not below cache\/orders\/.*\/data\/, or is not its own/;
    await expect(machine.persist(state)).rejects.toThrow(refused);
    await expect(machine.summarize(state)).rejects.toThrow(refused);
    await expectNothingPublished(ready);
  });

  test('is refused by the Fetch that reads it, too', async () => {
    const { machine, state } = await withChunk(() => SECRET);
    const behind: LoopState = { ...state, chunks: 1, pages: 1, records: 2, continue: true };

    await expect(machine.fetch(behind)).rejects.toThrow('commit record 1: its chunk is not below');
    await expect(machine.initialize({ resumeFrom: state.importId })).rejects.toThrow('commit record 1: its chunk is not below');
  });
});

describe('an import file', () => {
  test.each<[string, (file: ImportFile) => object, string]>([
    ['bucket', (file) => ({ ...file, destination: { ...file.destination, bucket: 'attacker' } }), 'destination bucket attacker'],
    ['key', (file) => ({ ...file, destination: { ...file.destination, key: 'hr/salaries.jsonl' } }), 'destination key hr/salaries.jsonl'],
    ['manifest key', (file) => ({ ...file, destination: { ...file.destination, manifestKey: 'hr/x.json' } }), 'destination manifestKey hr/x.json'],
    ['pointer', (file) => ({ ...file, output: { ...file.output, latestKey: 'hr/latest.json' } }), 'destination latestKey hr/latest.json'],
  ])('with another %s is refused by every step that uses it', async (_what, change, message) => {
    const ready = await readyImport();
    await tamper<ImportFile>(ready, (keys) => keys.import, change);
    const { machine, state } = ready;

    await expect(machine.persist(state)).rejects.toThrow(DestinationChangedError);
    await expect(machine.persist(state)).rejects.toThrow(message);
    await expect(machine.summarize(state)).rejects.toThrow(DestinationChangedError);
    await expect(machine.initialize({ resumeFrom: state.importId })).rejects.toThrow(DestinationChangedError);
    await expectNothingPublished(ready);
  });

  test('without the pointer of the construct is refused', async () => {
    const ready = await readyImport();
    const { machine, state } = ready;
    const deployed = machine.redeployed({ output: { ...(await importFileOf(ready)).output, latestKey: 'orders/_latest.json' } });

    await expect(deployed.persist(state)).rejects.toThrow('with the destination latestKey (none), and the construct now has orders/_latest.json');
  });

  test.each<[string, (file: ImportFile) => object]>([
    ['series', (file) => ({ ...file, series: 'invoices' })],
    ['owner', (file) => ({ ...file, owner: '210987654321/eu-central-1/Imports' })],
  ])('of another %s is refused by every step', async (_what, change) => {
    const ready = await readyImport();
    await tamper<ImportFile>(ready, (keys) => keys.import, change);

    await expectForeign(ready.machine, ready.state);
    await expectNothingPublished(ready);
  });

  test('is refused by the machine of another deployment, whose series has the same name and cache', async () => {
    const ready = await readyImport();
    const { machine, state } = ready;
    const source = offsetSource(['another']);
    const other = machine.redeployed({ source, series: { ...SERIES, owner: '210987654321/eu-central-1/Imports' } });

    await expectForeign(other, state);
    expect(source.requests).toEqual([]);
    await expectNothingPublished(ready);
    await expect(machine.finish(state)).resolves.toMatchObject({ records: 8 });
    await expect(machine.published(DESTINATION_KEY)).resolves.toBe(jsonLines(RECORDS));
  });

  test('is not found by the machine of another series below the same prefix', async () => {
    const { machine, state } = await readyImport();
    const other = machine.redeployed({ series: { ...SERIES, name: 'invoices' } });

    await expect(other.initialize({ resumeFrom: state.importId })).rejects.toThrow(
      `There is no import ${state.importId}: s3://cache-bucket/cache/invoices/${state.importId}/import.json does not exist`);
  });
});

describe('a marker of another import', () => {
  test.each<[string, (marker: PublishedMarker) => object]>([
    ['in the file', (marker) => ({ ...marker, importId: 'another' })],
    ['in the result', (marker) => ({ ...marker, result: { ...marker.result, importId: 'another' } })],
  ])('%s is refused, and not taken for the result', async (_what, change) => {
    const ready = await readyImport();
    const { machine, state } = ready;
    await machine.persist(state);
    await tamper<PublishedMarker>(ready, (keys) => keys.published, change);

    for (const step of [machine.persist(state), machine.cleanUp(state), machine.initialize({ resumeFrom: state.importId })]) {
      await expect(step).rejects.toThrow(`${machine.keys(state.importId).published} cannot be read: it is that of another import`);
    }
    await expect(machine.cacheKeys(machine.keys(state.importId).data)).resolves.toHaveLength(4);
  });
});

describe('a record of an upload', () => {
  test.each<[string, JsonObject, string]>([
    ['of another import', { importId: 'another' }, 'it is that of another import'],
    ['with another number', { number: 7 }, 'its number is 7'],
  ])('%s is refused', async (_what, changes, problem) => {
    const ready = await readyImport({
      destination: () => ({ completeUpload: async () => { throw new Error('the destination is out of order'); } }),
    });
    const { machine, state } = ready;
    await expect(machine.persist(state)).rejects.toThrow('out of order');
    await tamper(ready, (keys) => keys.upload(1), (record) => ({ ...record, ...changes }));

    await expect(machine.persist(state)).rejects.toThrow(MalformedFileError);
    await expect(machine.persist(state)).rejects.toThrow(`${machine.keys(state.importId).upload(1)} cannot be read: ${problem}`);
    await expectNothingPublished(ready);
  });
});

async function importFileOf({ machine, state }: ReadyImport): Promise<ImportFile> {
  const bytes = await machine.s3.store(CACHE_BUCKET).read(machine.keys(state.importId).import);
  return JSON.parse(Buffer.from(bytes!).toString()) as ImportFile;
}

async function expectForeign(machine: TestMachine, state: LoopState): Promise<void> {
  const { importId } = state;
  const resumed = machine.initialize({ resumeFrom: importId });
  for (const step of [resumed, machine.fetch(state), machine.summarize(state), machine.persist(state)]) {
    await expect(step).rejects.toThrow(ForeignImportError);
  }
}
