import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Size } from 'aws-cdk-lib';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import { FetchPageHandler } from 'cdk-paginated-import';
import { ATTEMPT_FAILED_MESSAGE } from '../../src/protocol/environment';
import { FailedAttempt } from '../../src/runtime/ports/observer';
import { failureOf, handlerOf, orders, resumeHintOf, Run, TestCloud } from './kit';

/** Handlers that fail where no promise of theirs is rejected, and modules that fail to load: all of it in the bundles that are deployed. */

/** Modules that Node.js runs, and whose code throws. Those that it cannot begin to run are refused at synth. */
const THROWING = {
  'reads what is not JSON': 'await new Response("<html>").json(); export default () => [];',
  'lacks a variable': 'const { KEY } = process.env; KEY.trim(); export default () => [];',
};

const idOf = (what: string): string => what.replaceAll(/\W/g, '');

let folder: string;
let cloud: TestCloud;
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'crashes-'));
  cloud = await TestCloud.start((stack) => {
    stack.machine('Stray', { fetchPage: handlerOf('stray.source.ts') });
    stack.machine('Chunks', { fetchPage: handlerOf('stray.source.ts'), chunkSize: Size.bytes(1) });
    for (const failures of [2, 3]) {
      const environment = { FAILURES: String(failures), FAILED_LOADS: loadsOf(failures), CURE: join(folder, 'cure') };
      stack.machine(`Loads${failures}`, { fetchPage: handlerOf('loading.source.ts'), fetchFunction: { environment } });
    }
    for (const [what, code] of Object.entries(THROWING)) {
      stack.machine(idOf(what), { fetchPage: moduleOf(what, code) });
    }
  });
}, 120_000);
afterAll(async () => {
  await cloud?.[Symbol.asyncDispose]();
  rmSync(folder, { recursive: true });
});

function loadsOf(failures: number): string {
  return join(folder, `loads-${failures}`);
}

function moduleOf(what: string, code: string): FetchPageHandler {
  const asset = join(folder, idOf(what));
  mkdirSync(asset);
  writeFileSync(join(asset, 'source.mjs'), code);
  return FetchPageHandler.fromCode(lambda.Code.fromAsset(asset));
}

/** What the failed invocations of Fetch have failed with. */
function failedTasks({ events }: Run): unknown[] {
  return events.filter(({ type }) => type === 'TaskFailed').map(({ error }) => error);
}

/** Lines of the function's log about attempts that failed since then. */
function failedAttempts(since: number): FailedAttempt[] {
  const lines = cloud.log.slice(since).filter(({ text }) => text.includes(ATTEMPT_FAILED_MESSAGE));
  return lines.map(({ text }) => JSON.parse(text) as FailedAttempt);
}

function committedPages(run: Run): number {
  const { resumeFrom } = resumeHintOf(run);
  const log = cloud.cachedOf(resumeFrom, 'commits/').map((key) => cloud.cachedFile(key) as { readonly lastPage: number });
  return log.at(-1)!.lastPage;
}

const LATE = 'a rejection beside a page';

describe.each([
  'a rejection that nothing handles', 'a rejection that is handled too late', 'an error event without a listener', 'a timer that throws', LATE,
])('%s', (stray) => {
  test('costs an attempt, in words, and the next one is made in a new process', async () => {
    const since = cloud.log.length;
    const run = await cloud.import('Stray', { count: 55, stray, strikes: cloud.unusedPath(), times: 1 });

    expect(failedTasks(run)).toEqual(['HandlerCrashError']);
    expect(cloud.records(run.output)).toEqual(orders(55));
    const [failed, ...others] = failedAttempts(since);
    expect(others).toEqual([]);
    expect(failed).toMatchObject({ attempt: 1, reason: expect.stringContaining('Error: the socket has gone') as string });
    // Node.js tells of a rejection at the end of a turn, in which a quick source may have more pages.
    if (stray === LATE) expect(failed!.page).toBeGreaterThan(4);
    else expect(failed!.page).toBe(4);
  });

  test('again and again fails the import by name, which has all pages before it and can be resumed', async () => {
    const cure = cloud.unusedPath();
    const input = { count: 55, stray, strikes: cloud.unusedPath(), times: 100, cure };
    const run = await cloud.run('Stray', input);

    // What comes beside a page does not keep it from coming.
    if (stray === LATE) return expect(run.result.status).toBe('SUCCEEDED');
    expect(run.result).toMatchObject({ status: 'FAILED', error: 'HandlerCrashError' });
    expect(failedTasks(run)).toEqual(Array(3).fill('HandlerCrashError'));
    expect(failureOf(run).errorMessage).toMatch(/^The fetch-page handler crashed on page 4, attempt 3: .*: Error: the socket has gone\. .*redrive-execution/);
    expect(committedPages(run)).toBe(3);

    writeFileSync(cure, '');
    const { output } = await cloud.import('Stray', resumeHintOf(run));
    return expect(cloud.records(output)).toEqual(orders(55));
  });
});

test('a handler that crashes loses no chunk that is on its way', async () => {
  const run = await cloud.run('Chunks', { count: 55, stray: 'a timer that throws', strikes: cloud.unusedPath(), times: 100 });

  expect(run.result).toMatchObject({ error: 'HandlerCrashError' });
  expect(committedPages(run)).toBe(3);
});

describe('a module that fails to load', () => {
  test('is loaded again in a new process', async () => {
    const run = await cloud.import('Loads2', { count: 25 });

    expect(failedTasks(run)).toEqual(['SourceLoadError', 'SourceLoadError']);
    expect(readFileSync(loadsOf(2), 'utf8')).toBe('2');
    expect(cloud.records(run.output)).toEqual(orders(25));
  });

  test('again and again fails the import, which can be resumed when the cause has passed', async () => {
    const run = await cloud.run('Loads3', { count: 25 });

    expect(run.result).toMatchObject({ status: 'FAILED', error: 'SourceLoadError' });
    expect(readFileSync(loadsOf(3), 'utf8')).toBe('3');
    expect(failureOf(run).errorMessage).toMatch(
      /could not be loaded for page 1: its code outside of the handler threw: Error: no settings from .*key=\[redacted\]\. If the cause has passed, .*redrive-execution/);

    writeFileSync(join(folder, 'cure'), '');
    expect(cloud.records((await cloud.import('Loads3', resumeHintOf(run))).output)).toEqual(orders(25));
  });

  test.each(Object.keys(THROWING))('since its code throws may do so by chance: it %s', async (what) => {
    expect(failedTasks(await cloud.run(idOf(what), {}))).toEqual(Array(3).fill('SourceLoadError'));
  });
});
