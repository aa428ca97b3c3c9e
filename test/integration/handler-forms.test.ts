import { join } from 'node:path';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import { FetchPageHandler } from 'cdk-paginated-import';
import type { FetchPageRequest } from '../../src/protocol/fetch-contract';
import { failureOf, ImportsStack, TestCloud } from './kit';

/** The whole machine with the handler somewhere else than in a module that this package bundles. */

const requests: FetchPageRequest[] = [];

/** Stands in for the Python function. */
function pythonHandler(payload: unknown): unknown {
  const request = payload as FetchPageRequest;
  requests.push(request);
  const records = Array.from({ length: 2 }, (_, index) => ({ row: request.offset + index }));
  return { records, hasMore: request.pageNumber < 3, total: 6 };
}

function functionOf(stack: ImportsStack, id: string, props: Pick<lambda.FunctionProps, 'runtime' | 'handler' | 'code'>): FetchPageHandler {
  return FetchPageHandler.fromFunction(new lambda.Function(stack, id, props));
}

let cloud: TestCloud;
beforeAll(async () => {
  cloud = await TestCloud.start((stack) => {
    const node = { runtime: lambda.Runtime.NODEJS_22_X, handler: 'index.handler', code: lambda.Code.fromAsset(join(__dirname, 'fixtures', 'order-function')) };
    const python = { runtime: lambda.Runtime.PYTHON_3_13, handler: 'handler.handler', code: lambda.Code.fromInline('never run here') };
    stack.machine('ByNode', { fetchPage: functionOf(stack, 'NodeHandler', node) });
    stack.machine('ByPython', { fetchPage: functionOf(stack, 'PythonHandler', python), pageSize: 2 });
    stack.machine('ByCode', { fetchPage: FetchPageHandler.fromCode(lambda.Code.fromAsset(join(__dirname, 'fixtures', 'bundled-source'))), pageSize: 2 });
  }, { functions: { PythonHandler: pythonHandler } });
});
afterAll(async () => cloud?.[Symbol.asyncDispose]());

test('a Node.js function of its own is invoked once per page', async () => {
  const { output } = await cloud.import('ByNode', { count: 25 });
  expect(output).toMatchObject({ records: 25, pages: 3 });
  expect(cloud.records(output)).toEqual(Array.from({ length: 25 }, (_, id) => ({ id, from: 'a function' })));
});

test('a function\'s wish for a pause is made by the Wait state', async () => {
  const { output, entered } = await cloud.import('ByNode', { count: 5, busy: true });
  expect(entered).toContain('Wait');
  expect(output).toMatchObject({ records: 5, pages: 1 });
});

test('a function that is not Node.js is replaced by one of the caller\'s, which gets the whole request', async () => {
  requests.length = 0;
  const { output } = await cloud.import('ByPython', { region: 'north' });
  expect(cloud.records(output)).toEqual([0, 1, 2, 3, 4, 5].map((row) => ({ row })));
  expect(requests).toEqual([1, 2, 3].map((pageNumber) => ({
    pageToken: null, offset: (pageNumber - 1) * 2, pageNumber, pageSize: 2, input: { region: 'north' }, importId: output.importId, attempt: 1,
  })));
});

test('an error that a function calls not retryable ends the import at the first attempt, with its message', async () => {
  const run = await cloud.run('ByNode', { refuse: true });
  expect(run.result).toMatchObject({ status: 'FAILED', error: 'FetchPageError' });
  expect(failureOf(run).errorMessage).toMatch(/page 1, attempt 1 \(not retryable\): NonRetryableError: the account is closed.*resumeFrom/);
});

test('a module that was bundled elsewhere runs beside the loop', async () => {
  const { output } = await cloud.import('ByCode', {});
  expect(cloud.records(output)).toEqual([1, 'two', null, { three: 3 }, [4]]);
});
