import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Size } from 'aws-cdk-lib';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import type { CloudAssembly } from 'aws-cdk-lib/cx-api';
import { FetchPageHandler } from 'cdk-paginated-import';
import { Fault } from 'cdk-paginated-import/local';
import { failureOf, importIdOf, ImportsStack, orders, resumeHintOf, Run, synthesize, TestCloud } from './kit';

/** What the kit for users injects, into handlers in the fetch function and functions of their own: each fault as its docstring has it. */

/** One app for all tests: each has a cloud of its own, with its own faults. */
let folder: string;
let assembly: CloudAssembly;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'fault-kit-'));
  assembly = synthesize(build, folder);
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const clouds: TestCloud[] = [];
afterEach(async () => {
  await Promise.all(clouds.splice(0).map(async (cloud) => cloud[Symbol.asyncDispose]()));
});

/**
 * One import by a module, `Module`, and one by a function, `Function`; ten records a page, every page a commit of its own. `Hasty` gives
 * pages up after two attempts; the handler of `Elsewhere` is in a language that does not run here.
 */
function build(stack: ImportsStack): void {
  const handler = new lambda.Function(stack, 'Handler', {
    runtime: lambda.Runtime.NODEJS_22_X, handler: 'index.handler', code: lambda.Code.fromAsset(join(__dirname, 'fixtures', 'order-function')),
  });
  stack.machine('Module', { chunkSize: Size.bytes(1) });
  stack.machine('Function', { chunkSize: Size.bytes(1), fetchPage: FetchPageHandler.fromFunction(handler) });
  stack.machine('Hasty', { fetchPage: FetchPageHandler.fromFunction(handler), maxAttemptsPerPage: 2 });
  const python = new lambda.Function(stack, 'PythonHandler', {
    runtime: lambda.Runtime.PYTHON_3_13, handler: 'handler.handler', code: lambda.Code.fromInline('never run here'),
  });
  stack.machine('Elsewhere', { chunkSize: Size.bytes(1), fetchPage: FetchPageHandler.fromFunction(python) });
}

async function startCloud(...faults: Fault[]): Promise<TestCloud> {
  const cloud = await TestCloud.start(assembly, { faults, functions: { PythonHandler: threePages } });
  clouds.push(cloud);
  return cloud;
}

/** Stands in for the Python function. */
function threePages(payload: unknown): unknown {
  const { pageNumber } = payload as { readonly pageNumber: number };
  return { records: [pageNumber], nextPageToken: pageNumber < 3 ? pageNumber : null };
}

/** Both forms of handlers, each with 45 records in its pages. */
const FORMS = [
  { form: 'Module', input: { count: 45, style: 'token' }, expected: orders(45), pages: 6 },
  { form: 'Function', input: { count: 45 }, expected: Array.from({ length: 45 }, (_, id) => ({ id, from: 'a function' })), pages: 5 },
] as const;

/** Page numbers of the faults that have struck, with what they are. */
function injected({ local }: TestCloud): string[] {
  return local.injectedFaults.map(({ fault, pageNumber }) => `${fault.effect.kind} ${pageNumber}`);
}

function failedTasks({ events }: Run): (string | undefined)[] {
  return events.filter(({ type }) => type === 'TaskFailed').map(({ error }) => error);
}

