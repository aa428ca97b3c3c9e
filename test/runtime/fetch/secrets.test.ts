import { UnknownColumns } from '../../../src/protocol/choices';
import { CommitRecord } from '../../../src/protocol/commit-record';
import { encodeFile } from '../../../src/protocol/file-format';
import { ImportKeys } from '../../../src/protocol/keys';
import { LoopState } from '../../../src/protocol/machine-state';
import { DEFAULT_OUTPUT, FormatName } from '../../../src/protocol/output-settings';
import { tokenDigest } from '../../../src/runtime/bytes/digest';
import { Observer } from '../../../src/runtime/ports/observer';
import { MemoryS3 } from '../../kit/memory-store';
import { ScriptedSource } from '../../kit/scripted-source';
import { CACHE_BUCKET, TestMachine, TestMachineOptions } from '../../kit/test-machine';

/** In each test, a token, a record or the input: what an importer must not reveal. */
const MARKER = 'a-secret-of-the-source';

const pageOf = (pageNumber: number): unknown => ({ records: [{ name: MARKER, pageNumber }], nextPageToken: `${MARKER}-${pageNumber}` });

/** Everything that an error shows, including causes. */
function shownBy(error: unknown): string {
  return error instanceof Error ? `${error.name} ${error.message} ${error.stack} ${shownBy(error.cause)}` : String(error);
}

/** An import with the given second page, run until it fails. */
async function failureOf(secondPage: unknown, options: Partial<TestMachineOptions> = {}): Promise<unknown> {
  const source = new ScriptedSource(({ pageNumber }) => pageNumber === 2 ? secondPage : pageOf(pageNumber));
  const machine = new TestMachine({ source, ...options });
  return machine.run({ apiKey: MARKER }).then(() => undefined, (error: unknown) => error);
}

function cyclic(): unknown {
  const record: Record<string, unknown> = { name: MARKER };
  record.self = record;
  return record;
}

const CSV: Partial<TestMachineOptions> = {
  output: { ...DEFAULT_OUTPUT, format: { name: FormatName.CSV, unknownColumns: UnknownColumns.FAIL } },
};

describe('no error shows what the source gave', () => {
  test.each<[string, unknown, Partial<TestMachineOptions>?]>([
    ['a string', MARKER],
    ['an object of another style', { [MARKER]: MARKER, [`x ${MARKER}`]: MARKER }],
    ['records that are none', { records: MARKER }],
    ['a record with a BigInt', { records: [{ name: MARKER, id: 1n }] }],
    ['a record with a cycle', { records: [cyclic()] }],
    ['a token that JSON cannot carry', { records: [], nextPageToken: cyclic() }],
    ['a token over the limit', { records: [], nextPageToken: MARKER.repeat(10_000) }],
    ['a token beside hasMore: false', { records: [], nextPageToken: MARKER, hasMore: false }],
    ['a bare array after a token', [MARKER]],
    ['a lost token', { records: [MARKER], hasMore: true }],
    ['a flag that is none', { records: [], hasMore: MARKER }],
    ['a total that is none', { records: [], total: MARKER }],
    ['a wait that is none', { retryAfterSeconds: MARKER }],
    ['the same token again', { records: [MARKER], nextPageToken: `${MARKER}-1` }],
    ['the same records again', { records: [{ name: MARKER, pageNumber: 1 }], nextPageToken: 'x' }],
    ['a page that is too large', { records: [MARKER.repeat(100)], nextPageToken: 'x' }, { settings: { pageBytes: 1000 } }],
    ['a total that does not match', { records: [MARKER], total: 99 }],
    ['a wait that is too long', { retryAfterSeconds: 9999, reason: MARKER }],
    ['short waits that are too long together', { retryAfterSeconds: 4, reason: MARKER }, { maxWaitSeconds: 7 }],
    ['a page too many', pageOf(2), { settings: { maxPages: 1 } }],
    ['a record too many', pageOf(2), { settings: { maxRecords: 1 } }],
    ['a record too few', { records: [MARKER] }, { minRecords: 3 }],
    ['a record that is no object, as CSV', { records: [MARKER] }, CSV],
    ['a record with a BigInt, as CSV', { records: [{ name: MARKER, pageNumber: 1n }] }, CSV],
    ['a record with a cycle, as CSV', { records: [{ name: cyclic() }] }, CSV],
    ['a field that is no column', { records: [{ [MARKER]: MARKER }] }, CSV],
    ['a value whose field is no column', { records: [{ other: MARKER }] }, CSV],
  ])('%s', async (...[, secondPage, options]) => {
    const error = await failureOf(secondPage, options);

    expect(error).toBeInstanceOf(Error);
    expect(shownBy(error)).not.toContain(MARKER);
  });
});

