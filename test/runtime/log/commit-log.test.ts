import { CommitRecord, NEW_LOOP_GUARD, totalsOf } from '../../../src/protocol/commit-record';
import { NEW_COUNT_GUARD } from '../../../src/protocol/count-guard-state';
import { RECORDS_READ_ONE_BY_ONE } from '../../../src/protocol/defaults';
import { CommitLogError, IncompatibleVersionError, MalformedFileError, StoreAccessError, StoreUnavailableError } from '../../../src/protocol/errors';
import { FIRST_POSITION } from '../../../src/protocol/fetch-contract';
import { encodeFile, FORMAT_VERSION } from '../../../src/protocol/file-format';
import { CommitLog, RecordDraft } from '../../../src/runtime/log/commit-log';
import { ObjectStore } from '../../../src/runtime/ports/object-store';
import { IMPORT_ID, KEYS, logOf, positionOf, storeLog } from '../../kit/log-fixtures';
import { MemoryS3 } from '../../kit/memory-store';
import { Recorder } from '../../kit/recorder';
import { storeWith } from '../../kit/store-with';
import { testWorld } from '../../kit/test-world';

/** Far enough behind to be listed. */
const FAR = RECORDS_READ_ONE_BY_ONE + 20;

async function storeOf(records: readonly CommitRecord[]): Promise<ObjectStore> {
  const store = new MemoryS3().store('bucket');
  await storeLog(store, KEYS, records);
  return store;
}

function logIn(store: ObjectStore): CommitLog {
  return new CommitLog(store, KEYS, testWorld());
}

async function opened(records: readonly CommitRecord[], pointer: number): Promise<CommitLog> {
  const log = logIn(await storeOf(records));
  await log.open(pointer);
  return log;
}

/** A draft of the record at an index, as another attempt would write it. */
function draftAt(index: number, writerId: string, final = false): RecordDraft {
  const { firstPage, lastPage, start, streams } = logOf(index + 1)[index]!;
  const end = final ? null : positionOf(index + 2);
  return { writerId, firstPage, lastPage, start, end, streams, loopGuard: NEW_LOOP_GUARD, countGuard: NEW_COUNT_GUARD, final };
}

describe('opening', () => {
  test('an empty log starts at the first page', async () => {
    const log = await opened([], 0);

    expect(log).toMatchObject({ nextIndex: 0, end: FIRST_POSITION, isFinal: false, reports: {} });
    expect(log).toMatchObject({ totals: { pages: 0, records: 0, bytes: 0 }, loopGuard: NEW_LOOP_GUARD });
  });

  test.each([0, 1, 3, 5])('reads forward from pointer %p and adopts what is there', async (pointer) => {
    const records = logOf(5, { final: false });
    const log = await opened(records, pointer);

    expect(log).toMatchObject({ nextIndex: 5, end: positionOf(6), isFinal: false, totals: totalsOf(records[4]!) });
  });

  test('a final record ends it', async () => {
    await expect(opened(logOf(3), 0)).resolves.toMatchObject({ nextIndex: 3, end: null, isFinal: true });
  });

  test('takes loop guard and reports from the last record', async () => {
    const loopGuard = { tokenDigest: 'abc', power: 4, steps: 1, pageDigest: null };
    const [first] = logOf(1, { final: false });

    const log = await opened([{ ...first!, loopGuard, sourceTotal: 12 }], 1);

    expect(log).toMatchObject({ loopGuard, reports: { sourceTotal: 12 } });
  });

  test('a record missing just below the pointer is an error, never the end', async () => {
    await expect(opened(logOf(2, { final: false }), 3)).rejects.toThrow('commit record 2 is missing, below the pointer 3');
    await expect(opened([], 1)).rejects.toThrow(CommitLogError);
  });

  test('a link that does not fit is refused', async () => {
    const records = logOf(4, { final: false });
    records[2] = { ...records[2]!, previousWriterId: 'somebody' };

    await expect(opened(records, 1)).rejects.toThrow('commit record 2: it was written after another record');
  });

  test('a record after the final one is refused', async () => {
    await expect(opened([...logOf(2), logOf(3)[2]!], 0)).rejects.toThrow('commit record 2: it follows a final record');
  });

  test.each<[string, Uint8Array, unknown]>([
    ['is no JSON', Buffer.from('{"token":"MARKER"'), MalformedFileError],
    ['lacks a field', encodeFile({ ...logOf(1)[0]!, writerId: undefined }), MalformedFileError],
    ['has a newer format', encodeFile({ ...logOf(1)[0]!, formatVersion: FORMAT_VERSION + 1 }), IncompatibleVersionError],
  ])('a record that %s is refused', async (_what, bytes, type) => {
    const store = await storeOf([]);
    await store.writeIf(KEYS.commit(0), bytes, 'absent');

    await expect(logIn(store).open(0)).rejects.toThrow(type as typeof Error);
  });

  test('a denied read is not the end of the log', async () => {
    const denied = storeWith(await storeOf([]), { read: async (key) => { throw new StoreAccessError('GetObject', 'bucket', key); } });

    await expect(logIn(denied).open(0)).rejects.toThrow(StoreAccessError);
  });
});

