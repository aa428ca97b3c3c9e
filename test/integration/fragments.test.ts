import { mkdirSync, writeFileSync } from 'node:fs';
import { Size } from 'aws-cdk-lib';
import * as sfn from 'aws-cdk-lib/aws-stepfunctions';
import { PaginatedImport } from 'cdk-paginated-import';
import type { ImportResult } from '../../src/protocol/machine-state';
import { askedPages, failureOf, handlerOf, ImportsStack, orders, resumeHintOf, TestCloud } from './kit';

/** The import as a part of a larger machine, and what may stand between its loop and Persist. */

let cloud: TestCloud;
beforeAll(async () => {
  cloud = await TestCloud.start((stack) => {
    twice(stack);
    each(stack);
    stack.machine('Checked', { beforePersist: atLeast(stack, 20), destination: stack.destination('checked.jsonl') });
    stack.machine('Long', { roundsPerExecution: 3 });
    embedded(stack);
  });
});
afterAll(async () => cloud?.[Symbol.asyncDispose]());

/** Two imports one after the other, the second with the input of the first. */
function twice(stack: ImportsStack): void {
  const first = new PaginatedImport(stack, 'First', stack.props()).prefixStates();
  const second = new PaginatedImport(stack, 'Second', stack.props({ pageSize: 7 }));
  const definition = first.toSingleState({ stateId: 'ImportFirst', resultPath: '$.first', resultSelector: onlyBranch() })
    .next(second.toSingleState({ stateId: 'ImportSecond', resultPath: '$.second', resultSelector: onlyBranch() }));
  machineOf(stack, 'Twice', definition);
}

/** An import for each label, all at once. */
function each(stack: ImportsStack): void {
  const map = new sfn.Map(stack, 'EachLabel', { itemsPath: '$.imports' });
  map.itemProcessor(new PaginatedImport(stack, 'ForLabel', stack.props()));
  machineOf(stack, 'Each', map);
}

/** An import in a branch, behind a state that makes its input: that of the machine is another. */
function embedded(stack: ImportsStack): void {
  const inputOfImport = new sfn.Pass(stack, 'InputOfImport', { inputPath: '$.ofImport' });
  const part = new PaginatedImport(stack, 'Part', stack.props({ fetchPage: handlerOf('noted.source.ts'), chunkSize: Size.bytes(1) }));
  const parallel = new sfn.Parallel(stack, 'Both', { outputPath: '$[0]' }).branch(inputOfImport.next(part)).branch(new sfn.Pass(stack, 'Beside'));
  machineOf(stack, 'Embedded', parallel);
}

/** Fails an import that is too small. What it returns would be a strange input for Persist. */
function atLeast(stack: ImportsStack, records: number): sfn.IChainable {
  const tooFew = new sfn.Fail(stack, 'TooFew', { error: 'TooFewRecords', cause: `There must be ${records}.` });
  const enough = new sfn.Pass(stack, 'Enough', { result: sfn.Result.fromObject({ importId: 'none', continue: true }) });
  return new sfn.Choice(stack, 'Check').when(sfn.Condition.numberLessThan('$.records', records), tooFew).otherwise(enough);
}

function machineOf(stack: ImportsStack, id: string, definition: sfn.IChainable): void {
  new sfn.StateMachine(stack, `${id}Machine`, { definitionBody: sfn.DefinitionBody.fromChainable(definition), stateMachineName: id });
}

function onlyBranch(): { [name: string]: unknown } {
  return { 'result.$': '$[0]' };
}

test('two imports in one machine do not get in each other\'s way', async () => {
  const { result } = await cloud.runMachine('TwiceMachine', { count: 25 });
  expect(result).toMatchObject({ status: 'SUCCEEDED' });
  const { first, second } = result.output as unknown as Record<'first' | 'second', { readonly result: ImportResult }>;
  expect([first.result.pages, second.result.pages]).toEqual([4, 5]);
  expect(first.result.importId).not.toBe(second.result.importId);
  expect([first, second].map(({ result: output }) => cloud.records(output))).toEqual([orders(25), orders(25)]);
});

