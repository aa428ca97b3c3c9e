import { chain, invoke, MACHINE_ARN, one, startChild, TestAccount } from './machine.fixture';

const LIMIT = 256 * 1024;

/** Text that has so many bytes as JSON. */
function textOf(bytes: number): string {
  return 'x'.repeat(bytes - 2);
}

describe('256 KiB', () => {
  const caught = { Catch: [{ ErrorEquals: ['States.ALL'], Next: 'Caught' }], Retry: [{ ErrorEquals: ['States.ALL'] }] };
  const end = { Caught: { Type: 'Succeed' as const } };

  test('may be a result', async () => {
    const account = one({ states: { Task: { ...invoke('large'), OutputPath: null } }, functions: { large: () => textOf(LIMIT - 1000) } });
    expect(await account.run()).toMatchObject({ status: 'SUCCEEDED' });
  });

  test('may not be passed by what a task returns, and States.ALL does not catch it', async () => {
    const account = one({ states: { Task: invoke('large', caught), ...end }, functions: { large: () => textOf(LIMIT) } });
    expect(await account.run()).toMatchObject({
      status: 'FAILED',
      error: 'States.DataLimitExceeded',
      cause: "The state/task 'arn:aws:states:::lambda:invoke' returned a result with a size exceeding the maximum number of bytes service limit.",
    });
    expect(account.types()).not.toContain('RetryScheduled');
  });

  test('may not be passed by what Parameters make', async () => {
    const account = one({ states: { Task: invoke('any', { Parameters: { FunctionName: 'any', Payload: textOf(LIMIT) } }) }, functions: { any: () => 1 } });
    expect(await account.run()).toMatchObject({ error: 'States.DataLimitExceeded', cause: expect.stringContaining("'Task'") });
  });

  test('may not be passed by an output, counted in UTF-8 bytes of JSON', async () => {
    const account = (bytes: number): TestAccount => one({
      states: { Pass: { Type: 'Pass', Result: 'ä'.repeat((bytes - 2) / 2) } },
    });
    expect(await account(LIMIT).run()).toMatchObject({ status: 'SUCCEEDED' });
    expect(await account(LIMIT + 2).run()).toMatchObject({ status: 'FAILED', error: 'States.DataLimitExceeded' });
  });

  test('may not be passed by the outputs of branches together', async () => {
    const half = chain({ Half: { Type: 'Pass', Result: textOf(LIMIT / 2) } });
    const account = one({ states: { Both: { Type: 'Parallel', Branches: [half, half], ...caught }, ...end } });
    expect(await account.run()).toMatchObject({ error: 'States.DataLimitExceeded', cause: expect.stringContaining("'Both'") });
  });

  test('may not be passed by the input of an execution', () => {
    expect(() => one({ states: end }).start(textOf(LIMIT + 1))).toThrow(/at most 262144 bytes/);
  });
});

describe('25,000 events', () => {
  const loop = {
    Fetch: invoke('fetch'),
    More: { Type: 'Choice' as const, Choices: [{ Variable: '$.continue', BooleanEquals: true, Next: 'Fetch' }], Default: 'End' },
    End: { Type: 'Succeed' as const },
  };
  /** ExecutionStarted, five of each Fetch, two of each Choice, two of the end, ExecutionSucceeded. */
  const eventsOf = (rounds: number): number => 1 + rounds * 7 + 2 + 1;
  const rounds = (limit: number) => {
    let round = 0;
    return one({ states: loop, functions: { fetch: () => ({ continue: ++round < limit }) } });
  };

  test('are counted as Step Functions writes them', async () => {
    expect((await rounds(3).run()).historyEvents).toBe(eventsOf(3));
  });

  test('end an execution that goes on and on, by a last event of their own', async () => {
    const account = rounds(Infinity);
    expect(await account.run()).toMatchObject({
      status: 'FAILED',
      error: 'States.Runtime',
      historyEvents: 25_000,
      cause: 'The execution reached the maximum number of history events (25000).',
    });
    expect(account.events.at(-1)).toMatchObject({ type: 'ExecutionFailed', id: 25_000 });
  }, 60_000);

  test('may all be used by an execution that succeeds', async () => {
    const account = rounds(3570);
    expect(eventsOf(3570)).toBe(24_994);
    expect(await account.run()).toMatchObject({ status: 'SUCCEEDED', historyEvents: 24_994 });
  }, 60_000);
});