describe.each(FORMS)('a handler that is a $form', ({ form, input, expected, pages }) => {
  /** Runs an import that must hold every record once, whatever has struck it. */
  async function importWhole(cloud: TestCloud): Promise<Run> {
    const run = await cloud.import(form, input);
    expect(run.output).toMatchObject({ records: 45, pages });
    expect(cloud.records(run.output)).toEqual(expected);
    expect(cloud.local.faultsNotInjected).toEqual([]);
    return run;
  }

  /** Runs an import that must fail, and goes on with it, after which it must hold every record once. */
  async function failAndResume(cloud: TestCloud): Promise<Run> {
    const run = await cloud.run(form, input);
    expect(run.result.status).toBe('FAILED');
    expect(cloud.local.faultsNotInjected).toEqual([]);
    const { output } = await cloud.import(form, resumeHintOf(run));
    expect(cloud.records(output)).toEqual(expected);
    return run;
  }

  test('429 with a hint is waited for in a Wait state', async () => {
    const cloud = await startCloud(Fault.tooManyRequests({ page: 3, times: 2 }));
    const { entered } = await importWhole(cloud);
    expect(entered.filter((state) => state === 'Wait')).toHaveLength(2);
    expect(injected(cloud)).toEqual(['tooManyRequests 3', 'tooManyRequests 3']);
  });

  test('429 without a hint is retried as an error', async () => {
    const cloud = await startCloud(Fault.tooManyRequests({ page: 3, retryAfterSeconds: 0 }));
    const { entered } = await importWhole(cloud);
    expect(entered).not.toContain('Wait');
    expect(injected(cloud)).toEqual(['tooManyRequests 3']);
  });

  test('429 beyond maxWait fails the import, which can be resumed', async () => {
    const cloud = await startCloud(Fault.tooManyRequests({ page: 3, retryAfterSeconds: 100_000 }));
    const { result } = await failAndResume(cloud);
    expect(result.error).toBe('MaxWaitExceededError');
  });

  test('5xx and a request that times out are retried, one after the other', async () => {
    const cloud = await startCloud(Fault.serverError({ page: 2 }), Fault.timeout({ page: 2 }), Fault.serverError({ page: 4, status: 500 }));
    await importWhole(cloud);
    expect(injected(cloud)).toEqual(['serverError 2', 'timeout 2', 'serverError 4']);
  });

  test('a handler that does not answer is asked again in the next invocation', async () => {
    const cloud = await startCloud(Fault.hang({ page: 3, functionTimeoutSeconds: 1 }));
    const { entered } = await importWhole(cloud);
    expect(entered.filter((state) => state === 'Fetch').length).toBeGreaterThan(1);
    expect(injected(cloud)).toEqual(['hang 3']);
  });

  test('a handler that does not answer for the first page of an invocation has failed an attempt, and is asked again in the next', async () => {
    const cloud = await startCloud(Fault.hang({ page: 1 }));
    const run = await importWhole(cloud);
    expect(failedTasks(run)).toEqual([]);
    expect(run.events.filter(({ type, state }) => type === 'TaskStateExited' && state === 'Fetch')[0]!.output).toMatchObject({ pages: 0, failedAttempts: 1 });
  });

  test('a token that is repeated fails the import, which can be resumed', async () => {
    const cloud = await startCloud(Fault.repeatedToken({ page: 4 }));
    const run = await failAndResume(cloud);
    expect(run.result.error).toBe('PageTokenLoopError');
    expect(failureOf(run).errorMessage).toContain('page 4 ');
    expect(injected(cloud)).toEqual(['repeatedToken 4']);
  });

  test('a circle of tokens is closed each time around, until it is noticed', async () => {
    const cloud = await startCloud(Fault.repeatedToken({ page: 6, cycleLength: 2 }));
    const run = await cloud.run(form, { ...input, count: 75 });
    expect(run.result).toMatchObject({ status: 'FAILED', error: 'PageTokenLoopError' });
    // The guard comes upon the token that it has kept when the circle has been closed for the second time.
    expect(failureOf(run).errorMessage).toMatch(/page 9 .* 2 pages before/);
    expect(injected(cloud)).toEqual(['repeatedToken 6', 'repeatedToken 8']);
  });

  test.each([
    ['before its record is in S3', Fault.killBeforeCommit({ page: 3 }), 2],
    ['after it is', Fault.killAfterCommit({ page: 3 }), 3],
  ])('a process that dies at a commit, %s', async (_, fault, committed) => {
    const cloud = await startCloud(fault);
    const commits: string[] = [];
    cloud.local.s3.intercept(({ operation, key }) => {
      if (operation === 'PutObject' && key.includes('/commits/')) commits.push(key.slice(-13, -5));
      return undefined;
    });
    const run = await importWhole(cloud);
    expect(failedTasks(run)).toEqual(['Runtime.ExitError']);
    expect(cloud.local.injectedFaults).toEqual([{ fault, importId: importIdOf(run), pageNumber: 3 }]);
    // The first commit after the death is that of the page after those that were committed before it.
    expect(commits[2]).toBe(String(committed).padStart(8, '0'));
  });

  test('a process that dies as often as Step Functions retries it', async () => {
    const faults = [Fault.killBeforeCommit({ page: 1 }), Fault.killAfterCommit({ page: 3 }), Fault.killBeforeCommit({ page: 4 })];
    const cloud = await startCloud(...faults);
    const run = await importWhole(cloud);
    expect(failedTasks(run)).toEqual(['Runtime.ExitError', 'Runtime.ExitError', 'Runtime.ExitError']);
    expect(injected(cloud)).toEqual(['killBeforeCommit 1', 'killAfterCommit 3', 'killBeforeCommit 4']);
  });

  test('a process that dies more often fails the import, which can be resumed', async () => {
    const cloud = await startCloud(Fault.killBeforeCommit({ page: 3, times: 4 }));
    const run = await cloud.run(form, input);
    expect(run.result).toMatchObject({ status: 'FAILED', error: 'Runtime.ExitError' });
    const { output } = await cloud.import(form, { resumeFrom: importIdOf(run) });
    expect(cloud.records(output)).toEqual(expected);
    expect(cloud.local.injectedFaults).toHaveLength(4);
  });

  test('each import counts for itself', async () => {
    const cloud = await startCloud(Fault.killBeforeCommit({ page: 2 }));
    await importWhole(cloud);
    await importWhole(cloud);
    expect(injected(cloud)).toEqual(['killBeforeCommit 2', 'killBeforeCommit 2']);
  });
});