test('imports in a Map run at once, each with an item as its input', async () => {
  const imports = ['north', 'east', 'south', 'west'].map((label, index) => ({ label, count: 12 * index }));
  const { result } = await cloud.runMachine('EachMachine', { imports });
  expect(result).toMatchObject({ status: 'SUCCEEDED' });
  const outputs = result.output as unknown as ImportResult[];
  expect(new Set(outputs.map(({ importId }) => importId)).size).toBe(4);
  expect(outputs.map((output) => cloud.records(output))).toEqual(imports.map(({ label, count }) => orders(count, label)));
});

test('BeforePersist sees what the import has, and what it returns is dropped', async () => {
  const { output, events, entered } = await cloud.import('Checked', { count: 25, style: 'flag' });
  expect(entered.slice(3, 8)).toEqual(['BeforePersist', 'Summarize', 'Check', 'Enough', 'Persist']);
  const seen = events.find(({ state, type }) => state === 'Check' && type === 'ChoiceStateEntered')!.input;
  expect(seen).toEqual({
    importId: output.importId, records: 25, pages: 3, bytes: output.bytes,
    summary: { bucket: cloud.local.bucketName('Cache'), key: expect.stringMatching(new RegExp(`^${cloud.folderOf(output.importId)}/data/summary-.*\\.json$`)) },
    destination: { bucket: output.bucket, key: output.key, manifestKey: output.manifestKey },
  });
  expect(cloud.records(output)).toEqual(orders(25));
});

test('when BeforePersist fails, nothing is published and what was there stays', async () => {
  const before = await cloud.import('Checked', { count: 30 });
  const { result, entered } = await cloud.run('Checked', { count: 19 });
  expect(result).toMatchObject({ status: 'FAILED', error: 'TooFewRecords', cause: 'There must be 20.' });
  expect(entered).not.toContain('Persist');
  expect(cloud.records(before.output)).toEqual(orders(30));
  expect(cloud.manifest(before.output).importId).toBe(before.output.importId);
});

test('an import that has had its rounds goes on in child executions', async () => {
  const pauses = cloud.unusedPath();
  mkdirSync(pauses);
  const { output, entered, events } = await cloud.import('Long', { count: 75, style: 'flag', pauses });
  expect(cloud.records(output)).toEqual(orders(75));
  expect(output).toMatchObject({ records: 75, pages: 8 });
  const executions = new Set(events.map(({ executionArn }) => executionArn));
  expect(executions.size).toBeGreaterThan(3);
  expect(entered.filter((state) => state === 'ContinueInChild')).toHaveLength(executions.size - 1);
  expect(entered.filter((state) => state === 'Initialize')).toHaveLength(1);
});

describe('the message of an import that has failed in a larger machine', () => {
  /** Fails at page 3 of 5, until its cure is there. */
  async function failedInside() {
    const input = { count: 45, asked: cloud.unusedPath(), cure: cloud.unusedPath(), badPage: 3, fault: 'throws' };
    const failed = await cloud.runMachine('EmbeddedMachine', { ofImport: input });
    expect(failed.result).toMatchObject({ status: 'FAILED', error: 'FetchPageError' });
    writeFileSync(input.cure, '');
    return { input, failed, message: failureOf(failed).errorMessage };
  }

  test('names the execution whose redrive goes on with it', async () => {
    const { input, failed, message } = await failedInside();
    expect(message).toContain(`redrive with \`aws stepfunctions redrive-execution --execution-arn ${failed.result.executionArn}\``);

    const { result } = await cloud.redrive(failed);
    expect(result).toMatchObject({ status: 'SUCCEEDED', output: { outcome: 'published', records: 45 } });
    expect(cloud.records(result.output as unknown as ImportResult)).toEqual(orders(45));
    expect(askedPages(input.asked)).toEqual([1, 2, 3, 3, 4, 5]);
  });

  test('names the input that its own first state must get in a new execution', async () => {
    const { input, failed, message } = await failedInside();
    const resumeFrom = resumeHintOf(failed);
    expect(message).toContain(`start a new execution of the larger machine in which the import's own first state gets ${JSON.stringify(resumeFrom)} as its input.`);

    const { result } = await cloud.runMachine('EmbeddedMachine', { ofImport: resumeFrom });
    expect(result).toMatchObject({ status: 'SUCCEEDED', output: { importId: resumeFrom.resumeFrom, outcome: 'published', records: 45 } });
    expect(cloud.records(result.output as unknown as ImportResult)).toEqual(orders(45));
    expect(askedPages(input.asked)).toEqual([1, 2, 3, 3, 4, 5]);
  });
});
