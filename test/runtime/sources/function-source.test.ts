import type { InvokeCommand, InvokeCommandOutput, LambdaClient } from '@aws-sdk/client-lambda';
import { FUNCTION_NOT_READY_SECONDS } from '../../../src/protocol/defaults';
import { FetchPageError, InvalidPageError } from '../../../src/protocol/errors';
import { FetchPageRequest } from '../../../src/protocol/fetch-contract';
import { NOT_READY_FAILURES } from '../../../src/protocol/lambda-failures';
import { PageFetcher } from '../../../src/runtime/fetch/page-fetcher';
import { FunctionSource } from '../../../src/runtime/sources/function-source';
import { RetryLaterError } from '../../../src/source';
import { IMPORT_FILE, THIRD_PAGE } from '../../kit/import-file';
import { TestMachine } from '../../kit/test-machine';
import { testWorld } from '../../kit/test-world';

const REQUEST = { pageToken: null, offset: 0, pageNumber: 1, pageSize: 2, input: {}, importId: 'import-1', attempt: 1 };
const HALF = { fraction: () => 0.5 };
const SIGNAL = new AbortController().signal;

/** A function with scripted replies. Only the SDK's transport is replaced. */
function functionThat(reply: { readonly text?: string; readonly failed?: boolean } | Error) {
  const sent: { command: InvokeCommand; options: unknown }[] = [];
  const send = async (command: InvokeCommand, options: unknown): Promise<Partial<InvokeCommandOutput>> => {
    sent.push({ command, options });
    if (reply instanceof Error) throw reply;
    const bytes = reply.text === undefined ? undefined : Buffer.from(reply.text);
    return { Payload: bytes && Object.assign(bytes, { transformToString: () => bytes.toString() }) as never, ...reply.failed ? { FunctionError: 'Unhandled' } : {} };
  };
  return { source: new FunctionSource('arn:aws:lambda:eu-central-1:123456789012:function:orders', { send } as unknown as LambdaClient, HALF), sent };
}

test('a page is one invocation, with the request as its payload and the signal of the loop', async () => {
  const { source, sent } = functionThat({ text: '{"records":[1]}' });

  await expect(source.fetchPage(REQUEST, SIGNAL)).resolves.toEqual({ records: [1] });
  expect(sent).toHaveLength(1);
  expect(sent[0]!.command.input).toEqual({ FunctionName: expect.stringContaining('function:orders') as string, Payload: JSON.stringify(REQUEST) });
  expect(sent[0]!.options).toEqual({ abortSignal: SIGNAL });
});

test.each([['nothing', undefined], ['null', 'null']])('if a function returns %s, the error says what is expected', async (_what, text) => {
  const { source } = functionThat({ text });

  await expect(new PageFetcher(source, IMPORT_FILE, testWorld(), 5).fetch(THIRD_PAGE, 60_000)).rejects.toThrow(InvalidPageError);
});

test.each([
  ['an error of its own', '{"errorType":"ValueError","errorMessage":"no such table","stackTrace":["secret"]}', 'ValueError: no such table'],
  ['a time-out', '{"errorType":"Sandbox.Timedout","errorMessage":"Task timed out after 3.00 seconds"}', 'Sandbox.Timedout: Task timed out after 3.00 seconds'],
  ['an error without a type', '{"errorMessage":"no such table"}', 'Error: no such table'],
  ['an error that says nothing', '{}', 'Error: the function failed without a message'],
  ['null', 'null', 'Error: the function failed without a message'],
  ['no JSON', '<html>', 'Error: the function failed without a message'],
  ['nothing', undefined, 'Error: the function failed without a message'],
])('a function that fails with %s is reported by its type and message', async (_what, text, reason) => {
  const { source } = functionThat({ text, failed: true });
  const failure = new PageFetcher(source, IMPORT_FILE, testWorld(), 1).fetch(THIRD_PAGE, 60_000);

  await expect(failure).rejects.toThrow(FetchPageError);
  await expect(failure).rejects.toThrow(`attempt 1: ${reason}.`);
});

