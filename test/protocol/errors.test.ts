import * as catalogue from '../../src/protocol/errors';
import { PageContext, PaginatedImportError, resumeHint, ShortPage } from '../../src/protocol/errors';
import { ERROR_CAUSE_CHARACTERS } from '../../src/protocol/limits';

const IMPORT = { importId: 'import-1', executionArn: 'arn:aws:states:eu-central-1:123456789012:execution:orders:run-1' };
const PAGE = { ...IMPORT, pageNumber: 7, tokenDigest: '0123456789ab' };
const HINT = resumeHint(IMPORT);

const SHORT: ShortPage = { page: 1, offset: 0, records: 100, pageSize: 250, mostRecords: 100, shownBy: 'later page' };

/** One of each, with what its message must say. */
const EXAMPLES: [PaginatedImportError, RegExp][] = [
  [new catalogue.InvalidPageError(PAGE, 'records is null', 'an array'), /page 7 was refused: records is null; expected an array/],
  [new catalogue.FetchPageError(PAGE, 5, true, 'Error: 503'), /failed on page 7, attempt 5: Error: 503\./],
  [new catalogue.FetchPageError(PAGE, 1, false, 'Error: 404'), /failed on page 7, attempt 1 \(not retryable\): Error: 404\./],
  [new catalogue.HandlerCrashError(PAGE, 2, 'an error: late'), /crashed on page 7, attempt 2: an error: late\. Await every promise/],
  [new catalogue.FetchPageTimeoutError(PAGE, 899, 5, 5), /page 7 after 899 s, .* in attempt 5 of 5/],
  [new catalogue.PageTooLargeError(PAGE, 200, 100), /Page 7 has at least 200 bytes as text; the limit for this fetch function is 100/],
  [new catalogue.MaxWaitExceededError(PAGE, 60, 30, 80), /30 s more before page 7, for which the import has waited 60 s; maxWait is 80 s/],
  [new catalogue.PageTokenLoopError(PAGE, 'abc', 3), /The page token that page 7 ended with \(SHA-256 abc\) was seen 3 pages before/],
  [new catalogue.PageTokenLoopError(PAGE, 'abc', 1), /The page token that page 7 ended with \(SHA-256 abc\) was seen 1 page before/],
  [new catalogue.ShortPageError(PAGE, SHORT), /Page 1 has 100 of the 250 requested records, but page 7, .* is not empty: .* start a new import with pageSize 100, or/],
  [new catalogue.ShortPageError(PAGE, { ...SHORT, shownBy: 'question' }), /Page 1 has 100 of the 250 requested records, but the source has more at offset 100/],
  [new catalogue.ShortPageError(PAGE, { ...SHORT, mostRecords: 250 }), /records were skipped\. Start a new import with a handler that answers \{ records, nextPageToken \}/],
  [new catalogue.EarlyEndError(PAGE), /^Page 7 is an empty array, which ends an import, but the page after it has records\..* The page was not committed\./],
  [new catalogue.LongPageError(PAGE, { page: 1, offset: 0, records: 300 }, 250), /Page 1 has 300 records, but 250 were requested, and page 7 is not empty.* Start a new import with pageSize 300, or/],
  [new catalogue.MaxEmptyPagesExceededError(PAGE, 5), /Page 7 was not committed: it is empty .* the 5 pages before it, and maxEmptyPages is 5/],
  [new catalogue.RepeatedPageError(PAGE, 'abc'), /Page 7 has the same records as the page before it \(SHA-256 abc\)/],
  [new catalogue.MaxPagesExceededError(PAGE, 6), /Page 7 was not requested: the import has 6 pages, and maxPages is 6/],
  [new catalogue.MaxRecordsExceededError(PAGE, 25, 90, 100), /Page 7 was not committed: it has 25 records, the pages before it have 90, and maxRecords is 100/],
  [new catalogue.SourceModuleError('it has no default export'), /it has no default export/],
  [new catalogue.SourceLoadError(PAGE, 'it threw: no settings'), /could not be loaded for page 7: it threw: no settings\. If the cause has passed/],
  [new catalogue.CommitLogError('import-1', 'it has no record'), /import import-1 is damaged: it has no record/],
  [new catalogue.ImportNotFoundError('import-1', 'cache', 'import-1/import.json'), /s3:\/\/cache\/import-1\/import.json does not exist/],
  [new catalogue.ImportExpiredError('import-1', '2026-01-01'), /import-1 expired at 2026-01-01/],
  [new catalogue.ForeignImportError('import-1', { name: 'orders', owner: 'a' }, { name: 'orders', owner: 'b' }),
    /Import import-1 belongs to the series orders of a, and this state machine imports the series orders of b\./],
  [new catalogue.DestinationChangedError(IMPORT, 'latestKey', undefined, 'k'), /the destination latestKey \(none\), and the construct now has k\./],
  [new catalogue.InvalidInputError('resumeFrom is no text', 'the importId'), /input was refused: resumeFrom is no text; expected the importId/],
  [new catalogue.IncompatibleVersionError('import.json', 3, 1), /import.json has format version 3; .* reads version 1/],
  [new catalogue.MalformedFileError('import.json', 'it is not a JSON object'), /import.json cannot be read: it is not a JSON object/],
  [new catalogue.StoreAccessError('PutObject', 'b', 'k'), /S3 denied PutObject on s3:\/\/b\/k/],
  [new catalogue.BucketNotFoundError('b'), /The bucket b does not exist\..* An import keeps the destination it was started with/],
  [new catalogue.StoreRefusedError('PutObject', 'b', 'k', { answer: { code: 'KMS.DisabledException', status: 400 } }),
    /S3 refused PutObject on s3:\/\/b\/k \(KMS\.DisabledException, HTTP 400\)/],
  [new catalogue.StoreUnavailableError('PutObject', 'b', 'k'), /S3 did not complete PutObject on s3:\/\/b\/k/],
  [new catalogue.IntegrityError(IMPORT, 'part 3 is short'), /import-1 was not published, .*: part 3 is short/],
  [new catalogue.StaleObjectError('import-1', 'b', 'k'), /The object at s3:\/\/b\/k belongs to import import-1/],
  [new catalogue.FutureObjectError(IMPORT, 'b', 'k', '9999'), /s3:\/\/b\/k says in its metadata that its import started at 9999, which is in the future\./],
  [new catalogue.ObjectTooLargeError('import-1', 60_000_000_000_000, 9), /import-1 has 60000000000000 bytes in 9 chunks, .* at most 53687091200000 bytes, in 10000 parts/],
  [new catalogue.PublishConflictError(IMPORT, 'b', 'k'), /writing to s3:\/\/b\/k while import import-1/],
  [new catalogue.TotalMismatchError(IMPORT, 12, 10), /import-1 has 10 records, but the source gave 12/],
  [new catalogue.TooFewRecordsError(IMPORT, 3, 10), /import-1 has 3 records, but minRecords is 10/],
  [new catalogue.EmptyImportError(IMPORT), /import-1 has no records, and onEmpty is FAIL/],
  [new catalogue.UnknownColumnError(PAGE, 3, 'discount'), /Page 7 was refused: records\[3\] has the field discount, which is not a column of the CSV/],
  [new catalogue.UnknownColumnError(PAGE, 3, undefined), /records\[3\] has a field, which is not a column of the CSV/],
  [new catalogue.DestinationKeyError('is of 1025 bytes', 'Shorten it'), /^A destination key is of 1025 bytes\. Shorten it on the construct, deploy, and start a new execution\.$/],
  [new catalogue.ConfigurationError('PAGE_SIZE', 'is not set'), /PAGE_SIZE is not set/],
];