test('a page that is too large fails the import of a module, which can be resumed', async () => {
  const cloud = await startCloud(Fault.oversizePage({ page: 3 }));
  const run = await cloud.run('Module', { count: 45 });
  expect(run.result).toMatchObject({ status: 'FAILED', error: 'PageTooLargeError' });
  const { output } = await cloud.import('Module', resumeHintOf(run));
  expect(cloud.records(output)).toEqual(orders(45));
  expect(injected(cloud)).toEqual(['oversizePage 3']);
});

test('a page that is too large for Lambda is a failed attempt of a function', async () => {
  const cloud = await startCloud(Fault.oversizePage({ page: 3 }));
  const { output } = await cloud.import('Function', { count: 45 });
  expect(output).toMatchObject({ records: 45, pages: 5 });
  expect(injected(cloud)).toEqual(['oversizePage 3']);
});

test('a page of a function that is always too large fails the import by Lambda\'s name for it', async () => {
  const cloud = await startCloud(Fault.oversizePage({ page: 1, times: 2 }));
  const run = await cloud.run('Hasty', { count: 45 });
  expect(run.result.error).toBe('FetchPageError');
  expect(failureOf(run).errorMessage).toContain('Function.ResponseSizeTooLarge');
});

test('an error of the source that does not end fails the import, with status and page', async () => {
  const cloud = await startCloud(Fault.serverError({ page: 2, times: Infinity }));
  const run = await cloud.run('Hasty', { count: 45 });
  expect(run.result.error).toBe('FetchPageError');
  expect(failureOf(run).errorMessage).toContain('page 2, attempt 2: Error: 503 Service Unavailable');
  expect(cloud.local.injectedFaults).toHaveLength(2);
});

