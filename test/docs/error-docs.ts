import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import * as catalogue from '../../src/protocol/errors';
import { PaginatedImportError, resumeHint } from '../../src/protocol/errors';
import { definitionOf, importStack, Properties } from '../construct/kit';

/**
 * The mechanical parts of docs/errors.md: the message of each error, and how often it is retried. What they mean and what to do is
 * written by hand.
 *
 * ```
 * ### `Name`, `Another`
 *
 * What it means.
 *
 * > The message.                  of the catalogue's own errors only; how to resume is in the preface
 *
 * - **Retried:** no.              more may follow in the line
 * - **Lost:** ...
 * - **Do:** ...
 * ```
 */

export const ERROR_DOCS = join(__dirname, '../../docs/errors.md');

/** The import that the examples are about. */
export const IMPORT = {
  importId: '7d0f6b0e-3f5c-4a86-9a39-0f5a3a6f2c11',
  executionArn: 'arn:aws:states:eu-central-1:123456789012:execution:Orders:0b5c',
};
const PAGE = { ...IMPORT, pageNumber: 7, tokenDigest: '2c26b46b68ff' };
const RESUME_HINT = resumeHint(IMPORT);
const EMBEDDED_RESUME_HINT = resumeHint({ ...IMPORT, embedded: true });
const BUCKET = 'orders-cache';
const IDS = { requestId: '4442587FB7D0A2F9', extendedRequestId: 'vlR7PnpV2Ce81l0PRw6jlUpck7Jo5ZsQjryTjKlc5aLWGVHPZLj5NeC6qMa0emYBDXOo6QBU0Wo=' };
const FILE = `Imports-Orders-1A2B3C4D/${IMPORT.importId}/import.json`;

/** One of each, as it may occur. */
export const EXAMPLES: readonly PaginatedImportError[] = [
  new catalogue.InvalidPageError(PAGE, 'records is null', 'an array'),
  new catalogue.FetchPageError(PAGE, 5, true, 'Error: the orders API answered 503'),
  new catalogue.HandlerCrashError(PAGE, 1, 'an error was thrown outside of its promise: Error: read ECONNRESET'),
  new catalogue.FetchPageTimeoutError(PAGE, 890, 5, 5),
  new catalogue.PageTooLargeError(PAGE, 201326592, 134217728),
  new catalogue.MaxWaitExceededError(PAGE, 86000, 3600, 86400),
  new catalogue.PageTokenLoopError(PAGE, '9f86d081884c', 3),
  new catalogue.RepeatedPageError(PAGE, 'fcde2b2edba5'),
  new catalogue.ShortPageError({ ...PAGE, pageNumber: 2 }, { page: 1, offset: 0, records: 100, pageSize: 250, mostRecords: 100, shownBy: 'later page' }),
  new catalogue.LongPageError({ ...PAGE, pageNumber: 2 }, { page: 1, offset: 0, records: 100 }, 25),
  new catalogue.EarlyEndError(PAGE),
  new catalogue.MaxEmptyPagesExceededError({ ...PAGE, pageNumber: 1007 }, 1000),
  new catalogue.MaxPagesExceededError(PAGE, 6),
  new catalogue.MaxRecordsExceededError(PAGE, 25, 90, 100),
  new catalogue.SourceModuleError('it has no default export'),
  new catalogue.SourceLoadError(PAGE, 'its code outside of the handler threw: Error: getaddrinfo EAI_AGAIN config.example.com'),
  new catalogue.CommitLogError(IMPORT.importId, 'commit record 12 is missing, below the pointer 40'),
  new catalogue.ImportNotFoundError(IMPORT.importId, BUCKET, FILE),
  new catalogue.ImportExpiredError(IMPORT.importId, '2026-02-01T03:00:00.000Z'),
  new catalogue.ForeignImportError(IMPORT.importId, { name: 'orders', owner: '123456789012/eu-central-1/Imports' }, {
    name: 'orders', owner: '210987654321/eu-central-1/Imports',
  }),
  new catalogue.DestinationChangedError(IMPORT, 'key', 'orders/latest.jsonl', 'orders/current.jsonl'),
  new catalogue.InvalidInputError('resumeFrom is not an import\'s id', 'the importId of a failed import, which is a UUID'),
  new catalogue.IncompatibleVersionError(FILE, 2, 1),
  new catalogue.MalformedFileError(FILE, 'it is not a JSON object'),
  new catalogue.StoreAccessError('PutObject', BUCKET, FILE, { answer: { code: 'AccessDenied', status: 403, ...IDS, text: 'Access Denied' } }),
  new catalogue.BucketNotFoundError(BUCKET, { answer: { code: 'NoSuchBucket', status: 404, ...IDS, text: 'The specified bucket does not exist' } }),
  new catalogue.StoreUnavailableError('PutObject', BUCKET, FILE, { answer: { code: 'SlowDown', status: 503, ...IDS, text: 'Please reduce your request rate.' } }),
  new catalogue.StoreRefusedError('PutObject', BUCKET, FILE, {
    answer: { code: 'KMS.DisabledException', status: 400, ...IDS, text: 'arn:aws:kms:eu-central-1:123456789012:key/1f0e is disabled.' },
  }),
  new catalogue.IntegrityError(IMPORT, 'S3 computed another size or CRC32 for the whole'),
  new catalogue.PublishConflictError(IMPORT, 'orders', 'orders/latest.jsonl'),
  new catalogue.StaleObjectError(IMPORT.importId, 'orders', 'orders/latest.jsonl'),
  new catalogue.FutureObjectError(IMPORT, 'orders', 'orders/latest.jsonl', '9999-12-31T00:00:00.000Z'),
  new catalogue.ObjectTooLargeError(IMPORT.importId, 60129542144000, 450000),
  new catalogue.TotalMismatchError(IMPORT, 1200, 1187),
  new catalogue.TooFewRecordsError(IMPORT, 3, 1000),
  new catalogue.EmptyImportError(IMPORT),
  new catalogue.UnknownColumnError(PAGE, 12, 'discount'),
  new catalogue.DestinationKeyError('has 1100 bytes for this import, and S3 allows 1024: orders/2026-01-02/...', 'Shorten it'),
  new catalogue.ConfigurationError('PAGINATED_IMPORT_CACHE_BUCKET', 'is not set'),
];

