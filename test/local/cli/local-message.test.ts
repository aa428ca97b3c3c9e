import { localMessage } from '../../../src/local/cli/local-message';
import { FetchPageError, SourceModuleError } from '../../../src/protocol/errors';
import { EXAMPLES, IMPORT } from '../../docs/error-docs';

/** Errors that a run of the command cannot end with: it sets no guards, takes up no import, and its S3 server denies and loses nothing. */
const DEPLOYED_ONLY = [
  'MaxPagesExceededError', 'MaxRecordsExceededError', 'TooFewRecordsError', 'EmptyImportError', 'StoreAccessError', 'StoreUnavailableError', 'StoreRefusedError',
  'BucketNotFoundError', 'ConfigurationError', 'DestinationKeyError', 'IncompatibleVersionError', 'InvalidInputError',
];

test.each(EXAMPLES.filter(({ name }) => !DEPLOYED_ONLY.includes(name)).map((error) => [error.name, error.message]))(
  '%s says nothing that holds on AWS only', (_, message) => {
    const local = localMessage(message, IMPORT);
    expect(local).not.toMatch(/redrive|resumeFrom|arn:|\baws\b|deploy/i);
    expect(local).toMatch(/\S\.$/);
  });

test('the hint is left out as it was written, for an import in a larger machine too', () => {
  const failed = { ...IMPORT, embedded: true };
  const { message } = new FetchPageError({ ...failed, pageNumber: 7, tokenDigest: null }, 5, true, 'Error: 503');
  expect(localMessage(message, failed)).toBe('The fetch-page handler failed on page 7, attempt 5: Error: 503. The source\'s log output is above.');
});

test('what a source has thrown stays as it is', () => {
  const page = { ...IMPORT, pageNumber: 7, tokenDigest: null };
  const { message } = new FetchPageError(page, 5, true, 'Error: $& deploy it again');
  expect(localMessage(message, IMPORT)).toBe(
    'The fetch-page handler failed on page 7, attempt 5: Error: $& deploy it again. The source\'s log output is above.');
});

test('what to do about a module can be said by whoever knows', () => {
  expect(localMessage(new SourceModuleError('it failed to load').message, undefined, 'Install esbuild.')).toMatch(/defineSource returns\. Install esbuild\.$/);
});
