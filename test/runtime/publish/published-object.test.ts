import { FutureObjectError } from '../../../src/protocol/errors';
import { ImportFile } from '../../../src/protocol/import-file';
import { ObjectMetadata } from '../../../src/protocol/manifest';
import { DEFAULT_OUTPUT } from '../../../src/protocol/output-settings';
import { metadataOf, standingOf } from '../../../src/runtime/publish/published-object';
import { MemoryS3 } from '../../kit/memory-store';
import { testWorld } from '../../kit/test-world';
import { VirtualClock } from '../../kit/virtual-clock';

const FILE: ImportFile = {
  formatVersion: 1, importId: 'm', series: 's', owner: 'o', executionArn: 'arn', embedded: false, startTime: '2026-01-02T00:00:00.000Z', expiresAt: '2026-02-02T00:00:00.000Z', input: null,
  pageSize: 1, destination: { bucket: 'b', key: 'k', manifestKey: 'm' }, output: DEFAULT_OUTPUT, packageVersion: '0',
};

async function standingOver(metadata: Record<string, string>) {
  const store = new MemoryS3().store('b');
  await store.writeIf('k', Buffer.from('x'), 'absent', { metadata });
  const { etag } = (await store.inspect('k'))!;
  return { standing: await standingOf('k', { file: FILE, destination: store, world: testWorld({ clock: new VirtualClock() }) }), etag };
}

const metadata = (importId: string, startTime: string): Record<string, string> => metadataOf({ ...FILE, importId, startTime });

test('an empty key may be written if it is still empty', async () => {
  await expect(standingOf('k', { file: FILE, destination: new MemoryS3().store('b'), world: testWorld() })).resolves.toEqual({ kind: 'open', condition: 'absent' });
});

test.each<[string, Record<string, string>]>([
  ['nobody', {}],
  ['an import without a start', { [ObjectMetadata.IMPORT_ID]: 'z' }],
  ['an import with a start that is no time', metadata('z', 'yesterday')],
  ['an older import', metadata('z', '2026-01-01T23:59:59.999Z')],
  ['an import of the same start and a smaller id', metadata('a', FILE.startTime)],
])('the object of %s may be replaced, and only that', async (_whose, its) => {
  const { standing, etag } = await standingOver(its);

  expect(standing).toEqual({ kind: 'open', condition: { etag } });
});

test.each<[string, Record<string, string>]>([
  ['a newer import', metadata('a', '2026-01-02T00:00:00.001Z')],
  ['an import of the same start and a greater id', metadata('z', FILE.startTime)],
])('the object of %s must not be replaced', async (_whose, its) => {
  await expect(standingOver(its)).resolves.toMatchObject({ standing: { kind: 'newer' } });
});

test.each<[string, Record<string, string>]>([
  ['another import', metadata('z', '2026-01-02T03:19:05.001Z')],
  ['nobody', { [ObjectMetadata.START_TIME]: '9999-12-31T00:00:00.000Z' }],
])('an object of %s that is from the future is an error: each import would end as superseded by it', async (_whose, its) => {
  await expect(standingOver(its)).rejects.toThrow(FutureObjectError);
  await expect(standingOver(its)).rejects.toThrow(`The object at s3://b/k says in its metadata that its import started at ${its[ObjectMetadata.START_TIME]}, which is in the future.`);
});

test('clocks may differ by a quarter of an hour', async () => {
  await expect(standingOver(metadata('z', '2026-01-02T03:19:05.000Z'))).resolves.toMatchObject({ standing: { kind: 'newer' } });
});

test('our own object is recognized by its id', async () => {
  await expect(standingOver(metadataOf(FILE))).resolves.toMatchObject({ standing: { kind: 'ours' } });
});