describe('nor what a handler throws with it', () => {
  const ENCODED = encodeURIComponent(MARKER);

  test.each<[string, unknown]>([
    ['in its message', new Error(`the key ${MARKER} is wrong`)],
    ['in its name', Object.assign(new Error('wrong'), { name: `Error of ${MARKER}` })],
    ['in a cause', new Error('wrong', { cause: new Error(MARKER) })],
    ['in an error of several', new AggregateError([new Error(MARKER)], 'wrong')],
    ['in a URL', new Error(`GET https://api.example.com/orders?key=${ENCODED}`)],
    ['in a header', new Error(`authorization: Bearer ${MARKER}`)],
    ['as a string', `no ${MARKER}`],
    ['as an object', { message: MARKER }],
  ])('%s', async (_where, thrown) => {
    const told: string[] = [];
    const source = new ScriptedSource(({ pageNumber }) => { if (pageNumber === 2) throw thrown; return pageOf(pageNumber); });
    const observer: Partial<Observer> = { attemptFailed: (failed) => told.push(JSON.stringify(failed)) };
    const machine = new TestMachine({ source, pageAttempts: 2, observer });
    const { message, stack } = await machine.run({ apiKey: MARKER }).then(() => { throw new Error('it did not fail'); }, (error: Error) => error);

    expect(told).toHaveLength(2);
    expect([message, stack, ...told].join('\n')).not.toContain(MARKER);
  });
});

test.each<[string, unknown, Partial<TestMachineOptions>?]>([
  ['PageTokenLoopError', { records: [MARKER], nextPageToken: `${MARKER}-1` }],
  ['RepeatedPageError', { records: [{ name: MARKER, pageNumber: 1 }], nextPageToken: 'x' }],
  ['PageTooLargeError', { records: [MARKER.repeat(100)], nextPageToken: 'x' }, { settings: { pageBytes: 1000 } }],
  ['MaxWaitExceededError', { retryAfterSeconds: 9999, reason: MARKER }],
  ['MaxPagesExceededError', pageOf(2), { settings: { maxPages: 1 } }],
  ['MaxRecordsExceededError', pageOf(2), { settings: { maxRecords: 1 } }],
  ['UnknownColumnError', { records: [{ other: MARKER }] }, CSV],
])('%s names the page, the digest of its token, and both ways to resume', async (...[name, secondPage, options]) => {
  const { name: thrown, message } = await failureOf(secondPage, options) as Error;

  expect(thrown).toBe(name);
  expect(message).toMatch(/page 2\b/i);
  expect(message).toContain(`SHA-256 ${tokenDigest(`${MARKER}-1`).slice(0, 12)}`);
  expect(message).toMatch(/`aws stepfunctions redrive-execution --execution-arn arn:aws:states:[^`]*:execution:orders:1`.*\{"resumeFrom":"[^"]+"\}\.$/);
});

describe('no error shows what the cache holds', () => {
  type Damage = (file: CommitRecord) => Uint8Array;

  test.each<[string, Damage]>([
    ['half a record', (file) => encodeFile(file).slice(0, -20)],
    ['a field of another type', (file) => encodeFile({ ...file, writerId: { MARKER } })],
    ['another version', (file) => encodeFile({ ...file, formatVersion: MARKER.length })],
    ['another token', (file) => encodeFile({ ...file, end: { pageNumber: 2, pageToken: `${MARKER}-other` } })],
    ['a final record that goes on', (file) => encodeFile({ ...file, final: true })],
  ])('%s', async (_what, damage) => {
    const s3 = new MemoryS3();
    const machine: TestMachine = new TestMachine({
      source: new ScriptedSource(async ({ pageNumber }) => {
        await machine.clock.sleep(600);
        return pageOf(pageNumber);
      }),
      s3, settings: { chunkBytes: 1 }, remaining: 2000,
    });
    const start = await machine.initialize({ apiKey: MARKER });
    await machine.fetch(start);
    await replaceFirstRecord(s3, machine.keys(start.importId), damage);

    const error = await machine.fetch(start).then(() => undefined, (thrown: unknown) => thrown);

    expect(error).toBeInstanceOf(Error);
    expect(shownBy(error)).not.toContain(MARKER);
  });

  async function replaceFirstRecord(s3: MemoryS3, keys: ImportKeys, damage: Damage): Promise<void> {
    const cache = s3.store(CACHE_BUCKET);
    const file = JSON.parse(new TextDecoder().decode(await cache.read(keys.commit(0)))) as CommitRecord;
    await cache.delete([keys.commit(0)]);
    await cache.writeIf(keys.commit(0), damage(file), 'absent');
  }
});

test('the state between the steps holds pointers and counters only', async () => {
  const machine: TestMachine = new TestMachine({
    source: new ScriptedSource(async ({ pageNumber }) => {
      await machine.clock.sleep(2500);
      return pageNumber < 6 ? pageOf(pageNumber) : { records: [] };
    }),
    remaining: 8000,
  });
  const states: LoopState[] = [await machine.initialize({ apiKey: MARKER })];
  while (states.at(-1)!.continue) states.push(await machine.fetch(states.at(-1)!));
  const persisted = await machine.persist(states[0]!);

  expect(states.length).toBeGreaterThan(2);
  expect(JSON.stringify([states, persisted, await machine.cleanUp(persisted)])).not.toContain(MARKER);
});
