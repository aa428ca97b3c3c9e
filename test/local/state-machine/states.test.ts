import type { State } from '../../../src/local/state-machine/definition';
import { chain, errorNamed, FUNCTION_ARN, invoke, one, startChild, TestAccount } from './machine.fixture';

describe('Pass', () => {
  test.each([
    ['the input', {}, { a: 1 }],
    ['a result', { Result: { b: 2 } }, { b: 2 }],
    ['a result that is false', { Result: false }, false],
    ['a result at a path', { Result: 0, ResultPath: '$.b' }, { a: 1, b: 0 }],
    ['a result in place of the input', { Result: 3, ResultPath: '$' }, 3],
    ['parameters', { Parameters: { 'b.$': '$.a', 'c': '$.a', 'd.$': "States.Format('{}-{}', $.a, 'x')" } }, { b: 1, c: '$.a', d: '1-x' }],
    ['a part of the input', { InputPath: '$.a' }, 1],
    ['nothing of the input', { InputPath: null }, {}],
    ['nothing of the output', { OutputPath: null }, {}],
  ])('gives %s', async (_, fields, output) => {
    const account = one({ states: { Pass: { Type: 'Pass', ...fields } } });
    expect(await account.run({ a: 1 })).toMatchObject({ status: 'SUCCEEDED', output });
  });

  test('fails on a path that leads nowhere, whatever is caught', async () => {
    const account = new TestAccount({
      machines: {
        Main: chain({
          Outer: {
            Type: 'Parallel',
            Branches: [chain({ Inner: { Type: 'Pass', InputPath: '$.missing' } })],
            Catch: [{ ErrorEquals: ['States.ALL'], Next: 'Caught' }],
          },
          Caught: { Type: 'Succeed' },
        }),
      },
    });
    expect(await account.run()).toMatchObject({
      status: 'FAILED', error: 'States.Runtime', cause: expect.stringMatching(/the state 'Inner' \(entered at the event id #4\).*\$\.missing/),
    });
  });
});

describe('Choice', () => {
  const rules: [string, object, unknown, boolean][] = [
    ['BooleanEquals', { BooleanEquals: true }, true, true],
    ['BooleanEquals of another type', { BooleanEquals: true }, 'true', false],
    ['IsPresent: false of what is there', { IsPresent: false }, 1, false],
    ['IsPresent: false of what is not there', { IsPresent: false }, undefined, true],
    ['IsPresent: true of what is not there', { IsPresent: true }, undefined, false],
    ['IsNull: false', { IsNull: false }, 1, true],
    ['NumericGreaterThan', { NumericGreaterThan: 0 }, 1, true],
    ['NumericGreaterThan of text', { NumericGreaterThan: 0 }, '1', false],
    ['NumericGreaterThanPath', { NumericGreaterThanPath: '$.limit' }, 11, true],
    ['a path into the context object', { StringEqualsPath: '$$.Execution.Name' }, 'run-1', true],
    ['StringMatches', { StringMatches: 'a*c' }, 'abbc', true],
    ['StringLessThan of a number', { StringLessThan: '9' }, 1, false],
    ['TimestampGreaterThan', { TimestampGreaterThan: '2026-01-01T00:00:00Z' }, '2026-01-02T00:00:00Z', true],
  ];
  test.each(rules)('%s', async (_, rule, value, holds) => {
    const account = one({
      states: {
        Choice: { Type: 'Choice', Choices: [{ Variable: '$.value', ...rule, Next: 'Yes' }], Default: 'No' },
        Yes: { Type: 'Pass', Result: 'yes', Next: 'End' },
        No: { Type: 'Pass', Result: 'no' },
        End: { Type: 'Succeed' },
      },
    });
    expect((await account.run({ value, limit: 10 }, { name: 'run-1' })).output).toBe(holds ? 'yes' : 'no');
  });

  test('And, Or and Not', async () => {
    const present = { Variable: '$.a', IsPresent: true };
    const account = one({
      states: {
        Choice: {
          Type: 'Choice',
          Choices: [{ And: [present, { Not: { Variable: '$.a', NumericEquals: 2 } }, { Or: [{ Variable: '$.a', IsString: true }, present] }], Next: 'Yes' }],
          Default: 'No',
        },
        Yes: { Type: 'Pass', Result: 'yes', Next: 'No' },
        No: { Type: 'Succeed' },
      },
    });
    expect((await account.run({ a: 1 })).output).toBe('yes');
    expect((await account.run({ a: 2 })).output).toEqual({ a: 2 });
    expect((await account.run({})).output).toEqual({});
  });

  test('fails where no rule holds', async () => {
    const account = one({ states: { Choice: { Type: 'Choice', Choices: [{ Variable: '$.a', IsNull: true, Next: 'Choice' }] } } });
    expect(await account.run({ a: 1 })).toMatchObject({ status: 'FAILED', error: 'States.NoChoiceMatched' });
  });
});

describe('Task', () => {
  test('wraps what a function returns as the integration does', async () => {
    const account = one({ states: { Task: invoke('double', { OutputPath: undefined }) }, functions: { double: (n) => (n as number) * 2 } });
    expect((await account.run(4)).output).toMatchObject({
      Payload: 8, StatusCode: 200, ExecutedVersion: '$LATEST', SdkHttpMetadata: { HttpStatusCode: 200 }, SdkResponseMetadata: { RequestId: expect.any(String) },
    });
  });

  test('gives what a function returns where its ARN is the resource', async () => {
    const account = one({
      states: { Task: { Type: 'Task', Resource: 'arn:aws:lambda:us-east-1:123456789012:function:double' } },
      functions: { double: (n) => (n as number) * 2 },
    });
    expect((await account.run(4)).output).toBe(8);
    expect(account.types('Task')).toEqual([
      'TaskStateEntered', 'LambdaFunctionScheduled', 'LambdaFunctionStarted', 'LambdaFunctionSucceeded', 'TaskStateExited',
    ]);
  });

  test('fails with the error of the function, and its payload as the cause', async () => {
    const { thrown, cause } = errorNamed('PageError', 'no page');
    const account = one({ states: { Task: invoke('fail') }, functions: { fail: () => { throw thrown; } } });
    const result = await account.run();
    expect(result).toMatchObject({ status: 'FAILED', error: 'PageError', cause: JSON.stringify(cause()) });
  });

  test('fails with the type of something thrown that is no error', async () => {
    // eslint-disable-next-line @typescript-eslint/only-throw-error
    const account = one({ states: { Task: invoke('fail') }, functions: { fail: () => { throw 'text'; } } });
    expect(await account.run()).toMatchObject({ error: 'string', cause: '{"errorType":"string","errorMessage":"text","trace":[]}' });
  });

  test('fails where the function is not there', async () => {
    const account = one({ states: { Task: invoke('nobody') } });
    expect(await account.run()).toMatchObject({ error: 'Lambda.ResourceNotFoundException' });
  });

  test('times out, which States.TaskFailed does not mean and States.Timeout does', async () => {
    const slow = { functions: { slow: async () => new Promise((resolve) => setTimeout(resolve, 3000).unref()) }, timeScale: 1 };
    const account = one({
      ...slow,
      states: {
        Task: invoke('slow', {
          TimeoutSeconds: 0.1,
          Catch: [{ ErrorEquals: ['States.TaskFailed'], Next: 'Wrong' }, { ErrorEquals: ['States.Timeout'], Next: 'Right' }],
        }),
        Wrong: { Type: 'Fail' },
        Right: { Type: 'Succeed' },
      },
    });
    expect(await account.run()).toMatchObject({ status: 'SUCCEEDED', output: { Error: 'States.Timeout' } });
    expect(account.types('Task')).toContain('TaskTimedOut');
  });

  test('is done by a function of the caller where its service is not there', async () => {
    const states = { Publish: { Type: 'Task' as const, Resource: 'arn:aws:states:::sns:publish', Parameters: { 'Message.$': '$.text' } } };
    expect(() => one({ states }).start()).toThrow(/State Publish calls arn:aws:states:::sns:publish.*Pass a function/);
    const account = one({ states, tasks: { Publish: (input) => ({ sent: input }) } });
    expect((await account.run({ text: 'hello' })).output).toEqual({ sent: { Message: 'hello' } });
  });
});

describe('Wait', () => {
  test.each([
    ['Seconds', { Seconds: 5 }, 5],
    ['SecondsPath', { SecondsPath: '$.seconds' }, 7],
    ['no time', { Seconds: 0 }, 0],
    ['a timestamp that has passed', { Timestamp: '2001-01-01T00:00:00Z' }, 0],
  ])('waits for %s and gives its input', async (_, fields, seconds) => {
    const account = one({ states: { Wait: { Type: 'Wait', ...fields } } });
    expect((await account.run({ seconds: 7 })).output).toEqual({ seconds: 7 });
    expect(account.events).toContainEqual(expect.objectContaining({ type: 'WaitStarted', state: 'Wait', seconds }));
  });

  test('waits for real, by the scale', async () => {
    const account = one({ states: { Wait: { Type: 'Wait', Seconds: 10 } }, timeScale: 0.02 });
    const before = Date.now();
    await account.run();
    expect(Date.now() - before).toBeGreaterThanOrEqual(199);
    expect(Date.now() - before).toBeLessThan(5000);
  });

  test('refuses what is no time', async () => {
    const account = one({ states: { Wait: { Type: 'Wait', SecondsPath: '$.seconds' } } });
    expect(await account.run({ seconds: -1 })).toMatchObject({ status: 'FAILED', error: 'States.Runtime' });
  });
});

test('Fail fails with its error and cause, from paths too', async () => {
  const account = one({ states: { Fail: { Type: 'Fail', ErrorPath: '$.error', CausePath: "States.Format('because of {}', $.reason)" } } });
  expect(await account.run({ error: 'Mine', reason: 'it' })).toMatchObject({ status: 'FAILED', error: 'Mine', cause: 'because of it' });
});

describe('the context object', () => {
  test('tells of execution, state and machine, in branches and iterations too', async () => {
    const Parameters = {
      'input.$': '$$.Execution.Input',
      'id.$': '$$.Execution.Id',
      'name.$': '$$.Execution.Name',
      'start.$': '$$.Execution.StartTime',
      'state.$': '$$.State.Name',
      'entered.$': '$$.State.EnteredTime',
      'retries.$': '$$.State.RetryCount',
      'machine.$': '$$.StateMachine.Name',
      'item.$': '$$.Map.Item.Value',
      'index.$': '$$.Map.Item.Index',
      'text': '$$.Execution.Name',
      'formatted.$': "States.Format('$$.x {}', $$.Execution.Name)",
    };
    const inner = chain({ Inner: { Type: 'Pass', Parameters } });
    const account = one({
      states: { Map: { Type: 'Map', ItemsPath: '$.items', ItemProcessor: chain({ Both: { Type: 'Parallel', Branches: [inner] } }) } },
    });
    const input = { items: ['a', 'b'] };
    const { output, startDate, executionArn } = await account.run(input, { name: 'run-1' });
    const common = {
      input,
      id: executionArn,
      name: 'run-1',
      start: startDate.toISOString(),
      state: 'Inner',
      entered: expect.stringMatching(/^20.*Z$/),
      retries: 0,
      machine: 'Main',
      text: '$$.Execution.Name',
      formatted: '$$.x run-1',
    };
    expect(output).toEqual([[{ ...common, item: 'a', index: 0 }], [{ ...common, item: 'b', index: 1 }]]);
  });
});

describe('Parallel and Map', () => {
  test('give the outputs of all, in order', async () => {
    const delays = { work: async (n: unknown) => new Promise((resolve) => setTimeout(resolve, 20 - (n as number) * 5)).then(() => n) };
    const account = one({ states: { Map: { Type: 'Map', ItemProcessor: chain({ Work: invoke('work') }) } }, functions: delays });
    expect((await account.run([1, 2, 3])).output).toEqual([1, 2, 3]);
  });

  test('Map works on as many items at once as it says', async () => {
    let now = 0;
    let most = 0;
    const work = async (): Promise<void> => {
      most = Math.max(most, ++now);
      await new Promise((resolve) => setTimeout(resolve, 5));
      now--;
    };
    const account = one({ states: { Map: { Type: 'Map', MaxConcurrency: 2, ItemProcessor: chain({ Work: invoke('work') }) } }, functions: { work } });
    await account.run([1, 2, 3, 4, 5, 6]);
    expect(most).toBe(2);
  });

  test('Map makes the input of each item', async () => {
    const account = one({
      states: {
        Map: {
          Type: 'Map',
          InputPath: '$.in',
          ItemsPath: '$.items',
          ItemSelector: { 'value.$': '$$.Map.Item.Value', 'shared.$': '$.shared' },
          ItemProcessor: chain({ Same: { Type: 'Pass' } }),
          ResultPath: '$.out',
        },
      },
    });
    const input = { in: { items: [1], shared: 's' } };
    expect((await account.run(input)).output).toEqual({ ...input, out: [{ value: 1, shared: 's' }] });
  });

  test('a branch that fails aborts the others, and its error is caught', async () => {
    const account = one({
      states: {
        Both: {
          Type: 'Parallel',
          Branches: [chain({ Long: { Type: 'Wait', Seconds: 3600 } }), chain({ Bad: { Type: 'Fail', Error: 'Bad', Cause: 'it is' } })],
          Catch: [{ ErrorEquals: ['Bad'], Next: 'Caught', ResultPath: '$.error' }],
        },
        Caught: { Type: 'Succeed' },
      },
      timeScale: 1,
    });
    expect(await account.run({ a: 1 })).toMatchObject({ status: 'SUCCEEDED', output: { a: 1, error: { Error: 'Bad', Cause: 'it is' } } });
    expect(account.types('Long')).toEqual(['WaitStateEntered', 'WaitStarted', 'WaitStateAborted']);
    expect(account.types('Both')).toEqual(['ParallelStateEntered', 'ParallelStateStarted', 'ParallelStateFailed', 'ParallelStateExited']);
  });

  test('a Parallel state is retried as a whole', async () => {
    let runs = 0;
    const { thrown } = errorNamed('Flaky');
    const account = one({
      states: { Both: { Type: 'Parallel', Branches: [chain({ Work: invoke('work') })], Retry: [{ ErrorEquals: ['Flaky'], MaxAttempts: 1 }] } },
      functions: { work: () => { if (++runs === 1) throw thrown; return runs; } },
    });
    expect((await account.run()).output).toEqual([2]);
  });
});

describe('a child execution', () => {
  const child = chain({ Add: { Type: 'Pass', Parameters: { 'sum.$': 'States.MathAdd($.a, 1)', 'parent.$': '$$.Execution.Input.a' } } });

  test('is waited for, and its output is JSON with .sync:2', async () => {
    const account = new TestAccount({ machines: { Main: chain({ Start: startChild() }), Child: child } });
    const { output, historyEvents } = await account.run({ a: 1 });
    expect(output).toMatchObject({ Status: 'SUCCEEDED', Output: { sum: 2, parent: 1 }, Input: { a: 1 }, StateMachineArn: expect.stringContaining('Child') });
    expect(account.types('Start')).toEqual(['TaskStateEntered', 'TaskScheduled', 'TaskStarted', 'TaskSubmitted', 'TaskSucceeded', 'TaskStateExited']);
    expect(historyEvents).toBe(8);
  });

  test('has text as its output with .sync', async () => {
    const account = new TestAccount({ machines: { Main: chain({ Start: startChild({}, '.sync') }), Child: child } });
    expect((await account.run({ a: 1 })).output).toMatchObject({ Output: '{"sum":2,"parent":1}' });
  });

  test('is not waited for otherwise', async () => {
    const waiting = chain({ Wait: { Type: 'Wait', Seconds: 3600 } });
    const account = new TestAccount({ machines: { Main: chain({ Start: startChild({}, '') }), Child: waiting }, timeScale: 1 });
    expect((await account.run()).output).toEqual({ ExecutionArn: expect.stringContaining(':execution:Child:'), StartDate: expect.any(Number) });
    await account.machines.close();
  });

  test('that fails, fails the task with its own description', async () => {
    const account = new TestAccount({
      machines: { Main: chain({ Start: startChild() }), Child: chain({ Fail: { Type: 'Fail', Error: 'Mine', Cause: 'because' } }) },
    });
    const { error, cause } = await account.run();
    expect(error).toBe('States.TaskFailed');
    expect(JSON.parse(cause!)).toMatchObject({ Error: 'Mine', Cause: 'because', Status: 'FAILED' });
  });
});

const FALSY: readonly (readonly [0 | false | '' | null])[] = [[0], [false], [''], [null]];

describe.each(FALSY)('%j, which JavaScript takes for nothing', (value) => {
  test.each<[string, Record<string, Partial<State>>]>([
    ['the input of a function', { Task: invoke('same') }],
    ['a part of the parameters', { Task: invoke('value', { Parameters: { FunctionName: `${FUNCTION_ARN}value`, Payload: { 'value.$': '$' } } }) }],
    ['an argument of an intrinsic function', { Pass: { Type: 'Pass', Parameters: { 'list.$': 'States.Array($)' }, OutputPath: '$.list[0]' } }],
    ['the execution\'s input in the context object', { Pass: { Type: 'Pass', Parameters: { 'value.$': '$$.Execution.Input' }, OutputPath: '$.value' } }],
    ['the root by a path', { Pass: { Type: 'Pass', InputPath: '$', OutputPath: '$' } }],
    ['what a function returned', { Task: invoke('same', { ResultSelector: { 'value.$': '$.Payload' }, OutputPath: '$.value' }) }],
    ['the item of a Map state', { Pass: { Type: 'Pass', Parameters: { 'list.$': 'States.Array($)' }, OutputPath: '$.list' }, Map: { Type: 'Map', ItemProcessor: chain({ Task: invoke('same') }) }, End: { Type: 'Pass', OutputPath: '$[0]' } }],
    ['the input of a Choice state', { Choice: { Type: 'Choice', Choices: [{ Variable: '$', IsPresent: true, Next: 'Yes' }], Default: 'No' }, Yes: { Type: 'Succeed' }, No: { Type: 'Fail' } }],
  ])('is %s', async (_, states) => {
    const account = new TestAccount({
      machines: { Main: chain(states), Child: chain({ Same: invoke('same') }) },
      functions: { same: (payload) => payload, value: (payload) => (payload as { value: unknown }).value },
    });
    expect(await account.run(value)).toMatchObject({ status: 'SUCCEEDED', output: value });
  });

  test('is what a Pass state gives', async () => {
    expect((await one({ states: { Pass: { Type: 'Pass', Result: value } } }).run({ a: 1 })).output).toEqual(value);
  });
});

// Text must be JSON there, which the empty one is not.
test.each(FALSY.filter(([value]) => value !== ''))('%j is the input of a child execution', async (value) => {
  const account = new TestAccount({
    machines: { Main: chain({ Start: startChild(), End: { Type: 'Pass', OutputPath: '$.Output' } }), Child: chain({ Same: { Type: 'Pass' } }) },
  });
  expect(await account.run(value)).toMatchObject({ status: 'SUCCEEDED', output: value });
});
