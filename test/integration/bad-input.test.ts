import { writeFileSync } from 'node:fs';
import { Duration } from 'aws-cdk-lib';
import type { CommitRecord } from '../../src/protocol/commit-record';
import { ATTEMPT_FAILED_MESSAGE, STEP_FAILED_MESSAGE } from '../../src/protocol/environment';
import type { LoopState } from '../../src/protocol/machine-state';
import type { Fault } from './fixtures/faulty.source';
import { failureOf, handlerOf, importIdOf, orders, resumeHintOf, Run, TestCloud } from './kit';

/** A handler that does something wrong ends the execution with a clear error, and nothing that was fetched before it is lost. */

let cloud: TestCloud;
beforeAll(async () => {
  cloud = await TestCloud.start((stack) => {
    // The shortest timeout in which a page that never comes is told from a slow one.
    const props = { fetchPage: handlerOf('faulty.source.ts'), fetchFunction: { timeout: Duration.seconds(2) } };
    stack.machine('Faulty', { ...props, maxAttemptsPerPage: 2 });
    stack.machine('Persistent', { ...props, maxAttemptsPerPage: 9, roundsPerExecution: 2 });
  });
});
afterAll(async () => cloud?.[Symbol.asyncDispose]());

interface FaultyRun extends Run {
  /** A file that cures the source once it exists. */
  readonly cure: string;
}

async function runWith(fault: Fault): Promise<FaultyRun> {
  const cure = cloud.unusedPath();
  return { ...await cloud.run('Faulty', { count: 45, fault, cure }), cure };
}

/** Pages that are committed, by the last record of the log. */
function committedPages(importId: string): number {
  const records = cloud.cachedOf(importId, 'commits/').map((key) => cloud.cachedFile(key) as CommitRecord);
  return records.at(-1)?.lastPage ?? 0;
}

function expectFailure(run: Run, error: string, problem: RegExp): void {
  expect(run.result).toMatchObject({ status: 'FAILED', error });
  const { errorType, errorMessage } = failureOf(run);
  expect(errorType).toBe(error);
  expect(errorMessage).toMatch(problem);
  expect(errorMessage).toContain('page 3');
  expect(errorMessage).toContain(`\`aws stepfunctions redrive-execution --execution-arn ${run.result.executionArn}\``);
}

/** The pages before the failure are committed and not published; what the message says to do imports the rest. */
async function expectResumable({ cure, ...run }: FaultyRun): Promise<void> {
  const hint = resumeHintOf(run);
  expect(committedPages(hint.resumeFrom)).toBe(2);
  expect(cloud.published().filter((key) => key.includes(hint.resumeFrom))).toEqual([]);
  writeFileSync(cure, '');
  const { output } = await cloud.import('Faulty', hint);
  expect(output).toMatchObject({ importId: hint.resumeFrom, records: 45, pages: 6 });
  expect(cloud.records(output)).toEqual(orders(45));
}

test.each<[Fault, string, RegExp]>([
  ['a string', 'InvalidPageError', /it is a string; expected an array of records/],
  ['a number', 'InvalidPageError', /it is 7; expected an array of records/],
  ['null', 'InvalidPageError', /it is null; expected an array of records/],
  ['no records', 'InvalidPageError', /it has no field records \(it has: items, next\)/],
  ['records that are none', 'InvalidPageError', /records is a string; expected an array/],
  ['a BigInt', 'InvalidPageError', /records\[0\]\.id is a BigInt, which JSON cannot carry/],
  ['a cycle', 'InvalidPageError', /records\[0\]\.self refers back to an object that it is part of/],
  ['a function', 'InvalidPageError', /records\[0\] is a function, of which JSON keeps nothing/],
  ['a token that is too long', 'InvalidPageError', /nextPageToken has 65538 bytes as JSON; expected at most 65536/],
  ['a negative pause', 'FetchPageError', /failed on page 3, attempt 2: RetryLaterError: The source asks for a retry without saying when/],
  ['a total that is none', 'InvalidPageError', /total is 1.5; expected a whole number/],
  ['a thrown string', 'FetchPageError', /failed on page 3, attempt 2: it threw the string "out of order"/],
  ['a thrown error', 'FetchPageError', /failed on page 3, attempt 2: TypeError: fetch failed/],
  ['a refused connection', 'FetchPageError', /failed on page 3, attempt 2: TypeError: fetch failed; caused by Error: connect ECONNREFUSED 127\.0\.0\.1:2\. See/],
])('%s for a page is a %s that names it, and the import can be resumed', async (fault, error, problem) => {
  const run = await runWith(fault);
  expectFailure(run, error, problem);
  await expectResumable(run);
});

