import { randomUUID } from 'node:crypto';
import { FetchPageError, FetchPageTimeoutError } from '../../../src/protocol/errors';
import { LoopState } from '../../../src/protocol/machine-state';
import { FailedAttempt } from '../../../src/runtime/ports/observer';
import { NonRetryableError } from '../../../src/source';
import { never, ScriptedSource, sequence } from '../../kit/scripted-source';
import { TestMachine, TestMachineOptions } from '../../kit/test-machine';

const SECOND = 1000;

const throws = (): never => { throw new Error('out of order'); };

/** Attempt numbers as the source saw them. */
function attemptsOf({ requests }: ScriptedSource): number[] {
  return requests.map(({ attempt }) => attempt);
}

function upTo(count: number): number[] {
  return Array.from({ length: count }, (_, index) => index + 1);
}

/** A machine whose invocations are too short for the delays between a page's attempts. */
function shortMachine(source: ScriptedSource, options: Partial<TestMachineOptions> = {}): TestMachine {
  return new TestMachine({ source, pageSize: 1, pageAttempts: 50, remaining: 10 * SECOND, ...options });
}

async function failureOf(work: Promise<unknown>): Promise<Error> {
  return work.then(() => { throw new Error('it did not fail'); }, (error: Error) => error);
}

describe('a page gets all its attempts, however short the invocations are', () => {
  test('if the handler fails', async () => {
    const source = new ScriptedSource(throws);
    const machine = shortMachine(source);
    const error = await failureOf(machine.fetchAll(await machine.initialize()));

    expect(error).toBeInstanceOf(FetchPageError);
    expect(error.message).toContain('failed on page 1, attempt 50: Error: out of order');
    expect(attemptsOf(source)).toEqual(upTo(50));
  });

  test('with delays between them at least as long as drawn', async () => {
    const starts: number[] = [];
    const source: ScriptedSource = new ScriptedSource(() => {
      starts.push(machine.clock.elapsed);
      return throws();
    });
    const machine: TestMachine = shortMachine(source, { pageAttempts: 8, chance: { uuid: () => 'writer', fraction: () => 1 } });
    await failureOf(machine.fetchAll(await machine.initialize()));

    const delays = starts.slice(1).map((start, index) => (start - starts[index]!) / SECOND);
    expect(delays).toEqual([1, 2, 4, 8, 16, 32, 60]);
  });

  test('if it does not answer', async () => {
    const source = new ScriptedSource(never);
    const machine = shortMachine(source, { pageAttempts: 3 });
    const error = await failureOf(machine.fetchAll(await machine.initialize()));

    expect(error).toBeInstanceOf(FetchPageTimeoutError);
    expect(error.message).toContain('had not answered for page 1 after 10 s, when the fetch function\'s time was up, in attempt 3 of 3');
    expect(attemptsOf(source)).toEqual([1, 2, 3]);
  });

  test('and each is reported with its number', async () => {
    const failed: FailedAttempt[] = [];
    const source = sequence(never, throws, never, never);
    const machine = shortMachine(source, { pageAttempts: 3, observer: { attemptFailed: (failure) => failed.push(failure) } });
    await failureOf(machine.fetchAll(await machine.initialize()));

    expect(failed).toMatchObject([
      { page: 1, attempt: 1, attempts: 3, reason: 'it had not answered after 10 s, when the function\'s time was up', retryInSeconds: 0 },
      { attempt: 2, reason: 'Error: out of order' },
      { attempt: 3, reason: expect.stringMatching(/^it had not answered/) as string, retryInSeconds: null },
    ]);
  });

  test('if it first fails and then does not answer', async () => {
    const source = sequence(never, throws, never, never);
    const machine = shortMachine(source, { pageAttempts: 3 });

    await expect(machine.fetchAll(await machine.initialize())).rejects.toThrow(FetchPageTimeoutError);
    expect(attemptsOf(source)).toEqual([1, 2, 3, 3]);
  });

  test('and a page that succeeds in time is imported', async () => {
    const source = new ScriptedSource(({ pageNumber, attempt }) => {
      if (pageNumber === 2 && attempt < 20) throws();
      return pageNumber === 1 ? [1] : [];
    });
    const machine = shortMachine(source);

    await expect(machine.run()).resolves.toMatchObject({ records: 1, pages: 2 });
    expect(attemptsOf(source)).toEqual([1, ...upTo(20)]);
  });

  test('one more if the limit was lowered meanwhile', async () => {
    const source = new ScriptedSource(throws);
    const long = shortMachine(source);
    let state = await long.initialize();
    while (state.failedAttempts < 6) state = await long.fetch(state);
    source.requests.length = 0;

    await expect(shortMachine(source, { s3: long.s3, clock: long.clock, pageAttempts: 5 }).fetch(state)).rejects.toThrow(`attempt ${state.failedAttempts + 1}: `);
    expect(source.requests).toHaveLength(1);
  });
});

