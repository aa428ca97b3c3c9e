import { Retrier } from '../../../src/local/state-machine/definition';
import { RetryCounter } from '../../../src/local/state-machine/retry';
import { StateError } from '../../../src/local/state-machine/state-error';
import { errorNamed, invoke, one } from './machine.fixture';

function delays(retrier: Partial<Retrier>, error: string, random = 0.5): (number | undefined)[] {
  const counter = new RetryCounter([{ ErrorEquals: ['States.ALL'], ...retrier }], () => random);
  return Array.from({ length: 5 }, () => counter.next(new StateError(error, '')));
}

test.each([
  ['by default 3 times, after 1, 2 and 4 s', {}, [1, 2, 4, undefined, undefined]],
  ['with its own interval, rate and attempts', { IntervalSeconds: 2, BackoffRate: 3, MaxAttempts: 2 }, [2, 6, undefined, undefined, undefined]],
  ['with a longest delay', { MaxDelaySeconds: 3, MaxAttempts: 5 }, [1, 2, 3, 3, 3]],
  ['with full jitter', { JitterStrategy: 'FULL' as const }, [0.5, 1, 2, undefined, undefined]],
  ['never', { MaxAttempts: 0 }, [undefined, undefined, undefined, undefined, undefined]],
])('retries %s', (_, retrier, expected) => {
  expect(delays(retrier, 'Any')).toEqual(expected);
});

test.each([
  ['States.ALL', 'Any', true],
  ['States.ALL', 'States.Timeout', true],
  ['States.ALL', 'States.DataLimitExceeded', false],
  ['States.ALL', 'States.Runtime', false],
  ['States.Runtime', 'States.Runtime', false],
  ['States.DataLimitExceeded', 'States.DataLimitExceeded', true],
  ['States.TaskFailed', 'Any', true],
  ['States.TaskFailed', 'States.Timeout', false],
  ['Other', 'Any', false],
])('%s means %s: %s', (name, error, means) => {
  expect(delays({ ErrorEquals: [name] }, error)[0] !== undefined).toBe(means);
});

test('each retrier counts for itself, and the first that means the error is the one', () => {
  const counter = new RetryCounter([{ ErrorEquals: ['A'], MaxAttempts: 1 }, { ErrorEquals: ['States.ALL'], MaxAttempts: 2 }]);
  const next = (error: string): boolean => counter.next(new StateError(error, '')) !== undefined;
  expect(['A', 'B', 'A', 'B', 'B'].map(next)).toEqual([true, true, false, true, false]);
  expect(counter.total).toBe(3);
});

test('a task is retried with its retry count, and each retry is three events', async () => {
  const { thrown } = errorNamed('Flaky');
  const counts: unknown[] = [];
  const account = one({
    states: {
      Task: invoke('flaky', {
        Parameters: { 'FunctionName': 'flaky', 'Payload.$': '$$.State.RetryCount' }, Retry: [{ ErrorEquals: ['Flaky'], IntervalSeconds: 60 }],
      }),
    },
    functions: { flaky: (count) => { counts.push(count); if (count !== 2) throw thrown; return 'done'; } },
  });
  expect(await account.run()).toMatchObject({ output: 'done', historyEvents: 2 + 5 + 2 * 3 });
  expect(counts).toEqual([0, 1, 2]);
  expect(account.events.filter(({ type }) => type === 'RetryScheduled')).toMatchObject([
    { state: 'Task', seconds: 60, attempt: 1, error: 'Flaky' }, { state: 'Task', seconds: 120, attempt: 2 },
  ]);
});

test('what is caught is the error with its cause, in place of the input or at a path', async () => {
  const { thrown, cause } = errorNamed('Broken', 'it is');
  const states = (ResultPath?: string | null) => ({
    Task: invoke('fail', { Catch: [{ ErrorEquals: ['States.ALL'], Next: 'Caught', ...ResultPath === undefined ? {} : { ResultPath } }] }),
    Never: { Type: 'Fail' as const },
    Caught: { Type: 'Succeed' as const },
  });
  const output = async (ResultPath?: string | null): Promise<unknown> =>
    (await one({ states: states(ResultPath), functions: { fail: () => { throw thrown; } } }).run({ a: 1 })).output;
  const error = { Error: 'Broken', Cause: JSON.stringify(cause()) };
  expect(await output()).toEqual(error);
  expect(await output('$')).toEqual(error);
  expect(await output('$.error')).toEqual({ a: 1, error });
  expect(await output(null)).toEqual({ a: 1 });
});
