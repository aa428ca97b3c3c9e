import * as sfn from 'aws-cdk-lib/aws-stepfunctions';
import { StateMachine } from 'aws-local-stepfunctions';
import { JsonObject } from '../../src/protocol/json';
import { LoopState } from '../../src/protocol/machine-state';
import { FIRST_ROUND } from '../../src/runtime/fetch/loop-state';
import { Definition, definitionOf, importStack } from './kit';

/** The synthesized machine in an interpreter of the States Language: which states follow which, and with what. */

// The synth before the run counts, too.
jest.setTimeout(60_000);

const START: LoopState = {
  ...FIRST_ROUND, importId: 'i', continue: true, chunks: 0, pages: 0, records: 0,
};

type Round = Partial<LoopState>;

/** Answers of Fetch, one after the other, in whichever execution it is asked. */
function scriptedFetch(rounds: readonly Round[]): { readonly handler: Handler; readonly requests: JsonObject[] } {
  const requests: JsonObject[] = [];
  const handler = (request: any): object => {
    const { state } = request.Payload;
    requests.push(request.Payload);
    return { StatusCode: 200, Payload: { ...START, ...state, round: state.round + 1, waitSeconds: 0, ...rounds[requests.length - 1] } };
  };
  return { handler, requests };
}

type Handler = (input: any) => unknown;

/** Runs an import, its continuations included; tells the output and the names of the states that were entered. */
async function run(rounds: readonly Round[], { roundsPerExecution = 100, before = false, persists = 1 } = {}): Promise<Run> {
  const { template, orders } = importStack((stack) => ({
    roundsPerExecution, ...before && { beforePersist: new sfn.Pass(stack, 'Check', { result: sfn.Result.fromString('dropped') }) },
  }));
  const entered: string[] = [];
  const fetch = scriptedFetch(rounds);
  const children: JsonObject[] = [];
  let persisted = 0;
  const child = definitionOf(template, orders.paginatedImport.continuationStateMachine);
  const handlers: Record<string, Handler> = {
    Initialize: ({ Payload }) => ({ Payload: { ...START, records: Payload.input.records ?? 0 } }),
    Fetch: fetch.handler,
    ContinueInChild: async ({ Input }) => {
      children.push(Input);
      return { Output: await execute(child, Input, handlers, entered) };
    },
    Summarize: ({ Payload }) => ({ Payload: { importId: Payload.importId, records: Payload.records, summary: { bucket: 'b', key: 'k' } } }),
    Persist: ({ Payload }) => ({ Payload: { importId: Payload.importId, continue: ++persisted < persists, parts: persisted } }),
    CleanUp: ({ Payload }) => ({ Payload: { importId: Payload.importId, outcome: 'published' } }),
  };
  const output = await execute(definitionOf(template, orders.stateMachine), { records: 7 }, handlers, entered);
  return { output, entered, requests: fetch.requests, children };
}

interface Run {
  readonly output: unknown;
  readonly entered: readonly string[];
  readonly requests: readonly JsonObject[];
  readonly children: readonly JsonObject[];
}

async function execute(definition: Definition, input: object, handlers: Record<string, Handler>, entered: string[]): Promise<unknown> {
  const machine = new StateMachine(definition as any, { validationOptions: { checkArn: false } });
  const execution = machine.run(input as any, {
    overrides: { taskResourceLocalHandlers: handlers as any, waitTimeOverrides: { Wait: 1 } },
    // The interpreter does not fill in the state's part of the context object.
    context: { Execution: { Id: 'arn:execution', StartTime: '2026-11-23T00:00:00Z', RedriveCount: 0 }, State: { RetryCount: 0 } } as any,
  });
  const [result] = await Promise.all([execution.result, note(execution.eventLogs, entered)]);
  return result;
}

async function note(events: AsyncIterable<any>, entered: string[]): Promise<void> {
  for await (const { type, state } of events) {
    if (type.endsWith('StateEntered')) entered.push(state.name);
  }
}

/** The names without the choices, which stand between all others. */
function steps(entered: readonly string[]): string[] {
  return entered.filter((name) => !name.startsWith('PersistOr'));
}

test('an import of two rounds fetches, publishes, cleans up, and ends with the result alone', async () => {
  const { output, entered, requests } = await run([{ pages: 4 }, { pages: 8, continue: false }]);
  expect(entered).toEqual(['Initialize', 'Fetch', 'PersistOrContinue', 'Fetch', 'PersistOrContinue', 'Persist', 'PersistOrCleanUp', 'CleanUp']);
  expect(output).toEqual({ importId: 'i', outcome: 'published' });
  expect(requests[1]).toEqual({ state: { ...START, records: 7, pages: 4, round: 1 }, retryCount: 0, redriveCount: 0 });
});

test('a pause of the source is made by the Wait state', async () => {
  const { entered } = await run([{ waitSeconds: 30 }, { continue: false }]);
  expect(steps(entered)).toEqual(['Initialize', 'Fetch', 'Wait', 'Fetch', 'Persist', 'CleanUp']);
});

test('Persist is repeated while there is more to assemble', async () => {
  const { entered } = await run([{ continue: false }], { persists: 3 });
  expect(steps(entered)).toEqual(['Initialize', 'Fetch', 'Persist', 'Persist', 'Persist', 'CleanUp']);
});

test('the user\'s states run after the summary and before Persist, which sees neither', async () => {
  const { entered, output } = await run([{ continue: false }], { before: true });
  expect(steps(entered)).toEqual(['Initialize', 'Fetch', 'BeforePersist', 'Summarize', 'Check', 'Persist', 'CleanUp']);
  expect(output).toEqual({ importId: 'i', outcome: 'published' });
});

test('after its rounds the import goes on in as many children as it takes', async () => {
  const rounds = Array.from({ length: 5 }, (_, round) => ({ pages: round + 1, continue: round < 4 }));
  const { children, entered } = await run(rounds, { roundsPerExecution: 2 });
  expect(steps(entered)).toEqual([
    'Initialize', 'Fetch', 'Fetch', 'ContinueInChild', 'Fetch', 'Fetch', 'Done', 'ContinueInChild', 'Fetch', 'Done', 'Persist', 'CleanUp',
  ]);
  expect(children).toEqual([
    { ...START, records: 7, pages: 2, AWS_STEP_FUNCTIONS_STARTED_BY_EXECUTION_ID: 'arn:execution' },
    { ...START, records: 7, pages: 4, AWS_STEP_FUNCTIONS_STARTED_BY_EXECUTION_ID: 'arn:execution' },
  ]);
});

test('a pause that is due when the rounds are up is made by the child', async () => {
  const { entered } = await run([{ waitSeconds: 30 }, { continue: false }], { roundsPerExecution: 1 });
  expect(steps(entered)).toEqual(['Initialize', 'Fetch', 'ContinueInChild', 'Wait', 'Fetch', 'Done', 'Persist', 'CleanUp']);
});

test('an import whose last round is its execution\'s last one needs no child', async () => {
  const { children } = await run([{}, { continue: false }], { roundsPerExecution: 2 });
  expect(children).toEqual([]);
});
