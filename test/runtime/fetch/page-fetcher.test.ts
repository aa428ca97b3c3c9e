import { FetchPageError, HandlerCrashError, InvalidPageError, SourceLoadError, SourceModuleError } from '../../../src/protocol/errors';
import { ERROR_CAUSE_CHARACTERS } from '../../../src/protocol/limits';
import { PageFetcher } from '../../../src/runtime/fetch/page-fetcher';
import { BrokenProcess } from '../../../src/runtime/ports/broken-process';
import { FailedAttempt } from '../../../src/runtime/ports/observer';
import { PageSource } from '../../../src/runtime/ports/ports';
import { NonRetryableError, RetryLaterError } from '../../../src/source';
import { IMPORT_FILE, THIRD_PAGE } from '../../kit/import-file';
import { never, offsetSource, ScriptedSource, sequence } from '../../kit/scripted-source';
import { testWorld } from '../../kit/test-world';

const REQUEST = { pageToken: null, offset: 4, pageNumber: 3, pageSize: 2, input: { a: 1 }, importId: 'import-1' };
const PLENTY = 600_000;

const fails = (error: unknown) => (): never => { throw error; };

const revoked = (): object => {
  const { proxy, revoke } = Proxy.revocable({}, {});
  revoke();
  return proxy;
};

/** The maximum of chance: every delay is as long as its bound. */
const LONGEST = { uuid: () => 'unused', fraction: () => 1 };

describe('a page', () => {
  test('is the handler\'s answer to a request that has the number of the attempt', async () => {
    const source = sequence([1, 2]);
    const fetcher = new PageFetcher(source, IMPORT_FILE, testWorld(), 5);

    await expect(fetcher.fetch(THIRD_PAGE, PLENTY)).resolves.toMatchObject({ kind: 'page', streams: { records: [1, 2] } });
    expect(source.requests).toEqual([{ ...REQUEST, attempt: 1 }]);
  });

  test('takes no time beyond the handler\'s own', async () => {
    const world = testWorld();
    const source = new ScriptedSource(async () => {
      await world.clock.sleep(200);
      return [1];
    });

    await new PageFetcher(source, IMPORT_FILE, world, 5).fetch(THIRD_PAGE, PLENTY);

    expect(world.clock.elapsed).toBe(200);
  });
});

describe('a failure', () => {
  test('is tried again, and the attempts are counted', async () => {
    const source = sequence(fails(new Error('1')), fails(new Error('2')), [1]);
    const fetcher = new PageFetcher(source, IMPORT_FILE, testWorld(), 5);

    await expect(fetcher.fetch(THIRD_PAGE, PLENTY)).resolves.toMatchObject({ kind: 'page' });
    expect(source.requests.map(({ attempt }) => attempt)).toEqual([1, 2, 3]);
  });

  test('waits after each attempt, at most twice as long as before', async () => {
    const world = testWorld({ chance: LONGEST });
    const starts: number[] = [];
    const source = new ScriptedSource(() => {
      starts.push(world.clock.elapsed);
      throw new Error('down');
    });

    await expect(new PageFetcher(source, IMPORT_FILE, world, 5).fetch(THIRD_PAGE, PLENTY)).rejects.toThrow(FetchPageError);

    expect(starts).toEqual([0, 1000, 3000, 7000, 15_000]);
  });

  test('of the last attempt ends it, with a cause that says what the handler has thrown and holds nothing else of it', async () => {
    const last = Object.assign(new RangeError('503 from the source'), { response: { headers: { authorization: 'Basic abc' } } });
    const source = sequence(fails(new Error('first')), fails(last));
    const fetcher = new PageFetcher(source, IMPORT_FILE, testWorld(), 2);
    const error: unknown = await fetcher.fetch(THIRD_PAGE, PLENTY).catch((thrown: unknown) => thrown);

    expect(error).toBeInstanceOf(FetchPageError);
    expect(error).toMatchObject({ name: FetchPageError.NAME, cause: { name: 'RangeError', message: 'RangeError: 503 from the source' } });
    expect(Object.keys((error as Error).cause as Error)).toEqual(['name']);
    expect((error as Error).message).toContain('failed on page 3, attempt 2: RangeError: 503 from the source');
    expect((error as Error).message).toContain('{"resumeFrom":"import-1"}');
  });

  test.each<[string, unknown, string]>([
    ['a string', 'quota used up', 'it threw the string "quota used up" instead of an Error'],
    ['a number', 42, 'it threw a value of type number'],
    ['undefined', undefined, 'it threw a value of type undefined'],
    ['null', null, 'it threw a value of type object'],
    ['a revoked proxy', revoked(), 'Error: it threw a value that cannot be read'],
    ['an error whose message cannot be read', Object.defineProperty(new Error(), 'message', { get: () => { throw new Error('MARKER'); } }), 'Error: it threw a value that cannot be read'],
    ['an object with a message', { message: 'no such table' }, 'no such table'],
    ['an object with name and message', { name: 'ValidationException', message: 'no such table' }, 'ValidationException: no such table'],
  ])('may be %s', async (_what, thrown, reason) => {
    const source = new ScriptedSource(fails(thrown));

    await expect(new PageFetcher(source, IMPORT_FILE, testWorld(), 2).fetch(THIRD_PAGE, PLENTY)).rejects.toThrow(`attempt 2: ${reason}`);
  });

  test('with an endless message is cut, so that the advice still fits into an execution\'s cause', async () => {
    const source = new ScriptedSource(fails(new Error('<html>'.repeat(50_000))));
    const fetcher = new PageFetcher(source, IMPORT_FILE, testWorld(), 1);
    const error: unknown = await fetcher.fetch(THIRD_PAGE, PLENTY).catch((thrown: unknown) => thrown);

    // Lambda reports the message a second time, in the stack.
    expect((error as Error).message.length).toBeLessThan(ERROR_CAUSE_CHARACTERS / 4);
    expect((error as Error).message).toContain('{"resumeFrom":"import-1"}');
  });
});

