import { writeFileSync } from 'node:fs';
import { Duration, Size } from 'aws-cdk-lib';
import * as sfn from 'aws-cdk-lib/aws-stepfunctions';
import { PaginatedImport } from 'cdk-paginated-import';
import type { Execution } from 'cdk-paginated-import/local';
import type { CommitRecord } from '../../src/protocol/commit-record';
import type { ImportResult, LoopState } from '../../src/protocol/machine-state';
import type { NotedInput } from './fixtures/noted.source';
import { askedPages, handlerOf, importIdOf, ImportsStack, orders, Run, TestCloud } from './kit';

/** An import that has had its rounds goes on in child executions: a chain of them, which ends as the import ends. */

let cloud: TestCloud;
beforeAll(async () => {
  cloud = await TestCloud.start((stack) => {
    // Every page is a chunk of its own, and takes two rounds: one for its pause.
    const props = { fetchPage: handlerOf('noted.source.ts'), chunkSize: Size.bytes(1), roundsPerExecution: 4 };
    stack.machine('Long', props);
    stack.machine('Hasty', { ...props, timeout: Duration.seconds(100) });
    patient(stack, new PaginatedImport(stack, 'OfLittleTime', stack.props({ ...props, timeout: Duration.seconds(50) })));
    twice(stack, new PaginatedImport(stack, 'First', stack.props(props)), new PaginatedImport(stack, 'Second', stack.props(props)));
    each(stack, new PaginatedImport(stack, 'OfLabel', stack.props(props)));
  });
});
afterAll(async () => cloud?.[Symbol.asyncDispose]());

/** Two imports at once in somebody else's machine. */
function twice(stack: ImportsStack, first: PaginatedImport, second: PaginatedImport): void {
  const both = new sfn.Parallel(stack, 'Both').branch(first.prefixStates(), second.prefixStates());
  new sfn.StateMachine(stack, 'TwiceMachine', { definitionBody: sfn.DefinitionBody.fromChainable(both) });
}

/** A machine that would wait longer for its import's child than the child may take. */
function patient(stack: ImportsStack, fragment: PaginatedImport): void {
  new sfn.StateMachine(stack, 'PatientMachine', { definitionBody: sfn.DefinitionBody.fromChainable(fragment) });
}

/** An import for each label, all at once. */
function each(stack: ImportsStack, fragment: PaginatedImport): void {
  const map = new sfn.Map(stack, 'EachLabel', { itemsPath: '$.imports' });
  new sfn.StateMachine(stack, 'EachMachine', { definitionBody: sfn.DefinitionBody.fromChainable(map.itemProcessor(fragment)) });
}

function inputOf(input: Partial<NotedInput> = {}): NotedInput {
  return { count: 75, pauseSeconds: 30, asked: cloud.unusedPath(), cure: cloud.unusedPath(), ...input };
}

/** Names of the states that one execution has entered. */
function enteredBy(execution: Execution, { events }: Run): string[] {
  return events
    .filter(({ executionArn, type }) => executionArn === execution.executionArn && type.endsWith('StateEntered'))
    .map(({ state }) => state!);
}

function committedPages(importId: string): number {
  const log = cloud.cachedOf(importId, 'commits/').map((key) => cloud.cachedFile(key) as CommitRecord);
  return log.at(-1)?.lastPage ?? 0;
}

async function asked(input: NotedInput, page: number): Promise<void> {
  while (!askedPages(input.asked).includes(page)) await new Promise((resolve) => setTimeout(resolve, 5));
}

/** The child that a failed ContinueInChild names in its cause. */
interface FailedChild {
  readonly ExecutionArn: string;
  readonly Status: string;
  readonly Error?: string;
  readonly Cause?: string;
}

const LOOP_STATE: readonly (keyof LoopState)[] = [
  'importId', 'continue', 'waitSeconds', 'waitedSeconds', 'failedAttempts', 'redriveCount', 'parentRedriveCount', 'chunks', 'pages', 'records', 'round',
];

