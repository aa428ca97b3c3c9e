import { PublishConflictError, StoreUnavailableError } from '../../../src/protocol/errors';
import { FORMAT_VERSION } from '../../../src/protocol/file-format';
import { Outcome } from '../../../src/protocol/machine-state';
import { ObjectMetadata } from '../../../src/protocol/manifest';
import { Layout } from '../../../src/protocol/output-settings';
import { ConditionalOutcome, ObjectStore } from '../../../src/runtime/ports/object-store';
import { MemoryS3 } from '../../kit/memory-store';
import { Meddle, outputOf, PARTS_KEY, ReadyImport, readyImport, ReadyOptions } from '../../kit/ready-import';
import { Recorder } from '../../kit/recorder';
import { offsetSource } from '../../kit/scripted-source';
import { CACHE_BUCKET, DESTINATION_BUCKET, DESTINATION_KEY, TestMachine } from '../../kit/test-machine';
import { VirtualClock } from '../../kit/virtual-clock';

const LATEST = 'orders/latest.json';

/** Each import publishes under a key of its own. */
const OWN_KEY = 'orders/{importId}.jsonl';

function ready(layout: Layout, options: ReadyOptions = {}): Promise<ReadyImport> {
  const destinationKey = layout === Layout.PARTS ? PARTS_KEY : OWN_KEY;
  return readyImport({ output: outputOf({ layout, latestKey: LATEST }), destinationKey, ...options });
}

async function latest(machine: TestMachine): Promise<Record<string, unknown> | undefined> {
  const text = await machine.published(LATEST);
  return text === undefined ? undefined : JSON.parse(text) as Record<string, unknown>;
}

/** Changes to writing the pointer, and nothing else. */
function writingLatest(meddle: (write: () => Promise<ConditionalOutcome>) => Promise<ConditionalOutcome>): Meddle {
  return (plain) => ({
    writeIf: (key, ...rest) => key === LATEST ? meddle(() => plain.writeIf(key, ...rest)) : plain.writeIf(key, ...rest),
  });
}

/** An older import and a newer one, both ready. */
async function two(layout: Layout, options: ReadyOptions = {}, newerOptions: ReadyOptions = {}) {
  const s3 = new MemoryS3({ partMinBytes: 1 });
  const clock = new VirtualClock();
  const older = await ready(layout, { s3, clock, ...options });
  await clock.sleep(1000);
  const chance = { uuid: () => 'newer', fraction: () => 0 };
  const newer = await ready(layout, { s3, clock, chance, source: offsetSource(['newer']), ...newerOptions });
  return { older, newer };
}