describe('what a failure says', () => {
  async function messageOf(error: unknown, attempts = 1): Promise<string> {
    const fetcher = new PageFetcher(new ScriptedSource(fails(error)), { ...IMPORT_FILE, input: { apiKey: 'k3y-of-the-source' } }, testWorld(), attempts);
    return fetcher.fetch({ ...THIRD_PAGE, pageToken: 'cursor-17' }, PLENTY).then(() => 'none', ({ message }: Error) => message);
  }

  test('includes its causes', async () => {
    const cause = Object.assign(new Error('connect ECONNREFUSED 127.0.0.1:443'), { code: 'ECONNREFUSED' });

    await expect(messageOf(new TypeError('fetch failed', { cause })))
      .resolves.toContain('attempt 1: TypeError: fetch failed; caused by Error: connect ECONNREFUSED 127.0.0.1:443. See');
  });

  test.each([
    ['the query of a URL', new Error('GET https://api.example.com/v1?key=5ecret&n=1 answered 500'), 'GET https://api.example.com/v1?key=[redacted]&n=[redacted] answered 500'],
    ['a header', new Error('sent Authorization: Bearer 5ecret'), 'sent Authorization: [redacted]'],
    ['the page token', new Error('cursor-17 has expired'), '[page token] has expired'],
    ['the input', new Error('k3y-of-the-source is wrong'), '[input] is wrong'],
    ['a cause', new Error('failed', { cause: new Error('k3y-of-the-source') }), 'failed; caused by Error: [input]'],
    ['a name', Object.assign(new Error('failed'), { name: 'Error at https://a.example/?k=5ecret' }), 'Error at https://a.example/?k=[redacted]: failed'],
    ['a string', 'no k3y-of-the-source', 'it threw the string "no [input]" instead of an Error'],
  ])('hides the secrets in it: %s', async (_where, error, reason) => {
    const message = await messageOf(error);

    expect(message).toContain(reason);
    expect(message).not.toMatch(/5ecret|k3y-of-the-source|cursor-17/);
  });
});