test('the chain is as long as it has to be, and each of its executions begins where the one before has ended', async () => {
  const input = inputOf();
  const run = await cloud.import('Long', input);
  expect(run.output).toMatchObject({ records: 75, pages: 8 });
  expect(cloud.records(run.output)).toEqual(orders(75));
  expect(askedPages(input.asked)).toEqual([1, 2, 3, 4, 5, 6, 7, 8]);

  const { children } = run.execution;
  const starts = children.map((child) => child.input as unknown as LoopState);
  expect(starts.map(({ pages, chunks, round }) => ({ pages, chunks, round }))).toEqual([
    { pages: 2, chunks: 2, round: 0 }, { pages: 4, chunks: 4, round: 0 }, { pages: 6, chunks: 6, round: 0 },
  ]);
  const results = await Promise.all(children.map(async (child) => child.result()));
  expect(results.map(({ status, output }) => [status, (output as unknown as LoopState).continue])).toEqual([
    ['SUCCEEDED', true], ['SUCCEEDED', true], ['SUCCEEDED', false],
  ]);
  expect(run.entered.filter((state) => ['Initialize', 'Persist', 'CleanUp'].includes(state))).toEqual(['Initialize', 'Persist', 'CleanUp']);
});

test('a pause that is due at the hand-over is made by the child', async () => {
  const run = await cloud.import('Long', inputOf());
  const [first] = run.execution.children;
  expect(first!.input).toMatchObject({ waitSeconds: 30, waitedSeconds: 30, continue: true });
  expect(enteredBy(run.execution, run)).toEqual([
    'Initialize', 'Fetch', 'PersistOrContinue', 'Wait', 'Fetch', 'PersistOrContinue',
    ...Array(3).fill(['ContinueInChild', 'PersistOrContinue']).flat(), 'Persist', 'PersistOrCleanUp', 'CleanUp',
  ]);
  expect(enteredBy(first!, run)).toEqual(['PersistOrContinue', ...Array(2).fill(['Wait', 'Fetch', 'PersistOrContinue']).flat(), 'Done']);
});

test('pointers and counters alone go from one execution to the next, whatever the source\'s tokens and records are', async () => {
  const run = await cloud.import('Long', inputOf({ tokenBytes: 60_000 }));
  const between = run.events.filter(({ state, type }) => type.endsWith('StateEntered') && state !== 'Initialize' && state !== 'CleanUp');
  expect(between.length).toBeGreaterThan(10);
  for (const { input } of between) expect(JSON.stringify(input).length).toBeLessThan(1000);
  const { children } = run.execution;
  expect(children.length).toBeGreaterThan(1);
  for (const child of children) {
    expect(Object.keys(child.input as object).sort()).toEqual([...LOOP_STATE, 'AWS_STEP_FUNCTIONS_STARTED_BY_EXECUTION_ID'].sort());
    expect(child.input).toMatchObject({ AWS_STEP_FUNCTIONS_STARTED_BY_EXECUTION_ID: run.execution.executionArn });
    expect(Object.keys((await child.result()).output as object).sort()).toEqual(expect.arrayContaining([...LOOP_STATE].sort()));
  }
  expect(cloud.records(run.output)).toEqual(orders(75));
});

test('two imports in somebody else\'s machine have a chain each', async () => {
  const run = await cloud.runMachine('TwiceMachine', inputOf());
  expect(run.result).toMatchObject({ status: 'SUCCEEDED' });
  const outputs = run.result.output as unknown as ImportResult[];
  expect(outputs.map((output) => cloud.records(output))).toEqual([orders(75), orders(75)]);

  const { children } = run.execution;
  const machineOf = ({ executionArn }: Execution): string => executionArn.split(':').at(-2)!;
  expect(new Set(children.map(machineOf)).size).toBe(2);
  for (const child of children) {
    const { importId } = child.input as unknown as LoopState;
    expect(machineOf(child)).toContain(importId === outputs[0]!.importId ? 'First' : 'Second');
  }
});

