import { ImportExpiredError, ImportNotFoundError, MaxWaitExceededError } from '../../../src/protocol/errors';
import { LoopState } from '../../../src/protocol/machine-state';
import { ScriptedSource, sequence } from '../../kit/scripted-source';
import { TestMachine } from '../../kit/test-machine';

const WAIT = { retryAfterSeconds: 30 };

describe('a round that ends in a wait', () => {
  test('has committed the earlier pages, and requests the same page afterwards', async () => {
    const source = sequence([1], WAIT, [2], []);
    const machine = new TestMachine({ source, pageSize: 1 });
    const state = await machine.fetch(await machine.initialize());

    expect(state).toMatchObject({ continue: true, waitSeconds: 30, waitedSeconds: 30, pages: 1, records: 1, chunks: 1 });
    await expect(machine.fetch(state)).resolves.toMatchObject({ continue: false, waitSeconds: 0, waitedSeconds: 0, pages: 3 });
    expect(source.pageNumbers).toEqual([1, 2, 2, 3]);
  });

  test('is as long as the source asked, in whole seconds', async () => {
    const machine = new TestMachine({ source: sequence({ retryAfterSeconds: 5.2 }) });

    await expect(machine.fetch(await machine.initialize())).resolves.toMatchObject({ waitSeconds: 6, waitedSeconds: 6 });
  });

  test('may be the first round', async () => {
    const machine = new TestMachine({ source: sequence(WAIT) });

    const state = await machine.fetch(await machine.initialize());

    expect(state).toMatchObject({ continue: true, waitSeconds: 30, pages: 0, chunks: 0 });
  });
});

describe('waits for one page', () => {
  test('add up to maxWait and no further', async () => {
    const machine = new TestMachine({ source: new ScriptedSource(() => WAIT), maxWaitSeconds: 60 });
    const first = await machine.fetch(await machine.initialize());
    const second = await machine.fetch(first);

    expect([first.waitedSeconds, second.waitedSeconds]).toEqual([30, 60]);
    await expect(machine.fetch(second)).rejects.toThrow(MaxWaitExceededError);
    await expect(machine.fetch(second)).rejects.toThrow('asks for 30 s more before page 1, for which the import has waited 60 s; maxWait is 60 s');
  });

  test('start from zero for the next page', async () => {
    const source = sequence(WAIT, [1], WAIT, WAIT, [2], WAIT);
    const machine = new TestMachine({ source, pageSize: 1, maxWaitSeconds: 60 });
    let state = await machine.initialize();
    const waited: number[] = [];
    for (let round = 0; round < 4; round++) waited.push((state = await machine.fetch(state)).waitedSeconds);

    expect(waited).toEqual([30, 30, 60, 30]);
  });

  test('do not count for the next page, even if another attempt has fetched this one', async () => {
    const machine = new TestMachine({ source: sequence(WAIT, [1], WAIT, WAIT), pageSize: 1, maxWaitSeconds: 59 });
    const beforeFirstPage = await machine.fetch(await machine.initialize());
    await machine.fetch(beforeFirstPage);

    // A late attempt, whose state does not know the page in the log.
    await expect(machine.fetch(beforeFirstPage)).resolves.toMatchObject({ pages: 1, waitedSeconds: 30 });
  });

  test('longer than maxWait are refused at once, and earlier pages are kept', async () => {
    const machine = new TestMachine({ source: sequence([1], { retryAfterSeconds: 61 }, []), pageSize: 1, maxWaitSeconds: 60 });
    const start = await machine.initialize();

    await expect(machine.fetch(start)).rejects.toThrow('asks for 61 s more before page 2');
    await expect(machine.fetch(start)).resolves.toMatchObject({ continue: false, records: 1, pages: 2 });
  });
});

describe('rounds', () => {
  test.each([
    ['one', {}, 0, 1],
    ['one with two retries', {}, 2, 3],
    ['one that waits', WAIT, 0, 2],
    ['one that waits, with three retries', WAIT, 3, 5],
  ])('count: %s', async (_what, answer, retries, rounds) => {
    const machine = new TestMachine({ source: sequence(answer === WAIT ? WAIT : []) });
    const start: LoopState = { ...await machine.initialize(), round: 10 };

    await expect(machine.fetch(start, { retryCount: retries })).resolves.toMatchObject({ round: 10 + rounds });
  });
});

describe('an import', () => {
  test('that does not exist is not fetched', async () => {
    const machine = new TestMachine({ source: sequence() });
    const state = await machine.initialize();

    await expect(machine.fetch({ ...state, importId: 'nobody' })).rejects.toThrow(ImportNotFoundError);
  });

  test('that is too old is not fetched', async () => {
    const machine = new TestMachine({ source: sequence(), maximumAgeSeconds: 60 });
    const state = await machine.initialize();
    await machine.clock.sleep(60_001);

    await expect(machine.fetch(state)).rejects.toThrow(ImportExpiredError);
  });

  test('is fetched with the page size it began with', async () => {
    const source = sequence([]);
    const machine = new TestMachine({ source, pageSize: 2 });
    const state = await machine.initialize();

    await new TestMachine({ source, pageSize: 99, s3: machine.s3, clock: machine.clock }).fetch(state);
    expect(source.requests[0]).toMatchObject({ pageSize: 2 });
  });
});

describe('the state after a round comes from the log', () => {
  test('a late attempt with an old pointer returns the newest state', async () => {
    const machine = new TestMachine({ source: sequence([1], [2], [3], []), pageSize: 1 });
    const start = await machine.initialize();
    const end = await machine.fetch(start);

    await expect(machine.fetch(start)).resolves.toEqual(end);
  });
});
