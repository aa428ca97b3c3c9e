import { mkdirSync, writeFileSync } from 'node:fs';
import { Size } from 'aws-cdk-lib';
import type { Interceptor } from 'cdk-paginated-import/local';
import type { CommitRecord } from '../../src/protocol/commit-record';
import type { ImportResult } from '../../src/protocol/machine-state';
import { importIdOf, orders, Run, TestCloud } from './kit';

/** Going on with an import in another execution: what is kept, and what happens where there is nothing to go on with. */

let cloud: TestCloud;
beforeAll(async () => {
  cloud = await TestCloud.start((stack) => {
    // Every page is a chunk of its own.
    const chunkSize = Size.bytes(1);
    const begun = stack.machine('Orders', { chunkSize });
    stack.machine('Latest', { chunkSize, destination: stack.destination('orders/latest.jsonl') });
    stack.redeployed('Changed', begun, { chunkSize, pageSize: 7 });
    stack.redeployed('Elsewhere', begun, { chunkSize, destination: stack.destination('elsewhere/{importId}.jsonl') });
    stack.redeployed('Long', begun, { chunkSize, roundsPerExecution: 3 });
  });
});
afterAll(async () => cloud?.[Symbol.asyncDispose]());

type Request = Parameters<Interceptor>[0];

/** An execution that S3 refuses a request. */
async function denied(id: string, input: unknown, isMeant: (request: Request) => boolean): Promise<Run> {
  const remove = cloud.local.s3.intercept((request) => (isMeant(request) ? { kind: 'fail', code: 'AccessDenied', status: 403 } : undefined));
  const run = await cloud.run(id, input).finally(remove);
  expect(run.result.status).toBe('FAILED');
  return run;
}

/** So many records can be written, and no more. */
const failsAfter = (records: number) => ({ operation, key }: Request): boolean => operation === 'PutObject' && key.endsWith(`commits/0000000${records}.json`);
const failsToCleanUp = ({ operation }: Request): boolean => operation === 'DeleteObjects';

/** Resolves with the import that is the next to commit its first page. */
async function nextToCommit(): Promise<string> {
  return new Promise((resolve) => {
    const remove = cloud.local.s3.intercept(({ operation, key }) => {
      const importId = /^cache\/[^/]*\/(.*)\/commits\/00000000\.json$/.exec(key)?.[1];
      if (operation !== 'PutObject' || importId === undefined) return undefined;
      remove();
      resolve(importId);
      return undefined;
    });
  });
}

function log(importId: string): CommitRecord[] {
  return cloud.cachedOf(importId, 'commits/').map((key) => cloud.cachedFile(key) as CommitRecord);
}

function chunks(importId: string): string[] {
  return cloud.cachedOf(importId, 'data/');
}

/** Names and contents of all that an import has left behind. */
function leftBy({ importId, bucket, key, manifestKey }: ImportResult): unknown[] {
  const published = [key, manifestKey].map((name) => cloud.local.s3.read(bucket, name).toString());
  return [...cloud.cachedOf(importId).map((name) => [name, cloud.cachedFile(name)] as const), ...published];
}

test('it goes on after the last committed page, and keeps what is committed', async () => {
  const run = await denied('Orders', { count: 45 }, failsAfter(3));
  const importId = importIdOf(run);
  const committed = log(importId);
  expect(committed.at(-1)).toMatchObject({ lastPage: 3 });

  const { output, entered, result } = await cloud.import('Orders', { resumeFrom: importId });

  expect(result.executionArn).not.toBe(run.result.executionArn);
  expect(entered).toEqual(['Initialize', 'Fetch', 'PersistOrContinue', 'Persist', 'PersistOrCleanUp', 'CleanUp']);
  expect(output).toMatchObject({ importId, outcome: 'published', records: 45, pages: 6 });
  expect(cloud.records(output)).toEqual(orders(45));
  expect(log(importId).slice(0, committed.length)).toEqual(committed);
});

test('an import that fails again and again loses nothing', async () => {
  let importId = importIdOf(await denied('Orders', { count: 65, style: 'token' }, failsAfter(3)));
  for (const records of [4, 5]) {
    const run = await denied('Orders', { resumeFrom: importId }, failsAfter(records));
    importId = importIdOf(run);
    expect(log(importId)).toHaveLength(records);
  }

  const { output } = await cloud.import('Orders', { resumeFrom: importId });
  expect(output).toMatchObject({ importId, records: 65 });
  expect(cloud.records(output)).toEqual(orders(65));
});

test('an import that failed in a child execution is resumed like any other', async () => {
  const pauses = cloud.unusedPath();
  mkdirSync(pauses);
  const run = await denied('Long', { count: 45, pauses }, failsAfter(3));
  expect(run.result.error).toBe('States.TaskFailed');
  expect(run.entered).toContain('ContinueInChild');

  const { output } = await cloud.import('Long', { resumeFrom: importIdOf(run) });
  expect(output).toMatchObject({ importId: importIdOf(run), records: 45 });
  expect(cloud.records(output)).toEqual(orders(45));
});