describe('each failed attempt is reported', () => {
  function reporting(source: ScriptedSource, attempts: number): { readonly fetcher: PageFetcher; readonly failed: FailedAttempt[] } {
    const failed: FailedAttempt[] = [];
    const world = testWorld({ chance: LONGEST, observer: { attemptFailed: (failure) => failed.push(failure) } });
    return { fetcher: new PageFetcher(source, IMPORT_FILE, world, attempts), failed };
  }

  test('even if a later one succeeds', async () => {
    const { fetcher, failed } = reporting(sequence(fails(new TypeError('fetch failed', { cause: new Error('reset') })), fails(new Error('two')), [1]), 5);
    await fetcher.fetch(THIRD_PAGE, PLENTY);

    expect(failed).toEqual([
      {
        importId: 'import-1', page: 3, attempt: 1, attempts: 5, reason: 'TypeError: fetch failed; caused by Error: reset', retryInSeconds: 1,
        stack: expect.arrayContaining([expect.stringMatching(/^at .*page-fetcher\.test\.ts/)]) as string[],
      },
      expect.objectContaining({ attempt: 2, reason: 'Error: two', retryInSeconds: 2 }),
    ]);
  });

  test('and the report says if none follows', async () => {
    const last = reporting(sequence(fails(new Error('one')), fails(new Error('two'))), 2);
    await last.fetcher.fetch(THIRD_PAGE, PLENTY).catch(() => undefined);
    const final = reporting(sequence(fails(new NonRetryableError('no such customer'))), 2);
    await final.fetcher.fetch(THIRD_PAGE, PLENTY).catch(() => undefined);

    expect(last.failed.map(({ retryInSeconds }) => retryInSeconds)).toEqual([1, null]);
    expect(final.failed).toMatchObject([{ attempt: 1, attempts: 2, reason: 'NonRetryableError: no such customer', retryInSeconds: null }]);
  });

  test('with its number over all invocations', async () => {
    const { fetcher, failed } = reporting(sequence(fails(new Error('x')), [1]), 50);
    await fetcher.fetch(THIRD_PAGE, PLENTY, fetcher.attemptsAfter(41));

    expect(failed).toMatchObject([{ attempt: 42, attempts: 50, retryInSeconds: 60 }]);
  });

  test('but a wait that the source asks for is not a failure', async () => {
    const { fetcher, failed } = reporting(sequence({ retryAfterSeconds: 60 }), 5);
    await fetcher.fetch(THIRD_PAGE, PLENTY);

    expect(failed).toEqual([]);
  });
});

describe('an error that must not be retried', () => {
  test.each<[string, unknown]>([
    ['of our own class', new NonRetryableError('no such customer')],
    ['of another copy of the class, by its name', Object.assign(new Error('no such customer'), { name: 'NonRetryableError' })],
    ['from another language, by its name', { name: 'NonRetryableError', message: 'no such customer' }],
  ])('%s ends it at once', async (_what, thrown) => {
    const source = sequence(fails(thrown));

    await expect(new PageFetcher(source, IMPORT_FILE, testWorld(), 5).fetch(THIRD_PAGE, PLENTY))
      .rejects.toThrow('attempt 1 (not retryable): NonRetryableError: no such customer');
  });

  test('is an answer that is not a page', async () => {
    const source = sequence('a string');

    await expect(new PageFetcher(source, IMPORT_FILE, testWorld(), 5).fetch(THIRD_PAGE, PLENTY)).rejects.toThrow(InvalidPageError);
    expect(source.requests).toHaveLength(1);
  });

  test('is a module that cannot be used', async () => {
    const error = new SourceModuleError('it has no default export');

    await expect(new PageFetcher(sequence(fails(error)), IMPORT_FILE, testWorld(), 5).fetch(THIRD_PAGE, PLENTY)).rejects.toBe(error);
  });
});