test('a function in any language can prevent retries by the name of its error', async () => {
  const { source, sent } = functionThat({ text: '{"errorType":"NonRetryableError","errorMessage":"no such customer"}', failed: true });

  await expect(new PageFetcher(source, IMPORT_FILE, testWorld(), 5).fetch(THIRD_PAGE, 60_000)).rejects.toThrow('(not retryable): NonRetryableError: no such customer');
  expect(sent).toHaveLength(1);
});

test('an answer that is not JSON fails the attempt, and the error does not quote it', async () => {
  const { source } = functionThat({ text: 'MARKER is not JSON' });
  const failure = new PageFetcher(source, IMPORT_FILE, testWorld(), 1).fetch(THIRD_PAGE, 60_000);

  await expect(failure).rejects.toThrow('the function\'s answer is not JSON');
  await expect(failure).rejects.not.toThrow('MARKER');
});

test('a function that cannot be invoked is tried again, and the loop counts each attempt', async () => {
  const { source, sent } = functionThat(Object.assign(new Error('Internal failure'), { name: 'ServiceException' }));

  await expect(new PageFetcher(source, IMPORT_FILE, testWorld(), 3).fetch(THIRD_PAGE, 60_000)).rejects.toThrow('attempt 3: ServiceException: Internal failure');
  expect(sent).toHaveLength(3);
});

describe('a function that Lambda cannot run yet', () => {
  test.each(NOT_READY_FAILURES)('is tried again after a wait, which is not a failed attempt: %s', async (name) => {
    const { source, sent } = functionThat(Object.assign(new Error('It will be ready to invoke shortly.'), { name }));

    await expect(new PageFetcher(source, IMPORT_FILE, testWorld(), 1).fetch(THIRD_PAGE, 60_000))
      .resolves.toEqual({ kind: 'later', seconds: FUNCTION_NOT_READY_SECONDS });
    expect(sent).toHaveLength(1);
  });

  test('is given the time that Lambda asks for, if that is longer', async () => {
    const { source } = functionThat(Object.assign(new Error('Rate exceeded'), { name: 'TooManyRequestsException', retryAfterSeconds: '120' }));

    await expect(source.fetchPage(REQUEST, SIGNAL)).rejects.toMatchObject({ name: 'RetryLaterError', retryAfterSeconds: 120 });
  });

  test('is tried again by several imports at different times', async () => {
    const waits = await Promise.all([0, 0.999].map(async (fraction) => {
      const send = async (): Promise<never> => { throw Object.assign(new Error('pending'), { name: 'ResourceNotReadyException' }); };
      const source = new FunctionSource('orders', { send } as unknown as LambdaClient, { fraction: () => fraction });
      return source.fetchPage(REQUEST, SIGNAL).catch((error: unknown) => (error as RetryLaterError).retryAfterSeconds) as Promise<number>;
    }));

    expect(waits[0]).toBe(FUNCTION_NOT_READY_SECONDS / 2);
    expect(waits[1]).toBeGreaterThan(FUNCTION_NOT_READY_SECONDS);
  });

  test('costs an import no attempts while it wakes up, after weeks without use', async () => {
    const awakeAt = 110_000;
    const machine: TestMachine = new TestMachine({ source: new FunctionSource('orders', { send: wakingUp } as unknown as LambdaClient, HALF), pageAttempts: 1 });
    async function wakingUp(command: InvokeCommand): Promise<Partial<InvokeCommandOutput>> {
      if (machine.clock.elapsed < awakeAt) throw Object.assign(new Error('It will be ready to invoke shortly.'), { name: 'CodeArtifactUserPendingException' });
      const { offset } = JSON.parse(command.input.Payload as string) as FetchPageRequest;
      const bytes = Buffer.from(offset === 0 ? '[1, 2]' : '[]');
      return { Payload: Object.assign(bytes, { transformToString: () => bytes.toString() }) as never };
    }

    await expect(machine.run()).resolves.toMatchObject({ records: 2, pages: 2 });
    expect(machine.clock.elapsed).toBeGreaterThanOrEqual(awakeAt);
  });
});