test('an import that was stopped is resumed, though its last invocation may still run', async () => {
  const gate = cloud.unusedPath();
  const importId = nextToCommit();
  const stopped = cloud.local.startExecution('Orders/StateMachine', { count: 45, gate });
  const resumeFrom = await importId;
  stopped.abort('Stopped', 'by a person');
  await expect(stopped.result()).resolves.toMatchObject({ status: 'ABORTED' });

  writeFileSync(gate, '');
  const { output } = await cloud.import('Orders', { resumeFrom });
  expect(output).toMatchObject({ importId: resumeFrom, outcome: 'published', records: 45 });
  expect(cloud.records(output)).toEqual(orders(45));
});

test('an import that still runs may be resumed: both executions end with what either has published', async () => {
  const gate = cloud.unusedPath();
  const importId = nextToCommit();
  const first = cloud.import('Orders', { count: 95, gate });
  const resumed = cloud.import('Orders', { resumeFrom: await importId });
  writeFileSync(gate, '');

  const outputs = (await Promise.all([first, resumed])).map(({ output }) => output);
  expect(outputs[0]).toMatchObject({ importId: await importId, outcome: 'published', records: 95, pages: 11 });
  expect(outputs[1]).toEqual(outputs[0]);
  expect(cloud.records(outputs[0]!)).toEqual(orders(95));
  expect(log(await importId).map(({ index }) => index)).toEqual([...Array(11).keys()]);
  expect(chunks(await importId)).toEqual([]);
});

test('an import that has been published is resumed without doing anything, and says again what its result was', async () => {
  const { output } = await cloud.import('Orders', { count: 25 });
  const before = leftBy(output);

  const again = await cloud.import('Orders', { resumeFrom: output.importId });
  expect(again.entered).toEqual(['Initialize', 'Fetch', 'PersistOrContinue', 'Persist', 'PersistOrCleanUp', 'CleanUp']);
  expect(again.output).toEqual(output);
  expect(leftBy(output)).toEqual(before);
});

test('an import that newer ones have followed replaces nothing when it is resumed', async () => {
  const older = await cloud.import('Latest', { count: 15, label: 'older' });
  const failed = await denied('Latest', { count: 45, label: 'failed' }, failsAfter(3));
  const newer = await cloud.import('Latest', { count: 25, label: 'newer' });

  await expect(cloud.import('Latest', { resumeFrom: older.output.importId })).resolves.toMatchObject({ output: older.output });
  const { output } = await cloud.import('Latest', { resumeFrom: importIdOf(failed) });
  expect(output).toMatchObject({ importId: importIdOf(failed), outcome: 'superseded', records: 45 });
  await expect(cloud.import('Latest', { resumeFrom: output.importId })).resolves.toMatchObject({ output });
  expect(cloud.records(newer.output)).toEqual(orders(25, 'newer'));
  expect(cloud.manifest(newer.output)).toMatchObject({ importId: newer.output.importId });
});

test('a clean-up that had failed is finished', async () => {
  const run = await denied('Orders', { count: 25 }, failsToCleanUp);
  const importId = importIdOf(run);
  expect(run.entered.at(-1)).toBe('CleanUp');
  expect(chunks(importId)).not.toEqual([]);

  const { output } = await cloud.import('Orders', { resumeFrom: importId });
  expect(output).toMatchObject({ importId, outcome: 'published', records: 25 });
  expect(chunks(importId)).toEqual([]);
  expect(cloud.records(output)).toEqual(orders(25));
});

test('the stack\'s page size may change meanwhile: the import keeps its own', async () => {
  const importId = importIdOf(await denied('Orders', { count: 45 }, failsAfter(3)));

  const { output } = await cloud.import('Changed', { resumeFrom: importId });
  expect(output).toMatchObject({ importId, key: `orders/${importId}.jsonl`, records: 45, pages: 6 });
  expect(cloud.records(output)).toEqual(orders(45));
});

test('the stack\'s destination must not change meanwhile: the import is refused, and goes on once it is put back', async () => {
  const importId = importIdOf(await denied('Orders', { count: 45 }, failsAfter(3)));

  const run = await cloud.run('Elsewhere', { resumeFrom: importId });
  expect(run.result).toMatchObject({ status: 'FAILED', error: 'DestinationChangedError' });
  expect(run.entered).toEqual(['Initialize']);
  const { output } = await cloud.import('Orders', { resumeFrom: importId });
  expect(cloud.records(output)).toEqual(orders(45));
  expect(cloud.published().filter((key) => key.startsWith('elsewhere/'))).toEqual([]);
});

test('another machine over the same cache does not find it', async () => {
  const importId = importIdOf(await denied('Orders', { count: 45 }, failsAfter(3)));

  const run = await cloud.run('Latest', { resumeFrom: importId });
  expect(run.result).toMatchObject({ status: 'FAILED', error: 'ImportNotFoundError' });
  expect(run.entered).toEqual(['Initialize']);
});