describe('an execution', () => {
  const waiting = chain({ Wait: { Type: 'Wait', Seconds: 3600 } });

  test('tells what it was', async () => {
    const account = one({ states: { End: { Type: 'Succeed' } } });
    const result = await account.run({ a: 1 }, { name: 'run-1' });
    expect(result).toEqual({
      executionArn: 'arn:aws:states:us-east-1:123456789012:execution:Main:run-1',
      stateMachineArn: `${MACHINE_ARN}Main`,
      name: 'run-1',
      status: 'SUCCEEDED',
      input: { a: 1 },
      output: { a: 1 },
      startDate: expect.any(Date),
      stopDate: expect.any(Date),
      redriveCount: 0,
      historyEvents: 4,
    });
    expect(account.types()).toEqual(['ExecutionStarted', 'SucceedStateEntered', 'SucceedStateExited', 'ExecutionSucceeded']);
  });

  test('ends when it is aborted, and its child with it', async () => {
    const account = new TestAccount({ machines: { Main: chain({ Start: startChild() }), Child: waiting }, timeScale: 1 });
    const execution = account.start();
    await new Promise((resolve) => setTimeout(resolve, 50));
    execution.abort('Enough', 'said so');
    expect(await execution.result()).toMatchObject({ status: 'ABORTED', error: 'Enough', cause: 'said so' });
    // One turn of the event loop is enough for what is told of the end in microtasks.
    await new Promise((resolve) => setTimeout(resolve, 0));
    expect(account.types().filter((type) => type === 'ExecutionAborted')).toHaveLength(2);
  });

  test('ends by a signal', async () => {
    const account = new TestAccount({ machines: { Main: waiting }, timeScale: 1 });
    expect(await account.run({}, { signal: AbortSignal.timeout(50) })).toMatchObject({ status: 'ABORTED' });
  });

  test('times out after its time', async () => {
    const account = new TestAccount({ machines: { Main: { ...waiting, TimeoutSeconds: 0.1 } }, timeScale: 1 });
    expect(await account.run()).toMatchObject({ status: 'TIMED_OUT', error: 'States.Timeout' });
    expect(account.events.at(-1)!.type).toBe('ExecutionTimedOut');
  });

  test('times out by waits that were cut short, in branches too, of which the longest counts', async () => {
    const twice = (TimeoutSeconds: number): TestAccount => new TestAccount({
      machines: { Main: chain({ Both: { Type: 'Parallel', Branches: [waiting, waiting] }, Again: { Type: 'Wait', Seconds: 3600 } }, { TimeoutSeconds }) },
    });
    expect(await twice(7300).run()).toMatchObject({ status: 'SUCCEEDED' });
    expect(await twice(7200).run()).toMatchObject({ status: 'TIMED_OUT' });
  });

  test('times out by waits that its child has cut short', async () => {
    const twice = (TimeoutSeconds: number): TestAccount => new TestAccount({
      machines: { Main: chain({ Start: startChild(), Again: startChild() }, { TimeoutSeconds }), Child: waiting },
    });
    expect(await twice(7300).run()).toMatchObject({ status: 'SUCCEEDED' });
    const account = twice(7200);
    expect(await account.run()).toMatchObject({ status: 'TIMED_OUT', error: 'States.Timeout' });
    expect(account.types('Again').at(-1)).toBe('TaskStateAborted');
  });

  test('aborts its child when it times out', async () => {
    const account = new TestAccount({
      machines: { Main: chain({ Start: startChild() }, { TimeoutSeconds: 0.1 }), Child: chain({ Hang: invoke('hang') }) },
      functions: { hang: async () => new Promise(() => {}) },
    });
    const execution = account.start();
    expect(await execution.result()).toMatchObject({ status: 'TIMED_OUT', error: 'States.Timeout' });
    expect(await execution.children[0]!.result()).toMatchObject({ status: 'ABORTED' });
  });

  test('with a timeout longer than a timer of Node.js does not time out', async () => {
    const account = one({ states: { Task: invoke('work') }, functions: { work: async () => new Promise((r) => setTimeout(r, 50)) } }, { TimeoutSeconds: 31_536_000 });
    expect(await account.run()).toMatchObject({ status: 'SUCCEEDED' });
  });

  test('has a name of its own', async () => {
    const account = new TestAccount({ machines: { Main: waiting }, timeScale: 1 });
    const first = account.start({ a: 1 }, { name: 'run-1' });
    expect(account.start({ a: 1 }, { name: 'run-1' })).toBe(first);
    expect(() => account.start({ a: 2 }, { name: 'run-1' })).toThrow(expect.objectContaining({ name: 'ExecutionAlreadyExists' }));
    first.abort();
    await first.result();
    expect(() => account.start({ a: 1 }, { name: 'run-1' })).toThrow(expect.objectContaining({ name: 'ExecutionAlreadyExists' }));
    expect(() => account.start({}, { name: 'run 2' })).toThrow(/Invalid Name/);
    expect(() => account.start({}, { name: 'x'.repeat(81) })).toThrow(/Invalid Name/);
  });
});

const circle: { self?: object } = {};
circle.self = circle;

test.each<[string, unknown, RegExp]>([
  ['a function', () => 1, /must be JSON: a function is not JSON/],
  ['a bigint', 1n, /must be JSON: .*BigInt/],
  ['a circle', circle, /must be JSON: .*circular/],
])('%s is refused as an input', (_, input, message) => {
  expect(() => new TestAccount({ machines: { Main: chain({ Pass: { Type: 'Pass' } }) } }).start(input)).toThrow(message);
});

test.each([
  ['JSONata', { ...chain({ Pass: { Type: 'Pass' } }), QueryLanguage: 'JSONata' }, /uses JSONata/],
  ['variables', chain({ Pass: { Type: 'Pass', Assign: {} } as object }), /State Pass assigns variables/],
  ['a distributed Map', chain({ Map: { Type: 'Map', ItemProcessor: { ...chain({ P: { Type: 'Pass' } }), ProcessorConfig: { Mode: 'DISTRIBUTED' } } } }),
    /State Map is a distributed Map/],
])('a machine with %s is refused before it starts', (_, definition, message) => {
  expect(() => new TestAccount({ machines: { Main: definition } }).start()).toThrow(message);
});
