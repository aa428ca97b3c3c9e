import { CommitRecord } from '../../../src/protocol/commit-record';
import { CommitLogError } from '../../../src/protocol/errors';
import { FailureUnless, LogFailure } from '../../../src/protocol/log-failure';
import { verifyFirst, verifyLink } from '../../../src/runtime/log/log-chain';
import { IMPORT_ID, logOf } from '../../kit/log-fixtures';

const FAILURE: LogFailure = { error: 'PageTokenLoopError', page: 2, message: 'The source repeats itself.' };

const [FIRST, SECOND, THIRD] = logOf(3) as [CommitRecord, CommitRecord, CommitRecord];

test('a log as it is written has nothing wrong with it', () => {
  expect(() => verifyFirst(FIRST, IMPORT_ID)).not.toThrow();
  expect(() => verifyLink(FIRST, SECOND)).not.toThrow();
  expect(() => verifyLink(SECOND, THIRD)).not.toThrow();
});

test('a record without a chunk is a record', () => {
  const empty = { ...SECOND, chunk: null, ledger: [[0, 0]] as const, totals: { ...FIRST.totals, pages: 2 } };

  expect(() => verifyLink(FIRST, empty)).not.toThrow();
});

test('the bytes of the ledger are those of the pages, before they are compressed and without what stands around them', () => {
  expect(() => verifyLink(FIRST, { ...SECOND, ledger: [[1, 5 * SECOND.chunk!.bytes]] })).not.toThrow();
});

test('columns that were seen stay seen', () => {
  const unseenColumns = ['total', 'city'];

  for (const fewer of [unseenColumns, ['city'], []]) {
    expect(() => verifyLink({ ...FIRST, unseenColumns }, { ...SECOND, unseenColumns: fewer })).not.toThrow();
  }
  expect(() => verifyLink(FIRST, { ...SECOND, unseenColumns })).not.toThrow();
  for (const more of [undefined, ['total', 'city', 'id'], ['id']]) {
    expect(() => verifyLink({ ...FIRST, unseenColumns }, { ...SECOND, unseenColumns: more })).toThrow('it has unseen columns that the record before it has seen');
  }
});

test('columns are named once, and stay', () => {
  const columns = ['id', 'name'];

  expect(() => verifyLink(FIRST, { ...SECOND, columns })).not.toThrow();
  expect(() => verifyLink({ ...FIRST, columns }, { ...SECOND, columns: [...columns] })).not.toThrow();
  for (const others of [undefined, ['name', 'id'], ['id']]) {
    expect(() => verifyLink({ ...FIRST, columns }, { ...SECOND, columns: others })).toThrow('its columns are not those of the record before it');
  }
});

test('an equal token is the same token, whatever object it is', () => {
  const end = { pageNumber: 2, pageToken: { after: [1] }, offset: 1 };

  expect(() => verifyLink({ ...FIRST, end }, { ...SECOND, start: structuredClone(end) })).not.toThrow();
});

const refused: [string, Partial<CommitRecord>, string][] = [
  ['of another import', { importId: 'another' }, 'it belongs to another import'],
  ['that leaves a gap', { index: 2 }, 'its index is 2'],
  ['that comes again', { index: 0 }, 'its index is 0'],
  ['written after another writer\'s', { previousWriterId: 'somebody' }, 'it was written after another record than the one before it'],
  ['that skips a page', { start: { pageNumber: 3, pageToken: 'token-2', offset: 1 }, firstPage: 3, lastPage: 3 }, 'it does not start where the record before it ends'],
  ['that starts from another token', { start: { pageNumber: 2, pageToken: 'token-9', offset: 1 } }, 'it does not start where the record before it ends'],
  ['that starts at another offset', { start: { pageNumber: 2, pageToken: 'token-2', offset: 2 } }, 'it does not start where the record before it ends'],
  ['with another first page than its start', { firstPage: 1 }, 'its pages are not those of its ledger'],
  ['with more pages than its ledger', { lastPage: 3 }, 'its pages are not those of its ledger'],
  ['without a page', { lastPage: 1, ledger: [] }, 'it has no pages without closing the log'],
  ['that closes the log and has a page', { failure: FAILURE }, 'it has no pages without closing the log, or the other way round'],
  ['that is final and goes on', { final: true }, 'it is final without being the end'],
  ['that ends without being final', { end: null }, 'it is final without being the end'],
  ['that ends two pages on', { end: { pageNumber: 4, pageToken: null, offset: 3 } }, 'it ends at another page than its last'],
  ['without the chunk of its ledger', { chunk: null }, 'its chunk is not that of its ledger'],
  ['with other records than its ledger', { ledger: [[2, SECOND.chunk!.bytes]] }, 'its chunk is not that of its ledger'],
  ['with a wrong total of pages', { totals: { ...SECOND.totals, pages: 3 } }, 'its total of pages is wrong'],
  ['with a wrong total of records', { totals: { ...SECOND.totals, records: 9 } }, 'its total of records is wrong'],
  ['with a wrong total of bytes', { totals: { ...SECOND.totals, bytes: 1 } }, 'its total of bytes is wrong'],
];

