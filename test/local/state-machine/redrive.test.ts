import { StateMachineDefinition } from '../../../src/local/state-machine/definition';
import { Execution } from '../../../src/local/state-machine/execution';
import { ExecutionResult } from '../../../src/local/state-machine/execution-result';
import { chain, errorNamed, invoke, one, startChild, TestAccount } from './machine.fixture';

/** What Step Functions documents of redriven executions. https://docs.aws.amazon.com/step-functions/latest/dg/redrive-executions.html */

afterEach(() => jest.restoreAllMocks());

/** A function that throws so many times before it works, and counts its calls. */
function failing(times: number, work: (input: any) => unknown = (input) => input) {
  const calls: unknown[] = [];
  const run = (input: unknown): unknown => {
    calls.push(input);
    if (calls.length <= times) throw errorNamed('Broken').thrown;
    return work(input);
  };
  return { run, calls };
}

/** A function that hangs the first time. */
function hanging(): { run: () => unknown; calls: () => number } {
  let calls = 0;
  return { run: async () => ++calls > 1 ? null : new Promise(() => {}), calls: () => calls };
}

async function until(isSo: () => boolean): Promise<void> {
  while (!isSo()) await new Promise((resolve) => setTimeout(resolve, 1));
}

async function ended(account: TestAccount, input: unknown = {}): Promise<Execution> {
  const execution = account.start(input);
  await execution.result();
  return execution;
}

async function redriven(execution: Execution): Promise<ExecutionResult> {
  return execution.redrive().result();
}

