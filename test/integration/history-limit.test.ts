import { Stack, Token } from 'aws-cdk-lib';
import * as sfn from 'aws-cdk-lib/aws-stepfunctions';
import type { Context } from 'aws-lambda';
import { PaginatedImportStateMachine } from 'cdk-paginated-import';
import type { ExecutionEvent } from 'cdk-paginated-import/local';
import { DEFAULT_ENVIRONMENT } from '../../src/local/assembly/stack';
import {
  LOST_INVOCATION_RETRY_ATTEMPTS, MAX_ROUNDS_PER_EXECUTION, NEW_PROCESS_RETRY_ATTEMPTS, ROUNDS_PER_EXECUTION, STEP_RETRY_ATTEMPTS,
} from '../../src/protocol/defaults';
import { HandlerCrashError, StoreUnavailableError } from '../../src/protocol/errors';
import type { FetchPageRequest } from '../../src/protocol/fetch-contract';
import { EXECUTION_HISTORY_EVENTS } from '../../src/protocol/limits';
import type { FetchRequest, LoopState } from '../../src/protocol/machine-state';
import { Series } from '../../src/protocol/series';
import { fetchPages } from '../../src/runtime/fetch/fetch';
import { systemWorld } from '../../src/runtime/lambda/system-world';
import { PageSource } from '../../src/runtime/ports/ports';
import { S3Store } from '../../src/runtime/store/s3-store';
import { ordersOf } from './fixtures/order';
import { ImportsStack, orders, Run, TestCloud } from './kit';

/**
 * The 25,000 events of a history. Fetch runs in this process, so that rounds can be made as short as the tests need them; everything
 * around it is the machine as it is deployed.
 */

/** Most events of a round, as `MAX_ROUNDS_PER_EXECUTION` counts on. */
const EVENTS_OF_A_ROUND = 7;

/** What a round takes to find a page. Its retries and its wait count as rounds, too. */
interface Shape {
  readonly retries: number;
  /** A wait that is due after it. */
  readonly waitSeconds: number;
}

const PLAIN: Shape = { retries: 0, waitSeconds: 0 };
const WITH_WAIT: Shape = { retries: 0, waitSeconds: 30 };
const WITH_RETRIES: Shape = { retries: 3, waitSeconds: 0 };
/** As long as a round can be, and not fail. */
const LONGEST: Shape = { retries: STEP_RETRY_ATTEMPTS + LOST_INVOCATION_RETRY_ATTEMPTS + NEW_PROCESS_RETRY_ATTEMPTS, waitSeconds: 30 };

let cloud: TestCloud;
let series: Series;
let fetch: (request: FetchRequest) => LoopState | Promise<LoopState>;
beforeAll(async () => {
  cloud = await TestCloud.start((stack) => {
    series = seriesOf(stack.machine('Default'));
    // Without pages there is nothing to publish.
    const beforePersist = new sfn.Fail(stack, 'EndOfLoop', { error: 'EndOfLoop' });
    stack.machine('AtMost', { roundsPerExecution: MAX_ROUNDS_PER_EXECUTION, beforePersist });
    withoutLimit(stack, 'Unlimited');
  }, {
    functions: {
      ...Object.fromEntries(['Default', 'AtMost', 'Unlimited'].map((id) => [
        `${id}/Import/Functions/Fetch/Function`, (request: unknown) => fetch(request as FetchRequest),
      ])),
      // A loop that is only told of has no log to summarize.
      'AtMost/Import/Functions/Summarize/Function': (state) => state,
    },
  });
});
afterAll(async () => cloud?.[Symbol.asyncDispose]());

// Thousands of real requests, on machines under other load.
jest.setTimeout(300_000);

/** As its functions know it. */
function seriesOf({ seriesName, stateMachine }: PaginatedImportStateMachine): Series {
  const { account, region } = DEFAULT_ENVIRONMENT;
  return { cachePrefix: 'cache', name: seriesName, owner: `${account}/${region}/${Stack.of(stateMachine).stackName}` };
}