test.each(refused)('a record %s is refused', (_what, change, problem) => {
  expect(() => verifyLink(FIRST, { ...SECOND, ...change })).toThrow(CommitLogError);
  expect(() => verifyLink(FIRST, { ...SECOND, ...change })).toThrow(problem);
});

test('nothing may follow a final record', () => {
  expect(() => verifyLink({ ...FIRST, final: true }, SECOND)).toThrow('it follows a final record');
});

describe('a closing record', () => {
  const CLOSING: CommitRecord = {
    ...SECOND, chunk: null, ledger: [], lastPage: SECOND.start.pageNumber - 1, end: SECOND.start, totals: FIRST.totals,
    failure: FAILURE, final: false,
  };
  const AFTER: CommitRecord = { ...SECOND, index: 2, previousWriterId: CLOSING.writerId };

  test('follows another record, or is the first', () => {
    expect(() => verifyLink(FIRST, CLOSING)).not.toThrow();
    const [start] = logOf(1);
    const first = {
      ...CLOSING, index: 0, previousWriterId: null, firstPage: 1, lastPage: 0, start: start!.start, end: start!.start,
      totals: { pages: 0, records: 0, bytes: 0 },
    };
    expect(() => verifyFirst(first, IMPORT_ID)).not.toThrow();
  });

  test('is the last, unless it says what opens the log again', () => {
    expect(() => verifyLink(CLOSING, AFTER)).toThrow('it follows the record that has closed the log');
    expect(() => verifyLink({ ...CLOSING, failure: { ...FAILURE, unless: FailureUnless.SHORT_PAGES_ALLOWED } }, AFTER)).not.toThrow();
  });

  test('is where the log ends', () => {
    expect(() => verifyLink(FIRST, { ...CLOSING, end: { pageNumber: 3, pageToken: 'token-3', offset: 2 } })).toThrow('it ends at another page than its last');
    expect(() => verifyLink(FIRST, { ...CLOSING, final: true, end: null })).toThrow('it closes the log and is final');
  });
});

test.each<[string, Partial<CommitRecord>, string]>([
  ['of another import', { importId: 'another' }, 'it belongs to another import'],
  ['with another index', { index: 1 }, 'its index is not 0'],
  ['after a writer', { previousWriterId: 'writer' }, 'it names a writer before it'],
  ['from a later page', { start: { pageNumber: 2, pageToken: null, offset: 1 }, firstPage: 2, lastPage: 2 }, 'it does not start at the first page'],
  ['with a token', { start: { pageNumber: 1, pageToken: 'x', offset: 0 } }, 'it does not start at the first page'],
  ['at an offset', { start: { pageNumber: 1, pageToken: null, offset: 1 } }, 'it does not start at the first page'],
  ['with totals of more than itself', { totals: { ...FIRST.totals, records: 2 } }, 'its total of records is wrong'],
])('no log starts with a record %s', (_what, change, problem) => {
  expect(() => verifyFirst({ ...FIRST, ...change }, IMPORT_ID)).toThrow(problem);
});

test('no message holds a token', () => {
  const marked = { pageNumber: 2, pageToken: 'MARKER', offset: 1 };

  expect(() => verifyLink({ ...FIRST, end: marked }, SECOND)).toThrow(expect.not.objectContaining({ message: expect.stringContaining('MARKER') as string }) as Error);
});