describe('a redriven execution', () => {
  test('goes on from the state that failed, with the same input, and does not repeat what succeeded', async () => {
    const first = failing(0, ({ n }) => ({ n: n + 1 }));
    const second = failing(1, ({ n }) => ({ n: n + 10 }));
    const account = one({ states: { First: invoke('first'), Second: invoke('second') }, functions: { first: first.run, second: second.run } });
    const execution = await ended(account, { n: 1 });
    const failed = await execution.result();
    expect(failed).toMatchObject({ status: 'FAILED', error: 'Broken', redriveCount: 0 });

    const result = await redriven(execution);
    expect(result).toMatchObject({
      executionArn: failed.executionArn, name: failed.name, startDate: failed.startDate, status: 'SUCCEEDED', output: { n: 12 },
      redriveCount: 1, redriveDate: expect.any(Date),
    });
    expect(result.error).toBeUndefined();
    expect([first.calls, second.calls]).toEqual([[{ n: 1 }], [{ n: 2 }, { n: 2 }]]);
  });

  test('goes on with its history', async () => {
    const account = one({ states: { Task: invoke('task') }, functions: { task: failing(1).run } });
    const execution = await ended(account);
    const { historyEvents } = await redriven(execution);
    expect(account.types()).toEqual([
      'ExecutionStarted', 'TaskStateEntered', 'TaskScheduled', 'TaskStarted', 'TaskFailed', 'ExecutionFailed',
      'ExecutionRedriven', 'TaskScheduled', 'TaskStarted', 'TaskSucceeded', 'TaskStateExited', 'ExecutionSucceeded',
    ]);
    expect(account.events.map(({ id }) => id)).toEqual(account.events.map((_, index) => index + 1));
    expect(historyEvents).toBe(account.events.length);
    expect(account.events.find(({ type }) => type === 'ExecutionRedriven')).toMatchObject({ redriveCount: 1 });
  });

  test('may be redriven again and again', async () => {
    const task = failing(3);
    const execution = await ended(one({ states: { Task: invoke('task') }, functions: { task: task.run } }));
    expect(await redriven(execution)).toMatchObject({ status: 'FAILED', redriveCount: 1 });
    expect(await redriven(execution)).toMatchObject({ status: 'FAILED', redriveCount: 2 });
    expect(await redriven(execution)).toMatchObject({ status: 'SUCCEEDED', redriveCount: 3 });
    expect(task.calls).toHaveLength(4);
  });

  test('counts retries anew', async () => {
    const task = failing(5, (input) => input);
    const Parameters = { 'FunctionName': 'task', 'Payload.$': '$$.State.RetryCount' };
    const Retry = [{ ErrorEquals: ['Broken'], MaxAttempts: 2 }];
    const account = one({ states: { Task: invoke('task', { Retry, Parameters }) }, functions: { task: task.run } });
    const execution = await ended(account);
    expect(task.calls).toEqual([0, 1, 2]);
    expect(await redriven(execution)).toMatchObject({ status: 'SUCCEEDED', output: 2 });
    expect(task.calls).toEqual([0, 1, 2, 0, 1, 2]);
  });

  test('says so in the context object, and keeps its start', async () => {
    const seen = { 'count.$': '$$.Execution.RedriveCount', 'start.$': '$$.Execution.StartTime', 'entered.$': '$$.State.EnteredTime' };
    const task = failing(1);
    const account = one({
      states: {
        Task: invoke('task', { Parameters: { FunctionName: 'task', Payload: seen } }),
        After: { Type: 'Pass', Parameters: { 'task.$': '$', 'time.$': '$$.Execution.RedriveTime' } },
      },
      functions: { task: task.run },
    });
    const { output, startDate, redriveDate } = await redriven(await ended(account));
    const again = { ...task.calls[0] as object, count: 1 };
    expect(task.calls).toEqual([{ count: 0, start: startDate.toISOString(), entered: expect.any(String) }, again]);
    expect(output).toEqual({ task: again, time: redriveDate!.toISOString() });
  });

  test('enters a Fail state again, and fails again', async () => {
    const account = one({ states: { End: { Type: 'Fail', Error: 'Never' } } });
    expect(await redriven(await ended(account))).toMatchObject({ status: 'FAILED', error: 'Never' });
    expect(account.types('End')).toEqual(['FailStateEntered', 'FailStateEntered']);
  });

  test('is aborted as any other, by a signal of its own too', async () => {
    const waiting = chain({ Task: invoke('task'), Wait: { Type: 'Wait', Seconds: 3600 } });
    const account = new TestAccount({ machines: { Main: waiting }, functions: { task: failing(1).run }, timeScale: 1 });
    const execution = await ended(account);
    const stop = new AbortController();
    execution.redrive({ signal: stop.signal });
    await until(() => account.types('Wait').includes('WaitStarted'));
    stop.abort();
    expect(await execution.result()).toMatchObject({ status: 'ABORTED', redriveCount: 1 });
    execution.redrive().abort('Enough');
    expect(await execution.result()).toMatchObject({ status: 'ABORTED', error: 'Enough', redriveCount: 2 });
    expect(account.types('Wait')).toEqual(['WaitStateEntered', 'WaitStarted', 'WaitStateAborted', 'WaitStarted', 'WaitStateAborted']);
  });
});

