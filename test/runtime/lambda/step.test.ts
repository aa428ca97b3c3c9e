import { inspect } from 'node:util';
import type { Context } from 'aws-lambda';
import { STEP_FAILED_MESSAGE } from '../../../src/protocol/environment';
import { FetchPageError, StoreUnavailableError } from '../../../src/protocol/errors';
import { ToldError } from '../../../src/runtime/errors/describe-error';
import { step } from '../../../src/runtime/lambda/step';

const CONTEXT = {} as Context;

describe('a step', () => {
  let lines: string[];
  beforeEach(() => {
    lines = [];
    for (const method of ['log', 'info', 'warn', 'error'] as const) jest.spyOn(console, method).mockImplementation((...line: unknown[]) => { lines.push(line.join(' ')); });
  });
  afterEach(() => jest.restoreAllMocks());

  const failing = (error: unknown) => step('Persist', async () => { throw error; });

  test('logs nothing if it succeeds', async () => {
    await expect(step('Persist', async (request: { importId: string }) => request.importId)({ importId: 'i' }, CONTEXT)).resolves.toBe('i');
    expect(lines).toEqual([]);
  });

  test('logs one line if it fails, and passes the error on', async () => {
    const error = new StoreUnavailableError('PutObject', 'b', 'k', { answer: { code: 'InternalError', status: 500, requestId: 'R1', extendedRequestId: 'R2' } });

    await expect(failing(error)({ importId: 'i' }, CONTEXT)).rejects.toBe(error);
    expect(lines.map((line) => JSON.parse(line) as unknown)).toEqual([{
      level: 'ERROR', message: STEP_FAILED_MESSAGE, step: 'Persist', importId: 'i', error: 'StoreUnavailableError',
      reason: 'S3 did not complete PutObject on s3://b/k (InternalError, HTTP 500, request id R1, extended request id R2). The step is retried; '
        + 'if it still fails, redrive the execution.',
    }]);
  });

  test('also finds the import id in the state of the loop', async () => {
    await failing(new Error('x'))({ state: { importId: 'i' } }, CONTEXT).catch(() => undefined);

    expect(JSON.parse(lines[0]!)).toMatchObject({ importId: 'i' });
  });

  test('reports the causes of an unexpected error, under its own name and without secrets', async () => {
    const error = new TypeError('fetch failed', { cause: new Error('GET https://a.example/?key=5ecret') });
    const thrown = await failing(error)({}, CONTEXT).then(() => undefined, (failure: Error) => failure);

    const reason = 'TypeError: fetch failed; caused by Error: GET https://a.example/?key=[redacted]';
    expect(JSON.parse(lines[0]!)).toEqual({ level: 'ERROR', message: STEP_FAILED_MESSAGE, step: 'Persist', error: 'TypeError', reason });
    expect(thrown).toMatchObject({ name: 'TypeError', message: reason });
    expect(`${thrown!.stack}${lines.join('')}`).not.toContain('5ecret');
  });

  test.each<[string, unknown, string]>([
    ['null', null, 'a value of type object'],
    ['a string', 'GET /orders?key=5ecret', '"GET /orders?key=[redacted]"'],
    ['an object', { headers: { authorization: '5ecret' } }, 'a value of type object'],
  ])('describes a thrown value that is not an Error: %s', async (_what, thrown, reason) => {
    await expect(failing(thrown)({}, CONTEXT)).rejects.toMatchObject({ name: 'Error', message: reason });
    expect(JSON.parse(lines[0]!)).toMatchObject({ error: 'Error', reason });
  });

  test.each<[string, string]>([
    ['Error of https://a.example/?key=5ecret', 'Error'],
    ['two words', 'Error'],
    ['Sandbox.Timedout', 'Sandbox.Timedout'],
  ])('keeps a name that retries may depend on, and no text: %s', async (name, kept) => {
    await expect(failing(Object.assign(new Error('x'), { name }))({}, CONTEXT)).rejects.toHaveProperty('name', kept);
  });

  test('logs the causes that the message leaves out, and none to Lambda, which might log all that they hold', async () => {
    const cause = Object.assign(new Error('PUT /key?X-Amz-Signature=5ecret', { cause: new Error('read ECONNRESET') }), { $response: { headers: { cookie: '5ecret' } } });
    const error = new StoreUnavailableError('PutObject', 'b', 'k', { cause, answer: { code: 'InternalError' } });
    const thrown = await failing(error)({}, CONTEXT).then(() => undefined, (failure: Error) => failure);

    expect(thrown).toBe(error);
    expect(inspect(thrown, { depth: null, showHidden: true })).not.toContain('5ecret');
    expect(lines).toHaveLength(1);
    expect(JSON.parse(lines[0]!)).toMatchObject({ causes: 'Error: PUT /key?X-Amz-Signature=[redacted]; caused by Error: read ECONNRESET' });
  });

  test('logs them once', async () => {
    const thrown = new RangeError('out of range');
    const page = { importId: 'i', executionArn: 'arn', pageNumber: 3, tokenDigest: null };
    await failing(new FetchPageError(page, 5, true, 'RangeError: out of range', { cause: new ToldError(thrown) }))({}, CONTEXT).catch(() => undefined);

    expect(JSON.parse(lines[0]!)).not.toHaveProperty('causes');
  });
});