/** Names of the catalogue's errors. */
export const OWN_NAMES: readonly string[] = (Object.values(catalogue) as { readonly NAME?: string }[]).flatMap(({ NAME }) => NAME ?? []);

/** One entry of the document. */
export interface Entry {
  /** The names in its heading. */
  readonly names: readonly string[];
  /** All of it, heading included. */
  readonly text: string;
}

export function readErrorDocs(): string {
  return readFileSync(ERROR_DOCS, 'utf8');
}

export function entriesOf(markdown: string): Entry[] {
  return parts(markdown).slice(1).map((text) => ({ names: namesOf(text), text }));
}

/** The document with each message and each number of retries as they are in the code. */
export function withMechanicalParts(markdown: string): string {
  const [preface, ...entries] = parts(markdown);
  return [withQuotes(preface!, [RESUME_HINT, EMBEDDED_RESUME_HINT]), ...entries.map((text) => withRetries(withMessage(text)))].join('');
}

/** The text before the first entry, and the entries. A heading of a higher level ends an entry and belongs to it. */
function parts(markdown: string): string[] {
  return markdown.split(/^(?=### )/m);
}

function namesOf(entry: string): string[] {
  return [.../^### .*/.exec(entry)![0].matchAll(/`([^`]+)`/g)].map(([, name]) => name!);
}

function withMessage(entry: string): string {
  const example = EXAMPLES.find(({ name }) => name === namesOf(entry)[0]);
  return example === undefined ? entry : withQuotes(entry, [example.message.replace(RESUME_HINT, '[how to resume]')]);
}

/** A text with its quotes replaced, in their order. */
function withQuotes(text: string, quotes: readonly string[]): string {
  const remaining = [...quotes];
  return text.replace(/^> .*$/gm, (quote) => (remaining.length > 0 ? `> ${remaining.shift()}` : quote));
}

function withRetries(entry: string): string {
  const described = new Set(namesOf(entry).map(describeRetries));
  if (described.size !== 1) throw new Error(`${namesOf(entry).join(', ')} are not retried alike, and need entries of their own.`);
  return entry.replace(/^- \*\*Retried:\*\* (no|up to \d+ times, by [^.]*)\./m, () => `- **Retried:** ${[...described][0]}.`);
}

/** Retries by name, as the synthesized machine has them: attempts, and the states. */
export const RETRIES: ReadonlyMap<string, { readonly attempts: number; readonly states: readonly string[] }> = retriesOfMachine();

function describeRetries(name: string): string {
  const retries = RETRIES.get(name);
  return retries === undefined ? 'no' : `up to ${retries.attempts} times, by ${enumerated(retries.states)}`;
}

function enumerated(words: readonly string[]): string {
  return words.length === 1 ? words[0]! : `${words.slice(0, -1).join(', ')} and ${words.at(-1)}`;
}

function retriesOfMachine(): Map<string, { attempts: number; states: string[] }> {
  const { template, orders } = importStack();
  const { States } = definitionOf(template, orders.stateMachine);
  const retries = new Map<string, { attempts: number; states: string[] }>();
  for (const [state, { Retry = [] }] of Object.entries(States).sort(([a], [b]) => a.localeCompare(b))) {
    for (const { ErrorEquals, MaxAttempts } of Retry as Properties[]) {
      for (const name of ErrorEquals as string[]) {
        const known = retries.get(name) ?? { attempts: MaxAttempts as number, states: [] };
        if (known.attempts !== MaxAttempts) throw new Error(`${name} is retried ${known.attempts} times in one state and ${MaxAttempts} in another.`);
        known.states.push(state);
        retries.set(name, known);
      }
    }
  }
  return retries;
}