describe('a process that is broken', () => {
  const lost = new BrokenProcess('unhandledRejection', new Error('no answer from https://api.example.com/?key=5ecret to a page of page-token-1'));

  function fetcherOf(source: PageSource, failed: FailedAttempt[] = []): PageFetcher {
    return new PageFetcher(source, IMPORT_FILE, testWorld({ observer: { attemptFailed: (attempt) => failed.push(attempt) } }), 5);
  }

  test('costs an attempt and gets no other: the next one needs a new process', async () => {
    const failed: FailedAttempt[] = [];
    const source = sequence(fails(new Error('first')), fails(lost));
    const failure = fetcherOf(source, failed).fetch({ ...THIRD_PAGE, pageToken: 'page-token-1' }, PLENTY);

    await expect(failure).rejects.toThrow(HandlerCrashError);
    await expect(failure).rejects.toThrow('crashed on page 3, attempt 2: a promise was rejected before anything handled it: Error: no answer from '
      + 'https://api.example.com/?key=[redacted] to a page of [page token]. Await every promise');
    expect(failed).toMatchObject([{ attempt: 1 }, { page: 3, attempt: 2, attempts: 3, retryInSeconds: null }]);
    expect(failed[1]!.stack[0]).toMatch(/^at /);
    expect(source.requests).toHaveLength(2);
  });

  test('is reported as an error outside a promise or a module that does not load', async () => {
    await expect(fetcherOf(sequence(fails(new BrokenProcess('uncaughtException', 7)))).fetch(THIRD_PAGE, PLENTY))
      .rejects.toThrow('attempt 1: an error was thrown outside of its promise: a value of type number.');
    await expect(fetcherOf(sequence(fails(new BrokenProcess('load', new Error('no settings'))))).fetch(THIRD_PAGE, PLENTY))
      .rejects.toThrow(new SourceLoadError(THIRD_PAGE, 'its code outside of the handler threw: Error: no settings').message);
  });

  test('does not answer whether the source has ended', async () => {
    await expect(fetcherOf(sequence(fails(lost))).peek(THIRD_PAGE, PLENTY)).rejects.toThrow(HandlerCrashError);
  });

  test('is noticed after the last page, too', async () => {
    const source: PageSource & { broken?: BrokenProcess } = offsetSource([1]);
    const fetcher = fetcherOf(source);
    fetcher.requireUnbroken();
    await fetcher.fetch(THIRD_PAGE, PLENTY);
    fetcher.requireUnbroken();
    source.broken = lost;

    expect(() => fetcher.requireUnbroken()).toThrow(HandlerCrashError);
  });
});

describe('a source that asks for a later retry', () => {
  test.each<[string, unknown]>([
    ['by its answer', { retryAfterSeconds: 120 }],
    ['by an answer with the text of a header', { retryAfterSeconds: '120' }],
    ['by RetryLaterError', fails(new RetryLaterError(120))],
    ['by RetryLaterError with the text of a header', fails(new RetryLaterError('120'))],
    ['by an error of that name', fails(Object.assign(new Error(), { name: 'RetryLaterError', retryAfterSeconds: 120 }))],
    ['by an error of that name with the text of a header', fails(Object.assign(new Error(), { name: 'RetryLaterError', retryAfterSeconds: '120' }))],
  ])('%s, is not asked again meanwhile', async (_how, answer) => {
    const source = sequence(answer);

    await expect(new PageFetcher(source, IMPORT_FILE, testWorld(), 5).fetch(THIRD_PAGE, PLENTY)).resolves.toEqual({ kind: 'later', seconds: 120 });
  });

  test('by a date, is asked again at that time', async () => {
    const world = testWorld();
    const until = new Date(world.clock.now() + 90_000);

    for (const retryAfterSeconds of [until, until.toUTCString(), until.toISOString()]) {
      for (const answer of [{ retryAfterSeconds }, fails(Object.assign(new Error(), { name: 'RetryLaterError', retryAfterSeconds }))]) {
        await expect(new PageFetcher(sequence(answer), IMPORT_FILE, world, 5).fetch(THIRD_PAGE, PLENTY)).resolves.toEqual({ kind: 'later', seconds: 90 });
      }
    }
  });

  test.each<[string, unknown]>([
    ['answers a date that is over', { retryAfterSeconds: 'Fri, 02 Jan 1970 03:04:05 GMT' }],
    ['answers a text that is no time', { retryAfterSeconds: 'soon' }],
    ['throws a date that is over', fails(new RetryLaterError(new Date(0)))],
    ['answers 0', { retryAfterSeconds: 0 }],
    ['throws 0', fails(new RetryLaterError(0))],
    ['throws a negative number', fails(new RetryLaterError(-1))],
    ['throws what Number() makes of a date', fails(new RetryLaterError(Number('Fri, 02 Jan 2026 03:04:05 GMT')))],
  ])('without a hint, is asked again like after any failure: it %s', async (_how, answer) => {
    const source = sequence(answer, [1]);

    await expect(new PageFetcher(source, IMPORT_FILE, testWorld(), 5).fetch(THIRD_PAGE, PLENTY)).resolves.toMatchObject({ kind: 'page' });
    await expect(new PageFetcher(sequence(answer), IMPORT_FILE, testWorld(), 1).fetch(THIRD_PAGE, PLENTY))
      .rejects.toThrow(/attempt 1: .*the source asks for a retry without saying when/i);
  });

  test('without a hint, but with a message of its own, fails with that message', async () => {
    const source = sequence(fails(new RetryLaterError(NaN, 'the quota is used up')));

    await expect(new PageFetcher(source, IMPORT_FILE, testWorld(), 1).fetch(THIRD_PAGE, PLENTY))
      .rejects.toThrow('attempt 1: RetryLaterError: the quota is used up');
  });

  test('by an error of that name without a number, simply fails', async () => {
    const error = Object.assign(new Error('slow down'), { name: 'RetryLaterError' });

    await expect(new PageFetcher(sequence(fails(error)), IMPORT_FILE, testWorld(), 1).fetch(THIRD_PAGE, PLENTY)).rejects.toThrow('RetryLaterError: slow down');
  });
});