test('imports in a Map have a chain each', async () => {
  const imports = ['north', 'south', 'west'].map((label) => inputOf({ label }));
  const run = await cloud.runMachine('EachMachine', { imports });
  expect(run.result).toMatchObject({ status: 'SUCCEEDED' });
  const outputs = run.result.output as unknown as ImportResult[];
  expect(outputs.map((output) => cloud.records(output))).toEqual(imports.map(({ label }) => orders(75, label)));
  const childrenOf = ({ importId }: ImportResult): Execution[] =>
    run.execution.children.filter(({ input }) => (input as unknown as LoopState).importId === importId);
  expect(outputs.map((output) => childrenOf(output).length)).toEqual([3, 3, 3]);
});

test('whoever stops the import stops its child, and nothing goes on', async () => {
  const input = inputOf({ badPage: 5, fault: 'hangs' });
  const execution = cloud.start('Long/StateMachine', input);
  await asked(input, 5);
  const child = execution.children.at(-1)!;
  expect(child.running).toBe(true);
  execution.abort('Stopped', 'by a person');

  const stopped = await cloud.ended(execution);
  expect(stopped.result).toMatchObject({ status: 'ABORTED', error: 'Stopped', cause: 'by a person' });
  expect(await child.result()).toMatchObject({ status: 'ABORTED' });
  expect(stopped.events.filter(({ type }) => type === 'TaskStateAborted').map(({ state }) => state).sort()).toEqual(['ContinueInChild', 'Fetch']);
  const importId = importIdOf(stopped);
  expect(cloud.published().filter((key) => key.includes(importId))).toEqual([]);

  writeFileSync(input.cure!, '');
  const redriven = await cloud.redriveToEnd(stopped);
  expect(stopped.execution.children.filter(({ running }) => running)).toEqual([]);
  expect(redriven.output).toMatchObject({ importId, records: 75 });
  expect(cloud.records(redriven.output)).toEqual(orders(75));
});

test('the time of its children is the import\'s time, too; a redrive gives it all of its time again', async () => {
  const input = inputOf();
  const timedOut = await cloud.run('Hasty', input);
  expect(timedOut.result).toMatchObject({ status: 'TIMED_OUT', error: 'States.Timeout' });
  expect(timedOut.execution.children).toHaveLength(2);
  expect(timedOut.events.at(-2)).toMatchObject({ type: 'TaskStateAborted', state: 'ContinueInChild' });

  const { output } = await cloud.redriveToEnd(timedOut);
  expect(output).toMatchObject({ importId: importIdOf(timedOut), records: 75 });
  expect(cloud.records(output)).toEqual(orders(75));
  expect(askedPages(input.asked)).toEqual([1, 2, 3, 4, 5, 6, 7, 8]);
});

test('a child that times out fails the import, whose error says so; each redrive gets further', async () => {
  const input = inputOf();
  const failed = await cloud.runMachine('PatientMachine', input);
  expect(failed.result).toMatchObject({ status: 'FAILED', error: 'States.TaskFailed' });
  expect(JSON.parse(failed.result.cause!)).toMatchObject({
    Status: 'TIMED_OUT', Error: 'States.Timeout', ExecutionArn: failed.execution.children[0]!.executionArn,
  });

  let pages = committedPages(importIdOf(failed));
  let run = await cloud.redrive(failed);
  for (; run.result.status === 'FAILED'; run = await cloud.redrive(run)) {
    expect(committedPages(importIdOf(failed))).toBeGreaterThan(pages);
    pages = committedPages(importIdOf(failed));
  }
  expect(run.result).toMatchObject({ status: 'SUCCEEDED' });
  expect(cloud.records(run.result.output as unknown as ImportResult)).toEqual(orders(75));
  expect(askedPages(input.asked)).toEqual([1, 2, 3, 4, 5, 6, 7, 8]);
});