describe('of what was aborted or has timed out', () => {
  const machine = (fields: Partial<StateMachineDefinition> = {}) => chain({ Hold: invoke('hold'), After: { Type: 'Pass', Result: 'after' } }, fields);

  test('the state that was cut off is scheduled again', async () => {
    const hold = hanging();
    const account = new TestAccount({ machines: { Main: machine() }, functions: { hold: hold.run } });
    const execution = account.start();
    await until(() => hold.calls() > 0);
    execution.abort();
    expect(await execution.result()).toMatchObject({ status: 'ABORTED' });
    expect(await redriven(execution)).toMatchObject({ status: 'SUCCEEDED', output: 'after' });
    expect(account.types('Hold')).toEqual([
      'TaskStateEntered', 'TaskScheduled', 'TaskStarted', 'TaskStateAborted', 'TaskScheduled', 'TaskStarted', 'TaskSucceeded', 'TaskStateExited',
    ]);
  });

  test('the timeout begins anew', async () => {
    const waits = chain({ Long: { Type: 'Wait', Seconds: 60 }, Task: invoke('task'), Again: { Type: 'Wait', Seconds: 60 } }, { TimeoutSeconds: 100 });
    const account = new TestAccount({ machines: { Main: waits }, functions: { task: failing(0).run } });
    const execution = await ended(account);
    expect(await execution.result()).toMatchObject({ status: 'TIMED_OUT' });
    expect(await redriven(execution)).toMatchObject({ status: 'SUCCEEDED' });
  });

  test('an execution that was cut off between two states goes on with the next one', async () => {
    const account = one({ states: { First: { Type: 'Pass' }, Second: { Type: 'Pass', Result: 2 } } });
    const execution = account.start({}, { signal: AbortSignal.abort() });
    expect(await execution.result()).toMatchObject({ status: 'ABORTED' });
    expect(await redriven(execution)).toMatchObject({ status: 'SUCCEEDED', output: 2 });
    expect(account.types().slice(1)).toEqual([
      'PassStateEntered', 'PassStateExited', 'ExecutionAborted', 'ExecutionRedriven', 'PassStateEntered', 'PassStateExited', 'ExecutionSucceeded',
    ]);
  });

  test('a wait for a point in time that has passed is over', async () => {
    const Timestamp = new Date(Date.now() + 3_600_000).toISOString();
    const account = new TestAccount({ machines: { Main: chain({ Wait: { Type: 'Wait', Timestamp } }) }, timeScale: 1 });
    const execution = account.start();
    await until(() => account.types('Wait').includes('WaitStarted'));
    execution.abort();
    await execution.result();
    jest.spyOn(Date, 'now').mockReturnValue(Date.parse(Timestamp) + 1);
    expect(await redriven(execution)).toMatchObject({ status: 'SUCCEEDED' });
    expect(account.events.filter(({ type }) => type === 'WaitStarted').at(-1)).toMatchObject({ seconds: 0 });
  });
});

