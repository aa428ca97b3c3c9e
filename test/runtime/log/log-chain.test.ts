import { CommitRecord, NO_STREAM_TOTALS, StreamCommit } from '../../../src/protocol/commit-record';
import { CommitLogError } from '../../../src/protocol/errors';
import { FailureUnless, LogFailure } from '../../../src/protocol/log-failure';
import { verifyFirst, verifyLink } from '../../../src/runtime/log/log-chain';
import { KEYS, logOf, withRecords } from '../../kit/log-fixtures';

const FAILURE: LogFailure = { error: 'PageTokenLoopError', page: 2, message: 'The source repeats itself.' };

const [FIRST, SECOND, THIRD] = logOf(3) as [CommitRecord, CommitRecord, CommitRecord];

const { totals: BEFORE } = FIRST.streams.records;
const { totals: TOTALS } = SECOND.streams.records;
const CHUNK = SECOND.streams.records.chunk!;

/** What is published of the second record, with something else about it. */
function changed(change: Partial<StreamCommit>): Pick<CommitRecord, 'streams'> {
  return { streams: withRecords(SECOND, change).streams };
}

test('a log as it is written has nothing wrong with it', () => {
  expect(() => verifyFirst(FIRST, KEYS)).not.toThrow();
  expect(() => verifyLink(FIRST, SECOND, KEYS)).not.toThrow();
  expect(() => verifyLink(SECOND, THIRD, KEYS)).not.toThrow();
});

test('a record without a chunk is a record', () => {
  const empty = withRecords(SECOND, { chunk: null, ledger: [[0, 0]], totals: BEFORE });

  expect(() => verifyLink(FIRST, empty, KEYS)).not.toThrow();
});

test('the bytes of the ledger are those of the pages, before they are compressed and without what stands around them', () => {
  expect(() => verifyLink(FIRST, withRecords(SECOND, { ledger: [[1, 5 * CHUNK.bytes]] }), KEYS)).not.toThrow();
});

test('columns that were seen stay seen', () => {
  const unseenColumns = ['total', 'city'];

  for (const fewer of [unseenColumns, ['city'], []]) {
    expect(() => verifyLink({ ...FIRST, unseenColumns }, { ...SECOND, unseenColumns: fewer }, KEYS)).not.toThrow();
  }
  expect(() => verifyLink(FIRST, { ...SECOND, unseenColumns }, KEYS)).not.toThrow();
  for (const more of [undefined, ['total', 'city', 'id'], ['id']]) {
    expect(() => verifyLink({ ...FIRST, unseenColumns }, { ...SECOND, unseenColumns: more }, KEYS)).toThrow('it has unseen columns that the record before it has seen');
  }
});

test('columns are set once, and stay', () => {
  const columns = ['id', 'name'];

  expect(() => verifyLink(FIRST, { ...SECOND, columns }, KEYS)).not.toThrow();
  expect(() => verifyLink({ ...FIRST, columns }, { ...SECOND, columns: [...columns] }, KEYS)).not.toThrow();
  for (const others of [undefined, ['name', 'id'], ['id']]) {
    expect(() => verifyLink({ ...FIRST, columns }, { ...SECOND, columns: others }, KEYS)).toThrow('its columns are not those of the record before it');
  }
});

test('tokens are compared by value', () => {
  const end = { pageNumber: 2, pageToken: { after: [1] }, offset: 1 };

  expect(() => verifyLink({ ...FIRST, end }, { ...SECOND, start: structuredClone(end) }, KEYS)).not.toThrow();
});

const refused: [string, Partial<CommitRecord>, string][] = [
  ['of another import', { importId: 'another' }, 'it belongs to another import'],
  ['that leaves a gap', { index: 2 }, 'its index is 2'],
  ['that comes again', { index: 0 }, 'its index is 0'],
  ['written after another writer\'s', { previousWriterId: 'somebody' }, 'it was written after another record than the one before it'],
  ['that skips a page', { start: { pageNumber: 3, pageToken: 'token-2', offset: 1 }, firstPage: 3, lastPage: 3 }, 'it does not start where the record before it ends'],
  ['that starts from another token', { start: { pageNumber: 2, pageToken: 'token-9', offset: 1 } }, 'it does not start where the record before it ends'],
  ['that starts at another offset', { start: { pageNumber: 2, pageToken: 'token-2', offset: 2 } }, 'it does not start where the record before it ends'],
  ['with another first page than its start', { firstPage: 1 }, 'its first page is not where it starts'],
  ['with more pages than its ledger', { lastPage: 3, end: { pageNumber: 4, pageToken: null, offset: 3 } }, 'its pages are not those of its ledger'],
  ['without a page', { lastPage: 1, ...changed({ ledger: [] }) }, 'it has no pages without closing the log'],
  ['that closes the log and has a page', { failure: FAILURE }, 'it has no pages without closing the log, or the other way round'],
  ['that is final and goes on', { final: true }, 'it is final without being the end'],
  ['that ends without being final', { end: null }, 'it is final without being the end'],
  ['that ends two pages on', { end: { pageNumber: 4, pageToken: null, offset: 3 } }, 'it ends at another page than its last'],
  ['without the chunk of its ledger', changed({ chunk: null }), 'its chunk is not that of its ledger'],
  ['with other records than its ledger', changed({ ledger: [[2, CHUNK.bytes]] }), 'its chunk is not that of its ledger'],
  ['with a wrong total of records', changed({ totals: { ...TOTALS, records: 9 } }), 'its total of records is wrong'],
  ['with a wrong total of bytes', changed({ totals: { ...TOTALS, bytes: 1 } }), 'its total of bytes is wrong'],
];