/** What a person can do, as the last sentence says it. */
const WAYS_OUT = /start a new|redrive|resume|Create|Correct|Deploy|Restore/i;

const classes = Object.values(catalogue).filter((value): value is typeof catalogue.InvalidPageError => (
  typeof value === 'function' && value.prototype instanceof PaginatedImportError
));

test('every error of the catalogue has an example here', () => {
  const missing = classes.filter((type) => !EXAMPLES.some(([error]) => error.constructor === type)).map(({ NAME }) => NAME);

  expect(classes.length).toBeGreaterThan(0);
  expect(missing).toEqual([]);
});

test('every class has a name of its own, which is its error\'s', () => {
  expect(new Set(classes.map(({ NAME }) => NAME)).size).toBe(classes.length);
  for (const [error] of EXAMPLES) {
    const type = error.constructor as typeof catalogue.InvalidPageError;
    expect([error.name, type.NAME]).toEqual([type.name, type.name]);
    expect(error).toBeInstanceOf(PaginatedImportError);
  }
});

test.each(EXAMPLES.map(([error, message]) => [error.name, error, message] as const))('%s says what was wrong and where, and ends with the way out', (_name, error, message) => {
  const lastSentence = error.message.slice(0, -1).split(/[.:] /).at(-1)!;

  expect(error.message).toMatch(message);
  expect(error.message).toMatch(/\.$/);
  expect(lastSentence).toMatch(WAYS_OUT);
});