describe.each(Object.values(Layout))('the latest pointer, layout %s', (layout) => {
  test('says where the import is, and what it contains', async () => {
    const { machine, state, bucket } = await ready(layout);
    const { outcome, ...result } = await machine.finish(state);

    await expect(latest(machine)).resolves.toEqual({ formatVersion: FORMAT_VERSION, startTime: '2026-01-02T03:04:05.000Z', ...result });
    expect({ outcome, records: result.records }).toEqual({ outcome: Outcome.PUBLISHED, records: 8 });
    await expect(bucket.inspect(result.manifestKey)).resolves.toBeDefined();
    await expect(bucket.inspect(LATEST)).resolves.toMatchObject({
      metadata: { [ObjectMetadata.IMPORT_ID]: state.importId, [ObjectMetadata.START_TIME]: '2026-01-02T03:04:05.000Z' },
    });
  });

  test('comes after the manifest, and before the marker', async () => {
    const recorder = new Recorder<ObjectStore>();
    const { machine, state, s3 } = await ready(layout);
    const openStore = (bucket: string): ObjectStore => recorder.record(s3.store(bucket));
    const watched = machine.redeployed({ partLimits: { minBytes: 1, maxParts: 100 }, openStore });
    const { manifestKey } = await watched.finish(state);

    const written = recorder.of('writeIf').map(([key]) => key);
    expect(written.filter((key) => !key.includes('/uploads/'))).toEqual([manifestKey, LATEST, machine.keys(state.importId).published]);
  });

  test('does not exist unless configured', async () => {
    const { machine, state } = await ready(layout, { output: outputOf({ layout }) });
    await machine.finish(state);

    await expect(latest(machine)).resolves.toBeUndefined();
  });

  test('moves on to a newer import', async () => {
    const { older, newer } = await two(layout);
    await older.machine.finish(older.state);
    await newer.machine.finish(newer.state);

    await expect(latest(newer.machine)).resolves.toMatchObject({ importId: 'newer', records: 1 });
  });

  test('is never rolled back by an older import, which is still published', async () => {
    const { older, newer } = await two(layout);
    await newer.machine.finish(newer.state);

    await expect(older.machine.finish(older.state)).resolves.toMatchObject({ outcome: Outcome.PUBLISHED, records: 8 });
    await expect(latest(newer.machine)).resolves.toMatchObject({ importId: 'newer' });
  });

  test('is never rolled back by an older import that had looked before the newer one wrote', async () => {
    let between: (() => Promise<unknown>) | undefined;
    const { older, newer } = await two(layout, {
      destination: writingLatest(async (write) => {
        await between?.();
        between = undefined;
        return write();
      }),
    });
    between = () => newer.machine.finish(newer.state);

    await expect(older.machine.finish(older.state)).resolves.toMatchObject({ outcome: Outcome.PUBLISHED });
    await expect(latest(newer.machine)).resolves.toMatchObject({ importId: 'newer' });
  });

  test('replaces an object that no import has written', async () => {
    const { machine, state, bucket } = await ready(layout);
    await bucket.writeIf(LATEST, Buffer.from('by hand'), 'absent');
    await machine.finish(state);

    await expect(latest(machine)).resolves.toMatchObject({ importId: state.importId });
  });

  test.each<[string, (write: () => Promise<ConditionalOutcome>, times: number) => Promise<ConditionalOutcome>]>([
    ['was lost', async (write) => { await write(); return 'unknown'; }],
    ['was lost, and the client\'s repetition refused by its own object', async (write) => { await write(); return 'refused'; }],
    ['was lost, and the pointer not written', async (write, times) => times === 1 ? 'unknown' : write()],
    ['was that another operation is under way', async (write, times) => times === 1 ? 'conflict' : write()],
  ])('is written whose reply %s', async (_what, meddle) => {
    let times = 0;
    const { machine, state } = await ready(layout, { destination: writingLatest((write) => meddle(write, ++times)) });

    await expect(machine.finish(state)).resolves.toMatchObject({ outcome: Outcome.PUBLISHED });
    await expect(latest(machine)).resolves.toMatchObject({ importId: state.importId });
  });

  test('keeps the import from ending if it cannot be written, and the next attempt writes it', async () => {
    let broken = true;
    const { machine, state, s3 } = await ready(layout, { destination: writingLatest(async (write) => broken ? 'unknown' : write()) });

    await expect(machine.persist(state)).rejects.toThrow(StoreUnavailableError);
    await expect(machine.persist(state)).rejects.toThrow(`s3://${DESTINATION_BUCKET}/${LATEST}`);
    await expect(s3.store(CACHE_BUCKET).read(machine.keys(state.importId).published)).resolves.toBeUndefined();
    broken = false;
    await machine.finish(state);
    await expect(latest(machine)).resolves.toMatchObject({ importId: state.importId });
  });

  test('is given up if something else keeps writing to it, and the error names the key', async () => {
    const { machine, state } = await ready(layout, { destination: writingLatest(async () => 'refused') });

    await expect(machine.persist(state)).rejects.toThrow(PublishConflictError);
    await expect(machine.persist(state)).rejects.toThrow(`Something else keeps writing to s3://${DESTINATION_BUCKET}/${LATEST}`);
  });

  test('is left alone by a late attempt of an import that has ended', async () => {
    const { machine, state, bucket } = await ready(layout);
    await machine.finish(state);
    await bucket.delete([LATEST]);
    await machine.persist(state);

    await expect(latest(machine)).resolves.toBeUndefined();
  });
});

describe('if imports share their key', () => {
  const shared = { destinationKey: DESTINATION_KEY };

  test('a superseded one does not write it', async () => {
    const { older, newer } = await two(Layout.OBJECT, shared, shared);
    await newer.machine.finish(newer.state);
    await newer.bucket.delete([LATEST]);

    await expect(older.machine.finish(older.state)).resolves.toMatchObject({ outcome: Outcome.SUPERSEDED });
    await expect(latest(older.machine)).resolves.toBeUndefined();
  });

  test('one whose object was replaced by a newer one before its manifest was written does not write it', async () => {
    let between: (() => Promise<unknown>) | undefined;
    const { older, newer } = await two(Layout.OBJECT, {
      ...shared,
      destination: (plain) => ({
        completeUpload: async (...args) => {
          const outcome = await plain.completeUpload(...args);
          await between?.();
          between = undefined;
          return outcome;
        },
      }),
    }, shared);
    between = async () => {
      await newer.machine.finish(newer.state);
      // Without the pointer, only the newer import's other files show that it was here.
      await newer.bucket.delete([LATEST]);
    };

    await expect(older.machine.finish(older.state)).resolves.toMatchObject({ outcome: Outcome.PUBLISHED });
    await expect(latest(older.machine)).resolves.toBeUndefined();
  });
});