/** An import that could have as many rounds as it likes. No property allows that: the limit is taken out of the definition. */
function withoutLimit(stack: ImportsStack, id: string): void {
  const machine = stack.machine(id, { roundsPerExecution: MAX_ROUNDS_PER_EXECUTION }).stateMachine.node.defaultChild as sfn.CfnStateMachine;
  const definition = JSON.stringify(stack.resolve(machine.definitionString));
  const limits = new RegExp(`(?<=NumericGreaterThanEquals[\\\\"]*:)${MAX_ROUNDS_PER_EXECUTION}`, 'g');
  expect(definition.match(limits)).toHaveLength(1);
  machine.definitionString = Token.asString(JSON.parse(definition.replace(limits, '1000000')));
}

/** Throws as often as it should, each time what another of Fetch's retries is for. */
function failAsIn({ retries }: Shape, { retryCount }: FetchRequest): void {
  if (retryCount >= retries) return;
  if (retryCount < STEP_RETRY_ATTEMPTS) throw new StoreUnavailableError('PutObject', 'bucket', 'key');
  const isDead = retryCount < STEP_RETRY_ATTEMPTS + LOST_INVOCATION_RETRY_ATTEMPTS;
  throw Object.assign(new Error('The process ended.'), { name: isDead ? 'Runtime.ExitError' : HandlerCrashError.NAME });
}

/** What Fetch says of its round when it has found a page. */
function scripted(shape: Shape, request: FetchRequest): LoopState {
  failAsIn(shape, request);
  const { state, retryCount } = request;
  const { waitSeconds } = shape;
  return { ...state, pages: state.pages + 1, waitSeconds, round: state.round + 1 + retryCount + (waitSeconds > 0 ? 1 : 0) };
}

/** The event histories of an import's executions, its own first. */
function histories({ execution, events }: Run): ExecutionEvent[][] {
  const executions = [execution, ...execution.children];
  return executions.map(({ executionArn }) => events.filter((event) => event.id !== undefined && event.executionArn === executionArn));
}

/** Rounds of one execution, its retries and waits included, and the events that they took. */
function loopOf(history: readonly ExecutionEvent[]): { readonly rounds: number; readonly events: number } {
  const last = history.findLast(({ type, state }) => type === 'TaskStateExited' && state === 'Fetch')!;
  const isOfLoop = ({ state }: ExecutionEvent): boolean => ['Fetch', 'Wait', 'PersistOrContinue'].includes(state ?? '');
  return { rounds: (last.output as LoopState).round, events: history.filter(isOfLoop).length };
}

test('without a limit on its rounds, the history ends an import, which cannot even be redriven', async () => {
  fetch = (request) => scripted(PLAIN, request);
  const run = await cloud.run('Unlimited', {});
  expect(run.result).toMatchObject({
    status: 'FAILED', error: 'States.Runtime', cause: expect.stringContaining('maximum number of history events'), historyEvents: EXECUTION_HISTORY_EVENTS,
  });
  expect(run.events.at(-1)).toMatchObject({ type: 'ExecutionFailed', id: EXECUTION_HISTORY_EVENTS });
  expect(run.entered.filter((state) => state === 'Fetch').length).toBeGreaterThan(MAX_ROUNDS_PER_EXECUTION);
  expect(() => run.execution.redrive()).toThrow(expect.objectContaining({ name: 'ExecutionNotRedrivable' }));
});

test.each([
  ['a round', PLAIN], ['a round and a wait', WITH_WAIT], ['a round with retries', WITH_RETRIES], ['the longest round', LONGEST],
])(`no round has more than ${EVENTS_OF_A_ROUND} events: %s`, async (_, shape) => {
  fetch = (request) => ({ ...scripted(shape, request), continue: request.state.pages < 19 });
  const run = await cloud.run('AtMost', {});
  expect(run.result.error).toBe('EndOfLoop');
  const { rounds, events } = loopOf(histories(run)[0]!);
  expect(rounds).toBe(20 * (1 + shape.retries + (shape.waitSeconds > 0 ? 1 : 0)));
  expect(events).toBeLessThanOrEqual(rounds * EVENTS_OF_A_ROUND);
});

