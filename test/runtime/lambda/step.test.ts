import type { Context } from 'aws-lambda';
import { STEP_FAILED_MESSAGE } from '../../../src/protocol/environment';
import { StoreUnavailableError } from '../../../src/protocol/errors';
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

  test('writes nothing where it succeeds', async () => {
    await expect(step('Persist', async (request: { importId: string }) => request.importId)({ importId: 'i' }, CONTEXT)).resolves.toBe('i');
    expect(lines).toEqual([]);
  });

  test('writes one line where it fails, and fails as it would have', async () => {
    const error = new StoreUnavailableError('PutObject', 'b', 'k', { answer: { code: 'InternalError', status: 500, requestId: 'R1', extendedRequestId: 'R2' } });

    await expect(failing(error)({ importId: 'i' }, CONTEXT)).rejects.toBe(error);
    expect(lines.map((line) => JSON.parse(line) as unknown)).toEqual([{
      level: 'ERROR', message: STEP_FAILED_MESSAGE, step: 'Persist', importId: 'i', error: 'StoreUnavailableError',
      reason: 'S3 did not complete PutObject on s3://b/k (InternalError, HTTP 500, request id R1, extended request id R2). The step is retried; '
        + 'if it still fails, redrive the execution.',
    }]);
  });

  test('finds the import in the state of the loop, too', async () => {
    await failing(new Error('x'))({ state: { importId: 'i' } }, CONTEXT).catch(() => undefined);

    expect(JSON.parse(lines[0]!)).toMatchObject({ importId: 'i' });
  });

  test('tells the causes of what nobody has foreseen, under its own name and without secrets', async () => {
    const error = new TypeError('fetch failed', { cause: new Error('GET https://a.example/?key=5ecret') });
    const thrown = await failing(error)({}, CONTEXT).then(() => undefined, (failure: Error) => failure);

    const reason = 'TypeError: fetch failed; caused by Error: GET https://a.example/?key=[redacted]';
    expect(JSON.parse(lines[0]!)).toEqual({ level: 'ERROR', message: STEP_FAILED_MESSAGE, step: 'Persist', error: 'TypeError', reason });
    expect(thrown).toMatchObject({ name: 'TypeError', message: reason });
    expect(`${thrown!.stack}${lines.join('')}`).not.toContain('5ecret');
  });

  test('lets through what is no error', async () => {
    await expect(failing(null)({}, CONTEXT)).rejects.toBeNull();
    expect(JSON.parse(lines[0]!)).toMatchObject({ error: 'object', reason: 'a value of type object' });
  });
});