/** The page that is asked for, which has its token with it. */
const ASKED = { ...PAGE, pageToken: 'secret' };

/** What each error keeps on it, by name, besides those of its import and page. */
const FIELDS: readonly (readonly [PaginatedImportError, Readonly<Record<string, unknown>>])[] = [
  [new catalogue.InvalidPageError(ASKED, 'records is null', 'an array'), { problem: 'records is null', expected: 'an array' }],
  [new catalogue.FetchPageError(ASKED, 5, true, 'Error: 503'), { attempts: 5, retryable: true, reason: 'Error: 503' }],
  [new catalogue.HandlerCrashError(ASKED, 2, 'an error: late'), { attempt: 2, reason: 'an error: late' }],
  [new catalogue.FetchPageTimeoutError(ASKED, 899, 4, 5), { waitedSeconds: 899, attempt: 4, attempts: 5 }],
  [new catalogue.MaxWaitExceededError(ASKED, 60, 30, 80), { waitedSeconds: 60, askedSeconds: 30, maxWaitSeconds: 80 }],
  [new catalogue.UnknownColumnError(ASKED, 3, 'discount'), { index: 3, column: 'discount' }],
  [new catalogue.PageTooLargeError(ASKED, 200, 100), { bytes: 200, limitBytes: 100 }],
  [new catalogue.PageTokenLoopError(ASKED, 'abc', 3), { endDigest: 'abc', cycleLength: 3, closing: { page: 7 } }],
  [new catalogue.RepeatedPageError(ASKED, 'abc'), { contentDigest: 'abc' }],
  [new catalogue.ShortPageError(ASKED, SHORT), { shortPage: SHORT, closing: { page: 7, unless: 'short-pages-allowed' } }],
  [new catalogue.LongPageError(ASKED, { page: 1, offset: 0, records: 300 }, 250),
    { longPage: { page: 1, offset: 0, records: 300 }, pageSize: 250, closing: { page: 7 } }],
  [new catalogue.EarlyEndError(ASKED), { pageNumber: 7 }],
  [new catalogue.MaxEmptyPagesExceededError(ASKED, 5), { maxEmptyPages: 5 }],
  [new catalogue.MaxPagesExceededError(ASKED, 6), { maxPages: 6 }],
  [new catalogue.MaxRecordsExceededError(ASKED, 25, 90, 100), { records: 25, recordsBefore: 90, maxRecords: 100 }],
  [new catalogue.SourceModuleError('it has no default export'), { problem: 'it has no default export' }],
  [new catalogue.SourceLoadError(ASKED, 'it threw'), { reason: 'it threw' }],
  [new catalogue.CommitLogError('import-1', 'it has no record'), { importId: 'import-1', problem: 'it has no record' }],
  [new catalogue.ImportNotFoundError('import-1', 'b', 'k'), { importId: 'import-1', bucket: 'b', key: 'k' }],
  [new catalogue.ImportExpiredError('import-1', '2026-01-01'), { importId: 'import-1', expiresAt: '2026-01-01' }],
  [new catalogue.ForeignImportError('import-1', { name: 'orders', owner: 'a' }, { name: 'orders', owner: 'b' }),
    { importId: 'import-1', belongsTo: { name: 'orders', owner: 'a' }, series: { name: 'orders', owner: 'b' } }],
  [new catalogue.DestinationChangedError(IMPORT, 'latestKey', undefined, 'k'),
    { importId: 'import-1', field: 'latestKey', configured: 'k' }],
  [new catalogue.InvalidInputError('resumeFrom is no text', 'the importId'), { problem: 'resumeFrom is no text', expected: 'the importId' }],
  [new catalogue.IncompatibleVersionError('import.json', 3, 1), { file: 'import.json', found: '3', readable: 1 }],
  [new catalogue.MalformedFileError('import.json', 'it is not JSON'), { file: 'import.json', problem: 'it is not JSON' }],
  [new catalogue.StoreAccessError('PutObject', 'b', 'k', { answer: { code: 'AccessDenied' } }),
    { operation: 'PutObject', bucket: 'b', key: 'k', answer: { code: 'AccessDenied' } }],
  [new catalogue.BucketNotFoundError('b', { answer: { status: 404 } }), { bucket: 'b', answer: { status: 404 } }],
  [new catalogue.StoreUnavailableError('PutObject', 'b', 'k', { answer: { status: 503 } }),
    { operation: 'PutObject', bucket: 'b', key: 'k', answer: { status: 503 } }],
  [new catalogue.StoreRefusedError('PutObject', 'b', 'k', { bucketRegion: 'eu-west-1', functionRegion: 'us-east-1' }),
    { operation: 'PutObject', bucket: 'b', key: 'k', bucketRegion: 'eu-west-1', functionRegion: 'us-east-1' }],
  [new catalogue.IntegrityError(IMPORT, 'part 3 is short', { answer: { status: 400 } }),
    { importId: 'import-1', problem: 'part 3 is short', answer: { status: 400 } }],
  [new catalogue.PublishConflictError(IMPORT, 'b', 'k'), { importId: 'import-1', bucket: 'b', key: 'k' }],
  [new catalogue.StaleObjectError('import-1', 'b', 'k'), { importId: 'import-1', bucket: 'b', key: 'k' }],
  [new catalogue.FutureObjectError(IMPORT, 'b', 'k', '9999'), { importId: 'import-1', bucket: 'b', key: 'k', startTime: '9999' }],
  [new catalogue.ObjectTooLargeError('import-1', 6e13, 9), { importId: 'import-1', bytes: 6e13, chunks: 9 }],
  [new catalogue.TotalMismatchError(IMPORT, 12, 10), { importId: 'import-1', sourceTotal: 12, records: 10 }],
  [new catalogue.TooFewRecordsError(IMPORT, 3, 10), { importId: 'import-1', records: 3, minRecords: 10 }],
  [new catalogue.EmptyImportError(IMPORT), { importId: 'import-1' }],
  [new catalogue.DestinationKeyError('is of 1025 bytes', 'Shorten it'), { problem: 'is of 1025 bytes', remedy: 'Shorten it' }],
  [new catalogue.ConfigurationError('PAGE_SIZE', 'is not set'), { variable: 'PAGE_SIZE', problem: 'is not set' }],
];