test('the most rounds that may be asked for fit into a history, although the last one is as long as it can be', async () => {
  fetch = (request) => {
    const { round, pages } = request.state;
    return { ...scripted(round === MAX_ROUNDS_PER_EXECUTION - 1 ? LONGEST : PLAIN, request), continue: pages < MAX_ROUNDS_PER_EXECUTION };
  };
  const run = await cloud.run('AtMost', {});
  expect(run.result.error).toBe('EndOfLoop');
  expect(run.execution.children).toHaveLength(1);
  const [own, child] = histories(run);
  expect(child!.filter(({ type }) => type.endsWith('StateEntered')).map(({ state }) => state))
    .toEqual(['PersistOrContinue', 'Wait', 'Fetch', 'PersistOrContinue', 'Done']);
  const { rounds, events } = loopOf(own!);
  expect(rounds).toBe(MAX_ROUNDS_PER_EXECUTION + LONGEST.retries + 1);
  expect(events).toBeLessThanOrEqual(rounds * EVENTS_OF_A_ROUND);
  // What is left has to do for the user's own states, for redrives, and for more children.
  expect(run.result.historyEvents).toBeLessThan(EXECUTION_HISTORY_EVENTS - 3_500);
});

/** The shapes of a real import's rounds, by page. */
const SHAPES = [PLAIN, WITH_WAIT, WITH_RETRIES, { retries: 8, waitSeconds: 30 }];
const PAGES = 960;

const shapeOf = (page: number): Shape => SHAPES[page % SHAPES.length]!;

/** A source and an invocation that have one page: then time is up, or the source wants a pause. */
class OnePage implements PageSource {
  private answered?: number;

  public async fetchPage({ pageNumber, offset, pageSize }: FetchPageRequest): Promise<unknown> {
    if (this.answered !== undefined) return { retryAfterSeconds: shapeOf(this.answered).waitSeconds };
    this.answered = pageNumber;
    return { records: ordersOf({ offset, pageSize }, PAGES * 10, 'orders'), hasMore: pageNumber < PAGES };
  }

  public getRemainingTimeInMillis(): number {
    return this.answered === undefined || shapeOf(this.answered).waitSeconds > 0 ? 900_000 : 0;
  }
}

/** Fetch as it is deployed, with one page for each invocation. */
async function fetchOnePage(request: FetchRequest, cache: S3Store): Promise<LoopState> {
  failAsIn(shapeOf(request.state.pages + 1), request);
  const source = new OnePage();
  return fetchPages(request, {
    cache,
    series,
    openSource: () => source,
    settings: { chunkBytes: 8 * 1024 * 1024, checkpointMilliseconds: 60_000, pageBytes: 1024 * 1024 },
    pageAttempts: 1,
    maxWaitSeconds: 3600,
    world: systemWorld(source as Partial<Context> as Context),
  });
}

test(`an import of more than ${2 * ROUNDS_PER_EXECUTION} rounds is whole, and none of its histories comes near the limit`, async () => {
  const { endpoint, region, credentials } = cloud.local.s3;
  const cache = new S3Store(cloud.local.bucketName('Cache'), { client: { endpoint, region, credentials } });
  fetch = async (request) => fetchOnePage(request, cache);
  const run = await cloud.import('Default', {});
  expect(run.output).toMatchObject({ outcome: 'published', records: PAGES * 10, pages: PAGES });
  expect(cloud.records(run.output)).toEqual(orders(PAGES * 10));

  expect(run.execution.children.length).toBeGreaterThanOrEqual(2);
  const results = await Promise.all([run.execution, ...run.execution.children].map(async (execution) => execution.result()));
  const written = histories(run);
  const loops = written.map(loopOf);
  expect(loops.reduce((sum, { rounds }) => sum + rounds, 0)).toBeGreaterThan(2 * ROUNDS_PER_EXECUTION);
  for (const [index, { status, historyEvents }] of results.entries()) {
    expect(status).toBe('SUCCEEDED');
    expect(historyEvents).toBe(written[index]!.length);
    expect(historyEvents).toBeLessThan(EXECUTION_HISTORY_EVENTS);
    expect(loops[index]!.events).toBeLessThanOrEqual(loops[index]!.rounds * EVENTS_OF_A_ROUND);
  }
  // All but the last have used their rounds up.
  expect(loops.slice(0, -1).filter(({ rounds }) => rounds < ROUNDS_PER_EXECUTION)).toEqual([]);
});
