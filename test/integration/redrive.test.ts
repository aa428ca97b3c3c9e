import { writeFileSync } from 'node:fs';
import { Duration, Size } from 'aws-cdk-lib';
import * as sfn from 'aws-cdk-lib/aws-stepfunctions';
import { PaginatedImport } from 'cdk-paginated-import';
import type { ImportResult } from '../../src/protocol/machine-state';
import type { NotedInput } from './fixtures/noted.source';
import { askedPages, failureOf, handlerOf, importIdOf, ImportRun, ImportsStack, orders, Run, S3Request, TestCloud } from './kit';

/** A redrive goes on from whichever step has failed, with the same import: nothing that was committed is fetched again. */

let cloud: TestCloud;
let checkIsBroken = false;
beforeAll(async () => {
  const check = (): void => {
    if (checkIsBroken) throw Object.assign(new Error('The check is down.'), { name: 'CheckError' });
  };
  cloud = await TestCloud.start((stack) => {
    // Every page is a chunk of its own.
    const props = { fetchPage: handlerOf('noted.source.ts'), chunkSize: Size.bytes(1) };
    stack.machine('Orders', { ...props, beforePersist: taskOf(stack, 'Check') });
    stack.machine('Long', { ...props, roundsPerExecution: 3 });
    stack.machine('Hasty', { ...props, timeout: Duration.seconds(100) });
    each(stack, new PaginatedImport(stack, 'OfLabel', stack.props(props)));
  }, { tasks: { Check: check } });
});
afterAll(async () => cloud?.[Symbol.asyncDispose]());

/** A task for which a function of the test stands in. */
function taskOf(stack: ImportsStack, id: string): sfn.CustomState {
  return new sfn.CustomState(stack, id, { stateJson: { Type: 'Task', Resource: 'arn:aws:states:::sqs:sendMessage' } });
}

/** An import for each label, one after the other. */
function each(stack: ImportsStack, fragment: PaginatedImport): void {
  const map = new sfn.Map(stack, 'EachLabel', { itemsPath: '$.imports', maxConcurrency: 1 });
  new sfn.StateMachine(stack, 'EachMachine', { definitionBody: sfn.DefinitionBody.fromChainable(map.itemProcessor(fragment)) });
}

function inputOf(input: Partial<NotedInput> = {}): NotedInput {
  return { count: 45, asked: cloud.unusedPath(), cure: cloud.unusedPath(), ...input };
}

/** States whose work was begun, in their order, those of child executions included. */
function scheduled({ events }: Run): string[] {
  return events.filter(({ type }) => type === 'TaskScheduled').map(({ state }) => state!);
}

/** What holds of every import that was redriven: it is the same execution and the same import, published whole. */
function expectWhole(failed: Run, { result, output }: ImportRun, { count, label = 'orders' }: NotedInput): void {
  expect(result).toMatchObject({ executionArn: failed.result.executionArn, startDate: failed.result.startDate, redriveCount: 1 });
  expect(output).toMatchObject({ outcome: 'published', records: count, pages: Math.ceil(count / 10) });
  expect(cloud.records(output)).toEqual(orders(count, label));
  expect(cloud.manifest(output).importId).toBe(output.importId);
  expect(cloud.cachedOf(output.importId, 'data/')).toEqual([]);
}

const puts = (end: string) => ({ operation, key }: S3Request): boolean => operation === 'PutObject' && key.endsWith(end);
const does = (name: string) => ({ operation }: S3Request): boolean => operation === name;

const ALL = ['Initialize', 'Fetch', 'Summarize', 'Check', 'Persist', 'CleanUp'];

/** Makes an object of more than a part's least size, which is not put at once. */
const LARGE: Partial<NotedInput> = { label: 'large '.repeat(10_500) };

test.each<[string, string, (request: S3Request) => boolean, Partial<NotedInput>?]>([
  ['Initialize', 'the import\'s file', puts('/import.json')],
  ['Fetch', 'a chunk', ({ operation, key }) => operation === 'PutObject' && key.includes('/data/00000002-')],
  ['Fetch', 'a commit record', puts('/commits/00000003.json')],
  ['Summarize', 'the summary', ({ operation, key }) => operation === 'PutObject' && key.includes('/data/summary-')],
  ['Persist', 'a small object', ({ operation, key }) => operation === 'PutObject' && key.startsWith('orders/') && key.endsWith('.jsonl')],
  ['Persist', 'the upload', does('CreateMultipartUpload'), LARGE],
  ['Persist', 'the object', does('CompleteMultipartUpload'), LARGE],
  ['Persist', 'the manifest', puts('.manifest.json')],
  ['Persist', 'the marker', puts('/published.json')],
  ['CleanUp', 'the deletion', does('DeleteObjects')],
])('%s that was denied %s', async (step, _, isMeant, kind = {}) => {
  const input = inputOf(kind);
  const failed = await cloud.denying(isMeant, async () => cloud.run('Orders', input));
  expect(failed.result).toMatchObject({ status: 'FAILED', error: 'StoreAccessError' });
  expect(failureOf(failed).errorMessage).toMatch(/redrive the execution/);
  const committed = step === 'Initialize' ? 0 : cloud.cachedOf(importIdOf(failed), 'commits/').length;
  const before = askedPages(input.asked).length;

  const redriven = await cloud.redriveToEnd(failed);

  expectWhole(failed, redriven, input);
  expect(scheduled(redriven)).toEqual(ALL.slice(ALL.indexOf(step)));
  if (step !== 'Initialize') expect(redriven.output.importId).toBe(importIdOf(failed));
  const askedAgain = step === 'Initialize' || step === 'Fetch';
  expect(askedPages(input.asked).slice(before)).toEqual(askedAgain ? [1, 2, 3, 4, 5].slice(committed) : []);
});