describe('when the time is up', () => {
  test('a handler that never answers is given up', async () => {
    const world = testWorld();

    await expect(new PageFetcher(new ScriptedSource(never), IMPORT_FILE, world, 5).fetch(THIRD_PAGE, 30_000))
      .resolves.toEqual({ kind: 'out-of-time', isCutOff: true, retryInMilliseconds: 0 });
    expect(world.clock.elapsed).toBe(30_000);
  });

  test('the handler\'s signal fires, and an error that it throws then is not a failure', async () => {
    const source = new ScriptedSource((_request, signal) => new Promise((_resolve, reject) => {
      signal.addEventListener('abort', () => reject(new Error('aborted by the signal')));
    }));

    await expect(new PageFetcher(source, IMPORT_FILE, testWorld(), 5).fetch(THIRD_PAGE, 30_000)).resolves.toMatchObject({ kind: 'out-of-time', isCutOff: true });
    expect(source.requests).toHaveLength(1);
  });

  test('the signal does not fire earlier', async () => {
    const world = testWorld();
    let firedAt: number | undefined;
    const source = new ScriptedSource((_request, signal) => {
      signal.addEventListener('abort', () => { firedAt = world.clock.elapsed; });
      return never(_request, signal);
    });

    await new PageFetcher(source, IMPORT_FILE, world, 5).fetch(THIRD_PAGE, 30_000);

    expect(firedAt).toBe(30_000);
  });

  test('an answer of a handler that ignores the signal comes too late', async () => {
    const world = testWorld();
    const source = new ScriptedSource(async () => {
      await world.clock.sleep(30_001);
      return [1];
    });

    await expect(new PageFetcher(source, IMPORT_FILE, world, 5).fetch(THIRD_PAGE, 30_000)).resolves.toMatchObject({ kind: 'out-of-time' });
  });

  test('a retry that would come too late is not waited for, and the failure has been counted', async () => {
    const world = testWorld({ chance: LONGEST });
    const source = sequence(fails(new Error('one')), fails(new Error('two')));

    const fetcher = new PageFetcher(source, IMPORT_FILE, world, 5);
    const attempts = fetcher.attemptsAfter(0);
    await expect(fetcher.fetch(THIRD_PAGE, 2500, attempts)).resolves.toEqual({ kind: 'out-of-time', isCutOff: false, retryInMilliseconds: 2000 });
    expect(attempts.failed).toBe(2);
    expect(world.clock.elapsed).toBe(1000);
  });

  test('a page that came in time leaves no timer behind', async () => {
    const world = testWorld();
    await new PageFetcher(sequence([1]), IMPORT_FILE, world, 5).fetch(THIRD_PAGE, PLENTY);
    await world.clock.sleep(1);

    expect(world.clock.elapsed).toBe(1);
  });
});