describe('a child that fails', () => {
  const faulty = (): NotedInput => inputOf({ badPage: 5, fault: 'throws' });

  test('fails the import, whose error tells what was wrong, where, and what to do', async () => {
    const failed = await cloud.run('Long', faulty());
    expect(failed.result).toMatchObject({ status: 'FAILED', error: 'States.TaskFailed' });
    const child = JSON.parse(failed.result.cause!) as FailedChild;
    expect(child).toMatchObject({ Status: 'FAILED', ExecutionArn: failed.execution.children.at(-1)!.executionArn, Error: 'FetchPageError' });

    const { errorMessage } = JSON.parse(child.Cause!) as { errorMessage: string };
    expect(errorMessage).toContain('page 5');
    expect(errorMessage).toContain('the orders have gone');
    // To redrive the child alone would leave the import failed.
    expect(errorMessage).toContain(`redrive-execution --execution-arn ${failed.result.executionArn}\``);
    expect(errorMessage).toContain(`{"resumeFrom":"${importIdOf(failed)}"}`);
  });

  test('leaves what it has committed: the redriven import goes on at the very page, and the children before it are not repeated', async () => {
    const input = faulty();
    const failed = await cloud.run('Long', input);
    const before = failed.execution.children.length;
    expect(committedPages(importIdOf(failed))).toBe(4);
    writeFileSync(input.cure!, '');

    const { output, entered, execution } = await cloud.redriveToEnd(failed);
    expect(output).toMatchObject({ importId: importIdOf(failed), records: 75 });
    expect(cloud.records(output)).toEqual(orders(75));
    expect(askedPages(input.asked)).toEqual([1, 2, 3, 4, 5, 5, 6, 7, 8]);
    expect(execution.children.slice(before).map((child) => (child.input as unknown as LoopState).pages)).toEqual([4, 6]);
    expect(entered).not.toContain('Initialize');
  });

  test('may be redriven by itself; the import stays failed until it is redriven, and then finds the pages there', async () => {
    const input = faulty();
    const failed = await cloud.run('Long', input);
    const child = failed.execution.children.at(-1)!;
    writeFileSync(input.cure!, '');

    expect(await child.redrive().result()).toMatchObject({ status: 'SUCCEEDED', redriveCount: 1, output: { pages: 6, continue: true } });
    expect(await failed.execution.result()).toMatchObject({ status: 'FAILED', redriveCount: 0 });
    expect(cloud.published().filter((key) => key.includes(importIdOf(failed)))).toEqual([]);

    const { output } = await cloud.redriveToEnd(failed);
    expect(output).toMatchObject({ importId: importIdOf(failed), records: 75 });
    expect(cloud.records(output)).toEqual(orders(75));
    expect(askedPages(input.asked)).toEqual([1, 2, 3, 4, 5, 5, 6, 7, 8]);
  });

  test('in a Map aborts the chains of the other imports, which a redrive starts again', async () => {
    const good = inputOf({ label: 'good', badPage: 6, fault: 'hangs' });
    const bad = inputOf({ label: 'bad', badPage: 4, fault: 'throws' });
    const failed = await cloud.runMachine('EachMachine', { imports: [good, bad] });
    expect(failed.result).toMatchObject({ status: 'FAILED', error: 'States.TaskFailed' });
    expect(failed.execution.children.filter(({ running }) => running)).toEqual([]);
    [good, bad].forEach(({ cure }) => writeFileSync(cure!, ''));

    const { result } = await cloud.redrive(failed);
    expect(result).toMatchObject({ status: 'SUCCEEDED' });
    expect((result.output as unknown as ImportResult[]).map((output) => cloud.records(output))).toEqual([orders(75, 'good'), orders(75, 'bad')]);
    expect(askedPages(bad.asked)).toEqual([1, 2, 3, 4, 4, 5, 6, 7, 8]);
  });
});