test('429 without a hint that does not end fails the import as an error does', async () => {
  const cloud = await startCloud(Fault.tooManyRequests({ page: 2, retryAfterSeconds: 0, times: Infinity }));
  const run = await cloud.run('Hasty', { count: 45 });
  expect(run.result.error).toBe('FetchPageError');
  expect(cloud.local.injectedFaults).toHaveLength(2);
});

test('a repeated token needs a source with tokens', async () => {
  const cloud = await startCloud(Fault.repeatedToken({ page: 2 }));
  const run = await cloud.run('Module', { count: 45 });
  expect(run.result.error).toBe('FetchPageError');
  expect(failureOf(run).errorMessage).toContain('Fault.repeatedToken at page 2 is for sources with page tokens');
  expect(cloud.local.injectedFaults).toEqual([]);
});

test('a function that the caller stands in for is struck like any other', async () => {
  const pause = Fault.tooManyRequests({ page: 3, retryAfterSeconds: 10 });
  const cloud = await startCloud(Fault.timeout({ page: 1 }), Fault.killAfterCommit({ page: 2 }), pause);
  const { output } = await cloud.import('Elsewhere', {});
  expect(cloud.records(output)).toEqual([1, 2, 3]);
  // Page 3 may be asked for while page 2 is being committed.
  expect(injected(cloud).sort()).toEqual(['killAfterCommit 2', 'timeout 1', 'tooManyRequests 3']);
});

test('a fault is aimed at an import, and at executions by their input', async () => {
  const atFunction = Fault.killBeforeCommit({ page: 1, import: 'Imports/Function' });
  const atRush = Fault.tooManyRequests({ page: 1, whenInput: (input) => (input as { label?: string }).label === 'rush' });
  const cloud = await startCloud(atFunction, atRush);
  await cloud.import('Module', { count: 5 });
  expect(cloud.local.faultsNotInjected).toEqual([atFunction, atRush]);
  const rush = await cloud.import('Module', { count: 5, label: 'rush' });
  expect(cloud.records(rush.output)).toEqual(orders(5, 'rush'));
  expect(cloud.local.faultsNotInjected).toEqual([atFunction]);
  const byFunction = await cloud.import('Function', { count: 5 });
  expect(cloud.local.injectedFaults).toEqual([
    { fault: atRush, importId: rush.output.importId, pageNumber: 1 },
    { fault: atFunction, importId: byFunction.output.importId, pageNumber: 1 },
  ]);
});

test('a page that never comes leaves its fault with those that have not struck', async () => {
  const late = Fault.serverError({ page: 99 });
  const cloud = await startCloud(late);
  await cloud.import('Module', { count: 5 });
  expect(cloud.local.faultsNotInjected).toEqual([late]);
});

test('a fault that is aimed at no import is refused', async () => {
  await expect(startCloud(Fault.timeout({ page: 1, import: 'Nobody' }))).rejects.toThrow(/Fault.timeout at page 1: there is no import at Nobody.*Imports\/Module/);
});

test.each(['Module', 'Function'])('a condition that throws fails the import at once, by a %s', async (form) => {
  const cloud = await startCloud(Fault.killBeforeCommit({ page: 1, whenInput: () => { throw new TypeError('no such field'); } }));
  const run = await cloud.run(form, { count: 5 });
  expect(run.result.error).toBe('FetchPageError');
  expect(failureOf(run).errorMessage).toContain('attempt 1 (not retryable): NonRetryableError: '
    + 'Fault.killBeforeCommit at page 1: its option whenInput has thrown TypeError: no such field. Correct it.');
});

test('an import is started by its construct path, and a stack with several is not', async () => {
  const cloud = await startCloud();
  const { result } = await cloud.runMachine('Imports/Module', { count: 5 });
  expect(result.output).toMatchObject({ records: 5 });
  await expect(cloud.runMachine('Imports', {})).rejects.toThrow(/State machine Imports: .*Imports\/Module\/StateMachine/);
});
