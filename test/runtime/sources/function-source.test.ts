import type { InvokeCommand, InvokeCommandOutput, LambdaClient } from '@aws-sdk/client-lambda';
import { FetchPageError, InvalidPageError } from '../../../src/protocol/errors';
import { PageFetcher } from '../../../src/runtime/core/page-fetcher';
import { FunctionSource } from '../../../src/runtime/sources/function-source';
import { IMPORT_FILE, THIRD_PAGE } from '../../kit/import-file';
import { testWorld } from '../../kit/test-world';

const REQUEST = { pageToken: null, offset: 0, pageNumber: 1, pageSize: 2, input: {}, importId: 'import-1', attempt: 1 };
const SIGNAL = new AbortController().signal;

/** A function that replies as told. Only the SDK's transport is left out. */
function functionThat(reply: { readonly text?: string; readonly failed?: boolean } | Error) {
  const sent: { command: InvokeCommand; options: unknown }[] = [];
  const send = async (command: InvokeCommand, options: unknown): Promise<Partial<InvokeCommandOutput>> => {
    sent.push({ command, options });
    if (reply instanceof Error) throw reply;
    const bytes = reply.text === undefined ? undefined : Buffer.from(reply.text);
    return { Payload: bytes && Object.assign(bytes, { transformToString: () => bytes.toString() }) as never, ...reply.failed ? { FunctionError: 'Unhandled' } : {} };
  };
  return { source: new FunctionSource('arn:aws:lambda:eu-central-1:123456789012:function:orders', { send } as unknown as LambdaClient), sent };
}

test('a page is one invocation, with the request as its payload and the signal of the loop', async () => {
  const { source, sent } = functionThat({ text: '{"records":[1]}' });

  await expect(source.fetchPage(REQUEST, SIGNAL)).resolves.toEqual({ records: [1] });
  expect(sent).toHaveLength(1);
  expect(sent[0]!.command.input).toEqual({ FunctionName: expect.stringContaining('function:orders') as string, Payload: JSON.stringify(REQUEST) });
  expect(sent[0]!.options).toEqual({ abortSignal: SIGNAL });
});

test.each([['nothing', undefined], ['null', 'null']])('a function that returns %s is told what is expected', async (_what, text) => {
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

test('a function, in any language, says by the name of its error that it must not be asked again', async () => {
  const { source, sent } = functionThat({ text: '{"errorType":"NonRetryableError","errorMessage":"no such customer"}', failed: true });

  await expect(new PageFetcher(source, IMPORT_FILE, testWorld(), 5).fetch(THIRD_PAGE, 60_000)).rejects.toThrow('(not retryable): NonRetryableError: no such customer');
  expect(sent).toHaveLength(1);
});

test('an answer that is no JSON is a failure that does not quote it', async () => {
  const { source } = functionThat({ text: 'MARKER is not JSON' });
  const failure = new PageFetcher(source, IMPORT_FILE, testWorld(), 1).fetch(THIRD_PAGE, 60_000);

  await expect(failure).rejects.toThrow('the function\'s answer is not JSON');
  await expect(failure).rejects.not.toThrow('MARKER');
});

test('a function that cannot be invoked is asked again, each attempt counted by the loop', async () => {
  const { source, sent } = functionThat(Object.assign(new Error('Rate exceeded'), { name: 'TooManyRequestsException' }));

  await expect(new PageFetcher(source, IMPORT_FILE, testWorld(), 3).fetch(THIRD_PAGE, 60_000)).rejects.toThrow('attempt 3: TooManyRequestsException: Rate exceeded');
  expect(sent).toHaveLength(3);
});