describe('an attempt that the end of the invocation cuts off', () => {
  test('does not count if pages came before it: it began late', async () => {
    const source = new ScriptedSource((request, signal) => request.pageNumber === 1 ? [1] : never(request, signal));
    const machine = shortMachine(source, { pageAttempts: 2 });
    const state = await machine.fetch(await machine.initialize());

    expect(state).toMatchObject({ continue: true, pages: 1, failedAttempts: 0 });
    await expect(machine.fetch(state)).resolves.toMatchObject({ continue: true, waitSeconds: 0, failedAttempts: 1 });
    expect(attemptsOf(source)).toEqual([1, 1, 1]);
  });

  test('does not count if another attempt has failed before it', async () => {
    const machine = shortMachine(sequence(throws, never), { pageAttempts: 5, chance: { uuid: () => 'writer', fraction: () => 0.5 } });

    await expect(machine.fetch(await machine.initialize())).resolves.toMatchObject({ continue: true, failedAttempts: 1 });
  });

  test('counts if it had the whole invocation, so that the import ends', async () => {
    const source = new ScriptedSource(never);
    const machine = shortMachine(source, { pageAttempts: 1 });

    await expect(machine.fetch(await machine.initialize())).rejects.toThrow(FetchPageTimeoutError);
  });
});

describe('attempts are counted', () => {
  test('for one page: the next one has its own', async () => {
    const source = new ScriptedSource(({ pageNumber, attempt }) => attempt <= 30 ? throws() : pageNumber < 3 ? [pageNumber] : []);
    const machine = shortMachine(source);
    const state = await machine.fetchAll(await machine.initialize());

    expect(state).toMatchObject({ continue: false, pages: 3, failedAttempts: 0 });
    expect(attemptsOf(source)).toEqual([...upTo(31), ...upTo(31), ...upTo(31)]);
  });

  test('across waits that the source asks for, which are no failures', async () => {
    const later = { retryAfterSeconds: 60 };
    const source = sequence(throws, later, throws, { retryAfterSeconds: 1 }, throws);
    const machine = shortMachine(source, { pageAttempts: 3 });

    await expect(machine.fetchAll(await machine.initialize())).rejects.toThrow('failed on page 1, attempt 3');
    expect(attemptsOf(source)).toEqual([1, 2, 2, 3, 3]);
  });

  test('anew if another attempt has committed the page meanwhile', async () => {
    const source = sequence(throws, [1], throws, NOT_AGAIN);
    const machine = shortMachine(source, { remaining: 1.4 * SECOND, chance: { uuid: randomUUID, fraction: () => 1 } });
    const failed = await machine.fetch({ ...await machine.initialize(), failedAttempts: 40 });
    expect(failed).toMatchObject({ pages: 0, failedAttempts: 41 });
    const ahead = await machine.fetch(failed);
    expect(ahead).toMatchObject({ pages: 1, failedAttempts: 1 });

    // A late attempt, whose state does not know the page in the log.
    await expect(machine.fetch(failed)).rejects.toThrow('failed on page 2, attempt 1 (not retryable)');
  });

  test('anew when the execution is redriven, as waits are', async () => {
    const source = new ScriptedSource(throws);
    const machine = shortMachine(source, { pageAttempts: 12 });
    const states: LoopState[] = [await machine.initialize()];
    await failureOf(failing(machine, states));
    expect(attemptsOf(source)).toEqual(upTo(12));
    source.requests.length = 0;

    // Step Functions enters the state that failed again, with the input that it had.
    const redriven = { ...states.at(-1)!, waitedSeconds: 3000 };
    const state = await machine.fetch(redriven, { redriveCount: 1 });
    expect(state).toMatchObject({ waitedSeconds: 0, redriveCount: 1 });
    await failureOf(failing(machine, [state], 1));

    expect(attemptsOf(source)).toEqual(upTo(12));
  });

  test('anew in a child execution when its parent is redriven', async () => {
    const source = new ScriptedSource(throws);
    const machine = shortMachine(source, { pageAttempts: 12 });
    const handedOn = await machine.fetch(await machine.initialize());
    expect(handedOn.failedAttempts).toBeGreaterThan(1);
    source.requests.length = 0;

    await machine.fetch({ ...handedOn, parentRedriveCount: 0 });
    expect(source.requests[0]).toMatchObject({ attempt: handedOn.failedAttempts + 1 });
    source.requests.length = 0;

    const state = await machine.fetch({ ...handedOn, parentRedriveCount: 1 });
    expect(source.requests[0]).toMatchObject({ attempt: 1 });
    expect(state).toMatchObject({ parentRedriveCount: 1, redriveCount: 1 });
    await machine.fetch(state);
    expect(source.requests.at(-1)!.attempt).toBeGreaterThan(state.failedAttempts);
  });

  test('anew when the import is resumed', async () => {
    const machine = shortMachine(new ScriptedSource(throws), { pageAttempts: 12 });
    const start = await machine.initialize();
    await failureOf(machine.fetchAll(start));

    await expect(machine.initialize({ resumeFrom: start.importId })).resolves.toMatchObject({ failedAttempts: 0, waitedSeconds: 0 });
  });
});

const NOT_AGAIN = (): never => { throw new NonRetryableError('not again'); };

/** Fetches until it fails, and records the input of each round. */
async function failing(machine: TestMachine, states: LoopState[], redriveCount = 0): Promise<void> {
  for (;;) {
    const state = await machine.fetch(states.at(-1)!, { redriveCount });
    states.push(state);
    await machine.clock.sleep(state.waitSeconds * SECOND);
  }
}