test('Fetch whose source has failed goes on at the page that failed', async () => {
  const input = inputOf({ badPage: 3, fault: 'throws' });
  const failed = await cloud.run('Orders', input);
  expect(failed.result).toMatchObject({ status: 'FAILED', error: 'FetchPageError' });
  writeFileSync(input.cure!, '');

  const redriven = await cloud.redriveToEnd(failed);
  expectWhole(failed, redriven, input);
  expect(redriven.output.importId).toBe(importIdOf(failed));
  expect(askedPages(input.asked)).toEqual([1, 2, 3, 3, 4, 5]);
});

test('a source that is still out of order fails the redrive as it failed the execution, and the next redrive goes on', async () => {
  const input = inputOf({ badPage: 3, fault: 'throws' });
  const failed = await cloud.run('Orders', input);
  const again = await cloud.redrive(failed);
  expect(again.result).toMatchObject({ status: 'FAILED', error: 'FetchPageError', redriveCount: 1 });
  writeFileSync(input.cure!, '');

  const { output, result } = await cloud.redriveToEnd(failed);
  expect(result.redriveCount).toBe(2);
  expect(cloud.records(output)).toEqual(orders(45));
  expect(askedPages(input.asked)).toEqual([1, 2, 3, 3, 3, 4, 5]);
});

test('BeforePersist runs again from the state in it that failed; nothing is fetched', async () => {
  const input = inputOf();
  checkIsBroken = true;
  const failed = await cloud.run('Orders', input);
  expect(failed.result).toMatchObject({ status: 'FAILED', error: 'CheckError' });
  checkIsBroken = false;

  const redriven = await cloud.redriveToEnd(failed);
  expectWhole(failed, redriven, input);
  expect(scheduled(redriven)).toEqual(['Check', 'Persist', 'CleanUp']);
  expect(askedPages(input.asked)).toEqual([1, 2, 3, 4, 5]);
});

test('ContinueInChild starts another child, which goes on at the page that failed', async () => {
  const input = inputOf({ pauseSeconds: 30, badPage: 4, fault: 'throws' });
  const failed = await cloud.run('Long', input);
  expect(failed.result).toMatchObject({ status: 'FAILED', error: 'States.TaskFailed' });
  writeFileSync(input.cure!, '');

  const redriven = await cloud.redriveToEnd(failed);
  expectWhole(failed, redriven, input);
  expect(redriven.output.importId).toBe(importIdOf(failed));
  expect(scheduled(redriven)[0]).toBe('ContinueInChild');
  expect(askedPages(input.asked)).toEqual([1, 2, 3, 4, 4, 5]);
});

test('an import that was stopped goes on, beside the invocation that was left behind', async () => {
  const input = inputOf({ badPage: 3, fault: 'hangs' });
  const execution = cloud.start('Orders/StateMachine', input);
  while (!askedPages(input.asked).includes(3)) await new Promise((resolve) => setTimeout(resolve, 5));
  execution.abort('Stopped', 'by a person');
  const stopped = await cloud.ended(execution);
  expect(stopped.result).toMatchObject({ status: 'ABORTED', error: 'Stopped' });
  expect(stopped.events.at(-2)).toMatchObject({ type: 'TaskStateAborted', state: 'Fetch' });

  const redriving = cloud.redriveToEnd(stopped);
  writeFileSync(input.cure!, '');
  const redriven = await redriving;
  expectWhole(stopped, redriven, input);
  expect(redriven.output.importId).toBe(importIdOf(stopped));
});

test('an import that has timed out has all of its time again', async () => {
  const input = inputOf({ count: 65, pauseSeconds: 30 });
  const timedOut = await cloud.run('Hasty', input);
  expect(timedOut.result).toMatchObject({ status: 'TIMED_OUT', error: 'States.Timeout' });
  const importId = importIdOf(timedOut);
  expect(cloud.published().filter((key) => key.includes(importId))).toEqual([]);

  const redriven = await cloud.redriveToEnd(timedOut);
  expectWhole(timedOut, redriven, input);
  expect(redriven.output.importId).toBe(importId);
  expect(askedPages(input.asked)).toEqual([1, 2, 3, 4, 5, 6, 7]);
});

test('of the imports in a Map, those that succeeded are left alone', async () => {
  const [good, bad, late] = ['good', 'bad', 'late'].map((label) => inputOf({ label, ...label === 'bad' && { badPage: 2, fault: 'throws' } }));
  const failed = await cloud.runMachine('EachMachine', { imports: [good, bad, late] });
  expect(failed.result).toMatchObject({ status: 'FAILED', error: 'FetchPageError' });
  writeFileSync(bad!.cure!, '');

  const { result } = await cloud.redrive(failed);
  expect(result).toMatchObject({ status: 'SUCCEEDED', executionArn: failed.result.executionArn });
  const outputs = result.output as unknown as ImportResult[];
  expect(outputs.map((output) => cloud.records(output))).toEqual(['good', 'bad', 'late'].map((label) => orders(45, label)));
  expect([good, bad, late].map((input) => askedPages(input!.asked))).toEqual([[1, 2, 3, 4, 5], [1, 2, 2, 3, 4, 5], [1, 2, 3, 4, 5]]);
});

test('an import that has succeeded, or still runs, cannot be redriven', async () => {
  const input = inputOf();
  const execution = cloud.start('Orders/StateMachine', input);
  expect(() => execution.redrive()).toThrow(expect.objectContaining({ name: 'ExecutionNotRedrivable', message: expect.stringContaining('is running') }));
  await cloud.ended(execution);
  expect(() => execution.redrive()).toThrow(expect.objectContaining({ name: 'ExecutionNotRedrivable', message: expect.stringContaining('has succeeded') }));
});