test.each(FIELDS.map(([error, fields]) => [error.name, error, fields] as const))('%s keeps what it is about by name, and no token', (_name, error, fields) => {
  const ofPage = 'pageNumber' in error ? { importId: 'import-1', pageNumber: 7, tokenDigest: '0123456789ab' } : {};

  expect(fieldsOf(error)).toEqual({ name: error.name, ...ofPage, ...fields });
});

/** Its own fields but for those that are not set. Lambda writes all of them to the function's log. */
function fieldsOf(error: PaginatedImportError): Record<string, unknown> {
  return Object.fromEntries(Object.entries(error).filter(([, value]) => value !== undefined));
}

test('every error of the catalogue is among those whose fields are known', () => {
  expect(new Set(FIELDS.map(([error]) => error.constructor))).toEqual(new Set(classes));
});

test('the error of a closed log has the name and the words of the one that has closed it, and closes nothing by itself', () => {
  const failure = { error: 'PageTokenLoopError', page: 7, message: 'Page 7 was seen before.' };
  const error = catalogue.recordedError(failure);

  expect(error).toMatchObject({ name: failure.error, message: failure.message, failure });
  expect(error.closing).toBeUndefined();
});

/** What a resume comes to. */
type Resume =
  /** It may succeed: what has failed may have passed. */
  | 'as it is'
  /** It comes to the same failure, unless something is changed that the message names. */
  | 'after a change'
  /** The import is over. */
  | 'never'
  /** A redrive of the execution, once what the message names is mended: the error does not know the import, or need not. */
  | 'when it is mended';