test('a handler that never answers has its attempts, each with an invocation of its own, and the import can be resumed', async () => {
  const run = await runWith('no answer');
  expectFailure(run, 'FetchPageTimeoutError', /had not answered for page 3 after \d+ s, when the fetch function's time was up, in attempt 2 of 2/);
  const failures = run.events.filter(({ type }) => type === 'TaskFailed').map(({ error }) => error);
  expect(failures).toEqual(['FetchPageTimeoutError']);
  // The first invocation has the pages before.
  expect(run.entered.filter((state) => state === 'Fetch')).toHaveLength(3);
  await expectResumable(run);
});

test('a page has all its attempts, though neither an invocation nor an execution has the time for them', async () => {
  const run = await cloud.run('Persistent', { count: 45, fault: 'a thrown error', cure: cloud.unusedPath() });
  expect(run.result.status).toBe('FAILED');
  expect(run.result.cause).toContain('failed on page 3, attempt 9: TypeError: fetch failed');
  const counted = run.events.filter(({ type, state }) => type === 'TaskStateExited' && state === 'Fetch').map(({ output }) => (output as unknown as LoopState).failedAttempts);
  expect(counted).toEqual([...counted].sort((one, other) => one - other));
  expect(run.execution.children.length).toBeGreaterThan(0);
});

/** The lines of JSON that a run's functions have written with this message. */
function linesOf(message: string, importId: string): Record<string, unknown>[] {
  const lines = cloud.log.filter(({ text }) => text.includes(message)).map(({ text }) => JSON.parse(text) as Record<string, unknown>);
  return lines.filter((line) => line.importId === importId);
}

test('each failed attempt is a line in the log, and so is the step that fails in the end', async () => {
  const run = await runWith('a refused connection');
  const importId = importIdOf(run);
  const failed = { level: 'WARN', page: 3, attempts: 2, reason: 'TypeError: fetch failed; caused by Error: connect ECONNREFUSED 127.0.0.1:2' };
  expect(linesOf(ATTEMPT_FAILED_MESSAGE, importId)).toMatchObject([
    { ...failed, attempt: 1, retryInSeconds: expect.any(Number) as number }, { ...failed, attempt: 2, retryInSeconds: null },
  ]);
  expect(linesOf(STEP_FAILED_MESSAGE, importId)).toMatchObject([
    { level: 'ERROR', step: 'Fetch', error: 'FetchPageError', reason: failureOf(run).errorMessage },
  ]);
  expect(cloud.log.map(({ text }) => text).join('\n')).not.toContain('5ecret');
});

test('a page starts with its first attempt again when the execution is redriven', async () => {
  const cure = cloud.unusedPath();
  const run = await cloud.run('Persistent', { count: 45, fault: 'a refused connection', cure });
  await cloud.redrive(run);
  const attempts = linesOf(ATTEMPT_FAILED_MESSAGE, importIdOf(run)).map(({ attempt }) => attempt);
  expect(attempts).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 1, 2, 3, 4, 5, 6, 7, 8, 9]);
});

test('an import that there is not is named', async () => {
  const run = await cloud.run('Faulty', { resumeFrom: '00000000-0000-4000-8000-000000000000' });
  expect(run.result).toMatchObject({ status: 'FAILED', error: 'ImportNotFoundError' });
  expect(failureOf(run).errorMessage).toContain('There is no import 00000000-0000-4000-8000-000000000000');
});
