import { mkdirSync } from 'node:fs';
import { Duration } from 'aws-cdk-lib';
import { TotalMismatch } from 'cdk-paginated-import';
import { CommitRecord, Totals, totalsOf } from '../../src/protocol/commit-record';
import { WARNING_MESSAGE } from '../../src/protocol/environment';
import { WarningCode } from '../../src/protocol/import-warning';
import { RECORD_MARKER, TOKEN_MARKER } from './fixtures/secret.source';
import { failureOf, handlerOf, orders, resumeHintOf, Run, TestCloud } from './kit';

/** The limits that a construct sets: what they stop, what is kept, and how the import goes on when they are changed. */

let cloud: TestCloud;
beforeAll(async () => {
  cloud = await TestCloud.start((stack) => {
    const guarded = { destination: stack.destination('orders/guarded.jsonl') };
    // An import of one of them, resumed in another, is one that is resumed after a deployment.
    const unlimited = stack.machine('Unlimited', guarded);
    stack.redeployed('FewPages', unlimited, { ...guarded, maxPages: 3 });
    stack.redeployed('FewRecords', unlimited, { ...guarded, maxRecords: 25 });
    stack.redeployed('ManyRecords', unlimited, { ...guarded, minRecords: 10 });
    // The third page is due in a child execution.
    stack.machine('Chained', { ...guarded, maxPages: 2, roundsPerExecution: 1, maxWait: Duration.minutes(1) });
    const secret = { fetchPage: handlerOf('secret.source.ts'), pageSize: 1 };
    const exact = stack.machine('Exact', secret);
    stack.redeployed('Inexact', exact, { ...secret, onTotalMismatch: TotalMismatch.WARN });
  });
});
afterAll(async () => cloud?.[Symbol.asyncDispose]());

function committed(importId: string): Totals | undefined {
  return cloud.cachedOf(importId, 'commits/').map((key) => totalsOf(cloud.cachedFile(key) as CommitRecord)).at(-1);
}

function expectFailure(run: Run, error: string, problem: string): void {
  expect(run.result).toMatchObject({ status: 'FAILED', error });
  const { errorMessage } = failureOf(run);
  expect(errorMessage).toContain(problem);
  expect(errorMessage).toContain(`redrive-execution --execution-arn ${run.result.executionArn}\``);
}

test.each([
  ['FewPages', 'MaxPagesExceededError', 'Page 4 was not requested: the import has 3 pages, and maxPages is 3.', { pages: 3, records: 30 }],
  ['FewRecords', 'MaxRecordsExceededError', 'Page 3 was not committed: it has 10 records, the pages before it have 20, and maxRecords is 25.',
    { pages: 2, records: 20 }],
])('%s ends an import of more with a %s, and a raised limit lets it go on', async (id, error, problem, kept) => {
  const run = await cloud.run(id, { count: 45 });
  expectFailure(run, error, problem);
  const hint = resumeHintOf(run);
  expect(committed(hint.resumeFrom)).toMatchObject(kept);

  const { output } = await cloud.import('Unlimited', hint);
  expect(output).toMatchObject({ importId: hint.resumeFrom, records: 45 });
  expect(cloud.records(output)).toEqual(orders(45));
});

test('an import with too few records does not replace the object that is there, and a lowered limit publishes it', async () => {
  const before = await cloud.import('ManyRecords', { count: 10, label: 'before' });
  const run = await cloud.run('ManyRecords', { count: 9, label: 'after' });
  expectFailure(run, 'TooFewRecordsError', 'has 9 records, but minRecords is 10');
  expect(cloud.records(before.output)).toEqual(orders(10, 'before'));

  const { output } = await cloud.import('Unlimited', resumeHintOf(run));
  expect(cloud.records(output)).toEqual(orders(9, 'after'));
});

test('what fails in a child execution names the execution that started the import', async () => {
  const pauses = cloud.unusedPath();
  mkdirSync(pauses);
  const { result, entered } = await cloud.run('Chained', { count: 45, pauses });
  expect(entered).toContain('ContinueInChild');
  expect(result.status).toBe('FAILED');
  expect(result.cause).toContain('maxPages is 2');
  expect(result.cause).toContain(`redrive-execution --execution-arn ${result.executionArn}`);
});

describe('a total that does not match', () => {
  const input = { ending: 'a total that does not match' };
  const isWarning = (text: string): boolean => text.includes(WARNING_MESSAGE) && text.includes(WarningCode.TOTAL_MISMATCH);
  const warnings = (): string[] => cloud.log.map(({ text }) => text).filter(isWarning);

  test('fails the import, and a warning alone publishes it when it is resumed', async () => {
    const run = await cloud.run('Exact', input);
    expectFailure(run, 'TotalMismatchError', 'has 3 records, but the source gave 4 as its total');
    expect(warnings()).toEqual([]);

    await expect(cloud.import('Inexact', resumeHintOf(run))).resolves.toMatchObject({ output: { records: 3 } });
  });

  test('is a warning in log, result and manifest, where that is chosen', async () => {
    const { output } = await cloud.import('Inexact', input);
    const lines = warnings().filter((text) => text.includes(output.importId));
    expect(lines.map((line) => JSON.parse(line) as unknown)).toEqual([
      { level: 'WARN', message: WARNING_MESSAGE, importId: output.importId, warning: output.warnings[0] },
    ]);
    expect(output.warnings).toMatchObject([{ code: WarningCode.TOTAL_MISMATCH, counts: { records: 3, sourceTotal: 4 } }]);
    expect(lines.join()).not.toMatch(new RegExp(`${RECORD_MARKER}|${TOKEN_MARKER}`));
    expect(cloud.manifest(output)).toMatchObject({ records: 3, sourceTotal: 4, warnings: output.warnings });
  });
});