test.each(refused)('a record %s is refused', (_what, change, problem) => {
  expect(() => verifyLink(FIRST, { ...SECOND, ...change }, KEYS)).toThrow(CommitLogError);
  expect(() => verifyLink(FIRST, { ...SECOND, ...change }, KEYS)).toThrow(problem);
});

test('nothing may follow a final record', () => {
  expect(() => verifyLink({ ...FIRST, final: true }, SECOND, KEYS)).toThrow('it follows a final record');
});

describe('a closing record', () => {
  const CLOSING: CommitRecord = {
    ...withRecords(SECOND, { chunk: null, ledger: [], totals: BEFORE }), lastPage: SECOND.start.pageNumber - 1, end: SECOND.start,
    failure: FAILURE, final: false,
  };
  const AFTER: CommitRecord = { ...withRecords(SECOND, { chunk: { ...CHUNK, key: KEYS.chunk(2, 'uuid', 'jsonl') } }), index: 2, previousWriterId: CLOSING.writerId };

  test('follows another record, or is the first', () => {
    expect(() => verifyLink(FIRST, CLOSING, KEYS)).not.toThrow();
    const [start] = logOf(1);
    const first = {
      ...withRecords(CLOSING, { totals: NO_STREAM_TOTALS }), index: 0, previousWriterId: null, firstPage: 1, lastPage: 0,
      start: start!.start, end: start!.start,
    };
    expect(() => verifyFirst(first, KEYS)).not.toThrow();
  });

  test('is the last, unless it says what reopens the log', () => {
    expect(() => verifyLink(CLOSING, AFTER, KEYS)).toThrow('it follows the record that has closed the log');
    expect(() => verifyLink({ ...CLOSING, failure: { ...FAILURE, unless: FailureUnless.SHORT_PAGES_ALLOWED } }, AFTER, KEYS)).not.toThrow();
  });

  test('is where the log ends', () => {
    expect(() => verifyLink(FIRST, { ...CLOSING, end: { pageNumber: 3, pageToken: 'token-3', offset: 2 } }, KEYS)).toThrow('it ends at another page than its last');
    expect(() => verifyLink(FIRST, { ...CLOSING, final: true, end: null }, KEYS)).toThrow('it closes the log and is final');
  });
});

test.each<[string, Partial<CommitRecord>, string]>([
  ['of another import', { importId: 'another' }, 'it belongs to another import'],
  ['with another index', { index: 1 }, 'its index is not 0'],
  ['after a writer', { previousWriterId: 'writer' }, 'it names a writer before it'],
  ['from a later page', { start: { pageNumber: 2, pageToken: null, offset: 1 }, firstPage: 2, lastPage: 2 }, 'it does not start at the first page'],
  ['with a token', { start: { pageNumber: 1, pageToken: 'x', offset: 0 } }, 'it does not start at the first page'],
  ['at an offset', { start: { pageNumber: 1, pageToken: null, offset: 1 } }, 'it does not start at the first page'],
  ['with totals of more than itself', { streams: withRecords(FIRST, { totals: { ...BEFORE, records: 2 } }).streams }, 'its total of records is wrong'],
])('no log starts with a record %s', (_what, change, problem) => {
  expect(() => verifyFirst({ ...FIRST, ...change }, KEYS)).toThrow(problem);
});

test('no message contains a token', () => {
  const marked = { pageNumber: 2, pageToken: 'MARKER', offset: 1 };

  expect(() => verifyLink({ ...FIRST, end: marked }, SECOND, KEYS)).toThrow(expect.not.objectContaining({ message: expect.stringContaining('MARKER') as string }) as Error);
});