describe('of branches and items', () => {
  test('those that failed or were aborted run again, from the state that did not succeed', async () => {
    const good = failing(0, () => 'good');
    const before = failing(0, () => 'before');
    const bad = failing(1, () => 'bad');
    // The third branch is still at work when the second one fails.
    const Branches = [chain({ Good: invoke('good') }), chain({ Before: invoke('before'), Bad: invoke('bad') }), chain({ Cut: invoke('cut') })];
    const account = new TestAccount({
      machines: { Main: chain({ Both: { Type: 'Parallel', Branches } }) },
      functions: { good: good.run, before: before.run, bad: bad.run, cut: hanging().run },
    });
    const execution = await ended(account);
    expect(await execution.result()).toMatchObject({ status: 'FAILED', error: 'Broken' });
    expect(await redriven(execution)).toMatchObject({ status: 'SUCCEEDED', output: ['good', 'bad', null] });
    expect([good, before, bad].map(({ calls }) => calls.length)).toEqual([1, 1, 2]);
    expect(account.types('Cut')).toEqual([
      'TaskStateEntered', 'TaskScheduled', 'TaskStarted', 'TaskStateAborted', 'TaskScheduled', 'TaskStarted', 'TaskSucceeded', 'TaskStateExited',
    ]);
    expect(account.types('Both')).toEqual([
      'ParallelStateEntered', 'ParallelStateStarted', 'ParallelStateFailed', 'ParallelStateStarted', 'ParallelStateSucceeded', 'ParallelStateExited',
    ]);
  });

  test('items that succeeded are not worked on again, and those that had not begun are', async () => {
    let broken = true;
    const worked: number[] = [];
    const work = (n: any): unknown => {
      worked.push(n);
      if (n === 2 && broken) throw errorNamed('Broken').thrown;
      return n * 10;
    };
    const account = one({
      states: { Each: { Type: 'Map', MaxConcurrency: 1, ItemProcessor: chain({ Work: invoke('work') }) } }, functions: { work },
    });
    const execution = await ended(account, [1, 2, 3]);
    broken = false;
    expect(await redriven(execution)).toMatchObject({ status: 'SUCCEEDED', output: [10, 20, 30] });
    expect(worked).toEqual([1, 2, 2, 3]);
    expect(account.types('Each').filter((type) => type.startsWith('MapIteration'))).toEqual([
      'MapIterationStarted', 'MapIterationSucceeded', 'MapIterationStarted', 'MapIterationFailed',
      'MapIterationStarted', 'MapIterationSucceeded', 'MapIterationStarted', 'MapIterationSucceeded',
    ]);
  });

  test('a Map inside a branch goes on, too', async () => {
    let broken = true;
    const worked: number[] = [];
    const work = (n: any): unknown => {
      worked.push(n);
      if (n === 2 && broken) throw errorNamed('Broken').thrown;
      return n;
    };
    const each = chain({ Each: { Type: 'Map', MaxConcurrency: 1, ItemProcessor: chain({ Work: invoke('work') }) } });
    const account = one({ states: { Both: { Type: 'Parallel', Branches: [each] } }, functions: { work } });
    const execution = await ended(account, [1, 2]);
    broken = false;
    expect(await redriven(execution)).toMatchObject({ output: [[1, 2]] });
    expect(worked).toEqual([1, 2, 2]);
  });

  test('all run again in a retry within the redrive', async () => {
    const good = failing(0, () => 'good');
    const bad = failing(2, () => 'bad');
    const Branches = [chain({ Good: invoke('good') }), chain({ Bad: invoke('bad') })];
    const Retry = [{ ErrorEquals: ['Broken'], MaxAttempts: 1 }];
    const account = one({ states: { Both: { Type: 'Parallel', Branches, Retry } }, functions: { good: good.run, bad: bad.run } });
    const execution = await ended(account);
    expect([good, bad].map(({ calls }) => calls.length)).toEqual([2, 2]);
    expect(await redriven(execution)).toMatchObject({ status: 'SUCCEEDED', output: ['good', 'bad'] });
    expect([good, bad].map(({ calls }) => calls.length)).toEqual([2, 3]);
  });

  test('all run again after States.DataLimitExceeded', async () => {
    let size = 200_000;
    const calls = failing(0, () => 'x'.repeat(size));
    const branch = chain({ Large: invoke('large') });
    const account = one({ states: { Both: { Type: 'Parallel', Branches: [branch, branch] } }, functions: { large: calls.run } });
    const execution = await ended(account);
    expect(await execution.result()).toMatchObject({ error: 'States.DataLimitExceeded' });
    size = 1;
    expect(await redriven(execution)).toMatchObject({ status: 'SUCCEEDED', output: ['x', 'x'] });
    expect(calls.calls).toHaveLength(4);
  });
});

describe('of child executions', () => {
  const account = (task: (input: unknown) => unknown): TestAccount => new TestAccount({
    machines: { Main: chain({ Start: startChild() }), Child: chain({ Task: invoke('task') }) }, functions: { task },
  });

  test('the Task that waited for one starts another one', async () => {
    const main = account(failing(1, () => 'done').run);
    const execution = await ended(main);
    expect(await redriven(execution)).toMatchObject({ status: 'SUCCEEDED', output: { Status: 'SUCCEEDED', Output: 'done', RedriveCount: 0 } });
    expect(execution.children).toHaveLength(2);
    expect(execution.children[0]).not.toBe(execution.children[1]);
    expect((await execution.children[0]!.result()).status).toBe('FAILED');
    expect(main.types('Start').filter((type) => type === 'TaskScheduled')).toHaveLength(2);
  });

  test('one alone may be redriven, of which its parent hears nothing', async () => {
    const execution = await ended(account(failing(1, () => 'done').run));
    const [child] = execution.children;
    expect(await redriven(child!)).toMatchObject({ status: 'SUCCEEDED', output: 'done', redriveCount: 1 });
    expect(await execution.result()).toMatchObject({ status: 'FAILED', redriveCount: 0 });
  });
});

