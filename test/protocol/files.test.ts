import { decodeCommitRecord } from '../../src/protocol/commit-record';
import { IncompatibleVersionError, MalformedFileError } from '../../src/protocol/errors';
import { decodeFile, encodeFile, FORMAT_VERSION } from '../../src/protocol/file-format';
import { decodeImportFile } from '../../src/protocol/import-file';
import { DEFAULT_OUTPUT } from '../../src/protocol/output-settings';
import { decodePublishedMarker } from '../../src/protocol/published-marker';
import { decodeUploadRecord } from '../../src/protocol/upload-record';
import { logOf } from '../kit/log-fixtures';

const KEY = 'cache/import-1/file.json';

const FILES = {
  'a commit record': { decode: decodeCommitRecord, file: { ...logOf(2)[1]!, sourceTotal: 3, warnings: [{}] }, optional: ['sourceTotal', 'warnings'] },
  'an import file': {
    decode: decodeImportFile,
    file: {
      formatVersion: FORMAT_VERSION, importId: 'i', series: 's', owner: 'o', executionArn: 'arn', embedded: true, startTime: 't', expiresAt: 't', input: { a: 1 }, pageSize: 25,
      destination: { bucket: 'b', key: 'k' }, output: DEFAULT_OUTPUT, packageVersion: '1',
    },
    optional: [],
  },
  'a published marker': { decode: decodePublishedMarker, file: { formatVersion: FORMAT_VERSION, importId: 'i', result: { records: 1, warnings: [{}] } }, optional: [] },
  'an upload record': { decode: decodeUploadRecord, file: { formatVersion: FORMAT_VERSION, importId: 'i', number: 1, uploadId: 'u' }, optional: [] },
};

describe.each(Object.entries(FILES))('%s', (_what, { decode, file, optional }) => {
  const fields = Object.keys(file).filter((name) => name !== 'formatVersion');

  test('is read as it was written, fields of later versions included', () => {
    expect(decode(KEY, encodeFile({ ...file, laterField: 1 }))).toEqual({ ...file, laterField: 1 });
  });

  test.each(fields)('of another type in %s is refused, with file and field', (name) => {
    // No field takes both of these.
    const wrong = [{ ...file, [name]: undefined }, { ...file, [name]: typeof file[name as keyof typeof file] === 'string' ? 7 : 'MARKER' }];
    const refused = wrong.map((other) => problemOf(() => decode(KEY, encodeFile(other)))).filter((problem) => problem !== undefined);

    expect(refused.length).toBe(name === 'input' || optional.includes(name as never) ? 1 : 2);
    for (const problem of refused) expect(problem).toMatchObject({ name: MalformedFileError.NAME, message: expect.stringMatching(`^${KEY} .*the field ${name} must be `) as string });
    for (const problem of refused) expect(problem!.message).not.toContain('MARKER');
  });

  test('of another version is refused', () => {
    expect(() => decode(KEY, encodeFile({ ...file, formatVersion: FORMAT_VERSION + 1 }))).toThrow(IncompatibleVersionError);
    expect(() => decode(KEY, encodeFile({ ...file, formatVersion: undefined }))).toThrow(`${KEY} has format version undefined`);
  });
});

test.each(['key', 'etag', 'crc32', 'bytes', 'records'])('a commit record whose chunk has no %s is refused, with file and field', (name) => {
  const [record] = logOf(1);
  const { records } = record!.streams;
  const file = { ...record!, streams: { records: { ...records, chunk: { ...records.chunk!, [name]: undefined } } } };

  expect(() => decodeCommitRecord(KEY, encodeFile(file))).toThrow(MalformedFileError);
  expect(() => decodeCommitRecord(KEY, encodeFile(file))).toThrow(`${KEY} cannot be read: the field streams.records.chunk.${name} must be a`);
});

test.each(['chunk', 'ledger', 'totals'])('a commit record whose stream has no %s is refused, with file and field', (name) => {
  const [record] = logOf(1);
  const file = { ...record!, streams: { records: { ...record!.streams.records, [name]: undefined } } };

  expect(() => decodeCommitRecord(KEY, encodeFile(file))).toThrow(`${KEY} cannot be read: the field streams.records.${name} must be a`);
});

test('a commit record without a stream is refused, with file and field', () => {
  const [record] = logOf(1);

  expect(() => decodeCommitRecord(KEY, encodeFile({ ...record!, streams: {} }))).toThrow('the field streams.records must be an object');
});

function problemOf(decode: () => unknown): Error | undefined {
  try {
    decode();
    return undefined;
  } catch (error) {
    return error as Error;
  }
}

test('a file is one line of JSON', () => {
  expect(new TextDecoder().decode(encodeFile({ formatVersion: 1, text: 'ü' }))).toBe('{"formatVersion":1,"text":"ü"}\n');
});

test.each([
  ['no bytes', Buffer.from('')],
  ['half a file', Buffer.from('{"formatVersion":1,"token":"MARKER')],
  ['HTML', Buffer.from('<html>MARKER</html>')],
  ['bytes that are no UTF-8', Buffer.from([0x7b, 0xff, 0x7d])],
  ['null', Buffer.from('null')],
  ['an array', Buffer.from('[1]')],
  ['a string', Buffer.from('"MARKER"')],
])('%s is refused without being quoted', (_what, bytes) => {
  const problem = problemOf(() => decodeFile<{ formatVersion: number }>(KEY, bytes, {}));

  expect(problem).toMatchObject({ name: MalformedFileError.NAME, message: expect.stringContaining(KEY) as string });
  expect(`${problem!.message}${String(problem!.cause)}`).not.toContain('MARKER');
});