describe('far behind', () => {
  test('the log is listed, and only its end is read', async () => {
    const store = await storeOf(logOf(500, { final: false }));
    const recorder = new Recorder<ObjectStore>();
    const log = logIn(recorder.record(store));

    await log.open(1);

    expect(log).toMatchObject({ nextIndex: 500, end: positionOf(501), totals: { pages: 500 } });
    expect(recorder.of('read').length).toBeLessThan(RECORDS_READ_ONE_BY_ONE + 5);
  });

  test.each([-1, 0, 1, 2, 3])('by the limit and %p more, records are adopted to the last one', async (more) => {
    const length = RECORDS_READ_ONE_BY_ONE + more;

    await expect(opened(logOf(length), 0)).resolves.toMatchObject({ nextIndex: length, isFinal: true });
  });

  test('a gap in the listing is an error', async () => {
    const records = logOf(FAR, { final: false }).filter(({ index }) => index !== FAR - 5);

    await expect(opened(records, 0)).rejects.toThrow(`commit record ${FAR - 5} is missing, though ${KEYS.commit(FAR - 4)} exists`);
  });

  test('the last link is checked', async () => {
    const records = logOf(FAR, { final: false });
    records[FAR - 1] = { ...records[FAR - 1]!, previousWriterId: 'somebody' };

    await expect(opened(records, 0)).rejects.toThrow(`commit record ${FAR - 1}: it was written after another record`);
  });

  test('a record that is listed but gone is an error', async () => {
    const store = await storeOf(logOf(FAR, { final: false }));
    const leaky = storeWith(store, { read: async (key) => key === KEYS.commit(FAR - 1) ? undefined : store.read(key) });

    await expect(logIn(leaky).open(0)).rejects.toThrow(`commit record ${FAR - 1} was listed, but is missing`);
  });
});

describe('appending', () => {
  test('puts the record into the next slot, with its place in the chain', async () => {
    const store = await storeOf(logOf(2, { final: false }));
    const log = logIn(store);
    await log.open(2);

    await expect(log.append(draftAt(2, 'me'))).resolves.toBe(true);

    expect(log).toMatchObject({ nextIndex: 3, end: positionOf(4) });
    expect(JSON.parse(String(Buffer.from((await store.read(KEYS.commit(2)))!)))).toMatchObject({
      formatVersion: FORMAT_VERSION, importId: IMPORT_ID, index: 2, writerId: 'me', previousWriterId: 'writer-1', streams: logOf(3)[2]!.streams,
    });
  });

  test('the first record names no writer before it', async () => {
    const store = await storeOf([]);
    const log = logIn(store);
    await log.open(0);
    await log.append(draftAt(0, 'me'));

    expect(JSON.parse(String(Buffer.from((await store.read(KEYS.commit(0)))!)))).toMatchObject({ index: 0, previousWriterId: null });
  });

  test('another attempt\'s record is adopted with all that follow it, and ours is dropped', async () => {
    const store = await storeOf(logOf(1, { final: false }));
    const log = logIn(store);
    await log.open(1);
    await storeLog(store, KEYS, logOf(4).slice(1));

    await expect(log.append(draftAt(1, 'me'))).resolves.toBe(false);

    expect(log).toMatchObject({ nextIndex: 4, isFinal: true });
  });

  test('of two attempts that append at the same time, one wins, and both know the same log', async () => {
    const store = await storeOf([]);
    const logs = [logIn(store), logIn(store)];
    await Promise.all(logs.map((log) => log.open(0)));

    const won = await Promise.all(logs.map((log, index) => log.append(draftAt(0, `attempt-${index}`))));

    expect(won.filter(Boolean)).toHaveLength(1);
    expect(logs.map((log) => log.nextIndex)).toEqual([1, 1]);
  });

  test('a lost reply is found to be one\'s own', async () => {
    const store = await storeOf([]);
    const log = logIn(storeWith(store, {
      writeIf: async (...args) => {
        await store.writeIf(...args);
        return 'unknown';
      },
    }));
    await log.open(0);

    await expect(log.append(draftAt(0, 'me'))).resolves.toBe(true);
  });

  test('a slot that cannot be settled leaves the log where it was', async () => {
    const store = await storeOf([]);
    const log = logIn(storeWith(store, { writeIf: async () => 'unknown' }));
    await log.open(0);

    await expect(log.append(draftAt(0, 'me'))).rejects.toThrow(StoreUnavailableError);
    expect(log.nextIndex).toBe(0);
  });
});
