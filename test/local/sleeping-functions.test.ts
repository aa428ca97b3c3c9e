import { join } from 'node:path';
import { Stack } from 'aws-cdk-lib';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import * as s3 from 'aws-cdk-lib/aws-s3';
import * as sfn from 'aws-cdk-lib/aws-stepfunctions';
import { FetchPageHandler, ImportDestination, PaginatedImportStateMachine } from '../../src';
import { InvocationOutcome } from '../../src/local/lambda/invocation';
import { LambdaApiError, LambdaService } from '../../src/local/lambda/lambda-service';
import { LocalCloud } from '../../src/local/local-cloud';
import { ExecutionEvent } from '../../src/local/state-machine/history';
import { removeAssemblies, synthesize } from './assembly/assembly.fixture';

/** Functions that nobody has called for weeks are asleep, and Lambda refuses the first calls: monthly imports meet that at every step. */

// The synth before the run counts, too.
jest.setTimeout(120_000);

removeAssemblies();
afterEach(() => jest.restoreAllMocks());

/** Each function is asleep when it is called first, and once more: the first call only wakes it up. */
function putToSleep(name: string): string[] {
  const calls = new Map<string, number>();
  const refused: string[] = [];
  const invoke = LambdaService.prototype.invoke;
  jest.spyOn(LambdaService.prototype, 'invoke').mockImplementation(async function (this: LambdaService, nameOrArn, payload): Promise<InvocationOutcome> {
    const count = (calls.get(nameOrArn) ?? 0) + 1;
    calls.set(nameOrArn, count);
    if (count > 2) return invoke.call(this, nameOrArn, payload);
    refused.push(nameOrArn);
    throw new LambdaApiError(name, 409, 'Lambda is initializing your function. It will be ready to invoke shortly.');
  });
  return refused;
}

function machine(stack: Stack, fetchPage: FetchPageHandler): void {
  new PaginatedImportStateMachine(stack, 'Orders', {
    fetchPage,
    pageSize: 10,
    destination: ImportDestination.toBucket(new s3.Bucket(stack, 'Bucket'), { key: 'orders/{importId}.jsonl' }),
    // So that Summarize is among the steps.
    beforePersist: new sfn.Pass(stack, 'Check'),
  });
}

async function run(build: (stack: Stack) => void): Promise<{ readonly result: unknown; readonly events: readonly ExecutionEvent[] }> {
  await using cloud = await LocalCloud.start({ assembly: synthesize((app) => build(new Stack(app, 'Imports'))), timeScale: 0 });
  const events: ExecutionEvent[] = [];
  const result = await cloud.startExecution('Orders', { count: 25 }, { onEvent: (event) => events.push(event) }).result();
  return { result, events };
}

const failuresOf = (events: readonly ExecutionEvent[]): string[] => events.filter(({ type }) => type === 'TaskFailed').map(({ state, error }) => `${state} ${error}`);

test.each(['CodeArtifactUserPendingException', 'ResourceNotReadyException'])('every step waits until its function is awake: %s', async (name) => {
  putToSleep(name);

  const { result, events } = await run((stack) => machine(stack, FetchPageHandler.fromEntry(join(__dirname, '../integration/fixtures/orders.source.ts'))));

  expect(result).toMatchObject({ status: 'SUCCEEDED', output: { records: 25 } });
  expect(failuresOf(events)).toEqual(['Initialize', 'Fetch', 'Summarize', 'Persist', 'CleanUp'].flatMap((state) => Array(2).fill(`${state} Lambda.${name}`) as string[]));
});

test('the import waits for a fetch-page function that is asleep, without using up the attempts of its page', async () => {
  const refused = putToSleep('CodeArtifactUserPendingException');

  const { result, events } = await run((stack) => machine(stack, FetchPageHandler.fromFunction(new lambda.Function(stack, 'Handler', {
    runtime: lambda.Runtime.NODEJS_22_X, handler: 'index.handler', code: lambda.Code.fromAsset(join(__dirname, '../integration/fixtures/order-function')),
  }))));

  expect(result).toMatchObject({ status: 'SUCCEEDED', output: { records: 25 } });
  expect(refused.filter((nameOrArn) => !nameOrArn.includes('Orders'))).toHaveLength(2);
  expect(events.filter(({ type, state }) => type === 'WaitStateEntered' && state === 'Wait')).toHaveLength(2);
});