/** test/runtime/fetch/resumability.test.ts sees that imports behave so. */
const RESUMES: readonly (readonly [PaginatedImportError, Resume])[] = EXAMPLES.map(([error]) => [error, resumeOf(error)]);

function resumeOf(error: PaginatedImportError): Resume {
  switch (error.constructor) {
    case catalogue.FetchPageError: case catalogue.FetchPageTimeoutError: case catalogue.InvalidPageError:
    case catalogue.MaxWaitExceededError: case catalogue.IntegrityError: case catalogue.PublishConflictError:
    case catalogue.HandlerCrashError: case catalogue.SourceLoadError: case catalogue.FutureObjectError:
      return 'as it is';
    case catalogue.PageTooLargeError: case catalogue.UnknownColumnError: case catalogue.RepeatedPageError: case catalogue.ShortPageError:
    case catalogue.MaxPagesExceededError: case catalogue.MaxRecordsExceededError: case catalogue.MaxEmptyPagesExceededError:
    case catalogue.EarlyEndError: case catalogue.TotalMismatchError: case catalogue.TooFewRecordsError: case catalogue.EmptyImportError:
    case catalogue.DestinationChangedError:
      return 'after a change';
    case catalogue.PageTokenLoopError:
      return error.closing === undefined ? 'after a change' : 'never';
    case catalogue.LongPageError: case catalogue.CommitLogError: case catalogue.ImportNotFoundError: case catalogue.ImportExpiredError:
    case catalogue.IncompatibleVersionError: case catalogue.MalformedFileError: case catalogue.StaleObjectError:
    case catalogue.ForeignImportError:
    case catalogue.ObjectTooLargeError: case catalogue.InvalidInputError: case catalogue.DestinationKeyError:
      return 'never';
    case catalogue.SourceModuleError: case catalogue.StoreAccessError: case catalogue.BucketNotFoundError:
    case catalogue.StoreUnavailableError: case catalogue.StoreRefusedError: case catalogue.ConfigurationError:
      return 'when it is mended';
    default:
      throw new Error(`It is not said whether an import can be resumed after ${error.name}.`);
  }
}