describe('is refused', () => {
  const refusal = (message: RegExp) => expect.objectContaining({ name: 'ExecutionNotRedrivable', message: expect.stringMatching(message) });

  test('while the execution runs', async () => {
    const execution = new TestAccount({ machines: { Main: chain({ Wait: { Type: 'Wait', Seconds: 3600 } }) }, timeScale: 1 }).start();
    expect(() => execution.redrive()).toThrow(refusal(/Main:.*is running\. Wait for its end, or abort it first\./));
    execution.abort();
    await execution.result();
    execution.redrive();
    expect(() => execution.redrive()).toThrow(refusal(/is running/));
    execution.abort();
    expect(await execution.result()).toMatchObject({ redriveCount: 1 });
  });

  test('when it has succeeded, after a redrive too', async () => {
    const execution = await ended(one({ states: { Task: invoke('task') }, functions: { task: failing(1).run } }));
    await redriven(execution);
    expect(() => execution.redrive()).toThrow(refusal(/has succeeded\. There is nothing left to do\./));
  });

  test('14 days after its end', async () => {
    const execution = await ended(one({ states: { End: { Type: 'Fail' } } }));
    const { stopDate } = await execution.result();
    const now = jest.spyOn(Date, 'now').mockReturnValue(stopDate.getTime() + 14 * 24 * 3600 * 1000 + 1);
    expect(() => execution.redrive()).toThrow(refusal(/ended more than 14 days ago\. Start a new execution\./));
    now.mockReturnValue(stopDate.getTime() + 14 * 24 * 3600 * 1000);
    execution.redrive();
    now.mockRestore();
    expect(await execution.result()).toMatchObject({ status: 'FAILED', redriveCount: 1 });
  });

  test('when it could not be run here', async () => {
    const account = one({ states: { Task: invoke('task') }, functions: { task: () => 1 } });
    const broken = new Error('no code');
    const execution = account.start({}, { onEvent: () => { throw broken; } });
    await expect(execution.result()).rejects.toBe(broken);
    expect(() => execution.redrive()).toThrow(refusal(/could not be run here/));
  });

  /** A machine that fails with its history's so many events: one at each end, one of the Fail state, two of each Pass. */
  const endingAfter = (events: number) => {
    const passes = Array.from({ length: (events - 3) / 2 }, (_, index): [string, object] => [`P${index}`, { Type: 'Pass' }]);
    return one({ states: { ...Object.fromEntries(passes), End: { Type: 'Fail' } } });
  };

  test('where there is no room for its event and one more', async () => {
    const full = await ended(endingAfter(24_999));
    expect((await full.result()).historyEvents).toBe(24_999);
    expect(() => full.redrive()).toThrow(refusal(/has 24999 of at most 25000 history events\. Start a new execution\./));

    const almost = await ended(endingAfter(24_997));
    expect(await redriven(almost)).toMatchObject({ status: 'FAILED', historyEvents: 25_000 });
    expect(() => almost.redrive()).toThrow(refusal(/25000/));
  }, 60_000);
});

test('the limit on history events holds for a redriven execution', async () => {
  let broken = true;
  const forever = (input: any): unknown => {
    if (broken) throw errorNamed('Broken').thrown;
    return input;
  };
  const account = one({
    states: { Task: invoke('forever'), Again: { Type: 'Choice', Choices: [{ Variable: '$.a', IsPresent: false, Next: 'Task' }] } },
    functions: { forever },
  });
  const execution = await ended(account);
  broken = false;
  expect(await redriven(execution)).toMatchObject({
    status: 'FAILED', error: 'States.Runtime', historyEvents: 25_000, cause: expect.stringContaining('maximum number of history events (25000)'),
  });
  expect(account.events.at(-1)).toMatchObject({ type: 'ExecutionFailed', id: 25_000 });
}, 60_000);
