import { CommitRecord, totalsOf } from '../../../src/protocol/commit-record';
import { CommitLogError } from '../../../src/protocol/errors';
import { encodeFile } from '../../../src/protocol/file-format';
import { tokenDigest } from '../../../src/runtime/bytes/digest';
import { readWholeLog } from '../../../src/runtime/log/whole-log';
import { IMPORT_ID, KEYS, logOf, storeLog, withRecords } from '../../kit/log-fixtures';
import { MemoryS3 } from '../../kit/memory-store';
import { storeWith } from '../../kit/store-with';

async function walk(records: readonly CommitRecord[]) {
  const store = new MemoryS3().store('bucket');
  await storeLog(store, KEYS, records);
  return readWholeLog(store, KEYS);
}

test('a finished log is its chunks in order, with their pages', async () => {
  const records = logOf(100);

  await expect(walk(records)).resolves.toEqual({
    importId: IMPORT_ID,
    chunks: records.map(({ streams: { records: { chunk } }, firstPage, lastPage, start, end }) => ({
      ...chunk!, firstPage, lastPage,
      firstTokenDigest: start.pageToken === null ? null : tokenDigest(start.pageToken),
      nextTokenDigest: end === null ? null : tokenDigest(end.pageToken),
      firstRecordPage: firstPage,
      ledger: { pages: 1, emptyPages: 0, leastRecords: 1, mostRecords: 1 },
    })),
    ...totalsOf(records[99]!),
    sourceTotal: undefined,
    columns: undefined,
    warnings: [],
  });
});

test('records without a chunk are left out', async () => {
  const [first, second] = logOf(2) as [CommitRecord, CommitRecord];
  const { chunk, totals } = first.streams.records;
  const last = { ...withRecords(second, { chunk: null, ledger: [[0, 0]], totals }), sourceTotal: 1 };

  await expect(walk([first, last])).resolves.toMatchObject({ chunks: [{ key: chunk!.key }], pages: 2, records: 1, sourceTotal: 1 });
});

test.each<[string, CommitRecord[], string]>([
  ['without a record', [], 'it has no record'],
  ['without its first record', logOf(3).slice(1), 'its index is not 0'],
  ['with a gap', logOf(5).filter(({ index }) => index !== 2), 'commit record 3: its index is 3'],
  ['that is not final', logOf(3, { final: false }), 'its last record, 2, is not final'],
  ['that goes on after its end', [...logOf(2), logOf(3)[2]!], 'it follows a final record'],
  ['with a broken link', logOf(3).map((record) => record.index === 1 ? { ...record, previousWriterId: 'somebody' } : record), 'commit record 1: it was written after another record'],
])('a log %s is refused', async (_what, records, problem) => {
  await expect(walk(records)).rejects.toThrow(CommitLogError);
  await expect(walk(records)).rejects.toThrow(problem);
});

test('the log of another import is refused', async () => {
  const store = new MemoryS3().store('bucket');
  await storeLog(store, KEYS, logOf(1).map((record) => ({ ...record, importId: 'another' })));

  await expect(readWholeLog(store, KEYS)).rejects.toThrow('it belongs to another import');
});

test('a foreign file among the records is refused', async () => {
  const store = new MemoryS3().store('bucket');
  await storeLog(store, KEYS, logOf(1));
  await store.writeIf(`${KEYS.commits}notes.txt`, encodeFile({}), 'absent');

  await expect(readWholeLog(store, KEYS)).rejects.toThrow('notes.txt');
});

test('a record that disappears before it is read is an error', async () => {
  const store = new MemoryS3().store('bucket');
  await storeLog(store, KEYS, logOf(2));
  const leaky = storeWith(store, { read: async (key) => key === KEYS.commit(1) ? undefined : store.read(key) });

  await expect(readWholeLog(leaky, KEYS)).rejects.toThrow('was listed, but is missing');
});