test.each(RESUMES.map(([error, resume]) => [error.name, resume, error] as const))('%s can be resumed %s, and its message offers that', (_name, resume, { message }) => {
  const needsChange = 'Without that change, a resume fails again. ';
  switch (resume) {
    case 'as it is':
      expect(message.endsWith(HINT)).toBe(true);
      expect(message).not.toContain(needsChange);
      break;
    case 'after a change':
      expect(message.endsWith(`${needsChange}${HINT}`)).toBe(true);
      expect(message.slice(0, -HINT.length)).toMatch(/deploy|Correct the handler/);
      break;
    case 'never':
      expect(message).not.toMatch(/redrive|resumeFrom"/);
      expect(message).toMatch(/start a new (import|execution)/i);
      break;
    case 'when it is mended':
      expect(message).toMatch(/redrive the execution/);
      expect(message).not.toContain('resumeFrom');
  }
});

test('the way to resume is a command and an input, each to be copied as it is', () => {
  expect(HINT).toContain(`\`aws stepfunctions redrive-execution --execution-arn ${IMPORT.executionArn}\``);
  expect(HINT).toContain('{"resumeFrom":"import-1"}');
});

test('the way to resume an import in a larger machine is by that machine', () => {
  const hint = resumeHint({ ...IMPORT, embedded: true });

  expect(hint).toContain(`\`aws stepfunctions redrive-execution --execution-arn ${IMPORT.executionArn}\` (for an item of a Distributed Map, redrive`);
  expect(hint).toMatch(/start a new execution of the larger machine in which the import's own first state gets \{"resumeFrom":"import-1"\} as its input\.$/);
  expect(new catalogue.FetchPageError({ ...PAGE, embedded: true }, 5, true, 'Error: 503').message.endsWith(hint)).toBe(true);
  expect(resumeHint({ ...IMPORT, embedded: false })).toBe(HINT);
});

/** What a guard has stopped: a source that goes on too long, or a page that is too large. */
const GUARDS: (new (page: PageContext, ...numbers: never[]) => PaginatedImportError)[] = [
  catalogue.PageTokenLoopError, catalogue.RepeatedPageError, catalogue.MaxPagesExceededError, catalogue.MaxRecordsExceededError,
  catalogue.MaxWaitExceededError, catalogue.PageTooLargeError, catalogue.UnknownColumnError, catalogue.MaxEmptyPagesExceededError,
];

test.each(GUARDS.map((type) => [type.name, type] as const))('%s names the page\'s token by its digest', (_name, type) => {
  expect(new type(PAGE).message).toContain('The request\'s page token has SHA-256 0123456789ab.');
  expect(new type({ ...PAGE, tokenDigest: null }).message).toContain('The request has no page token.');
});

test('a cause is kept', () => {
  const cause = new Error('why');

  expect(new catalogue.StoreAccessError('PutObject', 'b', 'k', { cause }).cause).toBe(cause);
});

/** The errors whose messages quote a reason, made with the given one. */
const withReason = (reason: string): PaginatedImportError[] => [
  new catalogue.InvalidPageError(PAGE, 'records is wrong', reason),
  new catalogue.FetchPageError(PAGE, 1, true, reason),
  new catalogue.SourceModuleError(reason),
  new catalogue.HandlerCrashError(PAGE, 1, reason),
  new catalogue.SourceLoadError(PAGE, reason),
  new catalogue.CommitLogError('import-1', reason),
  new catalogue.InvalidInputError('resumeFrom is wrong', reason),
  new catalogue.MalformedFileError('import.json', reason),
  new catalogue.IntegrityError(IMPORT, reason),
  new catalogue.ConfigurationError('PAGE_SIZE', reason),
];

test.each([
  ['cannot read x of null', 'cannot read x of null.'],
  ['cannot read x of null.', 'cannot read x of null.'],
  ['no such customer!', 'no such customer!'],
  ['gone?', 'gone?'],
  ['and so on...', 'and so on...'],
  ['and so on…', 'and so on…'],
  ['a line with an end\n', 'a line with an end.'],
  ['a line with an end.\n', 'a line with an end.'],
])('a reason ends its sentence once: %p', (reason, sentence) => {
  for (const error of withReason(reason)) {
    expect(error.message).toContain(`${sentence} `);
    expect(error.message).not.toContain(`${sentence}.`);
  }
});

test('text of others is cut where it would take the way out with it', () => {
  const endless = 'x'.repeat(1_000_000);
  const errors = [
    new catalogue.FetchPageError(PAGE, 1, true, endless), new catalogue.SourceModuleError(endless),
    new catalogue.HandlerCrashError(PAGE, 1, endless), new catalogue.SourceLoadError(PAGE, endless),
  ];
  for (const error of errors) {
    expect(error.message.length).toBeLessThan(ERROR_CAUSE_CHARACTERS / 4);
    expect(error.message).toContain('998000 characters more');
  }
});
